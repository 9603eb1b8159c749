package io.varve.codec.bits;

import java.util.Arrays;

/**
 * Sorts integers, relative to the smallest one, by their digits, lowest first. A page takes a quarter of the time of a
 * comparing sort, and nothing is allocated. Holds scratch memory: one thread at a time.
 */
public final class RadixSort {

    private static final int LONG_DIGIT = 11;
    private static final int SHORT_DIGIT = 8;

    /** With fewer integers the counters of a long digit cost more than its fewer passes save. */
    private static final int MANY = 6_000;

    private final int[] counts = new int[1 << LONG_DIGIT];
    private long[] sorted;
    private long[] other;
    private long least;

    /** For so many integers. */
    public RadixSort(int maxCount) {
        sorted = new long[maxCount];
        other = new long[maxCount];
    }

    /** The smallest integer of those sorted last. */
    public long least() {
        return least;
    }

    /**
     * Sorts.
     *
     * @param r signed integers; not changed
     * @return unsigned distances from {@link #least}, in ascending order, valid until the next call
     */
    public long[] sort(long[] r, int from, int n) {
        long min = r[from];
        long max = min;
        for (int i = from; i < from + n; i++) {
            min = Math.min(min, r[i]);
            max = Math.max(max, r[i]);
        }
        least = min;
        for (int i = 0; i < n; i++) {
            sorted[i] = r[from + i] - min;
        }
        int bits = Long.SIZE - Long.numberOfLeadingZeros(max - min);
        int digit = n < MANY ? SHORT_DIGIT : LONG_DIGIT;
        for (int shift = 0; shift < bits; shift += digit) {
            pass(n, shift, 1 << digit);
        }
        return sorted;
    }

    private void pass(int n, int shift, int digits) {
        Arrays.fill(counts, 0, digits, 0);
        int mask = digits - 1;
        for (int i = 0; i < n; i++) {
            counts[(int) (sorted[i] >>> shift) & mask]++;
        }
        int next = 0;
        for (int d = 0; d < digits; d++) {
            int count = counts[d];
            counts[d] = next;
            next += count;
        }
        for (int i = 0; i < n; i++) {
            long value = sorted[i];
            other[counts[(int) (value >>> shift) & mask]++] = value;
        }
        long[] swap = sorted;
        sorted = other;
        other = swap;
    }
}
