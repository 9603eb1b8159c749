package io.varve.query.exec;

import io.varve.core.model.ShortestDecimal;

/** Numbers as label values and messages show them: without an exponent, and {@code +Inf}, {@code -Inf}, {@code NaN}. */
final class NumberText {

    private NumberText() {}

    static String of(double value) {
        if (Double.isNaN(value)) {
            return "NaN";
        }
        if (Double.isInfinite(value)) {
            return value > 0 ? "+Inf" : "-Inf";
        }
        if (value == 0) {
            return 1 / value < 0 ? "-0" : "0";
        }
        String size = ShortestDecimal.decimal(Math.abs(value)).toPlainString();
        return value < 0 ? "-" + size : size;
    }
}
