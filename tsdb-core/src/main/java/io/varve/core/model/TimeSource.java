package io.varve.core.model;

import java.time.Instant;
import java.util.function.LongSupplier;

/**
 * Where the engine reads time from, so that tests and the crash simulator can drive it. All methods may be called
 * from any thread and allocate nothing.
 */
public interface TimeSource {

    /** The wall clock, in nanoseconds since 1970-01-01T00:00Z (good until 2262). */
    long epochNanos();

    /** A clock that never goes back, in nanoseconds from an arbitrary origin. */
    long nanoTime();

    /** The clocks of the machine. */
    static TimeSource system() {
        return SystemTime.INSTANCE;
    }

    /** Clocks that show what somebody says; both may be the same. */
    static TimeSource of(LongSupplier epochNanos, LongSupplier nanoTime) {
        return new TimeSource() {
            @Override
            public long epochNanos() {
                return epochNanos.getAsLong();
            }

            @Override
            public long nanoTime() {
                return nanoTime.getAsLong();
            }
        };
    }

    /** The machine's clocks; the one place of the engine that reads them. */
    enum SystemTime implements TimeSource {
        INSTANCE;

        @Override
        public long epochNanos() {
            Instant now = Instant.now();
            return now.getEpochSecond() * 1_000_000_000L + now.getNano();
        }

        @Override
        public long nanoTime() {
            return System.nanoTime();
        }
    }
}
