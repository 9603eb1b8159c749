package io.varve.core.storage;

import io.varve.core.sketch.ExponentialHistogram;
import org.jspecify.annotations.Nullable;

/**
 * What is known of the values of a page without decoding them. A number is a value that is no NaN; a point is a value
 * that is no stale marker.
 */
public interface PageSummary {

    /** How many values are no NaN. */
    int numbers();

    /** How many values are a NaN other than the stale marker. */
    int nans();

    /** How many values are the stale marker. */
    int stales();

    /** Compensated sum of the numbers. */
    double sum();

    /** Smallest number, NaN if there is none. */
    double min();

    /** Largest number, NaN if there is none. */
    double max();

    /** Value of the first point, NaN if there is none. */
    double first();

    /** Value of the last point, NaN if there is none. */
    double last();

    /** How often a point is lower than the one before it. */
    int resets();

    /** Compensated sum of the points before those resets. */
    double correction();

    /** How many values are no stale marker. */
    default long points() {
        return (long) numbers() + nans();
    }

    /** The sketch of the points; null where there is none, as of pages. */
    default @Nullable ExponentialHistogram sketch() {
        return null;
    }
}
