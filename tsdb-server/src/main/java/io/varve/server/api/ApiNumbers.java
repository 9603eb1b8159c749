package io.varve.server.api;

import org.jspecify.annotations.Nullable;

/**
 * Numbers as Prometheus' API writes them: the shortest decimal that reads back as the same double; with an exponent
 * only below 1e-6 and from 1e21 on, of two digits at least ({@code 1e-07}, {@code 1e+21}); {@code NaN}, {@code +Inf},
 * {@code -Inf}.
 */
final class ApiNumbers {

    private static final double[] POWERS = {
        1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15
    };

    /** Before JDK 19, {@code Double.toString} sometimes wrote a digit too many. */
    private static final boolean TOSTRING_IS_SHORTEST = Runtime.version().feature() >= 19;

    private ApiNumbers() {}

    static String format(double value) {
        if (Double.isNaN(value)) {
            return "NaN";
        }
        if (Double.isInfinite(value)) {
            return value > 0 ? "+Inf" : "-Inf";
        }
        double size = Math.abs(value);
        if (size == 0) {
            return 1 / value < 0 ? "-0" : "0";
        }
        if (size >= 1e-6 && size < 1e15) {
            String quick = fewDigits(value);
            if (quick != null) {
                return quick;
            }
        }
        return anyDigits(value);
    }

    /**
     * The text of a value that is a decimal of up to 15 digits, or null. All such decimals are different doubles, so
     * the first number of places after the point that gives the value back is the shortest.
     */
    private static @Nullable String fewDigits(double value) {
        for (int places = 0; places < POWERS.length; places++) {
            double scaled = Math.rint(value * POWERS[places]);
            if (Math.abs(scaled) >= 1e15) {
                return null;
            }
            if (scaled / POWERS[places] == value) {
                return withPoint((long) scaled, places);
            }
        }
        return null;
    }

    private static String withPoint(long scaled, int places) {
        if (places == 0) {
            return Long.toString(scaled);
        }
        StringBuilder text = new StringBuilder(24);
        String digits = Long.toString(Math.abs(scaled));
        if (scaled < 0) {
            text.append('-');
        }
        int whole = digits.length() - places;
        if (whole > 0) {
            return text.append(digits, 0, whole)
                    .append('.')
                    .append(digits, whole, digits.length())
                    .toString();
        }
        text.append("0.");
        zeros(text, -whole);
        return text.append(digits).toString();
    }

    private static String anyDigits(double value) {
        String text = Double.toString(Math.abs(value));
        int e = text.indexOf('E');
        int exponent = e < 0 ? 0 : Integer.parseInt(text.substring(e + 1));
        String mantissa = e < 0 ? text : text.substring(0, e);
        int point = mantissa.indexOf('.');
        String digits = mantissa.substring(0, point) + mantissa.substring(point + 1);
        exponent += point - 1; // of the first digit
        int first = 0;
        while (digits.charAt(first) == '0') {
            first++;
            exponent--;
        }
        int last = digits.length();
        while (digits.charAt(last - 1) == '0') {
            last--;
        }
        digits = digits.substring(first, last);
        if (digits.charAt(0) == '9' && isSame("1", exponent + 1, Math.abs(value))) {
            digits = "1"; // the next power of ten is the same double: 9.9E-323 is 1e-322
            exponent++;
        } else if (!TOSTRING_IS_SHORTEST || digits.length() == 2) {
            digits = shorter(digits, exponent, Math.abs(value));
        }
        while (digits.length() > 1 && digits.endsWith("0")) {
            digits = digits.substring(0, digits.length() - 1);
        }
        return written(value < 0, digits, exponent, Math.abs(value));
    }

    /** Drops last digits while a neighbour with one digit less is the same double. */
    private static String shorter(String digits, int exponent, double size) {
        String best = digits;
        while (best.length() > 1) {
            String down = best.substring(0, best.length() - 1);
            String up = Long.toString(Long.parseLong(down) + 1);
            boolean roundUp = best.charAt(best.length() - 1) >= '5';
            String near = roundUp ? up : down;
            String far = roundUp ? down : up;
            if (near.length() == down.length() && isSame(near, exponent, size)) {
                best = near;
            } else if (far.length() == down.length() && isSame(far, exponent, size)) {
                best = far;
            } else {
                return best;
            }
        }
        return best;
    }

    private static boolean isSame(String digits, int exponent, double size) {
        return Double.parseDouble(digits + "E" + (exponent - digits.length() + 1)) == size;
    }

    private static String written(boolean negative, String digits, int exponent, double size) {
        StringBuilder text = new StringBuilder(28);
        if (negative) {
            text.append('-');
        }
        if (size < 1e-6 || size >= 1e21) {
            text.append(digits.charAt(0));
            if (digits.length() > 1) {
                text.append('.').append(digits, 1, digits.length());
            }
            int magnitude = Math.abs(exponent);
            text.append('e').append(exponent < 0 ? '-' : '+');
            return text.append(magnitude < 10 ? "0" : "").append(magnitude).toString();
        }
        int whole = exponent + 1;
        if (whole <= 0) {
            text.append("0.");
            zeros(text, -whole);
            return text.append(digits).toString();
        }
        if (digits.length() <= whole) {
            text.append(digits);
            zeros(text, whole - digits.length());
            return text.toString();
        }
        return text.append(digits, 0, whole)
                .append('.')
                .append(digits, whole, digits.length())
                .toString();
    }

    private static void zeros(StringBuilder text, int count) {
        for (int i = 0; i < count; i++) {
            text.append('0');
        }
    }
}
