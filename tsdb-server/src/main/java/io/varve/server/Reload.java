package io.varve.server;

import io.varve.core.model.TimeSource;
import io.varve.core.telemetry.Counter;
import io.varve.core.telemetry.Gauge;
import io.varve.core.telemetry.Metric;
import io.varve.core.telemetry.Telemetry;
import io.varve.server.api.ReloadDoor;
import io.varve.server.config.ConfigException;
import io.varve.server.config.ServerConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The configuration in force. Read again, the limits of queries change at once, for queries that begin from then on;
 * all other keys shape what stands already and wait for the next start. Any thread.
 */
final class Reload implements ReloadDoor.Operation {

    private static final Logger LOG = LoggerFactory.getLogger(Reload.class);
    private static final double NANOS = 1e9;

    private final TimeSource clock;
    private final Supplier<ServerConfig> source;
    private final Function<ServerConfig, Prepared> prepare;
    private final Counter reloads;
    private final Gauge lastSuccess;
    private volatile ServerConfig current;
    private volatile boolean succeeded = true;
    private volatile long lastNanos;

    /**
     * A configuration that is ready to be put in force, with the files that it names.
     *
     * @param apply puts it in force
     * @param changed what is new in those files
     */
    record Prepared(Runnable apply, List<String> changed) {}

    /**
     * A configuration that was just read.
     *
     * @param source reads it again
     * @param prepare reads what a configuration names and says how to put both in force; refuses what cannot be used
     */
    Reload(
            ServerConfig first,
            Supplier<ServerConfig> source,
            Telemetry telemetry,
            Function<ServerConfig, Prepared> prepare) {
        this.clock = telemetry.clock();
        this.current = first;
        this.source = source;
        this.prepare = prepare;
        this.lastNanos = clock.epochNanos();
        this.reloads = telemetry.counter(
                Metric.of("varve_config_reloads_total", "Times that the configuration was read again, by outcome"),
                "outcome");
        this.lastSuccess = telemetry.gauge(Metric.of(
                "varve_config_last_success_timestamp_seconds",
                "When the configuration in force was read, seconds since 1970"));
        reloads.labels("success");
        reloads.labels("failure");
        lastSuccess.set(lastNanos / NANOS);
    }

    /** The configuration in force. */
    ServerConfig current() {
        return current;
    }

    @Override
    public synchronized ReloadDoor.Changes reload() {
        ServerConfig read;
        ServerConfig fresh;
        Prepared prepared;
        try {
            read = source.get();
            fresh = current.withReloadable(read);
            prepared = prepare.apply(fresh);
        } catch (ConfigException e) {
            succeeded = false;
            reloads.labels("failure").inc();
            LOG.warn("cannot reload the configuration: {}", e.getMessage());
            throw e;
        }
        ReloadDoor.Changes changes = new ReloadDoor.Changes(
                Stream.concat(changed(current, fresh).stream(), prepared.changed().stream())
                        .toList(),
                changed(fresh, read));
        prepared.apply().run();
        current = fresh;
        succeeded = true;
        lastNanos = clock.epochNanos();
        lastSuccess.set(lastNanos / NANOS);
        reloads.labels("success").inc();
        LOG.info("the configuration was reloaded: {}", changes.text());
        return changes;
    }

    private static List<String> changed(ServerConfig before, ServerConfig after) {
        List<String> keys = new ArrayList<>();
        for (Map.Entry<String, String> entry : after.shown().entrySet()) {
            if (!Objects.equals(before.shown().get(entry.getKey()), entry.getValue())) {
                keys.add(entry.getKey());
            }
        }
        before.shown().keySet().stream()
                .filter(key -> !after.shown().containsKey(key))
                .forEach(keys::add);
        return keys;
    }

    @Override
    public boolean succeeded() {
        return succeeded;
    }

    @Override
    public long lastNanos() {
        return lastNanos;
    }
}
