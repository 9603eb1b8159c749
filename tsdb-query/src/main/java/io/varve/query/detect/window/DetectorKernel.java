package io.varve.query.detect.window;

import io.varve.query.detect.window.DetectorMemory.Learned;
import io.varve.query.kernel.Row;
import io.varve.query.kernel.WindowKernel;
import io.varve.query.kernel.Windows;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What a detector that learns says of the newest sample of each window. A detector begins anew at each multiple of
 * half a window, and a window is answered by the one that began first inside it: it has seen all samples of half the
 * window at least. So an answer depends on the samples of its window alone, and a sample is shown to two detectors at
 * most, however near to each other steps lie.
 *
 * <p>What a detector was shown before it need not be shown again where a memory has it: then a query that is asked
 * again and again, as that of a rule, costs the samples that have come since. The detector that will answer next learns
 * beside it, some samples at a time, so that no query has to catch up with half a window. One thread.
 */
public final class DetectorKernel implements WindowKernel {

    private static final long EARLIEST = -(1L << 62);

    /** Samples that the next detector learns at most in a query that found the one before. */
    private static final int CATCH_UP = 64;

    private final WindowDetector kind;
    private final long unit;
    private final boolean increases;
    private final DetectorMemory memory;
    private final Pace pace;
    private long[] keys = {};

    /**
     * A kernel.
     *
     * @param kind of its detectors
     * @param unit in which detectors are told times, ticks
     * @param increases whether a value is what came since the sample before: then the first behind a beginning is not
     *     shown, and NaN is nothing that came
     * @param memory where detectors come from and go to
     * @param question asked now and then; throws to end
     */
    public DetectorKernel(WindowDetector kind, long unit, boolean increases, DetectorMemory memory, Runnable question) {
        this.kind = kind;
        this.unit = unit;
        this.increases = increases;
        this.memory = memory;
        this.pace = new Pace(question);
    }

    @Override
    public void apply(Windows windows, Row out) {
        long half = Math.max(1, windows.range() / 2);
        Course course = null;
        int last = 0;
        try {
            for (int step = 0; step < windows.steps(); step++) {
                if (windows.to()[step] <= windows.from()[step]) {
                    continue;
                }
                long start = Math.max(EARLIEST, windows.end(step) - windows.range());
                long begin = -Math.floorDiv(-start, half) * half;
                if (course == null || begin != course.begin) {
                    leave(course);
                    course = new Course(windows, begin, step);
                }
                last = step;
                double score = course.learn(step, Integer.MAX_VALUE);
                if (!Double.isNaN(score)) {
                    out.set(step, score);
                }
            }
        } finally {
            leave(course);
        }
        if (course != null && course.remembered) {
            learnAhead(windows, course.begin + half, last, CATCH_UP + course.learned);
        }
    }

    /** Shows samples to the detector that will answer next, so that it need not learn all of them at once then. */
    private void learnAhead(Windows windows, long begin, int step, int most) {
        Course next = new Course(windows, begin, step);
        try {
            next.learn(step, most);
        } finally {
            leave(next);
        }
    }

    private void leave(@Nullable Course course) {
        if (course != null && course.knowsSome()) {
            memory.keep(course.key, course.state);
        }
    }

    /** A detector on its way through the samples behind its beginning. */
    private final class Course {

        private final Windows windows;
        private final long begin;
        private final Learned state;
        private final boolean remembered;
        private long key;
        private int next;

        /** Samples that it was shown on this way. */
        private int learned;

        /** Begins with what the memory has of the samples of a step's window. */
        Course(Windows windows, long begin, int step) {
            this.windows = windows;
            this.begin = begin;
            int to = windows.to()[step];
            long window = Math.max(1, windows.range() / unit);
            next = behind(windows.times(), windows.from()[step], to, begin) + (increases ? 1 : 0);
            key = memory.key(kind.name(), window, begin);
            Learned found = memory.isNone() ? null : find(next, to);
            remembered = found != null;
            state = found == null ? new Learned(kind.maker().apply(window), kind.bytes()) : found;
        }

        boolean knowsSome() {
            return remembered || learned > 0;
        }

        /** Looks for the one that was shown most of some samples, and goes behind those. */
        private @Nullable Learned find(int first, int to) {
            int size = Math.max(0, to - first);
            keys = keys.length > size ? keys : new long[Math.max(size + 1, 2 * keys.length)];
            keys[0] = key;
            for (int i = 0; i < size; i++) {
                keys[i + 1] = keyed(keys[i], first + i);
            }
            for (int shown = size; shown > 0; shown--) {
                Learned found = memory.take(keys[shown]);
                if (found != null) {
                    next = first + shown;
                    key = keys[shown];
                    return found;
                }
            }
            return null;
        }

        private long keyed(long before, int sample) {
            return isShown(sample)
                    ? DetectorMemory.next(before, windows.times()[sample], windows.values()[sample])
                    : before;
        }

        private boolean isShown(int sample) {
            return !increases || !Double.isNaN(windows.values()[sample]);
        }

        /** The score of the newest sample of a step's window, once those up to it were shown, or as many as may be. */
        double learn(int step, int most) {
            int end = (int) Math.min(windows.to()[step], (long) next + most);
            while (next < end) {
                int sample = next++;
                if (isShown(sample)) {
                    long time = Math.floorDiv(windows.times()[sample], unit);
                    state.score = state.detector.score(time, windows.values()[sample]);
                    key = memory.isNone() ? key : keyed(key, sample);
                    learned++;
                    pace.worked(kind.work());
                }
            }
            return state.score;
        }
    }

    /** The first of some samples that is later than a time, or the one behind them. */
    private static int behind(long[] times, int from, int to, long time) {
        int found = Arrays.binarySearch(times, from, to, time);
        return found < 0 ? -found - 1 : found + 1;
    }
}
