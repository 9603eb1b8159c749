package io.varve.server.health;

import io.varve.core.TsdbCondition;
import io.varve.core.TsdbCondition.State;
import io.varve.core.model.TimeSource;
import io.varve.core.telemetry.Metric;
import io.varve.core.telemetry.Telemetry;
import io.varve.core.telemetry.Telemetry.Registration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The state of each part of the server, with its reason and since when it is in it: {@code varve_health}. Looked at
 * once a second and whenever somebody asks, so that the moment of a change is known to the second. Any thread.
 */
public final class Health implements AutoCloseable {

    /** A look for the metrics is good for so long. */
    private static final long FRESH_NANOS = 500_000_000L;

    /**
     * A part as it was at one look.
     *
     * @param reason why it is not well, or null
     */
    record Finding(String name, State state, @Nullable String reason) {}

    /**
     * A part and how long it has been as it is.
     *
     * @param reason why it is not well, or null if it is
     * @param sinceNanos when its state was first seen, nanoseconds since 1970
     */
    public record Component(String name, State state, @Nullable String reason, long sinceNanos) {}

    private final TimeSource clock;
    private final Supplier<List<Finding>> look;
    private final List<Registration> gauges = new ArrayList<>();
    private final Map<String, Component> known = new LinkedHashMap<>();
    private long lookedAt;

    Health(TimeSource clock, Supplier<List<Finding>> look) {
        this.clock = clock;
        this.look = look;
        components();
    }

    /**
     * The health of a server.
     *
     * @param store conditions of the users' store
     * @param self those of the store of own metrics, or null if there is none
     * @param tenants those of the stores of other tenants, by name
     * @param closed other tenants whose stores cannot be opened, with the reason
     */
    public static Health of(
            TimeSource clock,
            Supplier<List<List<TsdbCondition>>> store,
            @Nullable Supplier<List<List<TsdbCondition>>> self,
            Supplier<Map<String, List<List<TsdbCondition>>>> tenants,
            Supplier<Map<String, String>> closed,
            DiskSpace disk) {
        return new Health(clock, () -> {
            List<Finding> findings = new ArrayList<>(StoreFindings.ofParts(store));
            findings.add(2, disk.look()); // behind the log, which needs it first
            if (self != null) {
                findings.add(StoreFindings.ofWhole("self", self));
            }
            findings.add(StoreFindings.ofTenants(tenants.get(), closed.get()));
            return findings;
        });
    }

    /** Publishes the states until this is closed. */
    public synchronized void observe(Telemetry telemetry) {
        for (Component component : components()) {
            gauges.add(telemetry.gauge(
                    Metric.of("varve_health", "State of each part: 0 well, 1 degraded, 2 failed"),
                    () -> code(component.name()),
                    "component",
                    component.name()));
        }
    }

    private synchronized double code(String name) {
        if (clock.nanoTime() - lookedAt > FRESH_NANOS) {
            components();
        }
        Component component = known.get(name);
        return component == null
                ? Double.NaN
                : switch (component.state()) {
                    case OK -> 0;
                    case DEGRADED -> 1;
                    case FAILED -> 2;
                };
    }

    /** Looks at every part. */
    public synchronized List<Component> components() {
        long now = clock.epochNanos();
        for (Finding finding : look.get()) {
            Component before = known.get(finding.name());
            long since = before != null && before.state() == finding.state() ? before.sinceNanos() : now;
            known.put(finding.name(), new Component(finding.name(), finding.state(), finding.reason(), since));
        }
        lookedAt = clock.nanoTime();
        return List.copyOf(known.values());
    }

    /** The worst of some states. */
    public static State worst(List<Component> components) {
        return components.stream().map(Component::state).max(State::compareTo).orElse(State.OK);
    }

    /** Takes the metrics away. */
    @Override
    public synchronized void close() {
        gauges.forEach(Registration::close);
        gauges.clear();
    }
}
