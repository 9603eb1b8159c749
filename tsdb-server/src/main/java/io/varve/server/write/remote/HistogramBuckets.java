package io.varve.server.write.remote;

import io.varve.core.model.HistogramLayout;
import java.util.Arrays;

/**
 * The buckets of one sign of a histogram message: spans, and for each bucket the difference to the one before, or a
 * count that is a double. Mutable; one thread at a time.
 */
public final class HistogramBuckets {

    /** How many lists there are: spans, differences, counts; their fields follow one another in this order. */
    public static final int LISTS = 3;

    private static final int SPAN_OFFSET = 1 << 3 | ProtoCursor.VARINT;
    private static final int SPAN_LENGTH = 2 << 3 | ProtoCursor.VARINT;
    private static final int SMALL = 64;

    private final ProtoCursor inner = new ProtoCursor();
    private final NumberList deltas;
    private final NumberList counts;

    /** Offset and length of each span that is kept. */
    private int[] spans = new int[SMALL];

    private long spanCount;

    /** Buckets that spans claim. */
    private long claimed;

    /**
     * Nothing read yet.
     *
     * @param most buckets that are kept
     */
    public HistogramBuckets(int most) {
        this.deltas = new NumberList(most);
        this.counts = new NumberList(most);
    }

    /** Forgets what was read. */
    public void clear() {
        deltas.clear();
        counts.clear();
        spanCount = 0;
        claimed = 0;
    }

    /** Lets go of what a large histogram has made large. */
    public void trim() {
        deltas.trim();
        counts.trim();
        if (spans.length > SMALL) {
            spans = new int[SMALL];
            clear();
        }
    }

    /**
     * Reads a field of one of the lists.
     *
     * @param list 0 spans, 1 differences, 2 counts
     * @return whether the wire type is one of the list's; nothing was read else
     */
    public boolean read(ProtoCursor in, byte[] bytes, int tag, int list) {
        return switch (list) {
            case 0 -> readSpan(in, bytes, tag);
            case 1 -> deltas.readZigzags(in, tag);
            default -> counts.readDoubles(in, tag);
        };
    }

    private boolean readSpan(ProtoCursor in, byte[] bytes, int tag) {
        if ((tag & 7) != ProtoCursor.LENGTH_DELIMITED) {
            return false;
        }
        int end = in.length() + in.position();
        int offset = 0;
        long length = 0;
        inner.reset(bytes, in.position(), end);
        while (!inner.atEnd()) {
            int field = inner.tag();
            switch (field) {
                case SPAN_OFFSET -> offset = ProtoCursor.zigzag32(inner.varint());
                case SPAN_LENGTH -> length = inner.varint() & 0xffff_ffffL;
                default -> inner.skip(field);
            }
        }
        in.position(end);
        claimed += length; // at most 2^32 for each two bytes of a request: no overflow
        if (spanCount < HistogramLayout.MAX_BUCKETS) {
            int at = 2 * (int) spanCount;
            if (at == spans.length) {
                spans = Arrays.copyOf(spans, Math.min(2 * HistogramLayout.MAX_BUCKETS, 2 * at));
            }
            spans[at] = offset;
            spans[at + 1] = (int) Math.min(length, Integer.MAX_VALUE);
        }
        spanCount++;
        return true;
    }

    /** Counts that are floats, or differences of integers. */
    public NumberList numbers(boolean floats) {
        return floats ? counts : deltas;
    }

    /** How many spans there are, also beyond what is kept. */
    public long spanCount() {
        return spanCount;
    }

    /** Offset and length of each span. */
    public int[] spans() {
        return Arrays.copyOf(spans, 2 * (int) Math.min(spanCount, HistogramLayout.MAX_BUCKETS));
    }

    /**
     * Checks that spans and buckets belong together.
     *
     * @throws IllegalArgumentException if they do not
     */
    public void requireWhole(String sign, boolean floats) {
        if (spanCount > HistogramLayout.MAX_BUCKETS) {
            throw new IllegalArgumentException("a histogram has at most " + HistogramLayout.MAX_BUCKETS + " spans: "
                    + sign + " spans=" + spanCount);
        }
        if (claimed != numbers(floats).count()) {
            throw new IllegalArgumentException("spans tell of each bucket once: " + sign + " spans tell of " + claimed
                    + " buckets, found=" + numbers(floats).count());
        }
    }

    /** Writes counts that are floats into an array from a place on. */
    public void counts(double[] into, int from) {
        for (int i = 0; i < counts.size(); i++) {
            into[from + i] = counts.getDouble(i);
        }
    }

    /**
     * Writes the counts that the differences add up to into an array from a place on.
     *
     * @throws IllegalArgumentException if one is below zero or above 2^63 - 1
     */
    public void sums(String sign, long[] into, int from) {
        long sum = 0;
        for (int i = 0; i < deltas.size(); i++) {
            long next = sum + deltas.get(i);
            if (next < 0) { // an overflow as well: the sum before is not negative
                throw new IllegalArgumentException("a bucket counts from 0 to 2^63 - 1: " + sign + " bucket " + i
                        + " is " + sum + " and " + deltas.get(i));
            }
            sum = next;
            into[from + i] = sum;
        }
    }
}
