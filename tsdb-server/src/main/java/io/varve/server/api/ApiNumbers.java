package io.varve.server.api;

import io.varve.core.model.ShortestDecimal;

/**
 * Numbers as Prometheus' API writes them: the shortest decimal that reads back as the same double; with an exponent
 * only below 1e-6 and from 1e21 on, of two digits at least ({@code 1e-07}, {@code 1e+21}); {@code NaN}, {@code +Inf},
 * {@code -Inf}. An instance writes into arrays and is used by one thread.
 */
final class ApiNumbers {

    /** The most characters of a number. */
    static final int LONGEST = 32;

    private static final double LARGEST_INTEGER = 1e15;

    private final ShortestDecimal decimal = new ShortestDecimal();

    static String format(double value) {
        char[] text = new char[LONGEST];
        return new String(text, 0, new ApiNumbers().write(value, text, 0));
    }

    /**
     * Writes a number.
     *
     * @param at where, with room for {@link #LONGEST}
     * @return behind its last character
     */
    int write(double value, char[] out, int at) {
        double size = Math.abs(value);
        if (!(size <= Double.MAX_VALUE)) {
            return text(Double.isNaN(value) ? "NaN" : value > 0 ? "+Inf" : "-Inf", out, at);
        }
        int begin = at;
        if (value < 0 || value == 0 && 1 / value < 0) {
            out[begin++] = '-';
        }
        if (size < LARGEST_INTEGER && size == (long) size) {
            return integer((long) size, out, begin);
        }
        decimal.of(size);
        return decimal(decimal.digits(), decimal.exponent(), out, begin);
    }

    private static int text(String text, char[] out, int at) {
        text.getChars(0, text.length(), out, at);
        return at + text.length();
    }

    /** Writes an integer that is not below zero. */
    static int integer(long value, char[] out, int at) {
        int end = at + count(value);
        digits(value, out, end);
        return end;
    }

    private static int count(long value) {
        int count = 1;
        for (long bound = 10; count < 18 && value >= bound; bound *= 10) {
            count++;
        }
        return value >= 1_000_000_000_000_000_000L ? 19 : count;
    }

    /** Writes the digits of an integer up to a place; where the first one stands. */
    private static int digits(long value, char[] out, int end) {
        int at = end;
        long rest = value;
        do {
            long next = rest / 10;
            out[--at] = (char) ('0' + (rest - next * 10));
            rest = next;
        } while (rest != 0);
        return at;
    }

    private static int decimal(long digits, int exponent, char[] out, int at) {
        int count = count(digits);
        int magnitude = count - 1 + exponent; // of the first digit
        if (magnitude < -6 || magnitude >= 21) {
            return scientific(digits, count, magnitude, out, at);
        }
        if (exponent >= 0) {
            int end = integer(digits, out, at);
            return zeros(exponent, out, end);
        }
        int whole = count + exponent;
        if (whole <= 0) {
            out[at] = '0';
            out[at + 1] = '.';
            return integer(digits, out, zeros(-whole, out, at + 2));
        }
        int end = at + 1 + count;
        digits(digits, out, end); // one place to the right, then the whole part moves back over it
        System.arraycopy(out, at + 1, out, at, whole);
        out[at + whole] = '.';
        return end;
    }

    private static int scientific(long digits, int count, int magnitude, char[] out, int at) {
        int end = at + 1 + count;
        digits(digits, out, end);
        out[at] = out[at + 1];
        out[at + 1] = '.';
        int behind = count == 1 ? at + 1 : end;
        out[behind++] = 'e';
        out[behind++] = magnitude < 0 ? '-' : '+';
        int size = Math.abs(magnitude);
        if (size < 10) {
            out[behind++] = '0';
        }
        return integer(size, out, behind);
    }

    private static int zeros(int count, char[] out, int at) {
        for (int i = 0; i < count; i++) {
            out[at + i] = '0';
        }
        return at + count;
    }
}
