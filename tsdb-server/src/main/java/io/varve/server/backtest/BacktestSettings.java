package io.varve.server.backtest;

/**
 * What is tried.
 *
 * @param expression a selector, or any PromQL if there is a step
 * @param startMs first millisecond since the epoch
 * @param endMs last millisecond, after the first
 * @param stepMs distance of the times at which the expression is evaluated; 0 for the samples as they are stored
 * @param detector which detector each series gets
 * @param threshold score without its sign at which a sample is an anomaly, above 0
 * @param forMs how long a series must be unusual before it alerts, at least 0
 */
public record BacktestSettings(
        String expression, long startMs, long endMs, long stepMs, DetectorKind detector, double threshold, long forMs) {

    /** Series that are tried at most. */
    public static final int MOST_SERIES = 500;

    /** Samples that are read at most. */
    public static final long MOST_SAMPLES = 50_000_000;

    /** Refuses what makes no sense. */
    public BacktestSettings {
        if (endMs <= startMs) {
            throw new BacktestException("--end must be after --start");
        }
        if (stepMs < 0 || forMs < 0) {
            throw new BacktestException("--step and --for must not be negative");
        }
        if (!(threshold > 0)) {
            throw new BacktestException("--threshold must be above 0: " + threshold);
        }
    }
}
