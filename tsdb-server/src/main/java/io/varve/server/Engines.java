package io.varve.server;

import io.varve.core.storage.Queryable;
import io.varve.query.QueryEngine;
import io.varve.query.QueryLimits;
import io.varve.query.QueryOptions;
import io.varve.query.QueryWorkers;
import io.varve.server.config.LimitsConfig;
import io.varve.server.config.ServerConfig;
import io.varve.server.health.RequestPeaks;
import io.varve.server.health.RequestPeaks.Kind;

/**
 * Makes query engines, which tell what their queries cost. Stateless.
 *
 * @param workers threads that help the queries
 * @param peaks is told what they cost
 */
record Engines(QueryWorkers workers, RequestPeaks peaks) {

    /** The same whose queries work in the threads of their requests alone. */
    Engines withoutHelp() {
        return new Engines(QueryWorkers.NONE, peaks);
    }

    /** An engine with the limits and the language of a configuration. */
    QueryEngine over(Queryable store, ServerConfig as) {
        QueryOptions options = as.queryOptions().workers(workers);
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
