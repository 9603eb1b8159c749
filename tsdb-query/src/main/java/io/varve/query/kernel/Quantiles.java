package io.varve.query.kernel;

import java.util.Arrays;

/** Exact quantiles of small sets. NaN counts as the smallest value. */
public final class Quantiles {

    private Quantiles() {}

    /**
     * Sorts values for {@link #ofSorted}: NaN first, then by size.
     *
     * @param count how many of them, from index 0
     */
    public static void sort(double[] values, int count) {
        int nans = 0;
        for (int i = 0; i < count; i++) {
            if (Double.isNaN(values[i])) {
                values[i] = values[nans];
                values[nans++] = Double.NaN;
            }
        }
        Arrays.sort(values, nans, count);
    }

    /**
     * A quantile, interpolated between the two values whose ranks are nearest to {@code q (count - 1)}. The upper
     * neighbour takes part even with weight 0.
     *
     * @return NaN if q is NaN, minus and plus infinity if q lies below 0 and above 1
     */
    public static double ofSorted(double[] sorted, int count, double q) {
        if (count == 0 || Double.isNaN(q)) {
            return Double.NaN;
        }
        if (q < 0 || q > 1) {
            return q < 0 ? Double.NEGATIVE_INFINITY : Double.POSITIVE_INFINITY;
        }
        double rank = q * (count - 1);
        int lower = (int) Math.floor(rank);
        int upper = Math.min(count - 1, lower + 1);
        double weight = rank - Math.floor(rank);
        return sorted[lower] * (1 - weight) + sorted[upper] * weight;
    }
}
