package io.varve.codec.number;

import io.varve.codec.bits.RadixSort;

/**
 * Finds a base of which the values of a page are multiples, up to a few units in the last place: approximate greatest
 * common divisors of pairs of values by Euclid's algorithm, of which the most frequent one wins (the idea of a float
 * multiple, and of voting: pcodec). Holds scratch memory: one thread at a time.
 */
final class BaseSearch {

    private static final int PAIRS = 96;

    /** A remainder below this part of the larger value is rounding, which each step of the algorithm multiplies. */
    private static final double ROUNDING = 0x1p-28;

    /** A divisor below this part of the larger value says nothing: integers would be as wide as mantissas. */
    private static final double LEAST = 0x1p-22;

    /** Divisors this close are the same. */
    private static final double SAME = 0x1p-20;

    private final double[] divisors = new double[PAIRS];
    private final long[] bits = new long[PAIRS];
    private final RadixSort sorting = new RadixSort(PAIRS);

    /** The base, or 0 if there is none. */
    double find(double[] values, int offset, int count) {
        int found = 0;
        for (int i = 0; i < PAIRS && count > 1; i++) {
            int at = (int) ((long) i * (count - 1) / PAIRS);
            double divisor = divisor(Math.abs(values[offset + at]), Math.abs(values[offset + at + 1]));
            if (divisor > 0) {
                divisors[found++] = divisor;
            }
        }
        if (found < PAIRS / 4) {
            return 0;
        }
        for (int i = 0; i < found; i++) {
            // Bits of positive doubles sort as they do.
            bits[i] = Double.doubleToRawLongBits(divisors[i]);
        }
        long[] sorted = sorting.sort(bits, 0, found);
        for (int i = 0; i < found; i++) {
            divisors[i] = Double.longBitsToDouble(sorted[i] + sorting.least());
        }
        int most = 0;
        int start = 0;
        for (int i = 0; i < found; ) {
            int end = i + 1;
            while (end < found && divisors[end] - divisors[i] < divisors[i] * SAME) {
                end++;
            }
            if (end - i > most) {
                most = end - i;
                start = i;
            }
            i = end;
        }
        return most * 4 < found ? 0 : refine(divisors[start + most / 2], values, offset, count);
    }

    private static double divisor(double a, double b) {
        double large = Math.max(a, b);
        double small = Math.min(a, b);
        if (!(large < Double.MAX_VALUE) || small == 0 || small == large) {
            return 0;
        }
        double rounding = large * ROUNDING;
        double least = large * LEAST;
        while (small > rounding) {
            double rest = Math.abs(large - small * Math.rint(large / small));
            large = small;
            small = rest;
        }
        return large < least ? 0 : large;
    }

    /** The largest multiple tells the base most precisely. */
    private static double refine(double base, double[] values, int offset, int count) {
        double better = base;
        for (int round = 0; round < 3; round++) {
            double largest = 0;
            for (int i = 0; i < count; i++) {
                double value = Math.abs(values[offset + i]);
                double multiple = Math.rint(value / better);
                boolean close = Math.abs(value - multiple * better) < better * 0x1p-6;
                if (close && value > largest && value < Double.MAX_VALUE) {
                    largest = value;
                }
            }
            if (largest == 0) {
                return 0;
            }
            better = largest / Math.rint(largest / better);
        }
        return better;
    }
}
