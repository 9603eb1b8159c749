package io.varve.server;

import io.varve.core.TsdbRuntime;
import io.varve.core.storage.Queryable;
import io.varve.core.telemetry.Metric;
import io.varve.query.QueryEngine;
import io.varve.query.QueryLimits;
import io.varve.query.QueryOptions;
import io.varve.query.QueryWorkers;
import io.varve.query.detect.window.DetectorMemory;
import io.varve.server.config.LimitsConfig;
import io.varve.server.config.ServerConfig;
import io.varve.server.health.RequestPeaks;
import io.varve.server.health.RequestPeaks.Kind;
import java.security.SecureRandom;

/**
 * Makes query engines, which tell what their queries cost.
 *
 * @param workers threads that help the queries
 * @param detectors what functions of anomalies keep from query to query
 * @param peaks is told what they cost
 */
record Engines(QueryWorkers workers, DetectorMemory detectors, RequestPeaks peaks) {

    /** Engines that share helpers, and a part of the process's memory for detectors. */
    static Engines sharing(QueryWorkers workers, long memory, RequestPeaks peaks, TsdbRuntime runtime) {
        DetectorMemory detectors =
                DetectorMemory.ofBytes(MemoryPlan.detectorBytes(memory), runtime.clock(), new SecureRandom());
        runtime.telemetry()
                .gauge(
                        Metric.of(
                                "varve_query_detector_bytes",
                                "Memory of what detectors of anomalies keep from one query to the next"),
                        detectors::bytes);
        return new Engines(workers, detectors, peaks);
    }

    /** The same whose queries work in the threads of their requests alone, and keep nothing. */
    Engines withoutHelp() {
        return new Engines(QueryWorkers.NONE, DetectorMemory.NONE, peaks);
    }

    /** An engine with the limits and the language of a configuration. */
    QueryEngine over(Queryable store, ServerConfig as) {
        QueryOptions options = as.queryOptions().workers(workers).detectors(detectors);
        return QueryEngine.over(store, limits(as.limits()), options, (samples, points, bytes, nanos) -> {
            peaks.record(Kind.QUERY_SAMPLES, samples);
            peaks.record(Kind.QUERY_POINTS, points);
            peaks.record(Kind.QUERY_BYTES, bytes);
            peaks.record(Kind.QUERY_NANOS, nanos);
        });
    }

    private static QueryLimits limits(LimitsConfig limits) {
        return new QueryLimits(
                limits.querySamples(),
                limits.queryPoints(),
                limits.queryBytes(),
                limits.queryTimeout(),
                QueryLimits.defaults().lookback());
    }
}
