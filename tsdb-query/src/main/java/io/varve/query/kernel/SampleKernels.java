package io.varve.query.kernel;

/** Sums, extremes and other summaries of the samples in windows. */
public final class SampleKernels {

    private SampleKernels() {}

    @FunctionalInterface
    private interface OneWindow {
        double value(double[] values, int from, int to);
    }

    private static WindowKernel each(OneWindow function) {
        return (windows, out) -> {
            for (int step = 0; step < windows.steps(); step++) {
                int from = windows.from()[step];
                int to = windows.to()[step];
                if (to > from) {
                    out.set(step, function.value(windows.values(), from, to));
                }
            }
        };
    }

    /** Number of samples. */
    public static WindowKernel count() {
        return each((values, from, to) -> to - from);
    }

    /** 1 where there is a sample. */
    public static WindowKernel present() {
        return each((values, from, to) -> 1);
    }

    /** The oldest sample. */
    public static WindowKernel first() {
        return each((values, from, to) -> values[from]);
    }

    /** The newest sample. */
    public static WindowKernel last() {
        return each((values, from, to) -> values[to - 1]);
    }

    /** Compensated sum. */
    public static WindowKernel sum() {
        CompensatedSum sum = new CompensatedSum();
        return each((values, from, to) -> {
            sum.reset(values[from]);
            for (int i = from + 1; i < to; i++) {
                sum.add(values[i]);
            }
            return sum.value();
        });
    }

    /** Compensated mean. */
    public static WindowKernel mean() {
        Mean mean = new Mean();
        return each((values, from, to) -> {
            mean.reset(values[from]);
            for (int i = from + 1; i < to; i++) {
                mean.add(values[i]);
            }
            return mean.value();
        });
    }

    /**
     * Smallest or largest sample, NaN only if all are. Each sample enters and leaves a queue once, which holds those
     * that may still become the answer.
     */
    public static WindowKernel extreme(boolean largest) {
        return (windows, out) -> {
            double[] values = windows.values();
            int steps = windows.steps();
            int[] queue = new int[steps == 0 ? 0 : windows.to()[steps - 1]];
            int head = 0;
            int tail = 0;
            int next = 0;
            for (int step = 0; step < steps; step++) {
                int from = windows.from()[step];
                int to = windows.to()[step];
                if (to <= from) {
                    continue;
                }
                for (next = Math.max(next, from); next < to; next++) {
                    double value = values[next];
                    if (Double.isNaN(value)) {
                        continue;
                    }
                    while (tail > head
                            && (largest ? values[queue[tail - 1]] < value : values[queue[tail - 1]] > value)) {
                        tail--;
                    }
                    queue[tail++] = next;
                }
                while (head < tail && queue[head] < from) {
                    head++;
                }
                out.set(step, head < tail ? values[queue[head]] : values[from]);
            }
        };
    }

    /**
     * Population variance by a running mean with compensation (B. P. Welford, Technometrics 4, 1962); NaN if a sample
     * is infinite or NaN.
     *
     * @param root whether the standard deviation is meant
     */
    public static WindowKernel variance(boolean root) {
        return each((values, from, to) -> {
            double mean = 0;
            double meanError = 0;
            double squares = 0;
            double squaresError = 0;
            for (int i = from; i < to; i++) {
                double delta = values[i] - (mean + meanError);
                double share = delta / (i - from + 1);
                double nextMean = mean + share;
                meanError = CompensatedSum.errorAfter(mean, meanError, share, nextMean);
                mean = nextMean;
                double square = delta * (values[i] - (mean + meanError));
                double nextSquares = squares + square;
                squaresError = CompensatedSum.errorAfter(squares, squaresError, square, nextSquares);
                squares = nextSquares;
            }
            double variance = (squares + squaresError) / (to - from);
            return root ? Math.sqrt(variance) : variance;
        });
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
