package io.varve.query.detect.window;

import io.varve.query.detect.RobustBandDetector;
import io.varve.query.detect.RobustScale;
import io.varve.query.kernel.Row;
import io.varve.query.kernel.SortKeys;
import io.varve.query.kernel.SortedWindow;
import io.varve.query.kernel.WindowKernel;
import io.varve.query.kernel.Windows;

/**
 * Robust bands: median and spread of the earlier samples of each window, which stay in order while the window slides,
 * and where its newest sample lies beside them. NaN is left out. Reused for one series after the other; one thread.
 */
public final class BandKernel implements WindowKernel {

    private static final long NAN = SortKeys.of(Double.NaN);

    private final Answer answer;
    private final double[] k;
    private final Pace pace;
    private final RobustScale scale = new RobustScale();
    private final SortedWindow sorted = new SortedWindow();
    private long[] keys = new long[0];
    private long[] gone = new long[0];
    private long[] come = new long[0];
    private int heldFrom;
    private int heldTo;

    /**
     * A kernel.
     *
     * @param k how many spreads a band lies from the median, for each step; empty for scores
     * @param question asked now and then; throws to end
     */
    public BandKernel(Answer answer, double[] k, Runnable question) {
        this.answer = answer;
        this.k = k;
        this.pace = new Pace(question);
    }

    @Override
    public void apply(Windows windows, Row out) {
        int steps = windows.steps();
        if (steps == 0 || windows.to()[steps - 1] == 0) {
            return;
        }
        int first = windows.from()[0];
        prepare(windows.values(), first, windows.to()[steps - 1]);
        boolean measured = false;
        for (int step = 0; step < steps; step++) {
            int newest = windows.to()[step] - 1;
            int from = windows.from()[step];
            if (newest < from) {
                continue;
            }
            boolean moved = slide(from - first, newest - first);
            if (sorted.size() < RobustBandDetector.LEAST_SAMPLES) {
                measured = false;
                continue;
            }
            if (moved || !measured) {
                scale.of(sorted);
                pace.worked(sorted.size());
                measured = true;
            }
            double value = windows.values()[newest];
            if (answer != Answer.SCORE) {
                out.set(step, answer.band(scale.location(), scale.scale(), Answer.at(k, step)));
            } else if (!Double.isNaN(value)) {
                out.set(step, scale.score(value));
            }
        }
    }

    private void prepare(double[] values, int from, int to) {
        int count = to - from;
        if (keys.length < count) {
            keys = new long[count];
            gone = new long[count];
            come = new long[count];
        }
        for (int i = 0; i < count; i++) {
            keys[i] = SortKeys.of(RobustScale.cut(values[from + i]));
        }
        sorted.clear();
        heldFrom = 0;
        heldTo = 0;
    }

    /** Brings the samples of a range into order; whether they are others than before. */
    private boolean slide(int from, int to) {
        if (from == heldFrom && to == heldTo) {
            return false;
        }
        if (from >= heldTo) {
            sorted.clear();
            heldFrom = from;
            heldTo = from;
        }
        int leaving = numbers(heldFrom, from, gone);
        int coming = numbers(heldTo, to, come);
        sorted.slide(gone, leaving, come, coming);
        heldFrom = from;
        heldTo = to;
        return true;
    }

    /** Copies keys but those of NaN; how many there are. */
    private int numbers(int from, int to, long[] target) {
        int count = 0;
        for (int i = from; i < to; i++) {
            target[count] = keys[i];
            count += keys[i] == NAN ? 0 : 1;
        }
        return count;
    }
}
