package io.varve.core.telemetry;

/**
 * Takes the present values of a registry, one after another, on the thread that reads. For readers that come often:
 * what it costs is the values, and no list of them.
 */
public interface MetricReader {

    /** The value of a counter or gauge. */
    void value(MetricSeries series, double value);

    /** A distribution, of which the reader asks what it needs. */
    void distribution(MetricSeries series, Distribution distribution);
}
