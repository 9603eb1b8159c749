package io.varve.query.kernel;

import java.util.Arrays;

/** How far the samples of windows lie from their middle. */
public final class DeviationKernels {

    private DeviationKernels() {}

    /** The median of the distances from the median, both exact; NaN if a sample is NaN. */
    public static WindowKernel medianAbsolute() {
        return (windows, out) -> {
            double[] sorted = new double[0];
            for (int step = 0; step < windows.steps(); step++) {
                int from = windows.from()[step];
                int count = windows.to()[step] - from;
                if (count <= 0) {
                    continue;
                }
                if (sorted.length < count) {
                    sorted = new double[Math.max(count, 2 * sorted.length)];
                }
                System.arraycopy(windows.values(), from, sorted, 0, count);
                out.set(step, medianAbsolute(sorted, count));
            }
        };
    }

    private static double medianAbsolute(double[] values, int count) {
        for (int i = 0; i < count; i++) {
            if (Double.isNaN(values[i])) {
                return Double.NaN;
            }
        }
        Arrays.sort(values, 0, count);
        double median = Quantiles.ofSorted(values, count, 0.5);
        for (int i = 0; i < count; i++) {
            values[i] = Math.abs(values[i] - median);
        }
        Quantiles.sort(values, count); // infinite samples may have left a NaN
        return Quantiles.ofSorted(values, count, 0.5);
    }
}
