package io.varve.query.kernel;

import io.varve.core.model.Histogram;
import io.varve.core.model.ResetHint;
import io.varve.core.model.StaleMarker;
import io.varve.query.histogram.Flaw;
import io.varve.query.histogram.HistogramMath;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What series with histograms, floats among them or not, did within windows whose edges are looked at from beyond them,
 * as {@link EdgeKernels} has it for floats. Windows of which floats and histograms are needed come to nothing.
 */
public final class HistogramEdgeKernels {

    private HistogramEdgeKernels() {}

    /**
     * What is needed of the samples around a window.
     *
     * @param inside the first sample within it
     * @param behind the first one behind it
     * @param before whether the one before it is needed
     * @param after whether the one behind it is
     */
    private record Reach(int inside, int behind, boolean before, boolean after) {

        private int first() {
            return before ? inside - 1 : inside;
        }

        private int end() {
            return after ? behind + 1 : behind;
        }

        private static Reach of(Windows windows, int step, boolean smoothed) {
            long end = windows.end(step);
            int inside = EdgeKernels.behind(windows, step, end - windows.range());
            int behind = EdgeKernels.behind(windows, step, end);
            boolean atEnd = behind > windows.from()[step] && windows.times()[behind - 1] == end;
            boolean after = smoothed && !atEnd && behind < windows.to()[step];
            return new Reach(inside, behind, inside > windows.from()[step], after);
        }

        /** Whether there are samples within, or on both sides of a line through the window. */
        private boolean suffices() {
            return behind > inside || (before && after);
        }
    }

    @FunctionalInterface
    private interface OneWindow {
        @Nullable
        Histogram value(Windows windows, int step, Reach reach);
    }

    /**
     * How much the series grew between the edges.
     *
     * @param smoothed whether on lines from sample to sample; else from the last sample before the window on
     * @param counter whether there are resets
     * @param perSecond whether the growth is divided by the window's length
     * @param floats the same of floats
     * @param flaws what is noted goes there
     */
    public static WindowKernel growth(
            boolean smoothed, boolean counter, boolean perSecond, WindowKernel floats, Set<Flaw> flaws) {
        Differences differences = new Differences(counter, Starts.NONE, flaws);
        return either(smoothed, floats, flaws, (windows, step, reach) -> {
            Histogram growth = smoothed
                    ? differences.onLine(windows, step, reach.inside(), reach.behind(), reach.before(), reach.after())
                    : differences.between(windows, reach.first(), reach.behind(), false);
            if (growth == null) {
                return null;
            }
            double unit = perSecond ? windows.seconds(windows.range()) : 1;
            return HistogramMath.divided(growth, unit).withHint(ResetHint.GAUGE);
        });
    }

    private static WindowKernel either(boolean smoothed, WindowKernel floats, Set<Flaw> flaws, OneWindow function) {
        return (windows, out) -> {
            @Nullable Histogram[] all = HistogramKernels.histograms(windows);
            Row one = new Row(1);
            for (int step = 0; step < windows.steps(); step++) {
                Reach reach = Reach.of(windows, step, smoothed);
                if (!reach.suffices()) {
                    continue;
                }
                int there = 0;
                for (int i = reach.first(); i < reach.end(); i++) {
                    there += all[i] == null ? 0 : 1;
                }
                if (there == 0) {
                    HistogramKernels.floats(windows, step, floats, one, out);
                } else if (there < reach.end() - reach.first()) {
                    flaws.add(Flaw.MIXED_SAMPLES);
                } else {
                    Histogram value = function.value(windows, step, reach);
                    if (value != null) {
                        out.set(step, value);
                    }
                }
            }
        };
    }

    /** How often the value changed from the last sample before the window on. */
    public static void anchoredChanges(Windows windows, Row out) {
        anchored(windows, out, HistogramKernels::isChange);
    }

    /** How often the value was reset from that sample on. */
    public static void anchoredResets(Windows windows, Row out) {
        anchored(windows, out, HistogramKernels::isReset);
    }

    private static void anchored(Windows windows, Row out, HistogramKernels.PairTest test) {
        for (int step = 0; step < windows.steps(); step++) {
            Reach reach = Reach.of(windows, step, false);
            if (reach.suffices()) {
                int count = 0;
                for (int i = reach.first() + 1; i < reach.behind(); i++) {
                    count += test.test(windows, i) ? 1 : 0;
                }
                out.set(step, count);
            }
        }
    }

    /**
     * The value at each window's end: that of a sample there, else of the line to the next, else of the last one.
     *
     * @param flaws what is noted goes there
     */
    public static WindowKernel smoothedValue(Set<Flaw> flaws) {
        Differences differences = new Differences(false, Starts.NONE, flaws);
        return (windows, out) -> {
            if (windows.histograms() == null) {
                EdgeKernels.smoothedValue(windows, out);
                return;
            }
            @Nullable Histogram[] all = HistogramKernels.histograms(windows);
            for (int step = 0; step < windows.steps(); step++) {
                long end = windows.end(step);
                int behind = EdgeKernels.behind(windows, step, end);
                if (behind == windows.from()[step] || StaleMarker.is(windows.values()[behind - 1])) {
                    continue;
                }
                int newest = behind - 1;
                boolean after = windows.times()[newest] < end
                        && behind < windows.to()[step]
                        && !StaleMarker.is(windows.values()[behind]);
                if (after && (all[newest] == null) != (all[behind] == null)) {
                    flaws.add(Flaw.MIXED_SAMPLES);
                } else if (all[newest] == null) {
                    out.set(step, after ? EdgeKernels.between(windows, newest, end, false) : windows.values()[newest]);
                } else {
                    Histogram value =
                            after ? differences.onLine(windows, newest, end) : HistogramKernels.at(all, newest);
                    if (value != null) {
                        out.set(step, value);
                    }
                }
            }
        };
    }
}
