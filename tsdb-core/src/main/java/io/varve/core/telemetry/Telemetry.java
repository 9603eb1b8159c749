package io.varve.core.telemetry;

import io.varve.core.model.TimeSource;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The registry of metrics. Asking for a metric that is there returns it; asking for it with another type, or with
 * other label names, is an error at once. Recording allocates nothing and takes no lock.
 */
public final class Telemetry {

    private final TimeSource clock;
    private final ConcurrentHashMap<String, Object> metrics = new ConcurrentHashMap<>();

    private Telemetry(TimeSource clock) {
        this.clock = clock;
    }

    /** An empty registry. */
    public static Telemetry create(TimeSource clock) {
        return new Telemetry(clock);
    }

    /** The clocks that this registry reads. */
    public TimeSource clock() {
        return clock;
    }

    /** Number of metrics. */
    public int size() {
        return metrics.size();
    }
}
