package io.varve.server.health;

import io.varve.core.model.TimeSource;
import java.time.Duration;

/** Clocks that stand until a test lets them go on; for one thread. */
final class TickedTime implements TimeSource {

    private long nanos = 1_700_000_000_000_000_000L;

    void pass(Duration time) {
        nanos += time.toNanos();
    }

    @Override
    public long epochNanos() {
        return nanos;
    }

    @Override
    public long nanoTime() {
        return nanos;
    }
}
