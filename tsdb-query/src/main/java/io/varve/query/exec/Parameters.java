package io.varve.query.exec;

import io.varve.query.QueryException;
import io.varve.query.lang.Expr;

/** Checks of parameters that may differ from step to step. */
final class Parameters {

    private Parameters() {}

    /** Warns once for each value that is no quantile. */
    static void warnOfQuantile(Evaluator evaluator, double[] q, Expr at) {
        double warned = 0;
        for (double value : q) {
            boolean outside = !(value >= 0 && value <= 1);
            if (outside && Double.compare(value, warned) != 0) {
                warned = value;
                evaluator
                        .context()
                        .annotations()
                        .warn("quantile value should be between 0 and 1, got " + NumberText.of(value), at.at());
            }
        }
    }

    /** Refuses a factor that does not lie between 0 and 1. */
    static void checkFactor(double factor, String what, Expr at) {
        if (!(factor > 0 && factor < 1)) {
            throw new QueryException(
                    QueryException.Kind.EXECUTION,
                    "invalid " + what + " factor: must lie between 0 and 1, both excluded, and is "
                            + NumberText.of(factor),
                    at.at().offset());
        }
    }

    /** Refuses a number that must be above zero and is not, at some step. */
    static void checkAboveZero(double[] values, String what, Expr at) {
        for (double value : values) {
            if (!(value > 0)) {
                throw new QueryException(
                        QueryException.Kind.EXECUTION,
                        what + " must be above zero, and is " + NumberText.of(value),
                        at.at().offset());
            }
        }
    }

    /** Refuses what is no quantile, at some step. */
    static void checkQuantiles(double[] values, Expr at) {
        for (double value : values) {
            if (!(value >= 0 && value <= 1)) {
                throw new QueryException(
                        QueryException.Kind.EXECUTION,
                        "quantile must lie between 0 and 1, and is " + NumberText.of(value),
                        at.at().offset());
            }
        }
    }

    /** Refuses a number of series that is none. */
    static void checkCounts(double[] counts, Expr at) {
        for (double count : counts) {
            if (Double.isNaN(count)) {
                throw new QueryException(
                        QueryException.Kind.EXECUTION,
                        "Parameter value is NaN",
                        at.at().offset());
            }
            if (!(Math.abs(count) < 0x1p63)) {
                throw new QueryException(
                        QueryException.Kind.EXECUTION,
                        "Scalar value " + NumberText.of(count) + " overflows int64",
                        at.at().offset());
            }
        }
    }

    /** Refuses a ratio that is no number, and warns once for each value beyond the whole, which takes everything. */
    static void checkRatios(Evaluator evaluator, double[] ratios, Expr at) {
        double warned = 0;
        for (double ratio : ratios) {
            if (Double.isNaN(ratio)) {
                throw new QueryException(
                        QueryException.Kind.EXECUTION,
                        "Ratio value is NaN",
                        at.at().offset());
            }
            if (Math.abs(ratio) > 1 && ratio != warned) {
                warned = ratio;
                String text = "ratio value should be between -1 and 1, got " + NumberText.of(ratio) + ", capping to "
                        + (ratio > 0 ? 1 : -1);
                evaluator.context().annotations().warn(text, at.at());
            }
        }
    }
}
