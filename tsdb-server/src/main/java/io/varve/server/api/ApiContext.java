package io.varve.server.api;

import io.varve.core.TsdbStatus;
import io.varve.core.model.TimeSource;
import io.varve.core.storage.Queryable;
import io.varve.core.telemetry.MetricSnapshot;
import io.varve.server.config.ServerConfig;
import java.util.List;
import java.util.function.Supplier;

/**
 * What the doors of the API work on.
 *
 * @param config how the server runs
 * @param build which program it is
 * @param clock the wall clock
 * @param startedNanos when it started, nanoseconds since 1970
 * @param store the users' data
 * @param status how the store feels
 * @param queries the query engine over the store
 * @param admin what an operator may ask of the store
 * @param metadata what is known of metrics
 * @param metrics the server's own metrics
 */
public record ApiContext(
        ServerConfig config,
        BuildInfo build,
        TimeSource clock,
        long startedNanos,
        Queryable store,
        Supplier<TsdbStatus> status,
        QueryService queries,
        AdminDoors.Operations admin,
        MetricMetadata.Source metadata,
        Supplier<List<MetricSnapshot>> metrics) {}
