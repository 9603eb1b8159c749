package io.varve.query.kernel;

/**
 * What the growth of a series takes from the times of its windows alone, kept for the series after it that have the
 * same times. Belongs to the windows of one reading, whose owner says when the times have changed; one thread.
 */
public final class WindowTimes {

    /** A gap at a window's edge of this many mean spacings is taken as the series' own edge. */
    private static final double EDGE_SPACINGS = 1.1;

    /** A limit that is farther away than this needs no division to see that it is not reached. */
    private static final double SURELY = 1 + 1e-9;

    private double[] sampled = {};
    private double[] before = {};
    private double[] factors = {};
    private double unit = Double.NaN;

    /** The times are others from now on. */
    public void change() {
        unit = Double.NaN;
    }

    /**
     * Computes what {@code factor} needs, unless it is there.
     *
     * @param divisor by which factors are divided: 1, or the seconds of a window
     */
    void prepare(Windows windows, double divisor) {
        if (unit == divisor) {
            return;
        }
        int steps = windows.steps();
        if (factors.length < steps) {
            sampled = new double[steps];
            before = new double[steps];
            factors = new double[steps];
        }
        long[] times = windows.times();
        for (int step = 0; step < steps; step++) {
            int from = windows.from()[step];
            int last = windows.to()[step] - 1;
            if (last <= from) {
                continue;
            }
            double inside = windows.seconds(times[last] - times[from]);
            double spacing = inside / (last - from);
            long end = windows.end(step);
            double left = reach(windows.seconds(times[from] - (end - windows.range())), spacing);
            double right = reach(windows.seconds(end - times[last]), spacing);
            sampled[step] = inside;
            before[step] = left;
            factors[step] = (inside + left + right) / inside / divisor;
        }
        unit = divisor;
    }

    /** By what the growth between the samples of a window of at least two is multiplied for the whole window. */
    double factor(int step) {
        return factors[step];
    }

    /** The same of a counter, which was not below zero before its first sample in the window. */
    double factor(int step, Windows windows, double growth, double firstValue) {
        boolean limited = growth > 0 && firstValue >= 0;
        double most = firstValue * sampled[step];
        if (!limited || (most >= before[step] * growth * SURELY && most < Double.POSITIVE_INFINITY)) {
            return factors[step];
        }
        int last = windows.to()[step] - 1;
        double inside = sampled[step];
        double spacing = inside / (last - windows.from()[step]);
        double right = reach(windows.seconds(windows.end(step) - windows.times()[last]), spacing);
        return factor(inside, before[step], right, growth, firstValue) / unit;
    }

    /** How far the growth is extended beyond a sample towards an edge, seconds. */
    private static double reach(double gap, double spacing) {
        return gap >= spacing * EDGE_SPACINGS ? spacing / 2 : gap;
    }

    private static double factor(double inside, double left, double right, double growth, double firstValue) {
        boolean limited = growth > 0 && firstValue >= 0;
        return (inside + (limited ? Math.min(left, inside * (firstValue / growth)) : left) + right) / inside;
    }

    /**
     * By what growth is multiplied for the whole window of a step, where it is not that between its first and last
     * sample.
     *
     * @param firstValue of a counter at the beginning; negative for what is no counter
     */
    static double factor(Windows windows, int step, CounterKernels.Span span, double growth, double firstValue) {
        double inside = windows.seconds(span.last() - span.first());
        double spacing = inside / span.intervals();
        double left = reach(windows.seconds(span.first() - (windows.end(step) - windows.range())), spacing);
        double right = reach(windows.seconds(windows.end(step) - span.last()), spacing);
        return factor(inside, left, right, growth, firstValue);
    }
}
