package io.varve.core.telemetry.export;

import io.varve.core.model.TimeSource;
import java.util.concurrent.atomic.AtomicLong;

/** Clocks that stand until they are moved. */
final class SteppedTime implements TimeSource {

    static final long START = 1_700_000_000_000_000_000L;

    private final AtomicLong nanos = new AtomicLong();

    void advanceMillis(long millis) {
        nanos.addAndGet(millis * 1_000_000);
    }

    void advanceNanos(long more) {
        nanos.addAndGet(more);
    }

    @Override
    public long epochNanos() {
        return START + nanos.get();
    }

    @Override
    public long nanoTime() {
        return nanos.get() - 5_000_000_000L;
    }
}
