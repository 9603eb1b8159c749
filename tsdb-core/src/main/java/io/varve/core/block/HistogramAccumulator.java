package io.varve.core.block;

import io.varve.core.model.Histogram;
import io.varve.core.sketch.HistogramResets;
import io.varve.core.sketch.HistogramSum;
import io.varve.core.storage.RollupHistograms;
import org.jspecify.annotations.Nullable;

/** What is kept of the native histograms of one bucket, sample by sample. Reused; one thread. */
final class HistogramAccumulator {

    private final HistogramSum sum = new HistogramSum();
    private final HistogramSum correction = new HistogramSum();
    private long count;
    private long stales;
    private long resets;
    private long firstTime;
    private long lastTime;
    private @Nullable Histogram first;
    private @Nullable Histogram last;

    void begin(long bucketEnd) {
        sum.clear();
        correction.clear();
        count = 0;
        stales = 0;
        resets = 0;
        firstTime = bucketEnd;
        lastTime = bucketEnd;
        first = null;
        last = null;
    }

    void add(long time, Histogram histogram) {
        if (histogram.isStale()) {
            stales++;
            return;
        }
        Histogram before = last;
        if (before == null) {
            first = histogram;
            firstTime = time;
        } else if (HistogramResets.isReset(before, histogram)) {
            resets++;
            correction.add(before);
        }
        count++;
        last = histogram;
        lastTime = time;
        sum.add(histogram);
    }

    /** What was gathered; null if there was nothing. */
    @Nullable
    RollupHistograms gathered() {
        if (count + stales == 0) {
            return null;
        }
        Histogram total = sum.total();
        boolean summed = count == 0 || total != null;
        return new RollupHistograms(
                count,
                stales,
                resets,
                firstTime,
                lastTime,
                summed,
                first,
                last,
                total,
                summed ? correction.total() : null);
    }

    /** The sum of one histogram alone. */
    static @Nullable Histogram sumOf(Histogram one) {
        HistogramSum alone = new HistogramSum();
        alone.add(one);
        return alone.total();
    }
}
