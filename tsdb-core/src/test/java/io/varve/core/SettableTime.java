package io.varve.core;

import io.varve.core.model.TimeSource;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/** A wall clock that a test sets, beside a monotonic clock that a test lets pass; both also go on by themselves. */
final class SettableTime implements TimeSource {

    private final long origin = TimeSource.system().nanoTime();
    private final AtomicLong passed = new AtomicLong();
    private final AtomicLong wall;

    SettableTime(long epochMillis) {
        wall = new AtomicLong(epochMillis * 1_000_000L);
    }

    /** Time passes. */
    void pass(Duration time) {
        passed.addAndGet(time.toNanos());
        wall.addAndGet(time.toNanos());
    }

    /** Somebody sets the wall clock. */
    void jump(Duration by) {
        wall.addAndGet(by.toNanos());
    }

    /** The wall clock in milliseconds. */
    long millis() {
        return epochNanos() / 1_000_000L;
    }

    @Override
    public long epochNanos() {
        return wall.get() + TimeSource.system().nanoTime() - origin;
    }

    @Override
    public long nanoTime() {
        return passed.get() + TimeSource.system().nanoTime();
    }
}
