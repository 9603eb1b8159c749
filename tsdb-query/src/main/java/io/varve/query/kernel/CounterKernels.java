package io.varve.query.kernel;

/** What counters did within windows. Linear in samples plus steps plus resets inside windows. */
public final class CounterKernels {

    /** A gap at a window's edge of this many mean spacings is taken as the series' own edge. */
    private static final double EDGE_SPACINGS = 1.1;

    private CounterKernels() {}

    /**
     * How much the series grew in each window, extrapolated to the window's edges, where the samples come near them.
     *
     * @param counter whether a lower value means a reset to zero
     * @param perSecond whether the growth is divided by the window's length
     */
    public static WindowKernel growth(boolean counter, boolean perSecond) {
        return (windows, out) -> {
            int[] resets = counter ? drops(windows) : new int[0];
            int firstReset = 0;
            for (int step = 0; step < windows.steps(); step++) {
                int from = windows.from()[step];
                int to = windows.to()[step];
                if (to - from < 2) {
                    continue;
                }
                double[] values = windows.values();
                double growth = values[to - 1] - values[from];
                while (firstReset < resets.length && resets[firstReset] <= from) {
                    firstReset++;
                }
                for (int r = firstReset; r < resets.length && resets[r] < to; r++) {
                    growth += values[resets[r] - 1];
                }
                out.set(step, extrapolate(windows, step, growth, counter, perSecond));
            }
        };
    }

    /** Places of samples that are lower than the one before. */
    private static int[] drops(Windows windows) {
        double[] values = windows.values();
        int end = windows.steps() == 0 ? 0 : windows.to()[windows.steps() - 1];
        int count = 0;
        for (int i = 1; i < end; i++) {
            count += values[i] < values[i - 1] ? 1 : 0;
        }
        int[] drops = new int[count];
        int at = 0;
        for (int i = 1; at < count; i++) {
            if (values[i] < values[i - 1]) {
                drops[at++] = i;
            }
        }
        return drops;
    }

    private static double extrapolate(Windows windows, int step, double growth, boolean counter, boolean perSecond) {
        int from = windows.from()[step];
        int to = windows.to()[step];
        long first = windows.times()[from];
        long last = windows.times()[to - 1];
        double sampled = windows.seconds(last - first);
        double spacing = sampled / (to - from - 1);
        double edge = spacing * EDGE_SPACINGS;
        double before = windows.seconds(first - (windows.end(step) - windows.range()));
        double after = windows.seconds(windows.end(step) - last);
        if (before >= edge) {
            before = spacing / 2;
        }
        double firstValue = windows.values()[from];
        if (counter && growth > 0 && firstValue >= 0) {
            before = Math.min(before, sampled * (firstValue / growth)); // a counter was not below zero
        }
        if (after >= edge) {
            after = spacing / 2;
        }
        double factor = (sampled + before + after) / sampled;
        return growth * (perSecond ? factor / windows.seconds(windows.range()) : factor);
    }

    /**
     * The difference of the last two samples of each window.
     *
     * @param rate whether a lower value means a reset to zero, and the difference is divided by its time
     */
    public static WindowKernel lastTwo(boolean rate) {
        return (windows, out) -> {
            for (int step = 0; step < windows.steps(); step++) {
                int last = windows.to()[step] - 1;
                if (last - windows.from()[step] < 1) {
                    continue;
                }
                double now = windows.values()[last];
                double before = windows.values()[last - 1];
                double difference = rate && now < before ? now : now - before;
                double seconds = windows.seconds(windows.times()[last] - windows.times()[last - 1]);
                out.set(step, rate ? difference / seconds : difference);
            }
        };
    }

    /** How often the value changed in each window; NaN is equal to NaN. */
    public static void changes(Windows windows, Row out) {
        countPairs(windows, out, (before, now) -> before != now && !(Double.isNaN(before) && Double.isNaN(now)));
    }

    /** How often the value dropped in each window. */
    public static void resets(Windows windows, Row out) {
        countPairs(windows, out, (before, now) -> now < before);
    }

    @FunctionalInterface
    private interface PairTest {
        boolean test(double before, double now);
    }

    private static void countPairs(Windows windows, Row out, PairTest test) {
        int steps = windows.steps();
        int end = steps == 0 ? 0 : windows.to()[steps - 1];
        int[] upTo = new int[end + 1]; // pairs among the samples 0..i that pass
        double[] values = windows.values();
        for (int i = 1; i < end; i++) {
            upTo[i] = upTo[i - 1] + (test.test(values[i - 1], values[i]) ? 1 : 0);
        }
        for (int step = 0; step < steps; step++) {
            int from = windows.from()[step];
            int to = windows.to()[step];
            if (to > from) {
                out.set(step, upTo[to - 1] - upTo[from]);
            }
        }
    }
}
