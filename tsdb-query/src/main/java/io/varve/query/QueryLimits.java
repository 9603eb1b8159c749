package io.varve.query;

import java.time.Duration;

/**
 * What one query may cost.
 *
 * @param maxSamples samples that it may decode in total
 * @param maxPoints evaluation times of a range query
 * @param maxBytes memory that it may hold at once, in bytes, intermediate results included
 * @param timeout wall time
 * @param lookback default lookback of instant selectors
 */
public record QueryLimits(long maxSamples, int maxPoints, long maxBytes, Duration timeout, Duration lookback) {

    /** 50 million samples, 11,000 points, 512 MiB, 2 minutes, lookback of 5 minutes. */
    public static QueryLimits defaults() {
        return new QueryLimits(50_000_000L, 11_000, 512L << 20, Duration.ofMinutes(2), Duration.ofMinutes(5));
    }
}
