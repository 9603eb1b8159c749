package io.varve.server.health;

import io.varve.core.telemetry.MetricSnapshot;
import io.varve.core.telemetry.Telemetry;

/**
 * How many combinations of label values the metric has that has most of them. It is counted now and then, not while the
 * metrics are read, which it has to do itself.
 */
public final class LabelSets {

    private static final long EVERY_NANOS = 10_000_000_000L;

    private final Telemetry telemetry;
    private volatile double most;
    private long due;

    /** Not counted yet. */
    public LabelSets(Telemetry telemetry) {
        this.telemetry = telemetry;
        this.due = telemetry.clock().nanoTime();
    }

    /** Counts if it is time to; by one thread. */
    public void look(long nanoTime) {
        if (nanoTime - due >= 0) {
            due = nanoTime + EVERY_NANOS;
            most = telemetry.snapshot().stream()
                    .map(MetricSnapshot::points)
                    .mapToInt(points -> points.size())
                    .max()
                    .orElse(0);
        }
    }

    /** What was counted last. */
    public double most() {
        return most;
    }
}
