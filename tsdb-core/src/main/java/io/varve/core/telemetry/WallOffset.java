package io.varve.core.telemetry;

import io.varve.core.model.TimeSource;

/**
 * How far the wall clock is ahead of the monotonic one, read once a millisecond: a step of the wall clock is seen that
 * much later. Any thread.
 */
final class WallOffset {

    private static final long HOLDS_NANOS = 1_000_000;

    private final TimeSource clock;
    private long offset;

    /** When it was read; written behind the offset, and read before it. */
    private volatile long readAt;

    WallOffset(TimeSource clock) {
        this.clock = clock;
        read();
    }

    /**
     * Nanoseconds to be added to a reading of the monotonic clock.
     *
     * @param now such a reading, of now
     */
    long at(long now) {
        long age = now - readAt;
        if (age < 0 || age >= HOLDS_NANOS) {
            read();
        }
        return offset;
    }

    private void read() {
        long now = clock.nanoTime();
        offset = clock.epochNanos() - now;
        readAt = now;
    }
}
