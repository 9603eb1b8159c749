package io.varve.server.rules;

import io.varve.core.model.TimeSource;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** Groups of rules that are evaluated by hand, all of them at any time, and tell nobody of their alerts. One thread. */
public final class RuleEvaluation {

    private final List<GroupState> groups;

    /**
     * Groups that have not been evaluated yet.
     *
     * @param groups in the order of their evaluation
     * @param clock by which evaluations are timed
     */
    public RuleEvaluation(List<RuleGroup> groups, RuleStore store, AlertSetting setting, TimeSource clock) {
        this.groups = groups.stream()
                .map(group -> new GroupState(group, store, setting, Uncounted.INSTANCE, clock))
                .toList();
    }

    /** Evaluates all groups, whatever their intervals, and says how they stand then. */
    public List<GroupStatus> evaluate(Instant now) {
        groups.forEach(group -> group.evaluate(now, news -> {}));
        return groups.stream().map(GroupStatus::of).toList();
    }

    private enum Uncounted implements RuleMetrics {
        INSTANCE;

        @Override
        public void evaluated(Duration took) {}

        @Override
        public void failed() {}

        @Override
        public void missed() {}

        @Override
        public void refused(int samples) {}
    }
}
