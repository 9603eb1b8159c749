package io.varve.core;

import static org.assertj.core.api.Assertions.assertThat;

import io.varve.core.model.Histogram;
import io.varve.core.model.PlainHistograms;
import io.varve.core.sketch.HistogramResets;
import io.varve.core.sketch.HistogramSum;
import io.varve.core.storage.RollupHistograms;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What rollups keep of native histograms, as plain lists of them say. */
final class RollupHistogramsModel {

    private RollupHistogramsModel() {}

    private static SortedMap<Long, Histogram> live(SortedMap<Long, Histogram> all) {
        SortedMap<Long, Histogram> live = new TreeMap<>(all);
        live.values().removeIf(Histogram::isStale);
        return live;
    }

    /** Those that others begin anew after. */
    private static List<Histogram> beforeResets(Iterable<Histogram> all) {
        List<Histogram> found = new ArrayList<>();
        Histogram before = null;
        for (Histogram now : all) {
            if (before != null && PlainHistograms.isReset(before, now)) {
                found.add(before);
            }
            before = now;
        }
        return found;
    }

    /** Compares an answer with the histograms of its bucket. */
    static void assertSame(
            String context, long end, SortedMap<Long, Histogram> all, @Nullable RollupHistograms answer) {
        if (all.isEmpty()) {
            assertThat(answer).as(context).isNull();
            return;
        }
        SortedMap<Long, Histogram> live = live(all);
        assertThat(answer).as(context).isNotNull();
        assertThat(answer.count()).as(context).isEqualTo(live.size());
        assertThat(answer.stales()).as(context).isEqualTo(all.size() - live.size());
        if (live.isEmpty()) {
            assertThat(answer.firstTime()).as(context).isEqualTo(end);
            assertThat(answer.first()).as(context).isNull();
            return;
        }
        assertThat(answer.firstTime()).as(context).isEqualTo(live.firstKey());
        assertThat(answer.lastTime()).as(context).isEqualTo(live.lastKey());
        assertThat(answer.first()).as(context).isEqualTo(live.get(live.firstKey()));
        assertThat(answer.last()).as(context).isEqualTo(live.get(live.lastKey()));
        PlainHistograms.assertTotal(context, List.copyOf(live.values()), List.of(), List.of(), answer.sum());
        assertThat(answer.summed()).as(context).isEqualTo(answer.sum() != null);
        List<Histogram> corrections = beforeResets(live.values());
        assertThat(answer.resets()).as(context).isEqualTo(corrections.size());
        if (answer.summed() && !corrections.isEmpty()) {
            PlainHistograms.assertTotal(context, corrections, List.of(), List.of(), answer.correction());
        } else {
            assertThat(answer.correction()).as(context).isNull();
        }
    }

    /** Compares the increase over whole buckets with that of their histograms. */
    static void assertIncrease(String context, SortedMap<Long, Histogram> all, List<RollupHistograms> buckets) {
        SortedMap<Long, Histogram> live = live(all);
        List<RollupHistograms> some =
                buckets.stream().filter(of -> of.count() > 0).toList();
        if (some.isEmpty() || some.stream().anyMatch(of -> !of.summed())) {
            return;
        }
        HistogramSum increase = new HistogramSum();
        some.forEach(of -> increase.align(Objects.requireNonNull(of.sum())));
        Histogram before = null;
        for (RollupHistograms of : some) {
            Histogram first = Objects.requireNonNull(of.first());
            if (before != null && HistogramResets.isReset(before, first)) {
                increase.add(before);
            }
            Histogram correction = of.correction();
            if (correction != null) {
                increase.add(correction);
            }
            before = Objects.requireNonNull(of.last());
        }
        increase.add(Objects.requireNonNull(before));
        increase.subtract(Objects.requireNonNull(some.get(0).first()));
        List<Histogram> plus = beforeResets(live.values());
        plus.add(live.get(live.lastKey()));
        PlainHistograms.assertTotal(
                context, plus, List.of(live.get(live.firstKey())), List.copyOf(live.values()), increase.total());
    }
}
