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
 * What the doors of the API work on: a store, and the server around it.
 *
 * @param settings how the server runs, at the moment of asking
 * @param build which program it is
 * @param clock the wall clock
 * @param startedNanos when it started, nanoseconds since 1970
 * @param data the store that is asked
 * @param metrics the server's own metrics
 * @param peaks takes note of what queries ask for
 * @param health the state of each part
 * @param reload reads the configuration again
 * @param rules what is known of rules
 * @param scrapes what is known of targets
 */
public record ApiContext(
        Supplier<ServerConfig> settings,
        BuildInfo build,
        TimeSource clock,
        long startedNanos,
        StoreContext data,
        Supplier<List<MetricSnapshot>> metrics,
        RequestPeaks peaks,
        Supplier<List<Health.Component>> health,
        ReloadDoor.Operation reload,
        RulesSource rules,
        ScrapeSource scrapes) {

    /** The same over another store, about which no rules are evaluated and for which nothing is scraped. */
    public ApiContext over(StoreContext other) {
        return new ApiContext(
                settings,
                build,
                clock,
                startedNanos,
                other,
                metrics,
                peaks,
                health,
                reload,
                RulesSource.NONE,
                ScrapeSource.NONE);
    }

    /** How the server runs. */
    ServerConfig config() {
        return settings.get();
    }

    Queryable store() {
        return data.store();
    }

    Supplier<TsdbStatus> status() {
        return data.status();
    }

    QueryService queries() {
        return data.queries();
    }

    AdminDoors.Operations admin() {
        return data.admin();
    }

    MetricMetadata.Source metadata() {
        return data.metadata();
    }

    ConcurrencyGate gate() {
        return data.gate();
    }

    ActiveQueries active() {
        return data.active();
    }
}
