package io.varve.codec.number;

import io.varve.codec.bits.Patches;

/**
 * Distances in units of the last place: what must be added to the 64 bits of a computed double to get the value. Bits
 * of doubles of one sign are ordered by magnitude, so small errors of arithmetic are small integers.
 */
public final class Ulps {

    private Ulps() {}

    /** The distance from a computed double to the value. */
    public static long between(double computed, double value) {
        return Double.doubleToRawLongBits(value) - Double.doubleToRawLongBits(computed);
    }

    /** Adds distances to doubles. */
    public static void add(long[] ulps, int from, int count, double[] target, int offset) {
        for (int i = 0; i < count; i++) {
            long bits = Double.doubleToRawLongBits(target[offset + i]);
            target[offset + i] = Double.longBitsToDouble(bits + ulps[from + i]);
        }
    }

    /**
     * Adds distances to the doubles at some places.
     *
     * @param from first place that is wanted
     * @param to first one behind
     * @param offset where the double of the first place stands
     */
    public static void add(Patches ulps, int from, int to, double[] target, int offset) {
        for (int i = 0; i < ulps.size(); i++) {
            int place = ulps.place(i);
            if (place >= from && place < to) {
                int at = offset + place - from;
                target[at] = Double.longBitsToDouble(Double.doubleToRawLongBits(target[at]) + ulps.value(i));
            }
        }
    }
}
