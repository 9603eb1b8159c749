package io.varve.query;

import java.time.Duration;

/**
 * A query and the times at which to evaluate it.
 *
 * @param expression PromQL
 * @param start first evaluation time, ticks
 * @param end last possible evaluation time, ticks; equal to {@code start} for an instant query
 * @param step distance of evaluation times, ticks; 0 for an instant query
 * @param lookback how far an instant selector looks back, ticks; 0 for the engine's default
 * @param timeout wall time after which the query is stopped; zero for the engine's limit, below zero it is
 *     up already
 */
public record QueryRequest(String expression, long start, long end, long step, long lookback, Duration timeout) {

    /** An instant query. */
    public static QueryRequest instant(String expression, long time) {
        return new QueryRequest(expression, time, time, 0, 0, Duration.ZERO);
    }

    /**
     * A range query.
     *
     * @param step ticks, at least 1
     */
    public static QueryRequest range(String expression, long start, long end, long step) {
        return new QueryRequest(expression, start, end, step, 0, Duration.ZERO);
    }

    /** Whether this is an instant query. */
    public boolean isInstant() {
        return step == 0;
    }

    /** The same query with another lookback, in ticks. */
    public QueryRequest withLookback(long ticks) {
        return new QueryRequest(expression, start, end, step, ticks, timeout);
    }

    /** The same query with a time limit of its own; the engine's still holds. */
    public QueryRequest withTimeout(Duration limit) {
        return new QueryRequest(expression, start, end, step, lookback, limit);
    }
}
