package io.varve.query.correlate;

import io.varve.query.CorrelationRequest;
import io.varve.query.QueryException;
import io.varve.query.QueryException.Kind;

/**
 * The times at which series are compared: {@code start + i * step}, ticks.
 *
 * @param start first time
 * @param step distance, above 0
 * @param count how many
 */
record Grid(long start, long step, int count) {

    /** Times at most; what a comparison costs grows with their square. */
    static final int MOST = 1_024;

    /** Times at least; of fewer nothing can be said. */
    static final int LEAST = 16;

    private static final int USUAL = 240;
    private static final long MAX_TIME = 1L << 62;

    /**
     * The times of a request.
     *
     * @throws QueryException if there are too many or too few
     */
    static Grid of(CorrelationRequest request, long ticksPerSecond) {
        long start = request.start();
        long end = request.end();
        require(start >= -MAX_TIME && start <= MAX_TIME, "\"start\": out of range: ticks=" + start);
        require(end >= -MAX_TIME && end <= MAX_TIME, "\"end\": out of range: ticks=" + end);
        require(end >= start, "\"end\": end timestamp must not be before start time");
        require(request.step() >= 0, "\"step\": must not be negative: " + request.step());
        require(request.limit() > 0, "\"limit\": must be above zero: " + request.limit());
        long step = request.step();
        if (step == 0) {
            long fitting = (end - start) / USUAL;
            step = Math.max(1, -Math.floorDiv(-fitting, ticksPerSecond)) * ticksPerSecond;
        }
        long count = (end - start) / step + 1;
        require(
                count <= MOST,
                "\"step\": at most " + MOST + " points are compared, and this range has " + count
                        + ": use a longer step, or none");
        require(
                count >= LEAST,
                "\"start\": at least " + LEAST + " points are needed, and this range has " + count
                        + ": use a longer range or a shorter step");
        return new Grid(start, step, (int) count);
    }

    private static void require(boolean rule, String text) {
        if (!rule) {
            throw new QueryException(Kind.BAD_DATA, "invalid parameter " + text);
        }
    }

    long time(int index) {
        return start + index * step;
    }

    long last() {
        return time(count - 1);
    }
}
