package io.varve.server.scrape.format;

import io.varve.core.model.ShortestDecimal;

/**
 * Bounds of buckets and quantiles as labels: the shortest decimal, with a point or an exponent ({@code 1.0}, {@code
 * 0.25}, {@code 1e+06}, {@code +Inf}), as OpenMetrics 1.0 writes numbers in its section "Considerations: Canonical
 * Numbers".
 */
final class FloatText {

    private static final int LEAST_PLAIN = -4;
    private static final int FIRST_EXPONENT = 6;

    private FloatText() {}

    static String of(double value) {
        if (Double.isNaN(value)) {
            return "NaN";
        }
        if (Double.isInfinite(value)) {
            return value > 0 ? "+Inf" : "-Inf";
        }
        String sign = value < 0 ? "-" : "";
        if (value == 0) {
            return "0.0";
        }
        ShortestDecimal shortest = new ShortestDecimal();
        shortest.of(Math.abs(value));
        String digits = Long.toString(shortest.digits());
        int exponent = shortest.exponent() + digits.length() - 1;
        if (exponent < LEAST_PLAIN || exponent >= FIRST_EXPONENT) {
            String mantissa = digits.length() == 1 ? digits : digits.charAt(0) + "." + digits.substring(1);
            int size = Math.abs(exponent);
            return sign + mantissa + (exponent < 0 ? "e-" : "e+") + (size < 10 ? "0" : "") + size;
        }
        if (shortest.exponent() >= 0) {
            return sign + digits + "0".repeat(shortest.exponent()) + ".0";
        }
        int point = digits.length() + shortest.exponent();
        return point > 0
                ? sign + digits.substring(0, point) + "." + digits.substring(point)
                : sign + "0." + "0".repeat(-point) + digits;
    }
}
