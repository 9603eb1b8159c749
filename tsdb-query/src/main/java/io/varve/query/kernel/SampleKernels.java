package io.varve.query.kernel;

/**
 * Sums, extremes and other summaries of the samples in windows. Each has a loop of its own over the steps: one loop
 * that is handed what to do with a window would call it by a table once a server has seen several.
 */
public final class SampleKernels {

    private SampleKernels() {}

    /** Number of samples. */
    public static void count(Windows windows, Row out) {
        for (int step = 0; step < windows.steps(); step++) {
            int samples = windows.to()[step] - windows.from()[step];
            if (samples > 0) {
                out.set(step, samples);
            }
        }
    }

    /** 1 where there is a sample. */
    public static void present(Windows windows, Row out) {
        for (int step = 0; step < windows.steps(); step++) {
            if (windows.to()[step] > windows.from()[step]) {
                out.set(step, 1);
            }
        }
    }

    /** The oldest sample. */
    public static void first(Windows windows, Row out) {
        for (int step = 0; step < windows.steps(); step++) {
            if (windows.to()[step] > windows.from()[step]) {
                out.set(step, windows.values()[windows.from()[step]]);
            }
        }
    }

    /** The newest sample. */
    public static void last(Windows windows, Row out) {
        for (int step = 0; step < windows.steps(); step++) {
            if (windows.to()[step] > windows.from()[step]) {
                out.set(step, windows.values()[windows.to()[step] - 1]);
            }
        }
    }

    /** Compensated sum. */
    public static WindowKernel sum() {
        return (windows, out) -> {
            LaneSum sum = new LaneSum();
            for (int step = 0; step < windows.steps(); step++) {
                int from = windows.from()[step];
                int to = windows.to()[step];
                if (to > from) {
                    out.set(step, sum.sum(windows.values(), from, to));
                }
            }
        };
    }

    /** Compensated mean, which does not overflow. */
    public static WindowKernel mean() {
        return (windows, out) -> {
            LaneSum sum = new LaneSum();
            Mean mean = new Mean();
            for (int step = 0; step < windows.steps(); step++) {
                int from = windows.from()[step];
                int to = windows.to()[step];
                if (to > from) {
                    boolean finite = sum.total(windows.values(), from, to);
                    out.set(step, finite ? sum.value() / (to - from) : mean.of(windows.values(), from, to));
                }
            }
        };
    }

    /** Smallest or largest sample, of equal ones the oldest; NaN only if all are. */
    public static WindowKernel extreme(boolean largest) {
        return (windows, out) -> {
            Extremes extremes = new Extremes(windows, largest, false);
            for (int step = 0; step < windows.steps(); step++) {
                int from = windows.from()[step];
                if (windows.to()[step] > from) {
                    int place = extremes.of(step);
                    out.set(step, windows.values()[place < 0 ? from : place]);
                }
            }
        };
    }

    /**
     * Population variance; NaN if a sample is infinite or NaN.
     *
     * @param root whether the standard deviation is meant
     */
    public static WindowKernel variance(boolean root) {
        return (windows, out) -> {
            Variance variance = new Variance();
            for (int step = 0; step < windows.steps(); step++) {
                int from = windows.from()[step];
                int to = windows.to()[step];
                if (to > from) {
                    double squared = variance.of(windows.values(), from, to);
                    out.set(step, root ? Math.sqrt(squared) : squared);
                }
            }
        };
    }

    /**
     * Exact quantiles.
     *
     * @param q for each step
     */
    public static WindowKernel quantile(double[] q) {
        return new QuantileKernel(q);
    }
}
