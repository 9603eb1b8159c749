package io.varve.codec.number;

import io.varve.codec.bits.PageReader;
import io.varve.codec.bits.PageWriter;
import java.util.Locale;

/**
 * How integers become doubles, for a page: a mode with its parameters, and the loops that go both ways. An encoder
 * verifies each value through {@link #decode} itself, so what a loop computes is what the format means.
 *
 * <p>Quotients by powers of ten are correctly rounded without a division: with y = 1 / 10^e rounded, q = m y and the
 * remainder r = m - q 10^e, which one fused operation gives exactly, q + r y is m / 10^e correctly rounded (Markstein,
 * "Computation of elementary functions on the IBM RISC System/6000 processor", IBM J. Res. Dev. 34(1), 1990). For
 * integers it holds for each e up to {@link #MAX_EXPONENT}: the quotient's distance from a rounding boundary is at
 * least 1 / (2 5^e) of its last place, which for 5^e below 2^52 exceeds the error of r y.
 *
 * <p>Exact decimals for doubles: ALP (Afroozeh, Kuffo, Boncz, SIGMOD 2023), with a correctly rounded quotient in place
 * of its two products; multiples of a base: pcodec. Mutable and reused; one thread at a time.
 */
public final class NumberForm {

    /** Largest exponent of the format: the powers of ten up to this one are exact doubles. */
    public static final int MAX_EXPONENT = 22;

    /** An integer beyond this is not exact as a double. */
    static final double MAX_MANTISSA = 0x1p53;

    static final double[] POWERS = new double[MAX_EXPONENT + 1];
    static final double[] RECIPROCALS = new double[MAX_EXPONENT + 1];

    static {
        for (int e = 0; e <= MAX_EXPONENT; e++) {
            POWERS[e] = Double.parseDouble("1e" + e);
            RECIPROCALS[e] = 1 / POWERS[e];
        }
    }

    private static final int MODE = 0x0f;

    private NumberMode mode = NumberMode.INTEGER;
    private int exponent;
    private int firstExponent;
    private double base = 1;
    private final long[] one = new long[1];
    private final double[] oneDecoded = new double[1];

    /** Integers as they are. */
    public NumberForm integer() {
        return set(NumberMode.INTEGER, 0, 0, 1);
    }

    /** The bits of doubles in order. */
    public NumberForm orderedBits() {
        return set(NumberMode.ORDERED_BITS, 0, 0, 1);
    }

    /** m / 10^exponent; 1 to {@link #MAX_EXPONENT}, or 0 for integers. */
    public NumberForm decimal(int e) {
        return set(e == 0 ? NumberMode.INTEGER : NumberMode.DECIMAL, e, 0, 1);
    }

    /** The float32 nearest to m / 10^exponent, widened. */
    public NumberForm floatDecimal(int e) {
        return set(NumberMode.FLOAT_DECIMAL, e, 0, 1);
    }

    /** (m / 10^first) / 10^(exponent - first). */
    public NumberForm dividedTwice(int e, int first) {
        return set(NumberMode.DIVIDED_TWICE, e, first, 1);
    }

    /** m times a finite base. */
    public NumberForm multiple(double newBase) {
        return set(NumberMode.MULTIPLE, 0, 0, newBase);
    }

    /** As another one. */
    public NumberForm set(NumberForm other) {
        return set(other.mode, other.exponent, other.firstExponent, other.base);
    }

    private NumberForm set(NumberMode newMode, int newExponent, int first, double newBase) {
        mode = newMode;
        exponent = newExponent;
        firstExponent = first;
        base = newBase;
        return this;
    }

    /** The mode. */
    public NumberMode mode() {
        return mode;
    }

    /** The exponent, where the mode has one. */
    public int exponent() {
        return exponent;
    }

    /** The exponent of the first of two divisions. */
    public int firstExponent() {
        return firstExponent;
    }

    /** The base of multiples. */
    public double base() {
        return base;
    }

    /** Integers whose doubles are nearest to the values, or 0 where there is none of at most 53 bits. */
    public void encode(double[] values, int offset, int count, long[] target) {
        if (mode == NumberMode.ORDERED_BITS) {
            OrderedBits.encode(values, offset, count, target);
            return;
        }
        double scale = mode == NumberMode.MULTIPLE ? 1 / base : POWERS[exponent];
        for (int i = 0; i < count; i++) {
            double m = Math.rint(values[offset + i] * scale);
            target[i] = Math.abs(m) <= MAX_MANTISSA ? (long) m : 0;
        }
    }

    /** Turns integers, from the first one of an array on, into doubles. */
    public void decode(long[] source, int count, double[] target, int offset) {
        decode(source, 0, count, target, offset);
    }

    /**
     * Turns integers into doubles.
     *
     * @param from index of the first integer
     * @param count how many
     * @param offset where the first double goes
     */
    public void decode(long[] source, int from, int count, double[] target, int offset) {
        if (mode == NumberMode.ORDERED_BITS) {
            OrderedBits.decode(source, from, count, target, offset);
            return;
        }
        // Loops of their own: the compiler of JDK 17 vectorises a division only when the conversion is not in it.
        for (int i = 0; i < count; i++) {
            target[offset + i] = source[from + i];
        }
        finish(target, offset, count);
    }

    /**
     * Turns doubles that are integers as they are into the values they stand for; not in the mode of ordered bits.
     *
     * @param offset of the first one
     * @param count how many
     */
    public void finish(double[] target, int offset, int count) {
        int to = offset + count;
        switch (mode) {
            case DECIMAL -> divide(target, offset, to, POWERS[exponent], RECIPROCALS[exponent]);
            case DIVIDED_TWICE -> {
                divide(target, offset, to, POWERS[firstExponent], RECIPROCALS[firstExponent]);
                int second = exponent - firstExponent;
                divide(target, offset, to, POWERS[second], RECIPROCALS[second]);
            }
            case FLOAT_DECIMAL -> {
                divide(target, offset, to, POWERS[exponent], RECIPROCALS[exponent]);
                for (int i = offset; i < to; i++) {
                    target[i] = (float) target[i];
                }
            }
            case MULTIPLE -> {
                for (int i = offset; i < to; i++) {
                    target[i] *= base;
                }
            }
            default -> {}
        }
    }

    /** Whether a larger integer never becomes a smaller double, and sums of integers tell the sums of the doubles. */
    public boolean isLinear() {
        return switch (mode) {
            case INTEGER, DECIMAL, DIVIDED_TWICE -> true;
            case MULTIPLE -> base > 0 && base < Double.MAX_VALUE;
            default -> false;
        };
    }

    /** Whether each integer becomes a finite double. */
    public boolean isFinite() {
        return switch (mode) {
            case INTEGER, DECIMAL, DIVIDED_TWICE, FLOAT_DECIMAL -> true;
            default -> false;
        };
    }

    /** The double of one integer. */
    public double decode(long integer) {
        one[0] = integer;
        decode(one, 0, 1, oneDecoded, 0);
        return oneDecoded[0];
    }

    /** What a sum of integers is worth, in a linear mode. */
    public double scale(double sum) {
        return mode == NumberMode.MULTIPLE ? sum * base : sum / POWERS[exponent];
    }

    /**
     * Writes the mode with its parameters.
     *
     * @param flags high bits of the mode's byte
     */
    public void write(PageWriter out, int flags) {
        out.writeByte(mode.id() | flags);
        if (mode.hasExponent()) {
            out.writeByte(exponent);
        }
        if (mode == NumberMode.DIVIDED_TWICE) {
            out.writeByte(firstExponent);
        }
        if (mode == NumberMode.MULTIPLE) {
            out.writeLong(Double.doubleToRawLongBits(base));
        }
    }

    /**
     * Reads a mode with its parameters. Constants and dictionaries have none here.
     *
     * @return flags: the high bits of the mode's byte
     */
    public int read(PageReader in) {
        int head = in.readByte();
        if (!NumberMode.isKnown(head & MODE)) {
            throw in.malformed("rule: number mode is known, byte=" + head);
        }
        NumberMode found = NumberMode.byId(head & MODE);
        int e = found.hasExponent() ? in.readVarint("exponent", 1, MAX_EXPONENT) : 0;
        int first = found == NumberMode.DIVIDED_TWICE ? in.readVarint("exponent", 0, e) : 0;
        double by = found == NumberMode.MULTIPLE ? Double.longBitsToDouble(in.readLong()) : 1;
        set(found, e, first, by);
        return head & ~MODE;
    }

    @Override
    public String toString() {
        String name = mode.name().toLowerCase(Locale.ROOT).replace('_', '-');
        return mode.hasExponent() ? name + "(" + exponent + ")" : name;
    }

    private static void divide(double[] target, int from, int to, double power, double reciprocal) {
        for (int i = from; i < to; i++) {
            double m = target[i];
            double q = m * reciprocal;
            target[i] = Math.fma(Math.fma(-q, power, m), reciprocal, q);
        }
    }
}
