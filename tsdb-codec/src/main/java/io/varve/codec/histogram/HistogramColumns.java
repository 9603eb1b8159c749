package io.varve.codec.histogram;

import io.varve.codec.PageCodec;
import java.util.Arrays;
import java.util.Objects;

/**
 * Up to {@link PageCodec#MAX_SAMPLES} native histograms of one series, as columns: what a page of histograms is
 * encoded from and decoded into. Their times stand elsewhere.
 *
 * <p>A sample has a layout, one of {@link #layouts()}; a hint about resets; a count of observations, a sum of them, and
 * the count of the zero bucket; and the absolute count of each of its layout's buckets, positive ones in ascending
 * order of their index, then negative ones. Counts of an integer histogram are longs and may wrap; those of a float
 * histogram are the raw bits of doubles. A stale marker is a sample whose sum is {@link #STALE_BITS}, usually without
 * buckets.
 *
 * <p>Limits: {@link HistogramLayouts#MAX_BUCKETS} buckets a sample, {@link #MAX_NUMBERS} bucket counts a page with each
 * sample's zero bucket, {@link HistogramLayouts#MAX_PARTS} spans and bounds in all layouts.
 *
 * <p>The caller owns it and reuses it: {@link #clear} keeps the arrays, and nothing is allocated per sample but for
 * their growth. One thread at a time.
 */
public final class HistogramColumns {

    /** Most counts of buckets in a page, with one zero bucket for each sample. */
    public static final int MAX_NUMBERS = 1 << 20;

    /** Bits of a stale marker's sum. */
    public static final long STALE_BITS = 0x7ff0000000000002L;

    private static final int FIRST_ROOM = 64;

    final HistogramLayouts layouts = new HistogramLayouts();
    int size;
    int[] layoutOf = new int[FIRST_ROOM];
    byte[] hints = new byte[FIRST_ROOM];
    double[] sums = new double[FIRST_ROOM];
    long[] counts = new long[FIRST_ROOM];
    int[] starts = new int[FIRST_ROOM + 1];

    /** For each sample, from its start on, the zero bucket and then the others. */
    long[] numbers = new long[FIRST_ROOM];

    /** Forgets all samples and layouts. */
    public void clear() {
        size = 0;
        layouts.clear();
    }

    /** The layouts of the samples. */
    public HistogramLayouts layouts() {
        return layouts;
    }

    /** How many samples there are. */
    public int size() {
        return size;
    }

    /**
     * Appends an integer histogram.
     *
     * @param layout a number that {@link HistogramLayouts#end} gave
     * @param hint what is known of a reset before it
     * @param zeroCount observations in the zero bucket
     * @param count observations in all, those that are NaN too
     * @param sum of all observations; any bits are kept
     * @param buckets holds the absolute counts of the layout's buckets
     * @param offset where they start
     * @return whether there was room; if not, nothing has changed
     */
    public boolean append(
            int layout, CounterReset hint, long zeroCount, long count, double sum, long[] buckets, int offset) {
        requireKind(layout, false);
        int n = layouts.buckets[layout];
        Objects.checkFromIndexSize(offset, n, buckets.length);
        if (!open(layout, hint, sum)) {
            return false;
        }
        int at = starts[size];
        numbers[at] = zeroCount;
        System.arraycopy(buckets, offset, numbers, at + 1, n);
        counts[size++] = count;
        return true;
    }

    /** Appends a float histogram; parameters as the integers'. */
    public boolean append(
            int layout, CounterReset hint, double zeroCount, double count, double sum, double[] buckets, int offset) {
        requireKind(layout, true);
        int n = layouts.buckets[layout];
        Objects.checkFromIndexSize(offset, n, buckets.length);
        if (!open(layout, hint, sum)) {
            return false;
        }
        int at = starts[size];
        numbers[at] = Double.doubleToRawLongBits(zeroCount);
        for (int i = 0; i < n; i++) {
            numbers[at + 1 + i] = Double.doubleToRawLongBits(buckets[offset + i]);
        }
        counts[size++] = Double.doubleToRawLongBits(count);
        return true;
    }

    /** Appends a stale marker, an integer or float histogram of schema 0 without buckets; answers as the others. */
    public boolean appendStale(boolean floatNumbers) {
        layouts.begin(0, floatNumbers, 0);
        int layout = layouts.end();
        if (layout == HistogramLayouts.NO_ROOM || !open(layout, CounterReset.UNKNOWN, stale())) {
            return false;
        }
        numbers[starts[size]] = 0;
        counts[size++] = 0;
        return true;
    }

    static double stale() {
        return Double.longBitsToDouble(STALE_BITS);
    }

    private void requireKind(int layout, boolean floatNumbers) {
        Objects.checkIndex(layout, layouts.size);
        if (layouts.floats[layout] != floatNumbers) {
            throw new IllegalArgumentException("rule: the layout is of the sample's kind: float=" + floatNumbers);
        }
    }

    private boolean open(int layout, CounterReset hint, double sum) {
        int end = starts[size] + 1 + layouts.buckets[layout];
        if (size == PageCodec.MAX_SAMPLES || end > MAX_NUMBERS) {
            return false;
        }
        ensureSamples(size + 1);
        ensureNumbers(end);
        layoutOf[size] = layout;
        hints[size] = (byte) hint.id();
        sums[size] = sum;
        starts[size + 1] = end;
        return true;
    }

    /** A sample's layout. */
    public int layout(int sample) {
        return layoutOf[sample];
    }

    /** A sample's hint. */
    public CounterReset hint(int sample) {
        return CounterReset.byId(hints[sample]);
    }

    /** Whether a sample is a stale marker. */
    public boolean isStale(int sample) {
        return Double.doubleToRawLongBits(sums[sample]) == STALE_BITS;
    }

    /** A sample's sum. */
    public double sum(int sample) {
        return sums[sample];
    }

    /** A sample's count; of a float histogram the bits of a double. */
    public long count(int sample) {
        return counts[sample];
    }

    /** The count of a sample's zero bucket; of a float histogram the bits of a double. */
    public long zeroCount(int sample) {
        return numbers[starts[sample]];
    }

    /** Where in {@link #buckets} a sample's buckets start; its layout says how many there are. */
    public int bucketStart(int sample) {
        return starts[sample] + 1;
    }

    /** The buckets of all samples, to be read only, until the next change; of float histograms the bits of doubles. */
    public long[] buckets() {
        return numbers;
    }

    void ensureSamples(int count) {
        if (count > layoutOf.length) {
            int room = Math.max(count, layoutOf.length * 2);
            layoutOf = Arrays.copyOf(layoutOf, room);
            hints = Arrays.copyOf(hints, room);
            sums = Arrays.copyOf(sums, room);
            counts = Arrays.copyOf(counts, room);
            starts = Arrays.copyOf(starts, room + 1);
        }
    }

    void ensureNumbers(int count) {
        if (count > numbers.length) {
            numbers = Arrays.copyOf(numbers, Math.max(count, numbers.length * 2));
        }
    }
}
