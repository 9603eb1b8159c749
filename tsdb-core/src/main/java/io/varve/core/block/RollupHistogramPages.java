package io.varve.core.block;

import io.varve.codec.Effort;
import io.varve.codec.bits.MalformedPageException;
import io.varve.core.index.ByteSink;
import io.varve.core.index.ByteSource;
import io.varve.core.model.Histogram;
import io.varve.core.storage.RollupHistograms;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The histograms that are kept of a page of buckets: of each that has some the first one; then the last ones, sums and
 * corrections of those where they do not follow from the first. docs/format/rollup.md; one thread.
 */
final class RollupHistogramPages {

    private final HistogramList histograms;

    RollupHistogramPages(Effort effort) {
        histograms = new HistogramList(effort);
    }

    private static boolean hasLast(RollupHistograms of) {
        return of.count() > 1;
    }

    private static boolean hasSum(RollupHistograms of) {
        return of.count() > 1 && of.summed();
    }

    private static boolean hasCorrection(RollupHistograms of) {
        return of.resets() > 0 && of.summed();
    }

    /** Numbers of the histograms of a bucket: a measure of what they take. */
    static long numbers(@Nullable RollupHistograms of) {
        return of == null ? 0 : numbers(of.first()) + numbers(of.last()) + numbers(of.sum()) + numbers(of.correction());
    }

    private static long numbers(@Nullable Histogram histogram) {
        return histogram == null ? 0 : 2 + histogram.layout().buckets();
    }

    /** Writes the histograms of some buckets; nothing if none has any. */
    void write(RollupBuckets source, int from, int rows, ByteSink out) {
        List<RollupHistograms> all = new ArrayList<>();
        for (int i = from; i < from + rows; i++) {
            RollupHistograms of = source.histograms(i);
            if (of != null && of.count() > 0) {
                all.add(of);
            }
        }
        if (all.isEmpty()) {
            return;
        }
        all.forEach(of -> append(of.first()));
        all.stream().filter(RollupHistogramPages::hasLast).forEach(of -> append(of.last()));
        all.stream().filter(RollupHistogramPages::hasSum).forEach(of -> append(of.sum()));
        all.stream().filter(RollupHistogramPages::hasCorrection).forEach(of -> append(of.correction()));
        histograms.write(out);
    }

    private void append(@Nullable Histogram histogram) {
        histograms.append(Objects.requireNonNull(histogram, "histograms of buckets that were read whole"));
    }

    /**
     * Reads histograms, whose first bucket is one of the target, and its columns are there.
     *
     * @throws MalformedPageException or IllegalArgumentException if they are none of these buckets
     */
    void read(ByteSource in, int rows, RollupBuckets target, int targetFrom) {
        List<Integer> places = new ArrayList<>();
        List<Integer> lasts = new ArrayList<>();
        List<Integer> sums = new ArrayList<>();
        List<Integer> corrections = new ArrayList<>();
        for (int row = targetFrom; row < targetFrom + rows; row++) {
            RollupHistograms of = target.histograms(row);
            if (of != null && of.count() > 0) {
                add(row, true, places);
                add(row, hasLast(of), lasts);
                add(row, hasSum(of), sums);
                add(row, hasCorrection(of), corrections);
            }
        }
        Histogram[] found = new Histogram[places.size() + lasts.size() + sums.size() + corrections.size()];
        histograms.read(in, found.length, (number, histogram) -> {
            if (histogram.isStale()) {
                throw new MalformedPageException(in.position(), "no stale marker: place=" + number);
            }
            found[number] = histogram;
        });
        int last = places.size();
        int sum = last + lasts.size();
        int correction = sum + sums.size();
        for (int i = 0; i < places.size(); i++) {
            int row = places.get(i);
            RollupHistograms of = Objects.requireNonNull(target.histograms(row));
            Histogram first = found[i];
            target.setHistograms(
                    row,
                    of.with(
                            first,
                            hasLast(of) ? found[last++] : first,
                            hasSum(of) ? found[sum++] : of.summed() ? HistogramAccumulator.sumOf(first) : null,
                            hasCorrection(of) ? found[correction++] : null));
        }
    }

    private static void add(int row, boolean there, List<Integer> rows) {
        if (there) {
            rows.add(row);
        }
    }
}
