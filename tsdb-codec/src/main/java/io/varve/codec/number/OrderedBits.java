package io.varve.codec.number;

/** Doubles as signed integers in the same order, by their bits: -0.0 stands just below 0.0, NaNs at both ends. */
public final class OrderedBits {

    private OrderedBits() {}

    /** Maps doubles to integers. */
    public static void encode(double[] values, int offset, int count, long[] target) {
        for (int i = 0; i < count; i++) {
            long bits = Double.doubleToRawLongBits(values[offset + i]);
            target[i] = bits ^ ((bits >> 63) & Long.MAX_VALUE);
        }
    }

    /** Maps integers back. */
    public static void decode(long[] source, int count, double[] target, int offset) {
        for (int i = 0; i < count; i++) {
            long ordered = source[i];
            target[offset + i] = Double.longBitsToDouble(ordered ^ ((ordered >> 63) & Long.MAX_VALUE));
        }
    }
}
