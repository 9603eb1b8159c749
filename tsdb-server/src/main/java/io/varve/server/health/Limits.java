package io.varve.server.health;

import io.varve.core.TsdbLimit;
import io.varve.core.telemetry.Metric;
import io.varve.core.telemetry.Telemetry;
import io.varve.core.telemetry.Telemetry.Registration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.DoubleSupplier;

/**
 * Every limit that is in force, each declared once with its use: {@code varve_limit_used_ratio}. Those that fill up and
 * stay so get a forecast as well: {@code varve_time_until_full_seconds}. Any thread.
 */
public final class Limits implements AutoCloseable {

    /** Of whom a limit is that holds for the process or the default tenant; it is no label on the way out. */
    private static final String NOBODY = "";

    private record Watched(TsdbLimit limit, Forecast forecast) {}

    private record Declared(String tenant, TsdbLimit limit) {}

    private final Telemetry telemetry;
    private final List<Declared> declared = new CopyOnWriteArrayList<>();
    private final List<Watched> watched = new CopyOnWriteArrayList<>();
    private final List<Registration> gauges = new ArrayList<>();

    /** None declared yet. */
    public Limits(Telemetry telemetry) {
        this.telemetry = telemetry;
    }

    /**
     * Declares limits; from now on they are metrics.
     *
     * @throws IllegalArgumentException if one of the name is declared already
     */
    public void add(List<TsdbLimit> limits) {
        add(NOBODY, limits);
    }

    /**
     * Declares limits of a tenant.
     *
     * @throws IllegalArgumentException if one of the name is declared for it already
     */
    public synchronized void add(String tenant, List<TsdbLimit> limits) {
        for (TsdbLimit limit : limits) {
            if (declared.stream()
                    .anyMatch(other ->
                            other.tenant.equals(tenant) && other.limit.name().equals(limit.name()))) {
                throw new IllegalArgumentException("a limit is declared once: name=" + limit.name());
            }
            declared.add(new Declared(tenant, limit));
            gauges.add(telemetry.gauge(
                    Metric.of(
                            "varve_limit_used_ratio",
                            "Use against each limit in force, 1 when it is reached; of what single requests have a"
                                    + " limit of, the largest within the last minute or two"),
                    limit::ratio,
                    "limit",
                    limit.name(),
                    "tenant",
                    tenant));
            if (limit.lasting()) {
                watch(tenant, limit);
            }
        }
    }

    /** Declares a limit of what the server itself holds. */
    public void add(String name, boolean lasting, double most, DoubleSupplier used) {
        add(NOBODY, List.of(new TsdbLimit(name, lasting, most, used)));
    }

    private void watch(String tenant, TsdbLimit limit) {
        Forecast forecast = new Forecast();
        watched.add(new Watched(limit, forecast));
        gauges.add(telemetry.gauge(
                Metric.of(
                        "varve_time_until_full_seconds",
                        "When a limit is reached if its use goes on to grow as it did; +Inf if it does not grow, NaN"
                                + " until enough was seen"),
                () -> forecast.secondsUntil(limit.most()),
                "limit",
                limit.name(),
                "tenant",
                tenant));
    }

    /** What is declared of no single tenant, in that order. */
    public List<TsdbLimit> declared() {
        return declared.stream()
                .filter(one -> one.tenant.equals(NOBODY))
                .map(Declared::limit)
                .toList();
    }

    /** Takes note of what is used now, for the forecasts; to be called about once a second. */
    public void look(long nanoTime) {
        for (Watched one : watched) {
            one.forecast.observe(nanoTime, one.limit.used());
        }
    }

    /** Takes the metrics away. */
    @Override
    public synchronized void close() {
        gauges.forEach(Registration::close);
        gauges.clear();
    }
}
