package io.varve.core.sketch;

/**
 * An answer of a histogram and what is known of it.
 *
 * @param value the estimate; NaN of an empty histogram
 * @param low not above the exact answer
 * @param high not below the exact answer
 */
public record Quantile(double value, double low, double high) {

    static final Quantile NONE = new Quantile(Double.NaN, Double.NaN, Double.NaN);
}
