package io.varve.core.model;

import java.util.Arrays;

/**
 * A native histogram: how often values of each size were observed, in the buckets of a {@link HistogramLayout}. Counts
 * are absolute (not differences to the bucket before); integers, or doubles for what was computed. Immutable.
 *
 * <p>Observations that are NaN are in the count and in no bucket; they, or infinities of both signs, make the sum NaN.
 * Two histograms are equal if all of their bits are.
 */
public final class Histogram {

    /** By how much the buckets of a float histogram may exceed its count, relative to it: sums of doubles round. */
    private static final double ROUNDING = 1e-6;

    private static final long[] NO_BUCKETS = {};

    private final HistogramLayout layout;
    private final ResetHint hint;
    private final long zeroCount;
    private final long count;
    private final double sum;

    /** Positive buckets by ascending index, then negative ones; of a float histogram the bits of doubles. */
    private final long[] buckets;

    private Histogram(HistogramLayout layout, ResetHint hint, long zeroCount, long count, double sum, long[] buckets) {
        this.layout = layout;
        this.hint = hint;
        this.zeroCount = zeroCount;
        this.count = count;
        this.sum = sum;
        this.buckets = buckets;
    }

    /**
     * An integer histogram. A sum with the bits of the stale marker makes it {@link #stale}.
     *
     * @param layout of integers
     * @param hint what is known of a reset before it
     * @param zeroCount observations in the zero bucket
     * @param count observations in all
     * @param sum of all observations; any bits are kept
     * @param buckets absolute counts: positive buckets by ascending index, then negative ones
     * @throws IllegalArgumentException if a rule is broken: a negative count, as many buckets as the layout has, counts
     *     that do not add up (they may be less than {@code count} only if the sum is NaN)
     */
    public static Histogram integer(
            HistogramLayout layout, ResetHint hint, long zeroCount, long count, double sum, long... buckets) {
        require(layout, false, buckets.length);
        if (StaleMarker.is(sum)) {
            return stale(false);
        }
        requireCount(zeroCount, "zero bucket");
        requireCount(count, "count");
        requireNoZero(layout, zeroCount != 0);
        long total = zeroCount;
        for (int i = 0; i < buckets.length; i++) {
            requireCount(buckets[i], "bucket " + i);
            total += buckets[i];
            if (total < 0) {
                throw new IllegalArgumentException("buckets add up to at most 2^63 - 1: bucket=" + i);
            }
        }
        if (total > count || total < count && !Double.isNaN(sum)) {
            throw new IllegalArgumentException(
                    "buckets add up to the count, or to less if the sum is NaN: buckets=" + total + ", count=" + count);
        }
        return new Histogram(layout, hint, zeroCount, count, sum, buckets.clone());
    }

    private static void requireCount(long count, String what) {
        if (count < 0) {
            throw new IllegalArgumentException("a histogram counts from 0 on: " + what + "=" + count);
        }
    }

    /**
     * A float histogram; parameters and rules as {@link #integer}'s, but that counts are finite, may be negative in a
     * gauge, and add up to at most {@code count} but for rounding.
     */
    public static Histogram floating(
            HistogramLayout layout, ResetHint hint, double zeroCount, double count, double sum, double... buckets) {
        require(layout, true, buckets.length);
        if (StaleMarker.is(sum)) {
            return stale(true);
        }
        requireCount(zeroCount, hint, "zero bucket");
        requireCount(count, hint, "count");
        requireNoZero(layout, zeroCount != 0);
        double total = zeroCount;
        long[] bits = new long[buckets.length];
        for (int i = 0; i < buckets.length; i++) {
            requireCount(buckets[i], hint, "bucket " + i);
            total += buckets[i];
            bits[i] = Double.doubleToRawLongBits(buckets[i]);
        }
        if (hint != ResetHint.GAUGE && total - count > ROUNDING * Math.max(1, count)) {
            throw new IllegalArgumentException(
                    "buckets add up to at most the count: buckets=" + total + ", count=" + count);
        }
        return new Histogram(
                layout, hint, Double.doubleToRawLongBits(zeroCount), Double.doubleToRawLongBits(count), sum, bits);
    }

    private static void requireCount(double count, ResetHint hint, String what) {
        if (Double.isNaN(count) || Double.isInfinite(count) || count < 0 && hint != ResetHint.GAUGE) {
            throw new IllegalArgumentException(
                    "a histogram's counts are finite, and from 0 on unless it is a gauge: " + what + "=" + count);
        }
    }

    private static void requireNoZero(HistogramLayout layout, boolean hasZero) {
        if (hasZero && layout.schema() == HistogramLayout.CUSTOM_SCHEMA) {
            throw new IllegalArgumentException("a histogram with custom bounds has no zero bucket: schema=-53");
        }
    }

    private static void require(HistogramLayout layout, boolean floats, int buckets) {
        if (layout.isFloat() != floats || layout.buckets() != buckets) {
            throw new IllegalArgumentException("as many buckets as the layout has, and of its kind: buckets=" + buckets
                    + ", float=" + floats + ", layout=" + layout);
        }
    }

    /** The marker that a series ended here. */
    public static Histogram stale(boolean floats) {
        return new Histogram(HistogramLayout.stale(floats), ResetHint.UNKNOWN, 0, 0, StaleMarker.VALUE, NO_BUCKETS);
    }

    /**
     * What was stored: nothing but the number of buckets is checked, since it was when it was accepted.
     *
     * @param zeroCount of a float histogram the bits of a double, like {@code count} and {@code buckets}
     * @param buckets becomes the histogram's own
     * @throws IllegalArgumentException if there are not as many buckets as the layout has
     */
    public static Histogram stored(
            HistogramLayout layout, ResetHint hint, long zeroCount, long count, double sum, long[] buckets) {
        require(layout, layout.isFloat(), buckets.length);
        return new Histogram(layout, hint, zeroCount, count, sum, buckets);
    }

    /** The same with another hint. */
    public Histogram withHint(ResetHint other) {
        return hint == other ? this : new Histogram(layout, other, zeroCount, count, sum, buckets);
    }

    /** Which buckets it has. */
    public HistogramLayout layout() {
        return layout;
    }

    /** What its sender knew of a reset before it. */
    public ResetHint hint() {
        return hint;
    }

    /** Whether counts are doubles. */
    public boolean isFloat() {
        return layout.isFloat();
    }

    /** Whether it is the marker that its series ended here. */
    public boolean isStale() {
        return StaleMarker.is(sum);
    }

    /** Sum of all observations. */
    public double sum() {
        return sum;
    }

    /** Observations in all; rounded if they are many and integers. */
    public double count() {
        return number(count);
    }

    /** Observations in the zero bucket; rounded if they are many and integers. */
    public double zeroCount() {
        return number(zeroCount);
    }

    /** Observations in a bucket, positive ones by ascending index, then negative ones; rounded if they are many. */
    public double bucket(int place) {
        return number(buckets[place]);
    }

    private double number(long stored) {
        return isFloat() ? Double.longBitsToDouble(stored) : (double) stored;
    }

    /** Observations in all, exactly; of a float histogram the bits of a double. */
    public long countBits() {
        return count;
    }

    /** Observations in the zero bucket, exactly; of a float histogram the bits of a double. */
    public long zeroCountBits() {
        return zeroCount;
    }

    /** Observations in a bucket, exactly; of a float histogram the bits of a double. */
    public long bucketBits(int place) {
        return buckets[place];
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Histogram histogram
                && hint == histogram.hint
                && zeroCount == histogram.zeroCount
                && count == histogram.count
                && Double.doubleToRawLongBits(sum) == Double.doubleToRawLongBits(histogram.sum)
                && Arrays.equals(buckets, histogram.buckets)
                && layout.equals(histogram.layout);
    }

    @Override
    public int hashCode() {
        return 31 * Long.hashCode(count) + Long.hashCode(Double.doubleToRawLongBits(sum));
    }

    @Override
    public String toString() {
        StringBuilder text =
                new StringBuilder("count=").append(count()).append(" sum=").append(sum);
        text.append(" hint=").append(hint).append(" zero=").append(zeroCount()).append(" buckets=[");
        for (int i = 0; i < buckets.length; i++) {
            text.append(i == 0 ? "" : ", ").append(bucket(i));
        }
        return text.append("] ").append(layout).toString();
    }
}
