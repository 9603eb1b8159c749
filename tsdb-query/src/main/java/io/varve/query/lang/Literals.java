package io.varve.query.lang;

import java.io.ByteArrayOutputStream;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/**
 * Numbers, durations and strings between their written form and their value. A duration is nanoseconds in 64 bits;
 * as a number it is seconds.
 */
final class Literals {

    private static final long NANOS_PER_SECOND = 1_000_000_000L;
    private static final String[] UNITS = {"y", "w", "d", "h", "m", "s", "ms"};
    private static final long[] UNIT_MILLIS = {
        31_536_000_000L, 604_800_000L, 86_400_000L, 3_600_000L, 60_000L, 1_000L, 1L
    };
    private static final Pattern DECIMAL = Pattern.compile("(\\d(_?\\d)*)?(\\.\\d*(_?\\d)*)?([eE][+-]?\\d+)?");
    private static final Pattern HEX = Pattern.compile("0[xX](_?[0-9a-fA-F])+");
    private static final int MAX_EXPONENT_DIGITS = 4;
    private static final int MAX_NUMBER_LENGTH = 400;

    private Literals() {}

    /** The value of a NUMBER or DURATION token. */
    static double number(Token token, SourceText source) {
        if (token.kind() == Token.Kind.DURATION) {
            return duration(token, source) / 1e9;
        }
        String text = token.text();
        if (text.length() > MAX_NUMBER_LENGTH) {
            throw source.error(token.start(), "number too long: characters=" + text.length());
        }
        if (HEX.matcher(text).matches()) {
            return new BigInteger(text.substring(2).replace("_", ""), 16).doubleValue();
        }
        if (!DECIMAL.matcher(text).matches()) {
            throw source.error(token.start(), "bad number or duration syntax: \"" + text + "\"");
        }
        return Double.parseDouble(text.replace("_", ""));
    }

    /** The value of the words {@code Inf} and {@code NaN}. */
    static double special(Token word) {
        return word.isWord("inf") ? Double.POSITIVE_INFINITY : Double.NaN;
    }

    /** The nanoseconds of a NUMBER (of seconds) or DURATION token. */
    static long nanos(Token token, SourceText source) {
        if (token.kind() == Token.Kind.DURATION) {
            return duration(token, source);
        }
        double value = number(token, source);
        if (Math.abs(value) >= Long.MAX_VALUE / 1e9) {
            throw source.error(token.start(), "duration out of range: \"" + token.text() + "\"");
        }
        String text = token.text().replace("_", "");
        int exponent = Math.max(text.indexOf('e'), text.indexOf('E'));
        if (HEX.matcher(token.text()).matches() || (exponent >= 0 && text.length() - exponent > MAX_EXPONENT_DIGITS)) {
            return Math.round(value * 1e9);
        }
        BigDecimal seconds = new BigDecimal(text.endsWith(".") ? text + "0" : text);
        return seconds.multiply(BigDecimal.valueOf(NANOS_PER_SECOND))
                .setScale(0, RoundingMode.HALF_UP)
                .longValueExact();
    }

    private static long duration(Token token, SourceText source) {
        String text = token.text();
        long nanos = 0;
        int unit = 0;
        int at = 0;
        try {
            while (at < text.length()) {
                int digits = at;
                while (at < text.length() && Lexer.isDigit(text.charAt(at))) {
                    at++;
                }
                int letters = at;
                while (at < text.length() && Lexer.isLetter(text.charAt(at))) {
                    at++;
                }
                String name = text.substring(letters, at);
                while (unit < UNITS.length && !UNITS[unit].equals(name)) {
                    unit++;
                }
                if (digits == letters || unit == UNITS.length) {
                    throw source.error(token.start(), "bad number or duration syntax: \"" + text + "\"");
                }
                long count = Long.parseLong(text.substring(digits, letters));
                nanos = Math.addExact(nanos, Math.multiplyExact(count, UNIT_MILLIS[unit] * 1_000_000L));
                unit++;
            }
        } catch (ArithmeticException | NumberFormatException e) {
            throw source.error(token.start(), "duration out of range: \"" + text + "\"");
        }
        return nanos;
    }

    /** A duration as it may be written in an expression. */
    static String printNanos(long nanos) {
        if (nanos < 0) {
            return "-" + (nanos == Long.MIN_VALUE ? "9223372036.854775807" : printNanos(-nanos));
        }
        if (nanos == 0 || nanos % 1_000_000L != 0) {
            BigDecimal seconds = BigDecimal.valueOf(nanos, 9).stripTrailingZeros();
            return nanos == 0 ? "0s" : seconds.toPlainString();
        }
        StringBuilder text = new StringBuilder();
        long rest = nanos / 1_000_000L;
        for (int i = 0; i < UNITS.length; i++) {
            boolean wholeWeeks = i != 1 || rest % UNIT_MILLIS[1] == 0; // 10d reads better than 1w3d
            if (rest >= UNIT_MILLIS[i] && wholeWeeks) {
                text.append(rest / UNIT_MILLIS[i]).append(UNITS[i]);
                rest %= UNIT_MILLIS[i];
            }
        }
        return text.toString();
    }

    /** A time as it may be written after {@code @}. */
    static String printTime(long nanos) {
        return BigDecimal.valueOf(nanos, 9)
                .setScale(9, RoundingMode.UNNECESSARY)
                .toPlainString();
    }

    /** A number as it may be written in an expression. */
    static String printNumber(double value) {
        if (Double.isNaN(value)) {
            return "NaN";
        }
        if (Double.isInfinite(value)) {
            return value > 0 ? "Inf" : "-Inf";
        }
        boolean whole = value == Math.rint(value) && Math.abs(value) < 1e15;
        return whole ? Long.toString((long) value) : Double.toString(value);
    }

    /** A string with its quotes. */
    static String quote(String value) {
        StringBuilder text = new StringBuilder("\"");
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            switch (c) {
                case '"' -> text.append("\\\"");
                case '\\' -> text.append("\\\\");
                case '\n' -> text.append("\\n");
                case '\r' -> text.append("\\r");
                case '\t' -> text.append("\\t");
                default -> text.append(c);
            }
        }
        return text.append('"').toString();
    }

    /**
     * Resolves the escapes of Go's strings. Escaped bytes must make valid UTF-8 together with their neighbours.
     *
     * @param start offset of the raw text in the source, for messages
     */
    static String unescape(String raw, int start, SourceText source) {
        if (raw.indexOf('\\') < 0) {
            return raw;
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(raw.length());
        int i = 0;
        while (i < raw.length()) {
            int next = raw.codePointAt(i);
            if (next != '\\') {
                writeCodePoint(next, bytes);
                i += Character.charCount(next);
            } else {
                i = escape(raw, i + 1, bytes, start, source);
            }
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes.toByteArray()))
                    .toString();
        } catch (CharacterCodingException e) {
            throw source.error(start, "string is not valid UTF-8");
        }
    }

    private static int escape(String raw, int at, ByteArrayOutputStream bytes, int start, SourceText source) {
        char c = raw.charAt(at);
        int simple = "abfnrtv\\'\"".indexOf(c);
        if (simple >= 0) {
            bytes.write("\u0007\b\f\n\r\t\u000b\\'\"".charAt(simple));
            return at + 1;
        }
        int digits = c == 'x' ? 2 : c == 'u' ? 4 : c == 'U' ? 8 : c >= '0' && c <= '7' ? 3 : 0;
        int from = digits == 3 ? at : at + 1;
        if (digits == 0 || from + digits > raw.length()) {
            throw source.error(start + at - 1, "unknown escape sequence: \\" + c);
        }
        String number = raw.substring(from, from + digits);
        if (!number.matches(digits == 3 ? "[0-7]+" : "[0-9a-fA-F]+")) {
            throw source.error(start + at - 1, "bad escape sequence: \\" + raw.substring(at, from + digits));
        }
        long value = Long.parseLong(number, digits == 3 ? 8 : 16);
        if (digits == 2 || (digits == 3 && value <= 0xff)) {
            bytes.write((int) value);
        } else if (digits != 3 && value <= Character.MAX_CODE_POINT && (value < 0xd800 || value > 0xdfff)) {
            writeCodePoint((int) value, bytes);
        } else {
            throw source.error(start + at - 1, "escape sequence out of range: \\" + raw.substring(at, from + digits));
        }
        return from + digits;
    }

    private static void writeCodePoint(int codePoint, ByteArrayOutputStream bytes) {
        bytes.writeBytes(Character.toString(codePoint).getBytes(StandardCharsets.UTF_8));
    }
}
