package io.varve.server.scrape.format;

import io.varve.core.model.Histogram;
import io.varve.core.model.HistogramLayout;
import io.varve.core.model.ResetHint;
import io.varve.server.write.remote.HistogramBuckets;
import io.varve.server.write.remote.ProtoCursor;

/**
 * The native part of {@code io.prometheus.client.Histogram}, gathered field by field.
 *
 * <pre>
 *   1 uint64 sample_count          4 double sample_count_float       2 double sample_sum
 *   5 sint32 schema                6 double zero_threshold
 *   7 uint64 zero_count            8 double zero_count_float
 *   9 repeated BucketSpan negative_span, 10 repeated sint64 negative_delta, 11 repeated double negative_count
 *  12 13 14 the same of positive buckets
 * </pre>
 *
 * <p>What is kept is bounded by the buckets that a histogram may have. One thread at a time.
 */
final class NativeHistogramReader {

    private static final int COUNT = 1 << 3 | ProtoCursor.VARINT;
    private static final int SUM = 2 << 3 | ProtoCursor.FIXED64;
    private static final int COUNT_FLOAT = 4 << 3 | ProtoCursor.FIXED64;
    private static final int SCHEMA = 5 << 3 | ProtoCursor.VARINT;
    private static final int ZERO_THRESHOLD = 6 << 3 | ProtoCursor.FIXED64;
    private static final int ZERO_COUNT = 7 << 3 | ProtoCursor.VARINT;
    private static final int ZERO_COUNT_FLOAT = 8 << 3 | ProtoCursor.FIXED64;
    private static final int NEGATIVE = 9;
    private static final int POSITIVE = NEGATIVE + HistogramBuckets.LISTS;

    private final HistogramBuckets negative = new HistogramBuckets(HistogramLayout.MAX_BUCKETS);
    private final HistogramBuckets positive = new HistogramBuckets(HistogramLayout.MAX_BUCKETS);
    private long count;
    private double countFloat;
    private double sum;
    private int schema;
    private double zeroThreshold;
    private long zeroCount;
    private double zeroCountFloat;

    void clear() {
        negative.clear();
        positive.clear();
        count = 0;
        countFloat = 0;
        sum = 0;
        schema = 0;
        zeroThreshold = 0;
        zeroCount = 0;
        zeroCountFloat = 0;
    }

    /** Reads a field; false, with nothing read, if it is not of the native part. */
    boolean read(ProtoCursor in, byte[] bytes, int tag) {
        switch (tag) {
            case COUNT -> count = in.varint();
            case SUM -> sum = Double.longBitsToDouble(in.fixed64());
            case COUNT_FLOAT -> countFloat = Double.longBitsToDouble(in.fixed64());
            case SCHEMA -> schema = ProtoCursor.zigzag32(in.varint());
            case ZERO_THRESHOLD -> zeroThreshold = Double.longBitsToDouble(in.fixed64());
            case ZERO_COUNT -> zeroCount = in.varint();
            case ZERO_COUNT_FLOAT -> zeroCountFloat = Double.longBitsToDouble(in.fixed64());
            default -> {
                int field = tag >>> 3;
                if (field >= NEGATIVE && field < POSITIVE) {
                    return negative.read(in, bytes, tag, field - NEGATIVE);
                }
                return field >= POSITIVE
                        && field < POSITIVE + HistogramBuckets.LISTS
                        && positive.read(in, bytes, tag, field - POSITIVE);
            }
        }
        return true;
    }

    /** Whether it is a native histogram, with classic buckets or without. */
    boolean isNative() {
        return negative.spanCount() > 0
                || positive.spanCount() > 0
                || zeroThreshold > 0
                || zeroCount > 0
                || zeroCountFloat > 0;
    }

    private boolean isFloat() {
        return countFloat > 0 || zeroCountFloat > 0;
    }

    /** Observations in all. */
    double count() {
        return countFloat > 0 ? countFloat : count;
    }

    double sum() {
        return sum;
    }

    /**
     * The native histogram.
     *
     * @throws IllegalArgumentException if it breaks a rule; the message says which
     */
    Histogram histogram(boolean gauge) {
        boolean floats = isFloat();
        positive.requireWhole("positive", floats);
        negative.requireWhole("negative", floats);
        HistogramLayout layout =
                HistogramLayout.exponential(schema, floats, zeroThreshold, positive.spans(), negative.spans());
        ResetHint hint = gauge ? ResetHint.GAUGE : ResetHint.UNKNOWN;
        int positives = positive.numbers(floats).size();
        int all = positives + negative.numbers(floats).size();
        if (floats) {
            double[] buckets = new double[all];
            positive.counts(buckets, 0);
            negative.counts(buckets, positives);
            return Histogram.floating(layout, hint, zeroCountFloat, countFloat, sum, buckets);
        }
        long[] buckets = new long[all];
        positive.sums("positive", buckets, 0);
        negative.sums("negative", buckets, positives);
        return Histogram.integer(layout, hint, zeroCount, count, sum, buckets);
    }

    void trim() {
        negative.trim();
        positive.trim();
    }
}
