package io.varve.query.detect.window;

import io.varve.query.detect.Detector;
import io.varve.query.kernel.Row;
import io.varve.query.kernel.WindowKernel;
import io.varve.query.kernel.Windows;
import java.util.Arrays;
import java.util.function.LongFunction;

/**
 * What a detector that learns says of the newest sample of each window. A detector begins anew at each multiple of
 * half a window, and a window is answered by the one that began first inside it: it has seen all samples of half the
 * window at least. So an answer depends on the samples of its window alone, and a sample is shown to two detectors at
 * most, however near to each other steps lie. One thread.
 */
public final class DetectorKernel implements WindowKernel {

    private static final long EARLIEST = -(1L << 62);

    private final LongFunction<Detector> detectors;
    private final long unit;
    private final long work;
    private final boolean increases;
    private final Pace pace;

    /**
     * A kernel.
     *
     * @param detectors makes a detector that knows nothing for windows of a length in units
     * @param unit in which detectors are told times, ticks
     * @param work what a sample costs, in values looked at
     * @param increases whether a value is what came since the sample before: then the first behind a beginning is not
     *     shown, and NaN is nothing that came
     * @param question asked now and then; throws to end
     */
    public DetectorKernel(
            LongFunction<Detector> detectors, long unit, long work, boolean increases, Runnable question) {
        this.detectors = detectors;
        this.unit = unit;
        this.work = work;
        this.increases = increases;
        this.pace = new Pace(question);
    }

    @Override
    public void apply(Windows windows, Row out) {
        long half = Math.max(1, windows.range() / 2);
        Detector detector = null;
        long begin = 0;
        int next = 0;
        double score = Double.NaN;
        for (int step = 0; step < windows.steps(); step++) {
            int from = windows.from()[step];
            int to = windows.to()[step];
            if (to <= from) {
                continue;
            }
            long start = Math.max(EARLIEST, windows.end(step) - windows.range());
            long first = -Math.floorDiv(-start, half) * half;
            if (detector == null || first != begin) {
                begin = first;
                detector = detectors.apply(Math.max(1, windows.range() / unit));
                next = behind(windows.times(), from, to, begin) + (increases ? 1 : 0);
                score = Double.NaN;
            }
            for (; next < to; next++) {
                if (increases && Double.isNaN(windows.values()[next])) {
                    continue;
                }
                score = detector.score(Math.floorDiv(windows.times()[next], unit), windows.values()[next]);
                pace.worked(work);
            }
            if (!Double.isNaN(score)) {
                out.set(step, score);
            }
        }
    }

    /** The first of some samples that is later than a time, or the one behind them. */
    private static int behind(long[] times, int from, int to, long time) {
        int found = Arrays.binarySearch(times, from, to, time);
        return found < 0 ? -found - 1 : found + 1;
    }
}
