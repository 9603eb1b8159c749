package io.varve.codec.histogram;

import java.util.Arrays;

/**
 * The distinct layouts of a page's histograms: whether numbers are integers or floats, schema, width of the zero
 * bucket, which buckets there are, and custom bounds. A struct of arrays, owned by its {@link HistogramColumns}; a
 * layout is a number from 0 on. One thread at a time.
 *
 * <p>A layout is entered by {@link #begin}, then its positive spans, its negative spans and its bounds in order, then
 * {@link #end}, which finds an equal one or adds it. Nothing is allocated but for growth of the arrays.
 *
 * <p>Spans are Prometheus': a run of {@code length} consecutive buckets, {@code offset} buckets behind the end of the
 * span before it; the first one's offset is the index of its first bucket and may be negative. Bucket i of schema s
 * ends at {@code 2^(i * 2^-s)}.
 */
public final class HistogramLayouts {

    /** Coarsest and finest exponential schema. */
    public static final int MIN_SCHEMA = -4;

    /** See {@link #MIN_SCHEMA}. */
    public static final int MAX_SCHEMA = 8;

    /** The schema of buckets with custom bounds. */
    public static final int CUSTOM_SCHEMA = -53;

    /** Most buckets of a histogram, both signs together; as many spans, and custom bounds. */
    public static final int MAX_BUCKETS = 8_192;

    /** Most spans of all layouts of a page together, and most bounds. */
    public static final int MAX_PARTS = 1 << 18;

    /** Answer of {@link #end}: the limits of a page do not allow one more layout. */
    public static final int NO_ROOM = -1;

    private static final int FIRST_ROOM = 8;

    int size;
    byte[] schemas = new byte[FIRST_ROOM];
    boolean[] floats = new boolean[FIRST_ROOM];
    double[] zeroThresholds = new double[FIRST_ROOM];
    int[] buckets = new int[FIRST_ROOM];
    int[] positiveSpans = new int[FIRST_ROOM];
    int[] spanStarts = new int[FIRST_ROOM + 1];
    int[] boundStarts = new int[FIRST_ROOM];
    int[] boundCounts = new int[FIRST_ROOM];
    int[] offsets = new int[FIRST_ROOM];
    int[] lengths = new int[FIRST_ROOM];
    double[] bounds = new double[FIRST_ROOM];
    int boundsSize;

    final LayoutIndex index = new LayoutIndex(this);

    HistogramLayouts() {}

    /** Forgets all layouts. */
    void clear() {
        size = 0;
        boundsSize = 0;
        index.clear();
    }

    /** How many there are. */
    public int size() {
        return size;
    }

    /**
     * Begins a layout.
     *
     * @param schema {@link #MIN_SCHEMA} to {@link #MAX_SCHEMA}, or {@link #CUSTOM_SCHEMA}
     * @param floatNumbers whether the numbers are doubles instead of integers
     * @param zeroThreshold largest magnitude that the zero bucket counts; any bits are kept
     */
    public void begin(int schema, boolean floatNumbers, double zeroThreshold) {
        if (!isSchema(schema)) {
            throw new IllegalArgumentException("rule: -4 <= schema <= 8 or schema = -53: schema=" + schema);
        }
        ensureLayouts(size + 1);
        schemas[size] = (byte) schema;
        floats[size] = floatNumbers;
        zeroThresholds[size] = zeroThreshold;
        buckets[size] = 0;
        positiveSpans[size] = 0;
        spanStarts[size + 1] = spanStarts[size];
        boundStarts[size] = boundsSize;
        boundCounts[size] = 0;
    }

    /**
     * Adds a span of buckets for positive values.
     *
     * @param offset buckets that are left out before it; for the first span the index of its first bucket
     * @param length how many buckets, 0 or more
     */
    public void positiveSpan(int offset, int length) {
        if (spanCount(size) != positiveSpans[size]) {
            throw new IllegalArgumentException("rule: positive spans stand first: negative=" + negativeSpans(size));
        }
        addSpan(offset, length);
        positiveSpans[size]++;
    }

    /** Adds a span of buckets for negative values; parameters as {@link #positiveSpan}. */
    public void negativeSpan(int offset, int length) {
        addSpan(offset, length);
    }

    private void addSpan(int offset, int length) {
        int at = spanStarts[size + 1];
        int room = MAX_BUCKETS - buckets[size];
        if (length < 0 || length > room || spanCount(size) == MAX_BUCKETS) {
            throw new IllegalArgumentException(
                    "rule: buckets and spans <= " + MAX_BUCKETS + ": length=" + length + ", room=" + room);
        }
        ensureSpans(at + 1);
        offsets[at] = offset;
        lengths[at] = length;
        spanStarts[size + 1]++;
        buckets[size] += length;
    }

    /** Adds an upper bound, for schema {@link #CUSTOM_SCHEMA} alone; any bits are kept. */
    public void bound(double upper) {
        if (schemas[size] != CUSTOM_SCHEMA || boundCounts[size] == MAX_BUCKETS) {
            throw new IllegalArgumentException("rule: bounds are for schema -53, at most " + MAX_BUCKETS + ": schema="
                    + schemas[size] + ", bounds=" + boundCounts[size]);
        }
        int at = boundsSize + boundCounts[size]++;
        ensureBounds(at + 1);
        bounds[at] = upper;
    }

    /**
     * Ends a layout.
     *
     * @return the number of the layout, or {@link #NO_ROOM}
     * @throws IllegalArgumentException if spans overlap, or a bucket's index is no int
     */
    public int end() {
        int added = size;
        int spans = spanCount(added);
        if (!ascends(spanStarts[added], positiveSpans[added])
                || !ascends(spanStarts[added] + positiveSpans[added], spans - positiveSpans[added])) {
            throw new IllegalArgumentException("rule: spans ascend, indices are ints: spans=" + spans);
        }
        int found = index.find(added, size);
        if (found >= 0) {
            return found;
        }
        int boundsEnd = boundsSize + boundCounts[added];
        if (spanStarts[added + 1] > MAX_PARTS || boundsEnd > MAX_PARTS || added == HistogramFormat.LONGEST_COLUMN) {
            return NO_ROOM;
        }
        boundsSize = boundsEnd;
        size++;
        return added;
    }

    /** Whether spans do not overlap and the indices of their buckets are ints. */
    boolean ascends(int from, int count) {
        long next = 0;
        for (int i = from; i < from + count; i++) {
            if (i > from && offsets[i] < 0) {
                return false;
            }
            next += (long) offsets[i] + lengths[i];
            if (next > Integer.MAX_VALUE) {
                return false;
            }
        }
        return true;
    }

    /** The schema of a layout. */
    public int schema(int layout) {
        return schemas[layout];
    }

    /** Whether a layout's numbers are doubles. */
    public boolean isFloat(int layout) {
        return floats[layout];
    }

    /** The zero bucket's width. */
    public double zeroThreshold(int layout) {
        return zeroThresholds[layout];
    }

    /** Buckets of both signs, without the zero bucket. */
    public int buckets(int layout) {
        return buckets[layout];
    }

    /** How many positive spans there are. */
    public int positiveSpans(int layout) {
        return positiveSpans[layout];
    }

    /** How many negative spans there are. */
    public int negativeSpans(int layout) {
        return spanCount(layout) - positiveSpans[layout];
    }

    /** The offset of a span: positive ones are numbered from 0 on, negative ones behind them. */
    public int spanOffset(int layout, int span) {
        return offsets[spanStarts[layout] + span];
    }

    /** The length of a span; numbered as in {@link #spanOffset}. */
    public int spanLength(int layout, int span) {
        return lengths[spanStarts[layout] + span];
    }

    /** How many custom bounds there are. */
    public int bounds(int layout) {
        return boundCounts[layout];
    }

    /** A custom upper bound. */
    public double bound(int layout, int bound) {
        return bounds[boundStarts[layout] + bound];
    }

    int spanCount(int layout) {
        return spanStarts[layout + 1] - spanStarts[layout];
    }

    /** Whether a layout is that of stale markers: schema 0, no width of the zero bucket, no spans. */
    boolean isPlain(int layout) {
        return schemas[layout] == 0
                && Double.doubleToRawLongBits(zeroThresholds[layout]) == 0
                && spanCount(layout) == 0;
    }

    /** For a decoder: adds the layout of stale markers behind those of the page, whether or not it is there. */
    int addPlain(boolean floatNumbers) {
        begin(0, floatNumbers, 0);
        return size++;
    }

    static boolean isSchema(long schema) {
        return (schema >= MIN_SCHEMA && schema <= MAX_SCHEMA) || schema == CUSTOM_SCHEMA;
    }

    void ensureLayouts(int count) {
        if (count > schemas.length) {
            int room = Math.max(count, schemas.length * 2);
            schemas = Arrays.copyOf(schemas, room);
            floats = Arrays.copyOf(floats, room);
            zeroThresholds = Arrays.copyOf(zeroThresholds, room);
            buckets = Arrays.copyOf(buckets, room);
            positiveSpans = Arrays.copyOf(positiveSpans, room);
            spanStarts = Arrays.copyOf(spanStarts, room + 1);
            boundStarts = Arrays.copyOf(boundStarts, room);
            boundCounts = Arrays.copyOf(boundCounts, room);
        }
    }

    void ensureSpans(int count) {
        if (count > offsets.length) {
            int room = Math.max(count, offsets.length * 2);
            offsets = Arrays.copyOf(offsets, room);
            lengths = Arrays.copyOf(lengths, room);
        }
    }

    void ensureBounds(int count) {
        if (count > bounds.length) {
            bounds = Arrays.copyOf(bounds, Math.max(count, bounds.length * 2));
        }
    }
}
