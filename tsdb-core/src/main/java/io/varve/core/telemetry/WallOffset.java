package io.varve.core.telemetry;

import io.varve.core.model.TimeSource;

/**
 * How far the wall clock is ahead of the monotonic one, read once a millisecond: a step of the wall clock is seen that
 * much later. Any thread.
 */
final class WallOffset {

    private static final long HOLDS_NANOS = 1_000_000;
    private static final int TRIES = 3;

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

    /** Reads the wall clock between two readings of the other, of some tries the one that was disturbed least. */
    private void read() {
        long least = Long.MAX_VALUE;
        long best = 0;
        long before = clock.nanoTime();
        for (int i = 0; i < TRIES; i++) {
            long wall = clock.epochNanos();
            long after = clock.nanoTime();
            if (after - before < least) {
                least = after - before;
                best = wall - before - least / 2;
            }
            before = after;
        }
        offset = best;
        readAt = before;
    }
}
