package io.varve.codec.number;

/** Doubles as signed integers in the same order, by their bits: -0.0 stands just below 0.0, NaNs at both ends. */
public final class OrderedBits {

    private OrderedBits() {}

    /** The integer of a double. */
    public static long of(double value) {
        long bits = Double.doubleToRawLongBits(value);
        return bits ^ ((bits >> 63) & Long.MAX_VALUE);
    }

    /** The double of an integer. */
    public static double toDouble(long ordered) {
        return Double.longBitsToDouble(ordered ^ ((ordered >> 63) & Long.MAX_VALUE));
    }

    /** Maps doubles to integers. */
    public static void encode(double[] values, int offset, int count, long[] target) {
        for (int i = 0; i < count; i++) {
            target[i] = of(values[offset + i]);
        }
    }

    /** Maps integers back. */
    public static void decode(long[] source, int from, int count, double[] target, int offset) {
        for (int i = 0; i < count; i++) {
            target[offset + i] = toDouble(source[from + i]);
        }
    }
}
