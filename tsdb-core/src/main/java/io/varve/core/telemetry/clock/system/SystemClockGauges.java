package io.varve.core.telemetry.clock.system;

import io.varve.core.telemetry.Metric;
import io.varve.core.telemetry.Telemetry;
import io.varve.core.telemetry.Telemetry.Registration;
import io.varve.core.telemetry.clock.ClockBook;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What the machine's time service says as gauges of a registry, {@value ClockBook#OFFSET_GAUGE} and {@value
 * ClockBook#UNCERTAINTY_GAUGE}, beside those of other nodes: the service is the peer, {@code chrony}, {@code ntpd},
 * {@code timesyncd} or {@code ptp}. What was read more than three minutes ago, or is not told, is NaN; a service that
 * has never answered has no gauge.
 *
 * <p>{@link #read} may take seconds, on the caller's thread, one at a time; any thread asks for the gauges.
 */
public final class SystemClockGauges implements AutoCloseable {

    /** How often to read. */
    public static final Duration PERIOD = Duration.ofMinutes(1);

    private static final long VALID_NANOS = 3 * PERIOD.toNanos();
    private static final double SECOND = 1e9;

    private final Telemetry telemetry;
    private final SystemClockReader reader;
    private final Map<SystemClockStatus.Source, List<Registration>> shown =
            new EnumMap<>(SystemClockStatus.Source.class);
    private volatile @Nullable Reading last;
    private boolean closed;

    private record Reading(SystemClockStatus status, long moment) {}

    private SystemClockGauges(Telemetry telemetry, SystemClockReader reader) {
        this.telemetry = telemetry;
        this.reader = reader;
    }

    /** Gauges of what a reader will read. */
    public static SystemClockGauges show(Telemetry telemetry, SystemClockReader reader) {
        return new SystemClockGauges(telemetry, reader);
    }

    /** Asks the time service once; does not throw. */
    public void read() {
        reader.read().ifPresent(this::found);
    }

    private synchronized void found(SystemClockStatus status) {
        last = new Reading(status, telemetry.clock().nanoTime());
        if (!closed && !shown.containsKey(status.source())) {
            shown.put(
                    status.source(),
                    List.of(
                            gauge(
                                    Metric.of(
                                            ClockBook.OFFSET_GAUGE,
                                            "What a peer's clock shows more than the local one"),
                                    status.source(),
                                    SystemClockStatus::offsetNanos),
                            gauge(
                                    Metric.of(ClockBook.UNCERTAINTY_GAUGE, "How far the truth may be from the offset"),
                                    status.source(),
                                    SystemClockStatus::uncertaintyNanos)));
        }
    }

    private Registration gauge(
            Metric metric, SystemClockStatus.Source source, Function<SystemClockStatus, OptionalLong> what) {
        return telemetry.gauge(
                metric, () -> value(source, what), "peer", source.name().toLowerCase(Locale.ROOT));
    }

    private double value(SystemClockStatus.Source source, Function<SystemClockStatus, OptionalLong> what) {
        Reading now = last;
        if (now == null
                || now.status().source() != source
                || telemetry.clock().nanoTime() - now.moment() > VALID_NANOS) {
            return Double.NaN;
        }
        OptionalLong nanos = what.apply(now.status());
        return nanos.isPresent() ? nanos.getAsLong() / SECOND : Double.NaN;
    }

    /** Takes the gauges away. */
    @Override
    public synchronized void close() {
        closed = true;
        shown.values().forEach(gauges -> gauges.forEach(Registration::close));
        shown.clear();
    }
}
