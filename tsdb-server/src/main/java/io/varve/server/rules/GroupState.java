package io.varve.server.rules;

import io.varve.core.model.Labels;
import io.varve.core.model.StaleMarker;
import io.varve.core.model.TimeSource;
import io.varve.query.QueryException;
import io.varve.server.rules.RuleState.RuleFailure;
import io.varve.server.rules.RuleStore.Sample;
import io.varve.server.rules.notify.Notification;
import io.varve.server.rules.template.Template;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A group at work. One evaluation at a time; what it tells is safe for any thread. */
final class GroupState {

    private static final Logger LOG = LoggerFactory.getLogger(GroupState.class);

    private final RuleGroup group;
    private final List<RuleState> rules;
    private final RuleStore store;
    private final AlertSetting setting;
    private final RuleMetrics metrics;
    private final TimeSource clock;
    /** Series of rules that are not there any more. */
    private final Set<Labels> leftOver = new HashSet<>();

    private volatile @Nullable Instant evaluatedAt;
    private volatile Duration took = Duration.ZERO;

    GroupState(RuleGroup group, RuleStore store, AlertSetting setting, RuleMetrics metrics, TimeSource clock) {
        this.group = group;
        this.store = store;
        this.setting = setting;
        this.metrics = metrics;
        this.clock = clock;
        List<RuleState> states = new ArrayList<>();
        for (Rule rule : group.rules()) {
            states.add(
                    rule instanceof Rule.Recording recording
                            ? new RecordingState(recording, store, group.limit())
                            : new AlertingState((Rule.Alerting) rule, store, setting, group.limit(), clock));
        }
        this.rules = List.copyOf(states);
    }

    RuleGroup group() {
        return group;
    }

    List<RuleState> rules() {
        return rules;
    }

    /** The time of the last evaluation, null if there was none. */
    @Nullable
    Instant evaluatedAt() {
        return evaluatedAt;
    }

    /** How long the last evaluation took. */
    Duration took() {
        return took;
    }

    /**
     * Evaluates the rules, one after the other.
     *
     * @param now the time of evaluation
     * @param news takes the alerts that a receiver should hear of
     */
    void evaluate(Instant now, Consumer<List<Notification>> news) {
        long begun = clock.nanoTime();
        for (RuleState rule : rules) {
            evaluate(rule, now);
            if (rule instanceof AlertingState alerting) {
                List<Notification> due = due(alerting, now);
                if (!due.isEmpty()) {
                    news.accept(due);
                }
            }
        }
        endLeftOver(now);
        evaluatedAt = now;
        took = Duration.ofNanos(clock.nanoTime() - begun);
        metrics.evaluated(took);
    }

    private void evaluate(RuleState rule, Instant now) {
        long begun = clock.nanoTime();
        String error = null;
        try {
            List<Sample> samples = rule.evaluate(now, store.resolution().ticks(now.minus(group.queryOffset())));
            keep(rule, samples, now);
        } catch (RuleFailure | QueryException | IllegalStateException e) {
            error = String.valueOf(e.getMessage());
            metrics.failed();
            if (rule.outcome().error() == null) { // told once, until it works again
                LOG.warn("rule {} of group {} in {} failed: {}", rule.rule().name(), group.name(), group.file(), error);
            }
        }
        rule.ended(now, Duration.ofNanos(clock.nanoTime() - begun), error);
    }

    private void keep(RuleState rule, List<Sample> samples, Instant now) {
        List<Sample> all = new ArrayList<>(samples);
        long at = store.resolution().ticks(now);
        for (Labels gone : rule.gone(samples)) {
            all.add(new Sample(gone, at, StaleMarker.VALUE, null));
        }
        if (!all.isEmpty()) {
            metrics.refused(store.write(all));
        }
    }

    private List<Notification> due(AlertingState rule, Instant now) {
        List<Notification> due = new ArrayList<>();
        for (Alert alert : rule.alerts()) {
            if (!alert.needsSending(now, setting.resendDelay())) {
                continue;
            }
            Duration longer =
                    group.interval().compareTo(setting.resendDelay()) > 0 ? group.interval() : setting.resendDelay();
            alert.sent(now, now.plus(longer.multipliedBy(4)));
            Instant ended = alert.resolvedAt();
            Instant fired = alert.firedAt();
            due.add(new Notification(
                    externally(alert.labels()),
                    alert.annotations(),
                    fired == null ? alert.activeAt() : fired,
                    ended == null ? now.plus(longer.multipliedBy(4)) : ended,
                    ended != null,
                    setting.externalUrl() + Template.tableLink(rule.rule().expression())));
        }
        return due;
    }

    private Labels externally(Labels labels) {
        Labels all = labels;
        for (Map.Entry<String, String> external : setting.externalLabels().entrySet()) {
            if (!all.has(external.getKey())) {
                all = all.with(external.getKey(), external.getValue());
            }
        }
        return all;
    }

    /** Goes on from where a group of the same file and name stood: rules that are the same keep their state. */
    void takeOver(GroupState other) {
        Map<Rule, List<RuleState>> before = new HashMap<>();
        for (RuleState rule : other.rules) {
            before.computeIfAbsent(rule.rule(), same -> new ArrayList<>()).add(rule);
        }
        for (RuleState rule : rules) {
            List<RuleState> same = before.get(rule.rule());
            if (same != null && !same.isEmpty()) {
                rule.takeOver(same.remove(0));
            }
        }
        leftOver.addAll(other.leftOver);
        before.values().forEach(left -> left.forEach(rule -> leftOver.addAll(rule.series())));
        evaluatedAt = other.evaluatedAt;
        took = other.took;
    }

    /** Ends series that rules kept which are not there any more, unless another rule keeps them now. */
    private void endLeftOver(Instant now) {
        if (leftOver.isEmpty()) {
            return;
        }
        rules.forEach(rule -> leftOver.removeAll(rule.series()));
        end(now, leftOver);
        leftOver.clear();
    }

    /** Ends all series of the group, which nobody goes on with. */
    void end(Instant now) {
        Set<Labels> all = new HashSet<>(leftOver);
        rules.forEach(rule -> all.addAll(rule.series()));
        end(now, all);
    }

    private void end(Instant now, Set<Labels> series) {
        long at = store.resolution().ticks(now);
        List<Sample> markers = new ArrayList<>();
        series.forEach(labels -> markers.add(new Sample(labels, at, StaleMarker.VALUE, null)));
        if (markers.isEmpty()) {
            return;
        }
        try {
            metrics.refused(store.write(markers));
        } catch (IllegalStateException e) {
            LOG.warn("cannot end series of group {} in {}: {}", group.name(), group.file(), e.getMessage());
        }
    }
}
