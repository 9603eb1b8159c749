package io.varve.core.model;

import java.util.Arrays;

/**
 * Which buckets a native histogram has: schema, zero bucket, and runs of buckets. Immutable; histograms of one series
 * mostly share one.
 *
 * <p>Spans are Prometheus': pairs of an offset and a length. The first span of a sign starts at the bucket with its
 * offset as index, each other one so many buckets behind the end of the one before. Bucket i of schema s holds values
 * in {@code (2^((i-1) * 2^-s), 2^(i * 2^-s)]}; with {@link #CUSTOM_SCHEMA}, bucket i ends at bound i, the last is open.
 */
public final class HistogramLayout {

    /** Coarsest exponential schema. */
    public static final int MIN_SCHEMA = -4;

    /** Finest exponential schema. */
    public static final int MAX_SCHEMA = 8;

    /** The schema of buckets with bounds of the sender's own. */
    public static final int CUSTOM_SCHEMA = -53;

    /** Most buckets of both signs, without the zero bucket; also most spans, and most bounds. */
    public static final int MAX_BUCKETS = 8_192;

    private static final int[] NO_SPANS = {};
    private static final double[] NO_BOUNDS = {};

    private static final HistogramLayout STALE_INTEGERS =
            new HistogramLayout(0, false, 0, NO_SPANS, NO_SPANS, NO_BOUNDS, 0, 0);
    private static final HistogramLayout STALE_FLOATS =
            new HistogramLayout(0, true, 0, NO_SPANS, NO_SPANS, NO_BOUNDS, 0, 0);

    private final int schema;
    private final boolean floats;
    private final double zeroThreshold;
    private final int[] positive;
    private final int[] negative;
    private final double[] bounds;
    private final int positiveBuckets;
    private final int negativeBuckets;

    private HistogramLayout(
            int schema,
            boolean floats,
            double zeroThreshold,
            int[] positive,
            int[] negative,
            double[] bounds,
            int positiveBuckets,
            int negativeBuckets) {
        this.schema = schema;
        this.floats = floats;
        this.zeroThreshold = zeroThreshold;
        this.positive = positive;
        this.negative = negative;
        this.bounds = bounds;
        this.positiveBuckets = positiveBuckets;
        this.negativeBuckets = negativeBuckets;
    }

    /**
     * A layout of exponential buckets.
     *
     * @param schema {@link #MIN_SCHEMA} to {@link #MAX_SCHEMA}
     * @param floats whether counts are doubles instead of integers
     * @param zeroThreshold largest magnitude that the zero bucket counts, at least 0
     * @param positive offset and length of each span of positive buckets
     * @param negative the same of negative buckets
     * @throws IllegalArgumentException if a rule is broken: unknown schema, spans that overlap, too many buckets
     */
    public static HistogramLayout exponential(
            int schema, boolean floats, double zeroThreshold, int[] positive, int[] negative) {
        if (schema < MIN_SCHEMA || schema > MAX_SCHEMA) {
            throw new IllegalArgumentException("a histogram's schema is -4 to 8, or -53: schema=" + schema);
        }
        if (!(zeroThreshold >= 0) || Double.isInfinite(zeroThreshold)) {
            throw new IllegalArgumentException(
                    "a zero bucket's width is 0 or more, and finite: zeroThreshold=" + zeroThreshold);
        }
        return checked(schema, floats, zeroThreshold, positive, negative, NO_BOUNDS);
    }

    /**
     * A layout with bounds of the sender's own; it has no zero bucket and no negative ones.
     *
     * @param spans offset and length of each span; bucket i has bound i as its upper, one more has none
     * @param bounds strictly ascending, without NaN and infinity
     * @throws IllegalArgumentException if a rule is broken
     */
    public static HistogramLayout custom(boolean floats, int[] spans, double... bounds) {
        if (bounds.length > MAX_BUCKETS) {
            throw new IllegalArgumentException(
                    "a histogram has at most " + MAX_BUCKETS + " bounds: bounds=" + bounds.length);
        }
        for (int i = 0; i < bounds.length; i++) {
            if (Double.isNaN(bounds[i]) || Double.isInfinite(bounds[i]) || i > 0 && bounds[i] <= bounds[i - 1]) {
                throw new IllegalArgumentException(
                        "custom bounds ascend and are finite: bound=" + bounds[i] + ", place=" + i);
            }
        }
        HistogramLayout layout = checked(CUSTOM_SCHEMA, floats, 0, spans, NO_SPANS, bounds);
        if (spans.length > 0 && spans[0] < 0 || lastIndex(spans) > bounds.length) {
            throw new IllegalArgumentException("a custom bucket has a bound, or is the one behind the last: bounds="
                    + bounds.length + ", last=" + lastIndex(spans));
        }
        return layout;
    }

    /** The layout of stale markers. */
    static HistogramLayout stale(boolean floats) {
        return floats ? STALE_FLOATS : STALE_INTEGERS;
    }

    private static HistogramLayout checked(
            int schema, boolean floats, double zeroThreshold, int[] positive, int[] negative, double[] bounds) {
        int[] ownPositive = positive.clone();
        int[] ownNegative = negative.clone();
        if (ownPositive.length + (long) ownNegative.length > 2L * MAX_BUCKETS) {
            throw new IllegalArgumentException("a histogram has at most " + MAX_BUCKETS + " spans: spans="
                    + (ownPositive.length + (long) ownNegative.length) / 2);
        }
        long positiveBuckets = count(ownPositive);
        long negativeBuckets = count(ownNegative);
        if (positiveBuckets + negativeBuckets > MAX_BUCKETS) {
            throw new IllegalArgumentException("a histogram has at most " + MAX_BUCKETS + " buckets: buckets="
                    + (positiveBuckets + negativeBuckets));
        }
        return new HistogramLayout(
                schema,
                floats,
                zeroThreshold,
                ownPositive,
                ownNegative,
                bounds.length == 0 ? NO_BOUNDS : bounds.clone(),
                (int) positiveBuckets,
                (int) negativeBuckets);
    }

    private static long count(int[] spans) {
        if (spans.length % 2 != 0) {
            throw new IllegalArgumentException("a span is an offset and a length: numbers=" + spans.length);
        }
        long buckets = 0;
        long next = 0;
        for (int i = 0; i < spans.length; i += 2) {
            int offset = spans[i];
            int length = spans[i + 1];
            if (length < 0 || i > 0 && offset < 0) {
                throw new IllegalArgumentException(
                        "spans do not overlap: span=" + i / 2 + ", offset=" + offset + ", length=" + length);
            }
            next += (long) offset + length;
            if (next > Integer.MAX_VALUE) {
                throw new IllegalArgumentException("a bucket's index is an int: span=" + i / 2 + ", end=" + next);
            }
            buckets += length;
        }
        return buckets;
    }

    /** Index of the last bucket, or -1 if there is none. */
    private static int lastIndex(int[] spans) {
        int next = 0;
        for (int i = 0; i < spans.length; i += 2) {
            next += spans[i] + spans[i + 1];
        }
        return next - 1;
    }

    /** {@link #MIN_SCHEMA} to {@link #MAX_SCHEMA}, or {@link #CUSTOM_SCHEMA}. */
    public int schema() {
        return schema;
    }

    /** Whether counts are doubles. */
    public boolean isFloat() {
        return floats;
    }

    /** The same buckets with counts that are doubles. */
    public HistogramLayout withFloats() {
        return floats
                ? this
                : new HistogramLayout(
                        schema, true, zeroThreshold, positive, negative, bounds, positiveBuckets, negativeBuckets);
    }

    /** Largest magnitude that the zero bucket counts. */
    public double zeroThreshold() {
        return zeroThreshold;
    }

    /** Number of spans of positive buckets. */
    public int positiveSpans() {
        return positive.length / 2;
    }

    /** Number of spans of negative buckets. */
    public int negativeSpans() {
        return negative.length / 2;
    }

    /** Offset of a span, positive ones first. */
    public int spanOffset(int span) {
        return span < positiveSpans() ? positive[2 * span] : negative[2 * (span - positiveSpans())];
    }

    /** Length of a span, positive ones first. */
    public int spanLength(int span) {
        return span < positiveSpans() ? positive[2 * span + 1] : negative[2 * (span - positiveSpans()) + 1];
    }

    /** Number of positive buckets. */
    public int positiveBuckets() {
        return positiveBuckets;
    }

    /** Number of negative buckets. */
    public int negativeBuckets() {
        return negativeBuckets;
    }

    /** Number of buckets of both signs. */
    public int buckets() {
        return positiveBuckets + negativeBuckets;
    }

    /** Index of each bucket, positive ones first; the caller's own. */
    public int[] indexes() {
        int[] indexes = new int[buckets()];
        int place = 0;
        int index = 0;
        for (int span = 0; span < positiveSpans() + negativeSpans(); span++) {
            boolean first = span == 0 || span == positiveSpans();
            index = (first ? 0 : index) + spanOffset(span);
            for (int i = spanLength(span); i > 0; i--) {
                indexes[place++] = index++;
            }
        }
        return indexes;
    }

    /** Number of custom bounds. */
    public int bounds() {
        return bounds.length;
    }

    /** A custom upper bound. */
    public double bound(int index) {
        return bounds[index];
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof HistogramLayout layout
                && schema == layout.schema
                && floats == layout.floats
                && Double.doubleToRawLongBits(zeroThreshold) == Double.doubleToRawLongBits(layout.zeroThreshold)
                && Arrays.equals(positive, layout.positive)
                && Arrays.equals(negative, layout.negative)
                && Arrays.equals(bounds, layout.bounds);
    }

    @Override
    public int hashCode() {
        int hash = 31 * schema + (floats ? 1 : 0);
        hash = 31 * hash + Double.hashCode(zeroThreshold);
        hash = 31 * hash + Arrays.hashCode(positive);
        hash = 31 * hash + Arrays.hashCode(negative);
        return 31 * hash + Arrays.hashCode(bounds);
    }

    @Override
    public String toString() {
        return "schema=" + schema + (floats ? " floats" : " integers") + " zeroThreshold=" + zeroThreshold
                + " positive=" + Arrays.toString(positive) + " negative=" + Arrays.toString(negative)
                + (bounds.length == 0 ? "" : " bounds=" + Arrays.toString(bounds));
    }
}
