package io.varve.server.rules;

import io.varve.core.model.Labels;
import io.varve.query.histogram.HistogramNotation;
import io.varve.server.rules.RuleStore.Sample;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Writes what the messages of a pipeline of three steps leave behind. */
final class PipelineBench {

    private final RuleBench bench;
    private final Map<Labels, TreeMap<Integer, Integer>> counts = new HashMap<>();

    PipelineBench(RuleBench bench) {
        this.bench = bench;
    }

    static Labels step(String from, String to) {
        return Labels.of(
                "__name__", "varve_stage_duration_seconds", "pipeline", "p", "from", from, "to", to, "node", "n-" + to);
    }

    /** Some messages went a step in some milliseconds, by the end of a second. */
    void took(long second, Labels series, int messages, double millis) {
        TreeMap<Integer, Integer> all = counts.computeIfAbsent(series, labels -> new TreeMap<>());
        all.merge((int) Math.ceil(8 * Math.log(millis / 1e3) / Math.log(2)), messages, Integer::sum);
        StringBuilder buckets = new StringBuilder();
        int count = 0;
        for (int i = all.firstKey(); i <= all.lastKey(); i++) {
            count += all.getOrDefault(i, 0);
            buckets.append(' ').append(all.getOrDefault(i, 0));
        }
        String text = "{{schema:3 count:" + count + " sum:1 offset:" + all.firstKey() + " buckets:[" + buckets + "]}}";
        long at = bench.store().resolution().ticks(RuleBench.at(second));
        bench.store().write(List.of(new Sample(series, at, 0, HistogramNotation.floating(text))));
    }

    /** A pipeline as it is as a rule; the first step is noisier than the others. */
    void usual(long from, long to) {
        for (long second = from; second < to; second++) {
            took(second, step("a", "b"), 90, second % 3 == 0 ? 0.1 : 0.2);
            took(second, step("a", "b"), 10, second % 7 == 0 ? 30 : 5);
            took(second, step("b", "c"), 100, 0.1);
            took(second, step("c", "d"), 100, 0.5);
            took(second, step("a", "d"), 100, 0.8);
        }
    }

    void slow(long second, String id, double seconds, String stage) {
        bench.exemplar(
                second - 0.5,
                step("a", "d"),
                seconds,
                "request_id",
                id,
                "node",
                "elsewhere",
                "why",
                "slow",
                "stage",
                stage);
    }
}
