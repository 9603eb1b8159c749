package io.varve.server.write.text;

import io.varve.server.write.LabelRules;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * Reads numbers from bytes. Decimals of up to 15 digits, which is nearly all of them, are read without an object: the
 * digits and the power of ten are exact doubles then, so one division rounds correctly (Clinger, "How to read floating
 * point numbers accurately", 1990, section 4). Everything else goes the JDK's way.
 */
public final class NumberText {

    private static final double[] TENS = {
        1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15
    };
    private static final int EXACT_DIGITS = 15;

    private NumberText() {}

    /**
     * A value: a decimal with or without exponent, or NaN or Inf in any case, with or without sign.
     *
     * @throws LineSyntaxException if it is none
     */
    public static double value(byte[] bytes, int from, int to) throws LineSyntaxException {
        int at = from;
        boolean negative = at < to && bytes[at] == '-';
        if (at < to && (negative || bytes[at] == '+')) {
            at++;
        }
        long digits = 0;
        int count = 0;
        int point = -1;
        for (; at < to; at++) {
            byte c = bytes[at];
            if (c >= '0' && c <= '9' && count < EXACT_DIGITS) {
                digits = digits * 10 + (c - '0');
                count++;
            } else if (c == '.' && point < 0) {
                point = count;
            } else {
                return slowly(bytes, from, to);
            }
        }
        if (count == 0) {
            return slowly(bytes, from, to);
        }
        double value = point < 0 ? digits : digits / TENS[count - point];
        return negative ? -value : value;
    }

    private static double slowly(byte[] bytes, int from, int to) throws LineSyntaxException {
        String text = new String(bytes, from, to - from, StandardCharsets.UTF_8);
        String bare = text.startsWith("+") || text.startsWith("-") ? text.substring(1) : text;
        double sign = text.startsWith("-") ? -1 : 1;
        String word = bare.toLowerCase(Locale.ROOT);
        if (word.equals("nan")) {
            return Double.NaN;
        }
        if (word.equals("inf") || word.equals("infinity")) {
            return sign * Double.POSITIVE_INFINITY;
        }
        for (int i = 0; i < bare.length(); i++) { // the JDK would also take "1d" and hexadecimal
            if ("0123456789.eE+-".indexOf(bare.charAt(i)) < 0) {
                throw new LineSyntaxException("value is not a number: " + LabelRules.shown(text));
            }
        }
        try {
            double value = sign * Double.parseDouble(bare);
            if (!Double.isInfinite(value)) {
                return value;
            }
        } catch (NumberFormatException e) {
            throw new LineSyntaxException("value is not a number: " + LabelRules.shown(text));
        }
        throw new LineSyntaxException("value is larger than a double: " + LabelRules.shown(text));
    }

    /**
     * A whole number that fits 64 bits.
     *
     * @throws LineSyntaxException if it is none
     */
    public static long millis(byte[] bytes, int from, int to) throws LineSyntaxException {
        int at = from;
        boolean negative = at < to && bytes[at] == '-';
        if (at < to && (negative || bytes[at] == '+')) {
            at++;
        }
        boolean any = at < to;
        long value = 0; // negative on the way: there is one number more below zero
        for (; at < to; at++) {
            int digit = bytes[at] - '0';
            if (digit < 0 || digit > 9 || value < (Long.MIN_VALUE + digit) / 10) {
                any = false;
                break;
            }
            value = value * 10 - digit;
        }
        if (!any || (!negative && value == Long.MIN_VALUE)) {
            throw new LineSyntaxException("timestamp is not a whole number of milliseconds: "
                    + LabelRules.shown(new String(bytes, from, to - from, StandardCharsets.UTF_8)));
        }
        return negative ? value : -value;
    }
}
