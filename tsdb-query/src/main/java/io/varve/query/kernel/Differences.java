package io.varve.query.kernel;

import io.varve.core.model.Histogram;
import io.varve.core.model.HistogramLayout;
import io.varve.core.model.ResetHint;
import io.varve.core.sketch.HistogramResets;
import io.varve.query.histogram.Flaw;
import io.varve.query.histogram.HistogramFold;
import io.varve.query.histogram.HistogramMath;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** By how much the histograms of a series differ, from sample to sample or between two times. One thread. */
final class Differences {

    private final boolean counter;
    private final Starts starts;
    private final Set<Flaw> flaws;
    private final HistogramFold fold;

    /**
     * Differences.
     *
     * @param counter whether there are resets
     * @param starts when the series began to count, as far as it is known
     * @param flaws what is noted goes there
     */
    Differences(boolean counter, Starts starts, Set<Flaw> flaws) {
        this.counter = counter;
        this.starts = starts;
        this.flaws = flaws;
        this.fold = new HistogramFold(flaws);
    }

    private static Histogram at(Windows windows, int sample) {
        return HistogramKernels.at(HistogramKernels.histograms(windows), sample);
    }

    /**
     * The last histogram without the first, with what was there before each reset; a reset at once drops the first.
     *
     * @param from the first sample
     * @param to behind the last one
     * @param fromZero whether the counting began at zero before the first sample, which so is not taken away
     * @return null if the buckets do not go together
     */
    @Nullable
    Histogram between(Windows windows, int from, int to, boolean fromZero) {
        fold.clear().add(at(windows, to - 1));
        boolean resetAtOnce = !fromZero && to - from > 1 && isReset(windows, from + 1);
        if (!fromZero && !resetAtOnce) {
            fold.subtract(at(windows, from));
        }
        int begin = resetAtOnce ? from + 1 : from;
        addLost(windows, begin, to);
        Histogram total = total(windows, begin, to);
        if (total != null) {
            checkHints(windows, from, to);
        }
        return total;
    }

    /**
     * How much the line from sample to sample rises between two times; to a counter that was reset it rises from zero.
     *
     * @param inside the first sample behind the earlier time; the one before it is there if that time is not before all
     * @param behind the first sample behind the later time
     * @param before whether there is a sample at or before the earlier time
     * @param after whether there is a sample behind the later time, and none at it
     */
    @Nullable
    Histogram onLine(Windows windows, int step, int inside, int behind, boolean before, boolean after) {
        long end = windows.end(step);
        fold.clear();
        if (after) {
            addOnLine(windows, behind - 1, end, 1);
        } else {
            fold.add(at(windows, behind - 1));
        }
        if (before) {
            addOnLine(windows, inside - 1, end - windows.range(), -1);
        } else {
            fold.subtract(at(windows, inside));
        }
        addLost(windows, inside, behind);
        if (after && behind > inside && isReset(windows, behind)) {
            fold.add(at(windows, behind - 1));
        }
        int first = before ? inside - 1 : inside;
        int last = after ? behind + 1 : behind;
        Histogram total = total(windows, first, last);
        if (total != null) {
            checkHints(windows, first, last);
        }
        return total;
    }

    /** The value on the line between a sample and the next; null if the buckets do not go together. */
    @Nullable
    Histogram onLine(Windows windows, int sample, long time) {
        fold.clear();
        addOnLine(windows, sample, time, 1);
        Histogram value = fold.total();
        return value == null || value.hint() == ResetHint.GAUGE ? value : value.withHint(ResetHint.UNKNOWN);
    }

    private void addOnLine(Windows windows, int sample, long time, int sign) {
        long from = windows.times()[sample];
        if (time == from) {
            put(at(windows, sample), sign);
            return;
        }
        double share = (double) (time - from) / (windows.times()[sample + 1] - from);
        if (!isReset(windows, sample + 1)) {
            put(HistogramMath.times(at(windows, sample), 1 - share), sign);
        }
        put(HistogramMath.times(at(windows, sample + 1), share), sign);
    }

    private void put(Histogram histogram, int sign) {
        if (sign < 0) {
            fold.subtract(histogram);
        } else {
            fold.add(histogram);
        }
    }

    /** Adds what was there before each reset behind the first sample. */
    private void addLost(Windows windows, int from, int to) {
        for (int i = from + 1; i < to; i++) {
            if (isReset(windows, i)) {
                fold.add(at(windows, i - 1));
            }
        }
    }

    /** The fold in buckets as wide as those of all samples; null if some do not go together. */
    private @Nullable Histogram total(Windows windows, int from, int to) {
        int coarsest = HistogramLayout.MAX_SCHEMA;
        boolean custom = isCustom(at(windows, from));
        for (int i = from; i < to; i++) {
            Histogram histogram = at(windows, i);
            if (isCustom(histogram) != custom) {
                flaws.add(Flaw.MIXED_BUCKETS);
                return null;
            }
            coarsest = Math.min(coarsest, histogram.layout().schema());
        }
        if (!custom && coarsest < at(windows, to - 1).layout().schema()) {
            fold.coarsen(coarsest);
        }
        return fold.total();
    }

    private void checkHints(Windows windows, int from, int to) {
        for (int i = from; i < to; i++) {
            if ((at(windows, i).hint() == ResetHint.GAUGE) == counter) {
                flaws.add(counter ? Flaw.NOT_COUNTER : Flaw.NOT_GAUGE);
                return;
            }
        }
    }

    private static boolean isCustom(Histogram histogram) {
        return histogram.layout().schema() == HistogramLayout.CUSTOM_SCHEMA;
    }

    private boolean isReset(Windows windows, int sample) {
        return counter
                && (isReset(at(windows, sample - 1), at(windows, sample))
                        || starts.isReset(windows.times()[sample - 1], windows.times()[sample]));
    }

    /** A gauge's hint says nothing of resets: its numbers are looked at as those of a counter. */
    static boolean isReset(Histogram before, Histogram now) {
        return now.hint() == ResetHint.GAUGE
                ? HistogramResets.isLower(before, now)
                : HistogramResets.isReset(before, now);
    }
}
