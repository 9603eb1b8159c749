package io.varve.server.config;

import io.varve.core.model.HistogramLayout;
import java.time.Duration;

/**
 * What clients may cost. Every door has a limit on everything that a client chooses.
 *
 * @param bodyBytes largest request body as sent
 * @param decompressedBytes what a write request may expand to
 * @param importBytes what an import may expand to
 * @param lineBytes longest line of imported text
 * @param labelsPerSeries labels of one series, its name included
 * @param labelNameBytes bytes of a label's name
 * @param labelValueBytes bytes of a label's value
 * @param histogramBuckets buckets of a native histogram, its zero bucket not counted
 * @param histogramsPerRequest native histograms of a write request
 * @param series series that the store accepts at a time
 * @param newSeriesPerMinute new series that the store accepts a minute, 0 for no limit
 * @param querySamples samples that a query may decode
 * @param queryPoints evaluation times of a range query
 * @param queryBytes memory that a query may hold
 * @param queriesBytes memory that all queries together may hold
 * @param queryTimeout wall time of a query
 * @param queryConcurrency queries at a time
 * @param writeConcurrency write requests at a time
 * @param idleTimeout how long a connection may be silent
 */
public record LimitsConfig(
        int bodyBytes,
        int decompressedBytes,
        long importBytes,
        int lineBytes,
        int labelsPerSeries,
        int labelNameBytes,
        int labelValueBytes,
        int histogramBuckets,
        int histogramsPerRequest,
        int series,
        int newSeriesPerMinute,
        long querySamples,
        int queryPoints,
        long queryBytes,
        long queriesBytes,
        Duration queryTimeout,
        int queryConcurrency,
        int writeConcurrency,
        Duration idleTimeout) {

    static LimitsConfig from(ConfigValues values, long defaultQueryBytes, long defaultQueriesBytes) {
        return new LimitsConfig(
                (int) values.bytes("limits.body_bytes", 1 << 10, 1 << 30),
                (int) values.bytes("limits.decompressed_bytes", 1 << 10, 1 << 30),
                values.bytes("limits.import_bytes", 1 << 10, 1L << 44),
                (int) values.bytes("limits.line_bytes", 256, 64 << 20),
                (int) values.count("limits.labels_per_series", 1, 10_000),
                (int) values.bytes("limits.label_name_bytes", 1, 64 << 10),
                (int) values.bytes("limits.label_value_bytes", 1, 1 << 20),
                (int) values.count("limits.histogram_buckets", 1, HistogramLayout.MAX_BUCKETS),
                (int) values.count("limits.histograms_per_request", 1, 10_000_000),
                (int) values.count("limits.series", 1, 1_000_000_000),
                (int) values.count("limits.new_series_per_minute", 0, 1_000_000_000),
                values.count("limits.query_samples", 1, Long.MAX_VALUE),
                (int) values.count("limits.query_points", 1, 10_000_000),
                values.isWritten("limits.query_bytes")
                        ? values.bytes("limits.query_bytes", 1 << 20, 1L << 40)
                        : defaultQueryBytes,
                values.isWritten("limits.queries_bytes")
                        ? values.bytes("limits.queries_bytes", 1 << 20, 1L << 42)
                        : defaultQueriesBytes,
                values.duration("limits.query_timeout", Duration.ofMillis(1), Duration.ofDays(1)),
                (int) values.count("limits.query_concurrency", 1, 10_000),
                (int) values.count("limits.write_concurrency", 1, 10_000),
                values.duration("limits.idle_timeout", Duration.ofSeconds(1), Duration.ofDays(1)));
    }

    /** These with what others allow a query to cost. */
    LimitsConfig withQueries(LimitsConfig other) {
        return new LimitsConfig(
                bodyBytes,
                decompressedBytes,
                importBytes,
                lineBytes,
                labelsPerSeries,
                labelNameBytes,
                labelValueBytes,
                histogramBuckets,
                histogramsPerRequest,
                series,
                newSeriesPerMinute,
                other.querySamples,
                other.queryPoints,
                other.queryBytes,
                other.queriesBytes,
                other.queryTimeout,
                queryConcurrency,
                writeConcurrency,
                idleTimeout);
    }
}
