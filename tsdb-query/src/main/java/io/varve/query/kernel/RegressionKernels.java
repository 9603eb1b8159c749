package io.varve.query.kernel;

/** Least-squares lines through the samples of windows, with compensated sums. */
public final class RegressionKernels {

    private RegressionKernels() {}

    /** Slope per second; needs two samples. */
    public static void slope(Windows windows, Row out) {
        for (int step = 0; step < windows.steps(); step++) {
            int from = windows.from()[step];
            int to = windows.to()[step];
            if (to - from >= 2) {
                out.set(step, line(windows, from, to, windows.times()[from])[0]);
            }
        }
    }

    /**
     * The line's value some time after the evaluation.
     *
     * @param firstNow the first evaluation time, ticks
     * @param nowStep distance of evaluation times, ticks
     * @param ahead seconds, for each step
     */
    public static WindowKernel prediction(long firstNow, long nowStep, double[] ahead) {
        return (windows, out) -> {
            for (int step = 0; step < windows.steps(); step++) {
                int from = windows.from()[step];
                int to = windows.to()[step];
                if (to - from >= 2) {
                    double[] line = line(windows, from, to, firstNow + step * nowStep);
                    out.set(step, line[0] * ahead[step] + line[1]);
                }
            }
        };
    }

    /** Slope per second, and value at a time. */
    private static double[] line(Windows windows, int from, int to, long origin) {
        double[] values = windows.values();
        CompensatedSum x = new CompensatedSum();
        CompensatedSum y = new CompensatedSum();
        CompensatedSum xy = new CompensatedSum();
        CompensatedSum xx = new CompensatedSum();
        boolean constant = true;
        for (int i = from; i < to; i++) {
            constant &= values[i] == values[from];
            double seconds = windows.seconds(windows.times()[i] - origin);
            x.add(seconds);
            y.add(values[i]);
            xy.add(seconds * values[i]);
            xx.add(seconds * seconds);
        }
        if (constant) {
            return Double.isInfinite(values[from])
                    ? new double[] {Double.NaN, Double.NaN}
                    : new double[] {0, values[from]};
        }
        double n = to - from;
        double covariance = xy.value() - x.value() * y.value() / n;
        double variance = xx.value() - x.value() * x.value() / n;
        double slope = covariance / variance;
        return new double[] {slope, y.value() / n - slope * x.value() / n};
    }
}
