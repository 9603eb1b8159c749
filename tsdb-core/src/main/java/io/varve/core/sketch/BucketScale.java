package io.varve.core.sketch;

/**
 * Where a value falls: the bucket index of a positive finite double, from its bits, and the bounds of a bucket.
 *
 * <p>Bucket {@code i} of schema {@code s} holds {@code (2^((i-1)/2^s), 2^(i/2^s)]}, so the index of an exact power of
 * two {@code 2^e} is {@code e * 2^s}. The bounds of a coarser schema are a subset of those of a finer one: both come
 * from one table, so that a merged histogram puts each value where direct recording would have put it. No logarithm
 * is taken: the exponent gives the octave, and a table by the leading bits of the fraction gives the bucket in it to
 * within one step.
 *
 * <p>Immutable and shared by all threads.
 */
public final class BucketScale {

    /** The coarsest schema: one bucket for sixteen powers of two. */
    public static final int MIN_SCHEMA = -4;

    /** The finest schema: 256 buckets for each power of two, a relative error of 0.14 %. */
    public static final int MAX_SCHEMA = 8;

    private static final int FRACTION_BITS = 52;
    private static final long FRACTION_MASK = (1L << FRACTION_BITS) - 1;
    private static final int EXPONENT_BIAS = 1023;
    private static final double TWO_POW_52 = 0x1p52;

    private static final BucketScale[] SCALES = buildAll();

    private final int schema;
    /** Fraction bits of {@code 2^(k/2^schema)}, k from 0, then a number above all; empty for schemas up to 0. */
    private final long[] bounds;
    /** By the leading schema + 1 bits of the fraction: the lowest bucket within the octave that may hold it. */
    private final int[] firstByPrefix;

    private BucketScale(int schema, long[] bounds, int[] firstByPrefix) {
        this.schema = schema;
        this.bounds = bounds;
        this.firstByPrefix = firstByPrefix;
    }

    /**
     * The scale of a schema.
     *
     * @param schema from {@link #MIN_SCHEMA} to {@link #MAX_SCHEMA}
     * @throws IllegalArgumentException outside of that range
     */
    public static BucketScale of(int schema) {
        if (schema < MIN_SCHEMA || schema > MAX_SCHEMA) {
            throw new IllegalArgumentException(
                    "schema from " + MIN_SCHEMA + " to " + MAX_SCHEMA + ": schema=" + schema);
        }
        return SCALES[schema - MIN_SCHEMA];
    }

    /** The schema of this scale. */
    public int schema() {
        return schema;
    }

    /**
     * Index of the bucket that holds a value.
     *
     * @param value positive and finite; anything else gives an index without meaning
     */
    public int index(double value) {
        long bits = Double.doubleToRawLongBits(value);
        int biased = (int) (bits >>> FRACTION_BITS) & 0x7FF;
        if (biased == 0) {
            bits = Double.doubleToRawLongBits(value * TWO_POW_52);
            biased = ((int) (bits >>> FRACTION_BITS) & 0x7FF) - FRACTION_BITS;
        }
        int exponent = biased - EXPONENT_BIAS;
        long fraction = bits & FRACTION_MASK;
        if (schema <= 0) {
            int octave = fraction == 0 ? exponent : exponent + 1;
            return -(-octave >> -schema);
        }
        int k = firstByPrefix[(int) (fraction >>> (FRACTION_BITS - schema - 1))];
        // A prefix spans less than a bucket, so that one bound at most lies within it; without a branch to be guessed.
        return (exponent << schema) + k + (int) (bounds[k] - fraction >>> 63);
    }

    /** Upper bound of a bucket, which it includes; infinite above the largest double. */
    public double upperBound(int index) {
        if (schema <= 0) {
            return powerOfTwo((long) index << -schema);
        }
        int within = index & (1 << schema) - 1;
        double fraction = Double.longBitsToDouble(((long) EXPONENT_BIAS << FRACTION_BITS) | bounds[within]);
        return scale(fraction, (long) index >> schema);
    }

    /** Lower bound of a bucket, which it excludes. */
    public double lowerBound(int index) {
        return upperBound(index - 1);
    }

    /** Index of the bucket that holds this bucket when the schema drops by {@code steps}. */
    static int coarser(int index, int steps) {
        return ((index - 1) >> steps) + 1;
    }

    /** Largest relative error of the middle value of a bucket: 1.1 % at schema 5, 0.14 % at schema 8. */
    public double relativeError() {
        double base = StrictMath.pow(2, StrictMath.pow(2, -schema));
        return (base - 1) / (base + 1);
    }

    private static double scale(double fraction, long exponent) {
        return Math.scalb(fraction, (int) Math.max(-2000, Math.min(2000, exponent)));
    }

    private static double powerOfTwo(long exponent) {
        return scale(1, exponent);
    }

    private static BucketScale[] buildAll() {
        BucketScale[] scales = new BucketScale[MAX_SCHEMA - MIN_SCHEMA + 1];
        for (int schema = MIN_SCHEMA; schema <= MAX_SCHEMA; schema++) {
            scales[schema - MIN_SCHEMA] =
                    schema <= 0 ? new BucketScale(schema, new long[0], new int[0]) : build(schema);
        }
        return scales;
    }

    private static BucketScale build(int schema) {
        int buckets = 1 << schema;
        long[] bounds = new long[buckets + 1];
        bounds[buckets] = Long.MAX_VALUE;
        for (int k = 0; k < buckets; k++) {
            // StrictMath: the bounds are part of what is stored, so they must be the same on every machine.
            bounds[k] = Double.doubleToRawLongBits(StrictMath.pow(2, (double) k / buckets)) & FRACTION_MASK;
        }
        int[] first = new int[buckets * 2];
        for (int prefix = 0; prefix < first.length; prefix++) {
            long lowest = (long) prefix << (FRACTION_BITS - schema - 1);
            int k = 0;
            while (k < buckets && lowest > bounds[k]) {
                k++;
            }
            first[prefix] = k;
        }
        return new BucketScale(schema, bounds, first);
    }
}
