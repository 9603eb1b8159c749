package io.varve.core.telemetry.export;

import io.varve.core.model.Resolution;
import io.varve.core.storage.Writable;
import io.varve.core.telemetry.Counter;
import io.varve.core.telemetry.Metric;
import io.varve.core.telemetry.RawLatencies;
import io.varve.core.telemetry.Telemetry;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/**
 * Writes what a registry has into a store, now, once a period, and once more when it is closed. The application never
 * notices a store that fails: a failure is counted in {@value #FAILURES} by its reason, costs what that round had to
 * write, and the next round tries again. A period that has passed while a round was on its way is left out, and
 * counted with the reason {@code late}.
 *
 * <p>One daemon thread. Close it before the store.
 */
public final class TelemetryExport implements AutoCloseable {

    /** Name of the counter of failures; its label is {@code reason}. */
    public static final String FAILURES = "varve_telemetry_export_failures_total";

    /** A store has bounds for its waits; this is one for a store that has none. */
    private static final long LONGEST_CLOSE_MILLIS = 60_000;

    private final Telemetry telemetry;
    private final long periodNanos;
    private final List<ExportPart> parts;
    private final ExportBatch batch;
    private final Counter failures;
    private final Thread thread;
    private volatile boolean closed;

    private TelemetryExport(Telemetry telemetry, Writable store, Duration period, ExportPart... parts) {
        if (period.toMillis() < 1 || period.compareTo(Duration.ofDays(1)) > 0) {
            throw new IllegalArgumentException("period of an export from 1 ms to a day: period=" + period);
        }
        this.telemetry = telemetry;
        this.periodNanos = period.toNanos();
        this.parts = List.of(parts);
        failures = telemetry.counter(
                Metric.of(FAILURES, "Writing metrics into a store did not succeed, or came too late for its period"),
                "reason");
        batch = new ExportBatch(store, reason -> failures.labels(reason).inc());
        thread = new Thread(this::run, "varve-telemetry-export");
        thread.setDaemon(true);
    }

    /**
     * All metrics of a registry, and the messages that its pipelines keep, as exemplars. It begins with {@link
     * #start}.
     *
     * @param period from 1 ms to a day
     * @throws IllegalArgumentException if the period is another
     */
    public static TelemetryExport of(Telemetry telemetry, Writable store, Duration period) {
        return new TelemetryExport(telemetry, store, period, new RegistryPart(telemetry), new KeptPart(telemetry));
    }

    /**
     * Each latency of the messages that its pipelines record. It begins with {@link #start}.
     *
     * @param store of nanoseconds
     * @param period from 1 ms to a day; what comes meanwhile has to fit into the ring
     * @param onEnd called before the last round: nothing is put into the ring any more
     * @throws IllegalArgumentException if the period is another, or the store's resolution
     */
    public static TelemetryExport ofLatencies(
            Telemetry telemetry, RawLatencies ring, Writable store, Duration period, Runnable onEnd) {
        if (store.resolution() != Resolution.NANOS) {
            throw new IllegalArgumentException("a store of nanoseconds for raw latencies: resolution="
                    + store.resolution().unit());
        }
        return new TelemetryExport(telemetry, store, period, new LatencyPart(ring, telemetry.clock(), onEnd));
    }

    /** Begins to write. */
    public TelemetryExport start() {
        thread.start();
        return this;
    }

    private void run() {
        long due = telemetry.clock().nanoTime();
        while (!closed) {
            write();
            due = next(due, telemetry.clock().nanoTime());
            for (long left = 1;
                    !closed && left > 0;
                    left = due - telemetry.clock().nanoTime()) {
                LockSupport.parkNanos(this, left);
            }
        }
        parts.forEach(ExportPart::end);
        write();
        batch.release();
    }

    /** When the round after one that was due at some moment is due. */
    private long next(long due, long now) {
        long next = due + periodNanos;
        if (now - next >= 0) {
            long missed = (now - next) / periodNanos + 1;
            failures.labels("late").add(missed);
            next += missed * periodNanos;
        }
        return next;
    }

    /** One round; never throws. */
    void write() {
        try {
            batch.begin(parts.stream().mapToInt(ExportPart::series).sum());
            long now = telemetry.clock().epochNanos();
            for (ExportPart part : parts) {
                part.write(batch, now);
            }
            batch.commit();
        } catch (RuntimeException | Error e) { // of a store, or of a supplier: the next round tries again
            batch.fail("error");
        }
    }

    /** Writes once more and ends; waits for it, a minute at most. Again has no effect. */
    @Override
    public void close() {
        closed = true;
        LockSupport.unpark(thread);
        try {
            thread.join(LONGEST_CLOSE_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
