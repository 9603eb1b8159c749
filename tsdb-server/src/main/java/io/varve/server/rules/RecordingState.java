package io.varve.server.rules;

import io.varve.core.model.Labels;
import io.varve.query.QueryResult;
import io.varve.server.rules.RuleStore.Sample;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A recording rule at work. */
final class RecordingState extends RuleState {

    private final Rule.Recording rule;
    private final RuleStore store;
    private final int limit;

    RecordingState(Rule.Recording rule, RuleStore store, int limit) {
        this.rule = rule;
        this.store = store;
        this.limit = limit;
    }

    @Override
    Rule rule() {
        return rule;
    }

    @Override
    List<Sample> evaluate(Instant now, long time) throws RuleFailure {
        List<QueryResult.Sample> answer = store.query(rule.expression(), time);
        if (limit > 0 && answer.size() > limit) {
            throw new RuleFailure("exceeded limit of " + limit + " with " + answer.size() + " series");
        }
        long at = store.resolution().ticks(now);
        List<Sample> samples = new ArrayList<>(answer.size());
        Set<Labels> seen = new HashSet<>();
        for (QueryResult.Sample sample : answer) {
            Labels labels = labelled(sample.labels(), rule.labels()).with(Labels.NAME, rule.name());
            if (!seen.add(labels)) {
                throw new RuleFailure(
                        "vector contains metrics with the same labelset after applying rule labels: " + labels);
            }
            samples.add(new Sample(labels, at, sample.value(), sample.histogram()));
        }
        return samples;
    }

    /** Labels with others over them; an empty value takes a label away. */
    static Labels labelled(Labels labels, Map<String, String> others) {
        Labels all = labels;
        for (Map.Entry<String, String> other : others.entrySet()) {
            all = other.getValue().isEmpty() ? all.without(other.getKey()) : all.with(other.getKey(), other.getValue());
        }
        return all;
    }
}
