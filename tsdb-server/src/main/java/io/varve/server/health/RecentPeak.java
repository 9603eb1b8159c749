package io.varve.server.health;

import io.varve.core.model.TimeSource;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;

/**
 * The largest of the values that came within the last one to two minutes. Any thread; no locks. A value that comes in
 * the moment in which a minute ends may be left out.
 */
final class RecentPeak {

    private static final long MINUTE_NANOS = 60_000_000_000L;

    /** A minute with its peak so far, and the peak of the minute before. */
    private record Minute(long number, AtomicLong peak, long before) {}

    private final TimeSource clock;
    private final AtomicReference<Minute> minute;

    RecentPeak(TimeSource clock) {
        this.clock = clock;
        this.minute = new AtomicReference<>(new Minute(number(), new AtomicLong(), 0));
    }

    private long number() {
        return Math.floorDiv(clock.nanoTime(), MINUTE_NANOS);
    }

    private Minute current() {
        long number = number();
        return minute.updateAndGet(known -> {
            if (known.number >= number) {
                return known;
            }
            return new Minute(number, new AtomicLong(), known.number + 1 == number ? known.peak.get() : 0);
        });
    }

    /** Takes note of a value, 0 or more. */
    void record(long value) {
        AtomicLong peak = current().peak;
        if (value > peak.get()) {
            peak.accumulateAndGet(value, Math::max);
        }
    }

    /** The largest value of this minute and the one before, 0 if there was none. */
    long get() {
        Minute known = current();
        return Math.max(known.peak.get(), known.before);
    }
}
