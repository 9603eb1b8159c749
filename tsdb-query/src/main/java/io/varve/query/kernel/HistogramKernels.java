package io.varve.query.kernel;

import io.varve.core.model.Histogram;
import io.varve.core.model.ResetHint;
import io.varve.query.histogram.Flaw;
import io.varve.query.histogram.HistogramFold;
import io.varve.query.histogram.HistogramMath;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Functions over windows of series that have histograms, floats among them or not. */
public final class HistogramKernels {

    private HistogramKernels() {}

    static @Nullable Histogram[] histograms(Windows windows) {
        return Objects.requireNonNull(windows.histograms());
    }

    /** What a function makes of the histograms of one window; null for nothing. */
    @FunctionalInterface
    private interface OneWindow {
        @Nullable
        Histogram value(Windows windows, int step);
    }

    /** Windows of floats go to a kernel of theirs, windows of histograms to a function, mixtures come to nothing. */
    private static WindowKernel either(WindowKernel floats, OneWindow function, Set<Flaw> flaws) {
        return (windows, out) -> {
            int[] before = countsBefore(windows);
            Row one = new Row(1);
            for (int step = 0; step < windows.steps(); step++) {
                int from = windows.from()[step];
                int to = windows.to()[step];
                int there = to <= from ? 0 : before[to] - before[from];
                if (to <= from) {
                    continue;
                }
                if (there == 0) {
                    floats(windows, step, floats, one, out);
                } else if (there < to - from) {
                    flaws.add(Flaw.MIXED_SAMPLES);
                } else {
                    Histogram value = function.value(windows, step);
                    if (value != null) {
                        out.set(step, value);
                    }
                }
            }
        };
    }

    /** What a kernel makes of the window of one step, which has floats only. */
    static void floats(Windows windows, int step, WindowKernel floats, Row one, Row out) {
        one.clear();
        floats.apply(windows.only(step), one);
        if (one.has(0)) {
            out.set(step, one.get(0));
        }
    }

    /** How many histograms there are before each sample, and in all. */
    private static int[] countsBefore(Windows windows) {
        @Nullable Histogram[] all = histograms(windows);
        int end = end(windows);
        int[] before = new int[end + 1];
        for (int i = 0; i < end; i++) {
            before[i + 1] = before[i] + (all[i] == null ? 0 : 1);
        }
        return before;
    }

    private static int end(Windows windows) {
        return windows.steps() == 0 ? 0 : windows.to()[windows.steps() - 1];
    }

    /**
     * How much histograms grew in each window, extrapolated as floats are, by the count of observations.
     *
     * @param counter whether there are resets
     * @param perSecond whether the growth is divided by the window's length
     * @param starts when the series began to count, as far as it is known
     * @param floats the same of floats
     */
    public static WindowKernel growth(
            boolean counter, boolean perSecond, Starts starts, WindowKernel floats, Set<Flaw> flaws) {
        Differences differences = new Differences(counter, starts, flaws);
        return either(
                floats,
                (windows, step) -> {
                    int from = windows.from()[step];
                    int last = windows.to()[step] - 1;
                    long start = starts.before(windows.times()[from]);
                    boolean fromZero = start != Starts.UNKNOWN && start > windows.end(step) - windows.range();
                    if (!fromZero && last == from) {
                        return null;
                    }
                    Histogram total = differences.between(windows, from, last + 1, fromZero);
                    if (total == null) {
                        return null;
                    }
                    double firstCount = at(histograms(windows), from).count();
                    CounterKernels.Span span = fromZero
                            ? new CounterKernels.Span(start, 0, windows.times()[last], last - from + 1)
                            : new CounterKernels.Span(
                                    windows.times()[from], firstCount, windows.times()[last], last - from);
                    double factor = CounterKernels.factor(windows, step, span, total.count(), counter, perSecond);
                    return HistogramMath.times(total, factor).withHint(ResetHint.GAUGE);
                },
                flaws);
    }

    static Histogram at(@Nullable Histogram[] all, int index) {
        return Objects.requireNonNull(all[index]);
    }

    /**
     * The difference of the last two samples of each window.
     *
     * @param rate whether there are resets, and the difference is divided by its time
     * @param starts when the series began to count, as far as it is known
     * @param floats the same of floats
     */
    public static WindowKernel lastTwo(boolean rate, Starts starts, WindowKernel floats, Set<Flaw> flaws) {
        Differences differences = new Differences(rate, starts, flaws);
        return (windows, out) -> {
            @Nullable Histogram[] all = histograms(windows);
            for (int step = 0; step < windows.steps(); step++) {
                int last = windows.to()[step] - 1;
                if (last - windows.from()[step] < 1) {
                    continue;
                }
                Histogram now = all[last];
                Histogram before = all[last - 1];
                if ((now == null) != (before == null)) {
                    flaws.add(Flaw.MIXED_SAMPLES);
                } else if (now != null && before != null) {
                    Histogram difference = differences.between(windows, last - 1, last + 1, false);
                    if (difference != null) {
                        double seconds = windows.seconds(windows.times()[last] - windows.times()[last - 1]);
                        Histogram result = rate ? HistogramMath.divided(difference, seconds) : difference;
                        out.set(step, result.withHint(ResetHint.GAUGE));
                    }
                } else {
                    Row one = new Row(1);
                    floats.apply(windows.lastTwo(step), one);
                    out.copy(step, one, 0);
                }
            }
        };
    }

    /**
     * Sums or means of the histograms of each window.
     *
     * @param floats the same of floats
     */
    public static WindowKernel total(boolean mean, WindowKernel floats, Set<Flaw> flaws) {
        HistogramFold fold = new HistogramFold(flaws);
        return either(
                floats,
                (windows, step) -> {
                    int from = windows.from()[step];
                    int to = windows.to()[step];
                    fold.clear();
                    for (int i = from; i < to; i++) {
                        Histogram histogram = at(histograms(windows), i);
                        if (mean) {
                            fold.average(histogram);
                        } else {
                            fold.add(histogram);
                        }
                    }
                    fold.checkResets();
                    return mean ? fold.mean() : fold.total();
                },
                flaws);
    }

    /** The oldest sample, or the newest one. */
    public static WindowKernel edge(boolean newest) {
        return (windows, out) -> {
            @Nullable Histogram[] all = histograms(windows);
            for (int step = 0; step < windows.steps(); step++) {
                if (windows.to()[step] > windows.from()[step]) {
                    int place = newest ? windows.to()[step] - 1 : windows.from()[step];
                    Histogram histogram = all[place];
                    if (histogram == null) {
                        out.set(step, windows.values()[place]);
                    } else {
                        out.set(step, histogram);
                    }
                }
            }
        };
    }

    /** A function of floats of what floats there are. */
    public static WindowKernel floatsOnly(WindowKernel floats, Set<Flaw> flaws) {
        return (windows, out) -> {
            @Nullable Histogram[] all = histograms(windows);
            int[] before = countsBefore(windows);
            int end = end(windows);
            int size = end - before[end];
            long[] times = new long[size];
            double[] values = new double[size];
            for (int i = 0, k = 0; i < end; i++) {
                if (all[i] == null) {
                    times[k] = windows.times()[i];
                    values[k++] = windows.values()[i];
                }
            }
            int[] from = new int[windows.steps()];
            int[] to = new int[windows.steps()];
            for (int step = 0; step < windows.steps(); step++) {
                int begin = windows.from()[step];
                int behind = Math.max(begin, windows.to()[step]);
                from[step] = begin - before[begin];
                to[step] = behind - before[behind];
                if (to[step] > from[step] && before[behind] > before[begin]) {
                    flaws.add(Flaw.IGNORED);
                }
            }
            floats.apply(windows.with(times, values, from, to), out);
        };
    }

    /** How often the value changed in each window, from a float to a histogram and back too. */
    public static void changes(Windows windows, Row out) {
        countPairs(windows, out, HistogramKernels::isChange);
    }

    static boolean isChange(Windows windows, int sample) {
        Histogram before = histograms(windows)[sample - 1];
        Histogram now = histograms(windows)[sample];
        if (before != null && now != null) {
            return !HistogramMath.areEqual(before, now);
        }
        double from = windows.values()[sample - 1];
        double to = windows.values()[sample];
        return before != null || now != null || (from != to && !(Double.isNaN(from) && Double.isNaN(to)));
    }

    /**
     * How often the value was reset in each window, by turning from a float to a histogram and back too.
     *
     * @param starts when the series began to count, as far as it is known
     */
    public static WindowKernel resets(Starts starts) {
        return (windows, out) -> countPairs(
                windows,
                out,
                (all, i) -> isReset(all, i) || starts.isReset(windows.times()[i - 1], windows.times()[i]));
    }

    static boolean isReset(Windows windows, int sample) {
        Histogram before = histograms(windows)[sample - 1];
        Histogram now = histograms(windows)[sample];
        return before != null && now != null
                ? Differences.isReset(before, now)
                : before != null || now != null || windows.values()[sample] < windows.values()[sample - 1];
    }

    /** Tells something of a sample and the one before it. */
    @FunctionalInterface
    interface PairTest {
        boolean test(Windows windows, int sample);
    }

    private static void countPairs(Windows windows, Row out, PairTest test) {
        int[] upTo = new int[end(windows) + 1]; // pairs among the samples 0..i that pass
        for (int i = 1; i < end(windows); i++) {
            upTo[i] = upTo[i - 1] + (test.test(windows, i) ? 1 : 0);
        }
        for (int step = 0; step < windows.steps(); step++) {
            int from = windows.from()[step];
            int to = windows.to()[step];
            if (to > from) {
                out.set(step, upTo[to - 1] - upTo[from]);
            }
        }
    }
}
