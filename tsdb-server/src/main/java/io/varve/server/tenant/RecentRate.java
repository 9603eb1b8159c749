package io.varve.server.tenant;

import io.varve.core.model.TimeSource;

/** How much came a second within the last five to ten seconds. Any thread. */
final class RecentRate {

    private static final long SPAN_NANOS = 5_000_000_000L;

    private final TimeSource clock;
    private long began;
    private long now;
    private long before;

    /** Nothing came yet. */
    RecentRate(TimeSource clock) {
        this.clock = clock;
        this.began = clock.nanoTime();
    }

    /** Takes note of what came. */
    synchronized void add(long count) {
        turn();
        now += count;
    }

    /** What came a second. */
    synchronized double perSecond() {
        long into = turn();
        return (before + now) * 1e9 / (SPAN_NANOS + into);
    }

    /** Nanoseconds into the span of now. */
    private long turn() {
        long into = clock.nanoTime() - began;
        if (into >= SPAN_NANOS) {
            before = into < 2 * SPAN_NANOS ? now : 0;
            now = 0;
            began += into / SPAN_NANOS * SPAN_NANOS;
            into %= SPAN_NANOS;
        }
        return into;
    }
}
