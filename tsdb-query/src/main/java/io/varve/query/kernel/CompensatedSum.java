package io.varve.query.kernel;

/**
 * A running sum whose rounding errors are collected beside it (A. Neumaier, "Rundungsfehleranalyse einiger Verfahren
 * zur Summation endlicher Summen", ZAMM 54, 1974). Once the sum is infinite the collected error is dropped.
 */
final class CompensatedSum {

    private double sum;
    private double error;

    void reset(double value) {
        sum = value;
        error = 0;
    }

    void add(double value) {
        double next = sum + value;
        error = errorAfter(sum, error, value, next);
        sum = next;
    }

    /** The sum with its collected error. */
    double value() {
        return sum + error;
    }

    /** The error that goes with {@code next = sum + value}. */
    static double errorAfter(double sum, double error, double value, double next) {
        if (Double.isInfinite(next)) {
            return 0;
        }
        return Math.abs(sum) >= Math.abs(value) ? error + (sum - next + value) : error + (value - next + sum);
    }
}
