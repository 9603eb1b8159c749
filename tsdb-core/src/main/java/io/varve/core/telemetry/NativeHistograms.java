package io.varve.core.telemetry;

import io.varve.core.model.Histogram;
import io.varve.core.model.HistogramLayout;
import io.varve.core.model.ResetHint;
import io.varve.core.sketch.BucketScale;
import io.varve.core.sketch.SparseHistogram;

/**
 * A distribution as a native histogram in the metric's unit: what a store keeps, and what {@code /metrics} shows.
 *
 * <p>Buckets end at powers of {@code base = 2^(2^-schema)} of the unit that is recorded in. In seconds they would end
 * at powers times 1e-9, which is no power of the base, and a native histogram knows no others. So each bucket takes the
 * index that is nearest: all bounds are off by one and the same factor, {@link #displacement}, at most half a bucket.
 * Counts stay whole, each bucket stays one bucket, and count and sum are exact. What is recorded in its own unit keeps
 * its index, and is exact. See ADR 0022.
 */
public final class NativeHistograms {

    /** Zeros are counted up to this magnitude, far below a nanosecond; not 0, so that an empty one is native too. */
    public static final double ZERO_THRESHOLD = 0x1p-128;

    private NativeHistograms() {}

    /**
     * All of a distribution.
     *
     * @param values in the unit that is recorded in
     * @param unit what one of that unit is in the metric's unit: 1e-9 for nanoseconds
     * @return a counter's histogram, of integers, in the metric's unit
     */
    public static Histogram of(SparseHistogram values, double unit) {
        return of(values, unit, layout(values, unit));
    }

    /**
     * As the other, for who has the layout already.
     *
     * @param layout of the same buckets, as {@link #layout} makes it
     */
    public static Histogram of(SparseHistogram values, double unit, HistogramLayout layout) {
        return Histogram.integer(
                layout, ResetHint.UNKNOWN, values.zeros(), values.count(), values.sum() * unit, values.counts());
    }

    /** Which buckets there are in the metric's unit: one span for each run of neighbours. */
    public static HistogramLayout layout(SparseHistogram values, double unit) {
        return HistogramLayout.exponential(
                values.schema(), false, ZERO_THRESHOLD, spans(indexes(values, unit)), new int[0]);
    }

    /** Indexes, in the metric's unit, of the buckets that hold something, ascending; their counts are the values'. */
    public static int[] indexes(SparseHistogram values, double unit) {
        int shift = shift(values.schema(), unit);
        int[] indexes = values.indexes();
        for (int i = 0; i < indexes.length; i++) {
            indexes[i] += shift;
        }
        return indexes;
    }

    /** Offset and length of each run of neighbours. */
    private static int[] spans(int[] indexes) {
        int runs = 0;
        for (int i = 0; i < indexes.length; i++) {
            runs += i == 0 || indexes[i] != indexes[i - 1] + 1 ? 1 : 0;
        }
        int[] spans = new int[2 * runs];
        int next = 0;
        int at = -2;
        for (int index : indexes) {
            if (at < 0 || index != next) {
                at += 2;
                spans[at] = index - next;
            }
            spans[at + 1]++;
            next = index + 1;
        }
        return spans;
    }

    /** What is added to a bucket's index for the metric's unit. */
    public static int shift(int schema, double unit) {
        return (int) Math.rint(exactShift(schema, unit));
    }

    private static double exactShift(int schema, double unit) {
        return Math.scalb(Math.log(unit) / Math.log(2), schema);
    }

    /** What the bounds of buckets are multiplied by, beside the unit: 1 if they are exact, 0.9939 for nanoseconds. */
    public static double displacement(int schema, double unit) {
        return Math.pow(2, Math.scalb(shift(schema, unit) - exactShift(schema, unit), -schema));
    }

    /**
     * Largest relative error of the middle of the bucket that a value is counted in: 1.7 % for nanoseconds at schema 5,
     * where windows have 1.1 %.
     */
    public static double relativeError(int schema, double unit) {
        double middle = BucketScale.of(schema).relativeError();
        double displaced = displacement(schema, unit);
        return Math.max(displaced * (1 + middle) - 1, 1 - displaced * (1 - middle));
    }

    /**
     * Largest relative error of any place in the bucket that a value is counted in, wherever one who interpolates may
     * go: 2.8 % for nanoseconds at schema 5.
     */
    public static double interpolationError(int schema, double unit) {
        double base = Math.pow(2, Math.scalb(1.0, -schema));
        double displaced = displacement(schema, unit);
        return Math.max(displaced * base - 1, 1 - displaced / base);
    }
}
