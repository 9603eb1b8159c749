package io.varve.server.write.remote;

import io.varve.core.model.Histogram;
import io.varve.core.model.HistogramLayout;
import io.varve.core.model.ResetHint;
import io.varve.core.model.StaleMarker;

/**
 * Reads {@code prometheus.Histogram} of remote write 1.0. Its bytes are read whole before anything is made of them, so
 * that damage is told as damage and not as a broken rule. As everywhere in protobuf the last of repeated scalars
 * counts, and lists may come in any number of parts, packed or not.
 *
 * <pre>
 *   Histogram    1 uint64 count_int              2 double count_float            3 double sum
 *                4 sint32 schema                 5 double zero_threshold
 *                6 uint64 zero_count_int         7 double zero_count_float
 *                8 repeated BucketSpan negative_spans            11 the same of positive buckets
 *                9 repeated sint64 negative_deltas               12 the same
 *               10 repeated double negative_counts               13 the same
 *               14 enum reset_hint              15 int64 timestamp, milliseconds
 *               16 repeated double custom_values
 *   BucketSpan   1 sint32 offset                 2 uint32 length
 * </pre>
 *
 * <p>What is kept of a message is bounded by the buckets that a histogram may have, however many it claims. Memory is
 * reused. Mutable; one thread at a time.
 */
final class HistogramDecoder {

    private static final int COUNT_INTEGER = 1 << 3 | ProtoCursor.VARINT;
    private static final int COUNT_FLOAT = 2 << 3 | ProtoCursor.FIXED64;
    private static final int SUM = 3 << 3 | ProtoCursor.FIXED64;
    private static final int SCHEMA = 4 << 3 | ProtoCursor.VARINT;
    private static final int ZERO_THRESHOLD = 5 << 3 | ProtoCursor.FIXED64;
    private static final int ZERO_COUNT_INTEGER = 6 << 3 | ProtoCursor.VARINT;
    private static final int ZERO_COUNT_FLOAT = 7 << 3 | ProtoCursor.FIXED64;
    private static final int RESET_HINT = 14 << 3 | ProtoCursor.VARINT;
    private static final int TIMESTAMP = 15 << 3 | ProtoCursor.VARINT;

    /** Field numbers of a sign's lists; those of positive buckets are three further. */
    private static final int NEGATIVE_SPANS = 8;

    private static final int POSITIVE_SPANS = 11;
    private static final int CUSTOM_VALUES = 16;

    private final int maxBuckets;
    private final ProtoCursor in = new ProtoCursor();
    private final HistogramBuckets negative;
    private final HistogramBuckets positive;
    private final NumberList bounds = new NumberList(HistogramLayout.MAX_BUCKETS);

    private boolean floats;
    private boolean zeroIsFloat;
    private boolean zeroIsSaid;
    private long count;
    private long zeroCount;
    private double sum;
    private int schema;
    private double zeroThreshold;
    private long hint;
    private long millis;

    /** @param maxBuckets buckets that a histogram may have, the zero bucket not counted */
    HistogramDecoder(int maxBuckets) {
        this.maxBuckets = Math.min(maxBuckets, HistogramLayout.MAX_BUCKETS);
        this.negative = new HistogramBuckets(this.maxBuckets);
        this.positive = new HistogramBuckets(this.maxBuckets);
    }

    /**
     * Reads a message.
     *
     * @throws MalformedWriteException if its bytes are none
     */
    void read(byte[] bytes, int from, int to) {
        clear();
        in.reset(bytes, from, to);
        while (!in.atEnd()) {
            int tag = in.tag();
            switch (tag) {
                case COUNT_INTEGER -> {
                    floats = false;
                    count = in.varint();
                }
                case COUNT_FLOAT -> {
                    floats = true;
                    count = in.fixed64();
                }
                case SUM -> sum = Double.longBitsToDouble(in.fixed64());
                case SCHEMA -> schema = ProtoCursor.zigzag32(in.varint());
                case ZERO_THRESHOLD -> zeroThreshold = Double.longBitsToDouble(in.fixed64());
                case ZERO_COUNT_INTEGER -> zero(in.varint(), false);
                case ZERO_COUNT_FLOAT -> zero(in.fixed64(), true);
                case RESET_HINT -> hint = in.varint();
                case TIMESTAMP -> millis = in.varint();
                default -> list(bytes, tag);
            }
        }
    }

    private void clear() {
        floats = false;
        zeroIsFloat = false;
        zeroIsSaid = false;
        count = 0;
        zeroCount = 0;
        sum = 0;
        schema = 0;
        zeroThreshold = 0;
        hint = 0;
        millis = 0;
        negative.clear();
        positive.clear();
        bounds.clear();
    }

    private void zero(long bits, boolean isFloat) {
        zeroCount = bits;
        zeroIsFloat = isFloat;
        zeroIsSaid = true;
    }

    private void list(byte[] bytes, int tag) {
        int field = tag >>> 3;
        boolean known = field == CUSTOM_VALUES
                ? bounds.readDoubles(in, tag)
                : field >= NEGATIVE_SPANS && field < POSITIVE_SPANS
                        ? negative.read(in, bytes, tag, field - NEGATIVE_SPANS)
                        : field >= POSITIVE_SPANS
                                && field < POSITIVE_SPANS + HistogramBuckets.LISTS
                                && positive.read(in, bytes, tag, field - POSITIVE_SPANS);
        if (!known) {
            in.skip(tag);
        }
    }

    /** Milliseconds since 1970 of what was read. */
    long millis() {
        return millis;
    }

    /** Buckets of what was read, also those beyond what is kept. */
    long buckets() {
        return positive.numbers(floats).count() + negative.numbers(floats).count();
    }

    /** Whether what was read has more buckets than allowed. */
    boolean hasTooManyBuckets() {
        return buckets() > maxBuckets;
    }

    /**
     * What was read, as a histogram; one whose sum is the stale marker is that, whatever else it says.
     *
     * @throws IllegalArgumentException if it breaks a rule; the message says which
     */
    Histogram histogram() {
        if (StaleMarker.is(sum)) {
            return Histogram.stale(floats);
        }
        if (positive.numbers(!floats).count() + negative.numbers(!floats).count() > 0
                || zeroIsSaid && zeroIsFloat != floats && zeroCount != 0) {
            throw new IllegalArgumentException("all counts of a histogram are integers, or all are floats: count is "
                    + (floats ? "a float" : "an integer"));
        }
        positive.requireWhole("positive", floats);
        negative.requireWhole("negative", floats);
        HistogramLayout layout = layout();
        ResetHint said = hint > 0 && hint <= ResetHint.GAUGE.id() ? ResetHint.byId((int) hint) : ResetHint.UNKNOWN;
        int positives = positive.numbers(floats).size();
        int all = positives + negative.numbers(floats).size();
        if (floats) {
            double[] buckets = new double[all];
            positive.counts(buckets, 0);
            negative.counts(buckets, positives);
            return Histogram.floating(
                    layout, said, Double.longBitsToDouble(zeroCount), Double.longBitsToDouble(count), sum, buckets);
        }
        long[] buckets = new long[all];
        positive.sums("positive", buckets, 0);
        negative.sums("negative", buckets, positives);
        return Histogram.integer(layout, said, zeroCount, count, sum, buckets);
    }

    private HistogramLayout layout() {
        if (schema != HistogramLayout.CUSTOM_SCHEMA) {
            if (bounds.count() > 0) {
                throw new IllegalArgumentException("only schema -53 has bounds of its own: schema=" + schema
                        + ", custom_values=" + bounds.count());
            }
            return HistogramLayout.exponential(schema, floats, zeroThreshold, positive.spans(), negative.spans());
        }
        if (bounds.count() > bounds.size()) {
            throw new IllegalArgumentException(
                    "a histogram has at most " + HistogramLayout.MAX_BUCKETS + " bounds: bounds=" + bounds.count());
        }
        if (negative.spanCount() > 0 || zeroThreshold != 0) {
            throw new IllegalArgumentException("a histogram with custom bounds has neither negative buckets nor a zero"
                    + " bucket: negative_spans=" + negative.spanCount() + ", zero_threshold=" + zeroThreshold);
        }
        return HistogramLayout.custom(floats, positive.spans(), bounds.doubles());
    }

    /** Lets go of what a large histogram has made large. */
    void trim() {
        positive.trim();
        negative.trim();
        bounds.trim();
    }
}
