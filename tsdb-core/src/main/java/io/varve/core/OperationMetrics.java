package io.varve.core;

import io.varve.core.model.TimeSource;
import io.varve.core.telemetry.Distribution;
import io.varve.core.telemetry.Metric;
import io.varve.core.telemetry.Telemetry;
import java.util.Locale;

/** How long the engine's own work takes. Any thread. */
final class OperationMetrics {

    /** What is timed; forces of the log have a metric of their own. */
    enum Operation {
        /** A frozen generation becomes a block. */
        SEAL,
        /** The registry is written beside the log. */
        CHECKPOINT,
        /** Several blocks become one. */
        MERGE,
        /** A block is written anew for its deletions. */
        REWRITE,
        /** What has expired goes. */
        RETENTION,
        /** A step of writing rollups that wrote something. */
        ROLLUP,
        /** A snapshot is written. */
        SNAPSHOT
    }

    private final TimeSource clock;
    private final String store;
    private final Distribution durations;

    OperationMetrics(Telemetry telemetry, String store) {
        this.store = store;
        clock = telemetry.clock();
        durations = telemetry.latency(
                Metric.of("varve_operation_duration_seconds", "How long the engine's own work takes, by operation"),
                "store",
                "operation");
    }

    /** A moment to count from, nanoseconds of a clock that nobody sets. */
    long now() {
        return clock.nanoTime();
    }

    /** An operation that began then has ended. */
    void took(Operation operation, long began) {
        durations.labels(store, operation.name().toLowerCase(Locale.ROOT)).record(clock.nanoTime() - began);
    }
}
