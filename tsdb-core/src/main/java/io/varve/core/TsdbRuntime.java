package io.varve.core;

import io.varve.core.model.TimeSource;
import io.varve.core.telemetry.Telemetry;

/**
 * What several stores of one process share: clocks, threads, and the registry of metrics. Close it after its stores.
 */
public final class TsdbRuntime implements AutoCloseable {

    private final TimeSource clock;
    private final Telemetry telemetry;

    private TsdbRuntime(TimeSource clock, Telemetry telemetry) {
        this.clock = clock;
        this.telemetry = telemetry;
    }

    /** A runtime on the machine's clocks. */
    public static TsdbRuntime create() {
        return create(TimeSource.system());
    }

    /** A runtime on clocks of the caller's choice. */
    public static TsdbRuntime create(TimeSource clock) {
        return new TsdbRuntime(clock, Telemetry.create(clock));
    }

    /** The clocks that every store of this runtime reads. */
    public TimeSource clock() {
        return clock;
    }

    /** The one registry of metrics. */
    public Telemetry telemetry() {
        return telemetry;
    }

    @Override
    public void close() {}
}
