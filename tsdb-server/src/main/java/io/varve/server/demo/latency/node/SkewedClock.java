package io.varve.server.demo.latency.node;

import io.varve.core.model.TimeSource;

/** The machine's clocks, of which the wall clock can be put off while the process runs. */
final class SkewedClock implements TimeSource {

    private final TimeSource machine = TimeSource.system();
    private volatile long offNanos;

    /** Puts the wall clock off: it steps at once. */
    void putOff(long nanos) {
        offNanos = nanos;
    }

    @Override
    public long epochNanos() {
        return machine.epochNanos() + offNanos;
    }

    @Override
    public long nanoTime() {
        return machine.nanoTime();
    }
}
