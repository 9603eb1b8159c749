package io.varve.query.kernel;

/**
 * Double exponential smoothing (C. C. Holt, "Forecasting seasonals and trends by exponentially weighted moving
 * averages", 1957): a level and a trend, each a weighted mean of what the newest sample says and what was there.
 */
public final class SmoothingKernel {

    private SmoothingKernel() {}

    /**
     * The smoothed level at the last sample of each window that has two or more.
     *
     * @param levels weight of the newest sample in the level, for each step
     * @param trends weight of the newest change in the trend, for each step
     */
    public static WindowKernel doubleExponential(double[] levels, double[] trends) {
        return (windows, out) -> {
            for (int step = 0; step < windows.steps(); step++) {
                int from = windows.from()[step];
                int to = windows.to()[step];
                if (to - from >= 2) {
                    out.set(step, level(windows.values(), from, to, levels[step], trends[step]));
                }
            }
        };
    }

    private static double level(double[] values, int from, int to, double levelWeight, double trendWeight) {
        double level = values[from];
        double trend = values[from + 1] - values[from];
        for (int i = from + 1; i < to; i++) {
            double next = levelWeight * values[i] + (1 - levelWeight) * (level + trend);
            trend = trendWeight * (next - level) + (1 - trendWeight) * trend;
            level = next;
        }
        return level;
    }
}
