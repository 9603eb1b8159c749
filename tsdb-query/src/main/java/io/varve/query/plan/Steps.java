package io.varve.query.plan;

/**
 * The evaluation times of a query: {@code start + i * step} for i from 0 to {@code count - 1}, ticks.
 *
 * @param start first time
 * @param step distance, 0 if there is one time only
 * @param count at least 1
 */
public record Steps(long start, long step, int count) {

    /** A single time. */
    public static Steps at(long time) {
        return new Steps(time, 0, 1);
    }

    /** The time of a step. */
    public long time(int index) {
        return start + index * step;
    }

    /** The last time. */
    public long last() {
        return time(count - 1);
    }

    /** A difference of times that stays at the ends of 64 bits where it would pass them. */
    public static long minus(long a, long b) {
        long result = a - b;
        boolean overflow = ((a ^ b) & (a ^ result)) < 0;
        return overflow ? (a < 0 ? Long.MIN_VALUE : Long.MAX_VALUE) : result;
    }
}
