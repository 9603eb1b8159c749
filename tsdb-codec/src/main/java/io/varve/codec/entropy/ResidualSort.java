package io.varve.codec.entropy;

import java.util.Arrays;

/**
 * Sorts residuals, relative to the smallest one, by their digits, lowest first. A page takes a quarter of the time of a
 * comparing sort. Holds scratch memory: one thread at a time.
 */
public final class ResidualSort {

    private static final int DIGIT_BITS = 11;
    private static final int DIGITS = 1 << DIGIT_BITS;

    private final int[] counts = new int[DIGITS];
    private long[] sorted;
    private long[] other;
    private long least;

    /** For so many residuals. */
    public ResidualSort(int maxCount) {
        sorted = new long[maxCount];
        other = new long[maxCount];
    }

    /** The smallest residual of those sorted last. */
    public long least() {
        return least;
    }

    /**
     * Sorts.
     *
     * @param r signed residuals; not changed
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
        for (int shift = 0; shift < bits; shift += DIGIT_BITS) {
            pass(n, shift);
        }
        return sorted;
    }

    private void pass(int n, int shift) {
        Arrays.fill(counts, 0);
        for (int i = 0; i < n; i++) {
            counts[(int) (sorted[i] >>> shift) & (DIGITS - 1)]++;
        }
        int next = 0;
        for (int d = 0; d < DIGITS; d++) {
            int count = counts[d];
            counts[d] = next;
            next += count;
        }
        for (int i = 0; i < n; i++) {
            long value = sorted[i];
            other[counts[(int) (value >>> shift) & (DIGITS - 1)]++] = value;
        }
        long[] swap = sorted;
        sorted = other;
        other = swap;
    }
}
