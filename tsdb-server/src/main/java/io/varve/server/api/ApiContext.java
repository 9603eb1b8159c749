package io.varve.server.api;

import io.varve.core.TsdbStatus;
import io.varve.core.model.TimeSource;
import io.varve.core.storage.Queryable;
import io.varve.core.telemetry.MetricSnapshot;
import io.varve.server.config.ServerConfig;
import io.varve.server.health.Health;
import io.varve.server.health.RequestPeaks;
import io.varve.server.http.ConcurrencyGate;
import io.varve.server.queries.ActiveQueries;
import java.util.List;
import java.util.function.Supplier;

/**
 * What the doors of the API work on.
 *
 * @param settings how the server runs, at the moment of asking
 * @param build which program it is
 * @param clock the wall clock
 * @param startedNanos when it started, nanoseconds since 1970
 * @param store the users' data
 * @param status how the store feels
 * @param queries the query engine over the store
 * @param admin what an operator may ask of the store
 * @param metadata what is known of metrics
 * @param metrics the server's own metrics
 * @param gate lets so many queries work at once
 * @param active the queries that are being answered
 * @param peaks takes note of what queries ask for
 * @param health the state of each part
 * @param reload reads the configuration again
 * @param rules what is known of rules
 */
public record ApiContext(
        Supplier<ServerConfig> settings,
        BuildInfo build,
        TimeSource clock,
        long startedNanos,
        Queryable store,
        Supplier<TsdbStatus> status,
        QueryService queries,
        AdminDoors.Operations admin,
        MetricMetadata.Source metadata,
        Supplier<List<MetricSnapshot>> metrics,
        ConcurrencyGate gate,
        ActiveQueries active,
        RequestPeaks peaks,
        Supplier<List<Health.Component>> health,
        ReloadDoor.Operation reload,
        RulesSource rules) {

    /** The same over another store; its status, admin and health stay those of the server. */
    public ApiContext over(Queryable other, QueryService engine, MetricMetadata.Source known) {
        return new ApiContext(
                settings,
                build,
                clock,
                startedNanos,
                other,
                status,
                engine,
                admin,
                known,
                metrics,
                gate,
                active,
                peaks,
                health,
                reload,
                rules);
    }

    /** How the server runs. */
    ServerConfig config() {
        return settings.get();
    }
}
