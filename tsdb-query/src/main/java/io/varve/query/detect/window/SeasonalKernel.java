package io.varve.query.detect.window;

import io.varve.query.detect.HourlyLevels;
import io.varve.query.detect.SeasonalBaseline;
import io.varve.query.kernel.Row;
import io.varve.query.kernel.WindowKernel;
import io.varve.query.kernel.Windows;

/**
 * Seasonal baselines: of the hours that lie in a window as a whole and before the hour of its newest sample. A baseline
 * holds for all steps of an hour that have the same whole hours. Reused for one series after the other; one thread.
 */
public final class SeasonalKernel implements WindowKernel {

    private static final long SECONDS = 3_600;
    /** Windows begin no earlier than this, so that nothing overflows; times of queries are later. */
    private static final long EARLIEST = -(1L << 62);

    private final Answer answer;
    private final double[] k;
    private final Pace pace;
    private final HourlyLevels hours = new HourlyLevels(Integer.MAX_VALUE);
    private final SeasonalBaseline baseline = new SeasonalBaseline();

    /**
     * A kernel.
     *
     * @param k how many scales a band lies from the baseline, for each step; empty for scores and baselines
     * @param question asked now and then; throws to end
     */
    public SeasonalKernel(Answer answer, double[] k, Runnable question) {
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
        long hourTicks = Math.round(windows.ticksPerSecond() * SECONDS);
        read(windows, hourTicks);
        int from = -1;
        int to = -1;
        long hour = Long.MIN_VALUE;
        boolean known = false;
        for (int step = 0; step < steps; step++) {
            int newest = windows.to()[step] - 1;
            if (newest < windows.from()[step]) {
                continue;
            }
            long now = hour(windows.times()[newest], hourTicks);
            long start = Math.max(EARLIEST, windows.end(step) - windows.range());
            int first = hours.from(-Math.floorDiv(-start, hourTicks));
            int behind = Math.max(first, hours.from(now));
            if (now != hour || first != from || behind != to) {
                hour = now;
                from = first;
                to = behind;
                known = baseline.of(hours, from, to, hour);
                pace.worked(8L * (to - from));
            }
            double value = windows.values()[newest];
            if (known && answer != Answer.SCORE) {
                out.set(step, answer.band(baseline.location(), baseline.scale(), Answer.at(k, step)));
            } else if (known && !Double.isNaN(value)) {
                out.set(step, baseline.score(value));
            }
        }
    }

    private void read(Windows windows, long hourTicks) {
        hours.clear();
        int behind = windows.to()[windows.steps() - 1];
        for (int i = windows.from()[0]; i < behind; i++) {
            hours.add(hour(windows.times()[i], hourTicks), windows.values()[i]);
            pace.worked(8);
        }
        hours.complete();
    }

    /** The number of the hour, open on the left, that a time lies in. */
    private static long hour(long time, long hourTicks) {
        return Math.floorDiv(time - 1, hourTicks);
    }
}
