package io.varve.query.kernel;

import io.varve.core.model.Histogram;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The samples of one series and, for each step, which of them lie in its window: indices {@code from[s]} to
 * {@code to[s] - 1}. Both bounds never decrease with the step. The arrays are borrowed for the duration of a call.
 *
 * @param times ticks, strictly increasing
 * @param values as many as times; no stale markers
 * @param from first sample of a step's window
 * @param to behind the last sample of a step's window
 * @param steps number of steps
 * @param firstEnd end of the first window, ticks, itself inside the window
 * @param step distance of window ends, ticks
 * @param range length of a window, ticks
 * @param ticksPerSecond unit of time
 * @param histograms beside each value the histogram that is there instead, or null; null as a whole if there is none
 * @param derived what is derived from the times alone, for windows over the same times
 * @param summaries pages that were not decoded, which are not among the samples; null if there are none
 */
@SuppressWarnings("ArrayRecordComponent") // a bundle of columns, passed down and never compared
public record Windows(
        long[] times,
        double[] values,
        int[] from,
        int[] to,
        int steps,
        long firstEnd,
        long step,
        long range,
        double ticksPerSecond,
        WindowTimes derived,
        @Nullable Histogram @Nullable [] histograms,
        @Nullable Summaries summaries) {

    /** Windows over floats alone. */
    public Windows(
            long[] times,
            double[] values,
            int[] from,
            int[] to,
            int steps,
            long firstEnd,
            long step,
            long range,
            double ticksPerSecond) {
        this(times, values, from, to, steps, firstEnd, step, range, ticksPerSecond, new WindowTimes(), null, null);
    }

    /** The window of one step alone, which must have floats only. */
    Windows only(int index) {
        return only(index, from[index]);
    }

    /**
     * The same with windows that are empty at all steps but some.
     *
     * @param first the first of those steps
     * @param behind the step behind the last of them
     */
    public Windows steps(int first, int behind) {
        int[] begins = from.clone();
        int[] ends = to.clone();
        Arrays.fill(begins, 0, first, from[first]);
        Arrays.fill(ends, 0, first, from[first]);
        Arrays.fill(begins, behind, steps, to[behind - 1]);
        Arrays.fill(ends, behind, steps, to[behind - 1]);
        return new Windows(
                times,
                values,
                begins,
                ends,
                steps,
                firstEnd,
                step,
                range,
                ticksPerSecond,
                new WindowTimes(),
                histograms,
                summaries);
    }

    /** The last two samples of the window of one step, which must be floats. */
    Windows lastTwo(int index) {
        return only(index, to[index] - 2);
    }

    /** The same windows over other samples, all of them floats. */
    Windows with(long[] otherTimes, double[] otherValues, int[] otherFrom, int[] otherTo) {
        return new Windows(otherTimes, otherValues, otherFrom, otherTo, steps, firstEnd, step, range, ticksPerSecond);
    }

    private Windows only(int index, int begin) {
        int end = to[index];
        return new Windows(
                Arrays.copyOfRange(times, begin, end),
                Arrays.copyOfRange(values, begin, end),
                new int[] {0},
                new int[] {end - begin},
                1,
                end(index),
                0,
                range,
                ticksPerSecond);
    }

    /** End of a step's window, ticks. */
    public long end(int index) {
        return firstEnd + index * step;
    }

    /** Where a step's window begins, ticks, itself outside the window. */
    long start(int index) {
        long end = end(index);
        long start = end - range;
        return start > end ? Long.MIN_VALUE : start;
    }

    /** A span of ticks in seconds. */
    public double seconds(long ticks) {
        return ticks / ticksPerSecond;
    }
}
