package io.varve.query.kernel;

import io.varve.core.model.Histogram;
import io.varve.core.model.HistogramLayout;
import io.varve.core.model.ResetHint;
import io.varve.core.sketch.HistogramResets;
import io.varve.query.histogram.Flaw;
import io.varve.query.histogram.HistogramFold;
import io.varve.query.histogram.HistogramMath;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Functions over windows of series that have histograms, floats among them or not. */
public final class HistogramKernels {

    private HistogramKernels() {}

    private static @Nullable Histogram[] histograms(Windows windows) {
        return Objects.requireNonNull(windows.histograms());
    }

    /** What a function makes of the histograms of one window; null for nothing. */
    @FunctionalInterface
    private interface OneWindow {
        @Nullable
        Histogram value(Windows windows, int step);
    }

    /** Windows of floats go to a kernel of theirs, windows of histograms to a function, mixtures come to nothing. */
    private static WindowKernel either(int least, WindowKernel floats, OneWindow function, Set<Flaw> flaws) {
        return (windows, out) -> {
            int[] before = countsBefore(windows);
            Row one = new Row(1);
            for (int step = 0; step < windows.steps(); step++) {
                int from = windows.from()[step];
                int to = windows.to()[step];
                int there = to <= from ? 0 : before[to] - before[from];
                if (to - from < least) {
                    continue;
                }
                if (there == 0) {
                    one.clear();
                    floats.apply(windows.only(step), one);
                    if (one.has(0)) {
                        out.set(step, one.get(0));
                    }
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
     * @param floats the same of floats
     */
    public static WindowKernel growth(boolean counter, boolean perSecond, WindowKernel floats, Set<Flaw> flaws) {
        HistogramFold fold = new HistogramFold(flaws);
        return either(
                2,
                floats,
                (windows, step) -> {
                    @Nullable Histogram[] all = histograms(windows);
                    int from = windows.from()[step];
                    Histogram total = difference(all, from, windows.to()[step], counter, fold, flaws);
                    if (total == null) {
                        return null;
                    }
                    double firstCount = counter ? at(all, from).count() : -1;
                    double factor = CounterKernels.factor(windows, step, total.count(), firstCount, perSecond);
                    return HistogramMath.times(total, factor).withHint(ResetHint.GAUGE);
                },
                flaws);
    }

    private static Histogram at(@Nullable Histogram[] all, int index) {
        return Objects.requireNonNull(all[index]);
    }

    /** The last histogram without the first, with what was there before each reset; a reset at once drops the first. */
    private static @Nullable Histogram difference(
            @Nullable Histogram[] all, int from, int to, boolean counter, HistogramFold fold, Set<Flaw> flaws) {
        fold.clear().add(at(all, to - 1));
        boolean resetAtOnce = counter && isReset(at(all, from), at(all, from + 1));
        if (!resetAtOnce) {
            fold.subtract(at(all, from));
        }
        int begin = resetAtOnce ? from + 1 : from;
        int coarsest = HistogramLayout.MAX_SCHEMA;
        boolean fitting = true;
        boolean custom = isCustom(at(all, begin));
        for (int i = from; i < to; i++) {
            Histogram histogram = at(all, i);
            fitting &= (histogram.hint() == ResetHint.GAUGE) != counter;
            if (i < begin) {
                continue;
            }
            if (isCustom(histogram) != custom) {
                flaws.add(Flaw.MIXED_BUCKETS);
                return null;
            }
            coarsest = Math.min(coarsest, histogram.layout().schema());
            if (counter && i > begin && isReset(at(all, i - 1), histogram)) {
                fold.add(at(all, i - 1));
            }
        }
        if (!custom && coarsest < at(all, to - 1).layout().schema()) {
            fold.coarsen(coarsest);
        }
        Histogram total = fold.total();
        if (total != null && !fitting) {
            flaws.add(counter ? Flaw.NOT_COUNTER : Flaw.NOT_GAUGE);
        }
        return total;
    }

    private static boolean isCustom(Histogram histogram) {
        return histogram.layout().schema() == HistogramLayout.CUSTOM_SCHEMA;
    }

    /** A gauge's hint says nothing of resets: its numbers are looked at as those of a counter. */
    private static boolean isReset(Histogram before, Histogram now) {
        return now.hint() == ResetHint.GAUGE
                ? HistogramResets.isLower(before, now)
                : HistogramResets.isReset(before, now);
    }

    /**
     * The difference of the last two samples of each window.
     *
     * @param rate whether there are resets, and the difference is divided by its time
     * @param floats the same of floats
     */
    public static WindowKernel lastTwo(boolean rate, WindowKernel floats, Set<Flaw> flaws) {
        HistogramFold fold = new HistogramFold(flaws);
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
                    Histogram difference = difference(all, last - 1, last + 1, rate, fold, flaws);
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
                1,
                floats,
                (windows, step) -> {
                    int from = windows.from()[step];
                    int to = windows.to()[step];
                    fold.clear();
                    for (int i = from; i < to; i++) {
                        fold.add(at(histograms(windows), i));
                    }
                    Histogram total = fold.checkResets().total();
                    return total != null && mean ? HistogramMath.divided(total, to - from) : total;
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
        countPairs(
                windows,
                out,
                (before, now) -> !HistogramMath.areEqual(before, now),
                (before, now) -> before != now && !(Double.isNaN(before) && Double.isNaN(now)));
    }

    /** How often the value was reset in each window, by turning from a float to a histogram and back too. */
    public static void resets(Windows windows, Row out) {
        countPairs(windows, out, HistogramKernels::isReset, (before, now) -> now < before);
    }

    @FunctionalInterface
    private interface PairTest {
        boolean test(Histogram before, Histogram now);
    }

    private static void countPairs(Windows windows, Row out, PairTest test, CounterKernels.PairTest floatTest) {
        @Nullable Histogram[] all = histograms(windows);
        int[] upTo = new int[end(windows) + 1]; // pairs among the samples 0..i that pass
        for (int i = 1; i < end(windows); i++) {
            Histogram before = all[i - 1];
            Histogram now = all[i];
            boolean passes = before != null && now != null
                    ? test.test(before, now)
                    : before != null || now != null || floatTest.test(windows.values()[i - 1], windows.values()[i]);
            upTo[i] = upTo[i - 1] + (passes ? 1 : 0);
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
