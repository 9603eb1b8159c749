package io.varve.query.kernel;

import io.varve.core.sketch.BucketScale;
import io.varve.core.sketch.ExponentialHistogram;
import io.varve.core.sketch.Quantile;
import io.varve.core.storage.PageSummary;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The quantile of windows in which sketches stand for some samples: as near as these tell. Of windows without sketches
 * it is exact.
 */
public final class SketchFold extends SummaryFold {

    /** So many buckets hold every double in the finest schema of rollups: only sketches make it coarser. */
    private static final int LIMIT = 1 << 17;

    private final double[] q;
    private double[] samples = new double[64];
    private int size;
    private @Nullable ExponentialHistogram merged;

    /** A fold for a q for each step. */
    public SketchFold(double[] q) {
        this.q = q;
    }

    @Override
    void begin() {
        size = 0;
        merged = null;
    }

    @Override
    void sample(long time, double value) {
        if (size == samples.length) {
            samples = Arrays.copyOf(samples, 2 * size);
        }
        samples[size++] = value;
    }

    @Override
    void page(PageSummary page, long first, long last) {
        ExponentialHistogram sketch = page.sketch();
        if (sketch == null) {
            throw new AssertionError("BUG: a summary without a sketch");
        }
        ExponentialHistogram all = merged;
        if (all == null) {
            all = ExponentialHistogram.ofSchema(BucketScale.MAX_SCHEMA, LIMIT);
            merged = all;
        }
        all.merge(sketch);
    }

    @Override
    void end(Windows windows, int step, Row out) {
        ExponentialHistogram all = merged;
        if (all == null) {
            Quantiles.sort(samples, size);
            out.set(step, Quantiles.ofSorted(samples, size, q[step]));
            return;
        }
        for (int i = 0; i < size; i++) {
            all.record(samples[i]);
        }
        out.set(step, quantile(all, q[step]));
    }

    /** NaN counts as the smallest value, as it does in {@link Quantiles}. */
    private static double quantile(ExponentialHistogram all, double q) {
        long numbers = all.count();
        double rank = q * (numbers + all.nanCount() - 1) - all.nanCount();
        if (!(q >= 0 && q <= 1) || all.nanCount() == 0) {
            return all.quantile(q).value();
        }
        if (rank < 0) {
            return Double.NaN;
        }
        Quantile found = all.quantile(numbers == 1 ? 0 : Math.min(1, rank / (numbers - 1)));
        return found.value();
    }
}
