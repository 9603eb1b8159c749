package io.varve.core.telemetry;

/**
 * What a window shows. Values are in the metric's unit (durations in seconds), each quantile within 1.1 % of the exact
 * one; they are NaN while the window is empty.
 *
 * @param count values within the window
 * @param rate values a second over the window, or over the metric's age while that is shorter
 * @param errorRate failures among them a second
 * @param inFlight what has begun and not ended, now; 0 of what is not a pipeline
 * @param p50 the median
 * @param p90 the 90th percentile
 * @param p95 the 95th percentile
 * @param p99 the 99th percentile
 * @param max the largest value; of one that came beside others while the clock went on, within 2.2 %
 */
public record WindowView(
        long count,
        double rate,
        double errorRate,
        long inFlight,
        double p50,
        double p90,
        double p95,
        double p99,
        double max) {

    /** Failures among all, 0 to 1; NaN while the window is empty. */
    public double errorRatio() {
        return rate == 0 ? Double.NaN : errorRate / rate;
    }
}
