package io.varve.query.kernel;

import io.varve.core.model.StaleMarker;

/**
 * What series did within windows whose edges are looked at from beyond them; nothing is extrapolated. The bounds
 * {@code from} and {@code to} that these kernels are given are wider than the windows by as much as samples may lie
 * before and behind them. Linear in samples of all windows.
 */
public final class EdgeKernels {

    private EdgeKernels() {}

    /** What is computed of one window, from a first to a last sample, both of them included. */
    @FunctionalInterface
    private interface OneWindow {
        double value(double[] values, int first, int last);
    }

    /**
     * How much the series grew from the last sample at or before a window's start, or else the first one inside, to the
     * last one inside.
     *
     * @param counter whether a lower value means a reset to zero
     * @param perSecond whether the growth is divided by the window's length
     */
    public static WindowKernel anchoredGrowth(boolean counter, boolean perSecond) {
        return (windows, out) -> {
            double unit = perSecond ? windows.seconds(windows.range()) : 1;
            anchored(windows, out, (values, first, last) -> {
                double growth = values[last] - values[first];
                for (int i = first + 1; counter && i <= last; i++) {
                    growth += values[i] < values[i - 1] ? values[i - 1] : 0;
                }
                return growth / unit;
            });
        };
    }

    /** How often the value changed from that first sample on; NaN is equal to NaN. */
    public static void anchoredChanges(Windows windows, Row out) {
        anchored(windows, out, (values, first, last) -> {
            int count = 0;
            for (int i = first + 1; i <= last; i++) {
                boolean same = values[i] == values[i - 1] || (Double.isNaN(values[i]) && Double.isNaN(values[i - 1]));
                count += same ? 0 : 1;
            }
            return count;
        });
    }

    /** How often the value dropped from that first sample on. */
    public static void anchoredResets(Windows windows, Row out) {
        anchored(windows, out, (values, first, last) -> {
            int count = 0;
            for (int i = first + 1; i <= last; i++) {
                count += values[i] < values[i - 1] ? 1 : 0;
            }
            return count;
        });
    }

    private static void anchored(Windows windows, Row out, OneWindow function) {
        for (int step = 0; step < windows.steps(); step++) {
            int inside = behind(windows, step, windows.end(step) - windows.range());
            int behind = behind(windows, step, windows.end(step));
            if (behind > inside) {
                boolean before = inside > windows.from()[step];
                out.set(step, function.value(windows.values(), before ? inside - 1 : inside, behind - 1));
            }
        }
    }

    /** The first of a step's samples that is later than a time, or their end. */
    static int behind(Windows windows, int step, long time) {
        int low = windows.from()[step];
        int high = windows.to()[step];
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (windows.times()[middle] <= time) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    /**
     * How much the series grew between the values that it had at a window's edges, if it went in straight lines from
     * sample to sample. Where there is no sample beyond an edge, the nearest one inside stands for it.
     *
     * @param counter whether a lower value means a reset, and a line to it then begins at zero
     * @param perSecond whether the growth is divided by the window's length
     */
    public static WindowKernel smoothedGrowth(boolean counter, boolean perSecond) {
        return (windows, out) -> {
            double[] values = windows.values();
            double unit = perSecond ? windows.seconds(windows.range()) : 1;
            for (int step = 0; step < windows.steps(); step++) {
                long end = windows.end(step);
                int inside = behind(windows, step, end - windows.range());
                int behind = behind(windows, step, end);
                boolean before = inside > windows.from()[step];
                boolean after = behind < windows.to()[step];
                if (behind == inside && !(before && after)) {
                    continue;
                }
                double first = before ? between(windows, inside - 1, end - windows.range(), counter) : values[inside];
                double last = after ? between(windows, behind - 1, end, counter) : values[behind - 1];
                double lost = 0;
                double previous = first;
                for (int i = inside; i < behind; i++) {
                    lost += values[i] < previous ? previous : 0;
                    previous = values[i];
                }
                lost += last < previous ? previous : 0;
                out.set(step, (last - first + (counter ? lost : 0)) / unit);
            }
        };
    }

    /** The value at each window's end: that of a sample there, else of the line to the next, else of the last one. */
    public static void smoothedValue(Windows windows, Row out) {
        for (int step = 0; step < windows.steps(); step++) {
            int behind = behind(windows, step, windows.end(step));
            if (behind == windows.from()[step] || StaleMarker.is(windows.values()[behind - 1])) {
                continue;
            }
            boolean after = behind < windows.to()[step] && !StaleMarker.is(windows.values()[behind]);
            out.set(
                    step,
                    after ? between(windows, behind - 1, windows.end(step), false) : windows.values()[behind - 1]);
        }
    }

    /** The value at a time that lies at or behind a sample and before the next. */
    static double between(Windows windows, int sample, long time, boolean counter) {
        long from = windows.times()[sample];
        double value = windows.values()[sample];
        if (time == from) {
            return value;
        }
        double next = windows.values()[sample + 1];
        double origin = counter && next < value ? 0 : value;
        double share = (double) (time - from) / (windows.times()[sample + 1] - from);
        double result = origin + (next - origin) * share;
        boolean passed = origin < next ? result > next : result < next; // by rounding; it would look like a reset
        return passed ? next : result;
    }
}
