package io.varve.codec.number;

import io.varve.codec.bits.Patches;

/**
 * Doubles that are m / 10^e for an integer m of at most 53 bits and one exponent for the page.
 *
 * <p>The quotient is the correctly rounded one, but no division is done: with y = 1 / 10^e rounded, q = m y and the
 * remainder r = m - q 10^e, which one fused operation gives exactly, q + r y is m / 10^e correctly rounded (Markstein,
 * "Computation of elementary functions on the IBM RISC System/6000 processor", IBM J. Res. Dev. 34(1), 1990). It holds
 * for each e up to {@link #MAX_EXPONENT}: the quotient's distance from a rounding boundary is at least 1 / (2 5^e) of
 * its last place, which for 5^e below 2^52 exceeds the error of r y.
 */
public final class Decimals {

    /** Largest exponent of the format: the powers of ten up to this one are exact doubles. */
    public static final int MAX_EXPONENT = 22;

    /** An integer beyond this is not exact as a double. */
    private static final double MAX_MANTISSA = 0x1p53;

    /** Larger exponents are not searched: 10^-17 is finer than what instruments print. */
    private static final int MAX_SEARCHED = 17;

    private static final int SAMPLE = 48;
    private static final int NONE = -1;

    private static final double[] POWERS = new double[MAX_EXPONENT + 1];
    private static final double[] RECIPROCALS = new double[MAX_EXPONENT + 1];

    static {
        for (int e = 0; e <= MAX_EXPONENT; e++) {
            POWERS[e] = Double.parseDouble("1e" + e);
            RECIPROCALS[e] = 1 / POWERS[e];
        }
    }

    private Decimals() {}

    /**
     * The smallest exponent that serves nearly all of an evenly spread sample of a page.
     *
     * @return 0 for integers, -1 if less than half of the sample are decimals
     */
    public static int sampleExponent(double[] values, int offset, int count) {
        int step = Math.max(1, count / SAMPLE);
        int largest = NONE;
        int decimals = 0;
        int seen = 0;
        for (int i = 0; i < count; i += step) {
            int e = smallestExponent(values[offset + i], Math.max(0, largest));
            if (e != NONE) {
                decimals++;
                largest = Math.max(largest, e);
            }
            seen++;
        }
        return decimals * 2 >= seen ? largest : NONE;
    }

    /**
     * Turns doubles into integers and verifies each. What does not come back bit for bit is put into the exceptions,
     * and its integer repeats the one before, so that it disturbs no predictor.
     *
     * @param limit gives up when there are more exceptions than this
     * @return the largest exponent that an exception needs, if larger ones exist and help; otherwise the given one
     */
    public static int encode(
            double[] values, int offset, int count, int exponent, int limit, long[] target, Patches exceptions) {
        exceptions.clear();
        double power = POWERS[exponent];
        double reciprocal = RECIPROCALS[exponent];
        int needed = exponent;
        int leading = 0;
        long last = 0;
        for (int i = 0; i < count; i++) {
            double value = values[offset + i];
            double mantissa = Math.rint(value * power);
            if (isExact(value, mantissa, power, reciprocal)) {
                last = (long) mantissa;
            } else {
                needed = Math.max(needed, smallestExponent(value, exponent));
                exceptions.add(i, Double.doubleToRawLongBits(value));
                if (exceptions.size() > limit) {
                    return needed;
                }
                if (leading == i) {
                    leading++;
                }
            }
            target[i] = last;
        }
        for (int i = 0; i < leading && leading < count; i++) {
            target[i] = target[leading];
        }
        return needed;
    }

    /**
     * Turns integers into doubles.
     *
     * @param exponent 0 to {@link #MAX_EXPONENT}
     */
    public static void decode(long[] source, int count, int exponent, double[] target, int offset) {
        // Two loops: the compiler of JDK 17 vectorises the second only when the conversion is not in it.
        for (int i = 0; i < count; i++) {
            target[offset + i] = source[i];
        }
        if (exponent != 0) {
            divide(target, offset, offset + count, POWERS[exponent], RECIPROCALS[exponent]);
        }
    }

    private static void divide(double[] target, int from, int to, double power, double reciprocal) {
        for (int i = from; i < to; i++) {
            double m = target[i];
            double q = m * reciprocal;
            target[i] = Math.fma(Math.fma(-q, power, m), reciprocal, q);
        }
    }

    private static int smallestExponent(double value, int from) {
        for (int e = from; e <= MAX_SEARCHED; e++) {
            double mantissa = Math.rint(value * POWERS[e]);
            if (!(Math.abs(mantissa) <= MAX_MANTISSA)) {
                return NONE;
            }
            if (isExact(value, mantissa, POWERS[e], RECIPROCALS[e])) {
                return e;
            }
        }
        return NONE;
    }

    private static boolean isExact(double value, double mantissa, double power, double reciprocal) {
        // Through the integer, as the decoder goes: it has no negative zero. Not true for NaN.
        double m = (long) mantissa;
        double q = m * reciprocal;
        double back = Math.fma(Math.fma(-q, power, m), reciprocal, q);
        return Math.abs(mantissa) <= MAX_MANTISSA
                && Double.doubleToRawLongBits(back) == Double.doubleToRawLongBits(value);
    }
}
