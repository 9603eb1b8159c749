package io.varve.codec.histogram;

import io.varve.codec.number.OrderedBits;

/**
 * How the numbers of each sample are coded: as integers, which those of float histograms are too if they are all whole;
 * as doubles; or not at all, for stale markers. Holds scratch memory: one thread at a time.
 */
final class SampleSides {

    static final byte NONE = 0;
    static final byte INTEGERS = 1;
    static final byte DOUBLES = 2;

    private byte[] sides = new byte[0];
    private final int[] counts = new int[DOUBLES + 1];
    private boolean whole;
    private long[] converted = new long[0];
    private long[] integers = new long[0];

    /** Decides for the samples of a page. */
    void find(HistogramColumns source) {
        whole = hasFloats(source) && areWhole(source);
        begin(source.size);
        for (int i = 0; i < source.size; i++) {
            put(i, isPlainStale(source, i) ? NONE : sideOf(source, i, whole));
        }
        integers = source.numbers;
        if (whole) {
            convert(source);
        }
    }

    /** For a decoder: forgets the sides of an earlier page. */
    void begin(int samples) {
        if (samples > sides.length) {
            sides = new byte[samples];
        }
        counts[NONE] = 0;
        counts[INTEGERS] = 0;
        counts[DOUBLES] = 0;
    }

    /** For a decoder: sets the side of a sample. */
    void put(int sample, byte side) {
        sides[sample] = side;
        counts[side]++;
    }

    /** The side of a sample that is no stale marker. */
    static byte sideOf(HistogramColumns source, int sample, boolean whole) {
        return source.layouts.floats[source.layoutOf[sample]] && !whole ? DOUBLES : INTEGERS;
    }

    /** The side of each sample. */
    byte[] of() {
        return sides;
    }

    /** How many samples stand on a side. */
    int count(int side) {
        return counts[side];
    }

    /** Whether the page's float histograms are coded as integers. */
    boolean isWhole() {
        return whole;
    }

    /** The numbers of all samples on the side of integers, at their places. */
    long[] integers() {
        return integers;
    }

    /** A sample's count as an integer. */
    long integerCount(HistogramColumns source, int sample) {
        long count = source.counts[sample];
        return source.layouts.floats[source.layoutOf[sample]] ? (long) Double.longBitsToDouble(count) : count;
    }

    /** What the count of a sample on the side of doubles should be: the sum of its numbers, as ordered bits. */
    static long predictedCount(HistogramColumns source, int sample) {
        double count = 0;
        for (int p = source.starts[sample]; p < source.starts[sample + 1]; p++) {
            count += Double.longBitsToDouble(source.numbers[p]);
        }
        // Which bits a NaN has after arithmetic is up to the processor.
        return OrderedBits.of(Double.isNaN(count) ? Double.NaN : count);
    }

    /** Whether a sample is a stale marker as {@link HistogramColumns#appendStale} adds it. */
    private static boolean isPlainStale(HistogramColumns source, int sample) {
        int start = source.starts[sample];
        return source.isStale(sample)
                && source.layouts.isPlain(source.layoutOf[sample])
                && source.counts[sample] == 0
                && source.numbers[start] == 0;
    }

    private static boolean hasFloats(HistogramColumns source) {
        for (int l = 0; l < source.layouts.size; l++) {
            if (source.layouts.floats[l]) {
                return true;
            }
        }
        return false;
    }

    private static boolean areWhole(HistogramColumns source) {
        for (int i = 0; i < source.size; i++) {
            if (!source.layouts.floats[source.layoutOf[i]]) {
                continue;
            }
            boolean all = isWhole(source.counts[i]);
            for (int p = source.starts[i]; p < source.starts[i + 1] && all; p++) {
                all = isWhole(source.numbers[p]);
            }
            if (!all) {
                return false;
            }
        }
        return true;
    }

    private static boolean isWhole(long bits) {
        long integer = (long) Double.longBitsToDouble(bits);
        return integer >= -HistogramFormat.MAX_WHOLE
                && integer <= HistogramFormat.MAX_WHOLE
                && Double.doubleToRawLongBits((double) integer) == bits;
    }

    private void convert(HistogramColumns source) {
        int size = source.starts[source.size];
        if (size > converted.length) {
            converted = new long[Math.min(source.numbers.length, HistogramColumns.MAX_NUMBERS)];
        }
        for (int i = 0; i < source.size; i++) {
            boolean floats = source.layouts.floats[source.layoutOf[i]];
            for (int p = source.starts[i]; p < source.starts[i + 1]; p++) {
                long number = source.numbers[p];
                converted[p] = floats ? (long) Double.longBitsToDouble(number) : number;
            }
        }
        integers = converted;
    }
}
