package io.varve.query.kernel;

/**
 * Exact quantiles of windows. Where windows overlap, most of one is the one before: what comes and goes is put into
 * order. Else, or where a rank lies near to an end, its key is selected. Belongs to one thread.
 */
public final class QuantileKernel implements WindowKernel {

    /** Windows that share so much of their samples, as a part of so many, are slid. */
    private static final int SHARED = 4;

    /** Ranks so near to an end are selected in one pass, which is cheaper than sliding windows of up to so many. */
    private static final int SHORT = 64;

    private final double[] q;
    private final SortedWindow sorted = new SortedWindow();
    private long[] keys = new long[0];
    private long[] scratch = new long[0];
    private long[] gone = new long[0];

    /** The kernel for a q for each step. */
    public QuantileKernel(double[] q) {
        this.q = q;
    }

    @Override
    public void apply(Windows windows, Row out) {
        int steps = windows.steps();
        if (steps == 0 || windows.to()[steps - 1] == 0) {
            return;
        }
        int first = windows.from()[0];
        prepare(windows, first, windows.to()[steps - 1]);
        sorted.clear();
        int heldFrom = 0;
        int heldTo = 0;
        for (int step = 0; step < steps; step++) {
            int from = windows.from()[step] - first;
            int to = windows.to()[step] - first;
            if (to <= from) {
                continue;
            }
            if (!(q[step] >= 0 && q[step] <= 1)) {
                out.set(
                        step,
                        q[step] < 0 ? Double.NEGATIVE_INFINITY : q[step] > 1 ? Double.POSITIVE_INFINITY : q[step]);
                continue;
            }
            boolean slides = to - from > SHORT && overlaps(windows, step);
            if (!slides) {
                out.set(step, Selection.quantile(keys, from, to, q[step], scratch));
                continue;
            }
            if (from >= heldTo) {
                sorted.clear();
                heldFrom = from;
                heldTo = from;
            }
            int leaving = from - heldFrom;
            System.arraycopy(keys, heldFrom, gone, 0, leaving);
            System.arraycopy(keys, heldTo, scratch, 0, to - heldTo);
            sorted.slide(gone, leaving, scratch, to - heldTo);
            heldFrom = from;
            heldTo = to;
            out.set(step, sorted.quantile(q[step]));
        }
    }

    private void prepare(Windows windows, int from, int to) {
        int count = to - from;
        if (keys.length < count) {
            keys = new long[count];
            scratch = new long[count];
            gone = new long[count];
        }
        SortKeys.of(windows.values(), from, to, keys, 0);
    }

    /** Whether a window has most samples in common with the one before it, or with the one behind it. */
    private static boolean overlaps(Windows windows, int step) {
        return shares(windows, step - 1) || shares(windows, step);
    }

    private static boolean shares(Windows windows, int step) {
        if (step < 0 || step + 1 >= windows.steps()) {
            return false;
        }
        long shared = (long) windows.to()[step] - windows.from()[step + 1];
        long all = (long) windows.to()[step + 1] - windows.from()[step];
        return shared * SHARED > all * (SHARED - 1);
    }
}
