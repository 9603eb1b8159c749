package io.varve.core.model;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.math.RoundingMode;

/**
 * The shortest decimal that reads back as the same double, and of those the closest to it, as an integer times a power
 * of ten. Normal doubles go the way of R. Giulietti, "The Schubfach way to render doubles" (2020, section 9): of the
 * decimals of one place that lie in the interval which rounds to the double, found by three products with a power of
 * ten of 126 bits. Subnormal ones are rare and go through {@link BigDecimal}. Used by one thread, again and again.
 */
public final class ShortestDecimal {

    private static final int FRACTION_BITS = 52;
    private static final long HIDDEN_BIT = 1L << FRACTION_BITS;
    private static final long LOW_63 = Long.MAX_VALUE;
    private static final int LEAST_PLACE = -324;
    private static final int LARGEST_PLACE = 292;
    private static final int BITS = 126;
    private static final int MOST_DIGITS = 17;

    /** For each place k, 10^-k as an integer of 126 bits, rounded up: upper and lower 63 bits. */
    private static final long[] POWERS = powers();

    private long digits;
    private int exponent;

    private static long[] powers() {
        long[] powers = new long[2 * (LARGEST_PLACE - LEAST_PLACE + 1)];
        BigInteger mask = BigInteger.valueOf(LOW_63);
        for (int place = LEAST_PLACE; place <= LARGEST_PLACE; place++) {
            int shift = BITS - 1 - log2OfPowerOf10(-place);
            BigInteger power = BigInteger.TEN.pow(Math.abs(place));
            BigInteger scaled = place <= 0
                    ? power.shiftLeft(shift)
                    : BigInteger.ONE.shiftLeft(shift).divide(power);
            BigInteger rounded = scaled.add(BigInteger.ONE);
            int at = 2 * (place - LEAST_PLACE);
            powers[at] = rounded.shiftRight(BITS / 2).longValueExact();
            powers[at + 1] = rounded.and(mask).longValueExact();
        }
        return powers;
    }

    /** floor(log2(10^e)) for |e| up to 350. */
    private static int log2OfPowerOf10(int e) {
        return (int) (e * 913_124_641_741L >> 38);
    }

    /** floor(log10(2^e)) for the exponents of doubles. */
    private static int log10OfPowerOf2(int e) {
        return (int) (e * 661_971_961_083L >> 41);
    }

    /** floor(log10(3/4 * 2^e)) for the exponents of doubles. */
    private static int log10OfThreeQuarters(int e) {
        return (int) (e * 661_971_961_083L - 274_743_187_321L >> 41);
    }

    /** The shortest decimal of a number that is finite, not negative and not zero. */
    public static BigDecimal decimal(double value) {
        ShortestDecimal shortest = new ShortestDecimal();
        shortest.of(value);
        return BigDecimal.valueOf(shortest.digits, -shortest.exponent);
    }

    /** Finds the decimal of a number above zero that is finite. */
    public void of(double value) {
        long bits = Double.doubleToRawLongBits(value);
        int biased = (int) (bits >>> FRACTION_BITS) & 0x7ff;
        long fraction = bits & HIDDEN_BIT - 1;
        if (biased == 0) {
            ofSubnormal(value);
        } else {
            ofNormal(fraction | HIDDEN_BIT, biased - 1075);
        }
        dropZeros();
    }

    private void ofNormal(long significand, int power) {
        long four = significand << 2; // in quarters of the distance to the next double
        long odd = significand & 1; // the ends of the interval belong to it if the double is even
        boolean narrow = significand == HIDDEN_BIT;
        int place = narrow ? log10OfThreeQuarters(power) : log10OfPowerOf2(power);
        int shift = power + log2OfPowerOf10(-place) + 2;
        int at = 2 * (place - LEAST_PLACE);
        long high = POWERS[at];
        long low = POWERS[at + 1];
        long middle = product(high, low, four << shift);
        long left = product(high, low, four - (narrow ? 1 : 2) << shift) + odd;
        long right = product(high, low, four + 2 << shift) - odd;
        long down = middle >> 2;
        long shortDown = down / 10 * 10;
        boolean shortDownFits = left <= shortDown << 2;
        boolean shortUpFits = shortDown + 10 << 2 <= right;
        exponent = place;
        if (shortDownFits != shortUpFits) {
            digits = shortDownFits ? shortDown : shortDown + 10;
            return;
        }
        boolean downFits = left <= down << 2;
        boolean upFits = down + 1 << 2 <= right;
        if (downFits != upFits) {
            digits = downFits ? down : down + 1;
            return;
        }
        long beyondHalf = middle - (2 * down + 1 << 1);
        boolean takesDown = beyondHalf < 0 || beyondHalf == 0 && (down & 1) == 0;
        digits = takesDown ? down : down + 1;
    }

    /** The product with a power of ten in units of its lowest bits, the last bit set if anything is cut off. */
    private static long product(long high, long low, long factor) {
        long carried = (high * factor >>> 1) + Math.multiplyHigh(low, factor);
        long whole = Math.multiplyHigh(high, factor) + (carried >>> 63);
        return whole | (carried & LOW_63) + LOW_63 >>> 63;
    }

    private void ofSubnormal(double value) {
        BigDecimal exact = new BigDecimal(value);
        BigDecimal rounded = exact;
        for (int count = 1; count <= MOST_DIGITS; count++) {
            rounded = exact.round(new MathContext(count, RoundingMode.HALF_EVEN));
            if (rounded.doubleValue() == value) {
                break;
            }
        }
        digits = rounded.unscaledValue().longValueExact();
        exponent = -rounded.scale();
    }

    private void dropZeros() {
        if (digits % 100_000_000 == 0) {
            digits /= 100_000_000;
            exponent += 8;
        }
        while (digits % 10 == 0) {
            digits /= 10;
            exponent++;
        }
    }

    /** The integer: up to 17 digits, above zero, the last of them not 0. */
    public long digits() {
        return digits;
    }

    /** The power of ten that it is multiplied by. */
    public int exponent() {
        return exponent;
    }
}
