package io.varve.core.telemetry.export;

import io.varve.core.model.Histogram;
import io.varve.core.model.HistogramLayout;
import io.varve.core.model.ResetHint;
import io.varve.core.sketch.SparseHistogram;
import java.util.Arrays;

/**
 * Histograms of whole numbers as native histograms in another unit, of the same schema.
 *
 * <p>Buckets of nanoseconds do not end where buckets of seconds do, since 10^9 is no power of 2^(1/32): each bucket
 * goes to the one that holds most of it. That moves bounds by a constant factor, of at most half a bucket (1.1 % at
 * schema 5); for seconds of nanoseconds it is 0.28 buckets, so that values show up to 0.6 % too low. Counts and sums
 * are exact, and histograms of several moments and nodes still add up.
 */
final class UnitHistograms {

    /** What Prometheus' clients take for zero. */
    private static final double ZERO_THRESHOLD = 0x1p-128;

    private static final int[] NONE = {};

    private UnitHistograms() {}

    /** Buckets that a factor moves values by, rounded to whole ones. */
    static int shift(int schema, double unit) {
        return (int) Math.rint(StrictMath.log(unit) / StrictMath.log(2) * (1 << schema));
    }

    /**
     * A histogram in the unit.
     *
     * @param unit what one of the recorded unit is in it
     * @param layout of a histogram with the same buckets, or what {@link #layout} makes of them
     */
    static Histogram of(SparseHistogram values, double unit, HistogramLayout layout) {
        return Histogram.integer(
                layout, ResetHint.UNKNOWN, values.zeros(), values.count(), values.sum() * unit, values.counts());
    }

    /** The layout of some buckets: one span for each run of neighbours. */
    static HistogramLayout layout(int schema, int[] indexes, double unit) {
        if (indexes.length == 0) {
            return HistogramLayout.exponential(schema, false, ZERO_THRESHOLD, NONE, NONE);
        }
        int shift = shift(schema, unit);
        int[] spans = new int[2 * indexes.length];
        int size = 0;
        int next = 0;
        for (int index : indexes) {
            int moved = index + shift;
            if (size > 0 && moved == next) {
                spans[size - 1]++;
            } else {
                spans[size++] = moved - next;
                spans[size++] = 1;
            }
            next = moved + 1;
        }
        return HistogramLayout.exponential(schema, false, ZERO_THRESHOLD, Arrays.copyOf(spans, size), NONE);
    }
}
