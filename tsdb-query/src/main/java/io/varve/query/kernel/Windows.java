package io.varve.query.kernel;

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
        double ticksPerSecond) {

    /** End of a step's window, ticks. */
    public long end(int index) {
        return firstEnd + index * step;
    }

    /** A span of ticks in seconds. */
    public double seconds(long ticks) {
        return ticks / ticksPerSecond;
    }
}
