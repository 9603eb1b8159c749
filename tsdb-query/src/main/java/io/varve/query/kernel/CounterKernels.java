package io.varve.query.kernel;

import io.varve.core.model.StaleMarker;
import java.util.Arrays;
import java.util.stream.IntStream;

/** What counters did within windows. Linear in samples plus steps plus resets inside windows. */
public final class CounterKernels {

    private CounterKernels() {}

    /**
     * How much the series grew in each window, extrapolated to the window's edges, where the samples come near them.
     *
     * @param counter whether a lower value means a reset to zero
     * @param perSecond whether the growth is divided by the window's length
     */
    public static WindowKernel growth(boolean counter, boolean perSecond) {
        return (windows, out) -> {
            WindowTimes times = windows.derived();
            times.prepare(windows, perSecond ? windows.seconds(windows.range()) : 1);
            double[] values = windows.values();
            int[] resets = counter ? resets(windows) : new int[0];
            int reset = 0;
            for (int step = 0; step < windows.steps(); step++) {
                int from = windows.from()[step];
                int to = windows.to()[step];
                if (to - from < 2) {
                    continue;
                }
                double growth = values[to - 1] - values[from];
                while (reset < resets.length && resets[reset] <= from) {
                    reset++;
                }
                for (int r = reset; r < resets.length && resets[r] < to; r++) {
                    growth += values[resets[r] - 1];
                }
                double factor = counter ? times.factor(step, windows, growth, values[from]) : times.factor(step);
                out.set(step, growth * factor);
            }
        };
    }

    /**
     * The same of a series whose starts are known: a start between two samples is a reset, and one inside a window
     * before its first sample is a sample of zero, from which on nothing is extrapolated.
     */
    public static WindowKernel growth(boolean counter, boolean perSecond, Starts starts) {
        if (starts.isEmpty()) {
            return growth(counter, perSecond);
        }
        return (windows, out) -> {
            int[] resets = counter ? resets(windows, starts) : new int[0];
            int firstReset = 0;
            for (int step = 0; step < windows.steps(); step++) {
                int from = windows.from()[step];
                int to = windows.to()[step];
                long start = to > from ? starts.before(windows.times()[from]) : Starts.UNKNOWN;
                boolean fromZero = start != Starts.UNKNOWN && start > windows.end(step) - windows.range();
                if (to - from < (fromZero ? 1 : 2)) {
                    continue;
                }
                double[] values = windows.values();
                double growth = values[to - 1] - (fromZero ? 0 : values[from]);
                while (firstReset < resets.length && resets[firstReset] <= from) {
                    firstReset++;
                }
                for (int r = firstReset; r < resets.length && resets[r] < to; r++) {
                    growth += values[resets[r] - 1];
                }
                Span span = fromZero
                        ? new Span(start, 0, windows.times()[to - 1], to - from)
                        : new Span(windows.times()[from], values[from], windows.times()[to - 1], to - from - 1);
                out.set(step, extrapolate(windows, step, span, growth, counter, perSecond));
            }
        };
    }

    /** What lies between the first and the last sample of a window. */
    record Span(long first, double firstValue, long last, long intervals) {}

    /** Places of samples that are lower than the one before, or before which the counting began anew. */
    private static int[] resets(Windows windows, Starts starts) {
        if (starts.isEmpty()) {
            return resets(windows);
        }
        int end = windows.steps() == 0 ? 0 : windows.to()[windows.steps() - 1];
        return IntStream.range(1, end).filter(i -> isReset(windows, starts, i)).toArray();
    }

    private static int[] resets(Windows windows) {
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

    private static boolean isReset(Windows windows, Starts starts, int sample) {
        return windows.values()[sample] < windows.values()[sample - 1]
                || starts.isReset(windows.times()[sample - 1], windows.times()[sample]);
    }

    static double extrapolate(Windows windows, int step, Span span, double growth, boolean counter, boolean perSecond) {
        return growth * factor(windows, step, span, growth, counter, perSecond);
    }

    /** By what the growth between the first and the last sample of a window is multiplied for the whole window. */
    static double factor(Windows windows, int step, Span span, double growth, boolean counter, boolean perSecond) {
        double factor = WindowTimes.factor(windows, step, span, growth, counter ? span.firstValue() : -1);
        return perSecond ? factor / windows.seconds(windows.range()) : factor;
    }

    /**
     * The difference of the last two samples of each window.
     *
     * @param rate whether a lower value means a reset to zero, and the difference is divided by its time
     */
    public static WindowKernel lastTwo(boolean rate) {
        return lastTwo(rate, Starts.NONE);
    }

    /** The same of a series whose starts are known. */
    public static WindowKernel lastTwo(boolean rate, Starts starts) {
        return (windows, out) -> {
            for (int step = 0; step < windows.steps(); step++) {
                int last = windows.to()[step] - 1;
                if (last - windows.from()[step] < 1) {
                    continue;
                }
                double now = windows.values()[last];
                double before = windows.values()[last - 1];
                double difference = rate && isReset(windows, starts, last) ? now : now - before;
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

    /** The same, or began anew, of a series whose starts are known. */
    public static WindowKernel resets(Starts starts) {
        return (windows, out) -> {
            int[] resets = resets(windows, starts);
            for (int step = 0; step < windows.steps(); step++) {
                int from = windows.from()[step];
                int to = windows.to()[step];
                if (to > from) {
                    out.set(step, behind(resets, to - 1) - behind(resets, from));
                }
            }
        };
    }

    /** How many places of a sorted list are no later than one. */
    private static int behind(int[] places, int place) {
        int found = Arrays.binarySearch(places, place);
        return found < 0 ? -found - 1 : found + 1;
    }

    /** The start from which the newest sample of each window counts, in seconds since 1970. */
    public static WindowKernel newestStart(Starts starts) {
        return (windows, out) -> {
            for (int step = 0; step < windows.steps(); step++) {
                int newest = windows.to()[step] - 1;
                if (newest < windows.from()[step] || StaleMarker.is(windows.values()[newest])) {
                    continue;
                }
                long start = starts.before(windows.times()[newest]);
                if (start != Starts.UNKNOWN) {
                    out.set(step, windows.seconds(start));
                }
            }
        };
    }

    /** Tells something of two samples that follow each other. */
    @FunctionalInterface
    interface PairTest {
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
