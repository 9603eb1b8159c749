package io.varve.query.kernel;

/**
 * Doubles as longs that sort alike: NaN below all, then by size, -0 below 0. Whole arrays are compared and moved as
 * longs, without a thought of NaN. Which NaN it was is not kept.
 */
public final class SortKeys {

    private static final long NAN = Long.MIN_VALUE;

    private SortKeys() {}

    /** The key of a value. */
    public static long of(double value) {
        long bits = Double.doubleToRawLongBits(value);
        long key = bits ^ (bits >> 63) >>> 1;
        return value == value ? key : NAN;
    }

    /** The value of a key. */
    public static double value(long key) {
        return key == NAN ? Double.NaN : Double.longBitsToDouble(key ^ (key >> 63) >>> 1);
    }

    /** Keys of consecutive values. */
    public static void of(double[] values, int from, int to, long[] keys, int target) {
        for (int i = from; i < to; i++) {
            keys[target + i - from] = of(values[i]);
        }
    }
}
