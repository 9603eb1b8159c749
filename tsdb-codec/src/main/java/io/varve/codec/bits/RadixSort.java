package io.varve.codec.bits;

import java.util.Arrays;

/**
 * Sorts integers, relative to the smallest one, by their digits, lowest first. A page takes a quarter of the time of a
 * comparing sort, and nothing is allocated. Holds scratch memory: one thread at a time.
 */
public final class RadixSort {

    private static final int LONGEST_DIGIT = 11;
    private static final int SHORTEST_DIGIT = 6;

    /** What a counter of a pass costs, in units of what an integer does. */
    private static final double COUNTER_COST = 0.6;

    private final int[] counts = new int[1 << LONGEST_DIGIT];
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
        int digit = digit(n, bits);
        for (int shift = 0; shift < bits; shift += digit) {
            pass(n, shift, 1 << digit);
        }
        return sorted;
    }

    /** The digit with which all passes together cost least. */
    private static int digit(int n, int bits) {
        int best = LONGEST_DIGIT;
        double least = Double.MAX_VALUE;
        for (int digit = SHORTEST_DIGIT; digit <= LONGEST_DIGIT; digit++) {
            int passes = (bits + digit - 1) / digit;
            double cost = passes * (n + COUNTER_COST * (1 << digit));
            if (cost < least) {
                least = cost;
                best = digit;
            }
        }
        return best;
    }

    private void pass(int n, int shift, int digits) {
        Arrays.fill(counts, 0, digits, 0);
        int mask = digits - 1;
        for (int i = 0; i < n; i++) {
            counts[(int) (sorted[i] >>> shift) & mask]++;
        }
        if (counts[(int) (sorted[0] >>> shift) & mask] == n) {
            return; // all have this digit
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
