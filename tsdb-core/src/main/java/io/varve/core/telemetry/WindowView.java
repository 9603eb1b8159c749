package io.varve.core.telemetry;

/**
 * The last minute of a latency. Durations are in seconds, each quantile within 1.1 % of the exact one; all of them are
 * NaN while the window is empty.
 *
 * @param count values within the window
 * @param rate values a second over the window, or over the metric's age while that is shorter
 * @param p50 the median
 * @param p90 the 90th percentile
 * @param p95 the 95th percentile
 * @param p99 the 99th percentile
 * @param max the largest value, exactly
 */
public record WindowView(long count, double rate, double p50, double p90, double p95, double p99, double max) {}
