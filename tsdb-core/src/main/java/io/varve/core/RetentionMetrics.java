package io.varve.core;

import io.varve.core.telemetry.Counter;
import io.varve.core.telemetry.Metric;
import io.varve.core.telemetry.Telemetry;
import io.varve.core.telemetry.Telemetry.Registration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.DoubleSupplier;

/** What retention tells about itself. */
final class RetentionMetrics {

    private final Telemetry telemetry;
    private final String store;
    private final OperationMetrics operations;
    private final Counter blocks;
    private final Counter bytes;
    private final Counter samples;
    private final List<Registration> gauges = new ArrayList<>();

    RetentionMetrics(Telemetry telemetry, String store) {
        this.telemetry = telemetry;
        this.store = store;
        operations = new OperationMetrics(telemetry, store);
        blocks = counter("blocks", "Blocks that retention deleted, by reason");
        bytes = counter("bytes", "Bytes of blocks that retention freed, by reason");
        samples = counter("samples", "Samples that retention deleted, by reason");
    }

    /** How long the store's own work takes. */
    OperationMetrics operations() {
        return operations;
    }

    /** Name of the store. */
    String store() {
        return store;
    }

    private Counter counter(String what, String help) {
        return telemetry.counter(Metric.of("varve_retention_deleted_" + what + "_total", help), "store", "reason");
    }

    /** Publishes whether retention waits; until this is closed. */
    void observe(DoubleSupplier waiting) {
        gauges.add(telemetry.gauge(
                Metric.of("varve_retention_waiting", "1 while nothing more expires since the clock jumped"),
                waiting,
                "store",
                store));
    }

    /** @param reason {@code age} or {@code size} */
    void deleted(String reason, long deletedBlocks, long freedBytes, long deletedSamples) {
        blocks.labels(store, reason).add(deletedBlocks);
        bytes.labels(store, reason).add(Math.max(0, freedBytes));
        samples.labels(store, reason).add(deletedSamples);
    }

    void close() {
        gauges.forEach(Registration::close);
    }
}
