package io.varve.core.telemetry;

import io.varve.core.model.TimeSource;
import java.util.concurrent.atomic.AtomicLong;

/** A clock that stands until it is moved. */
final class ManualTime implements TimeSource {

    private final AtomicLong nanos = new AtomicLong(-7_000_000_000L);

    void advanceSeconds(double seconds) {
        nanos.addAndGet((long) (seconds * 1e9));
    }

    @Override
    public long epochNanos() {
        return 1_700_000_000_000_000_000L + nanos.get();
    }

    @Override
    public long nanoTime() {
        return nanos.get();
    }

    /** The clocks of another process: the same wall clock, and a monotonic one of another origin. */
    TimeSource elsewhere() {
        return TimeSource.of(() -> ManualTime.this.epochNanos(), () -> ManualTime.this.nanoTime() + 100_000_000_000L);
    }
}
