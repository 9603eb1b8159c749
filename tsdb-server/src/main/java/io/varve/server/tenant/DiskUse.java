package io.varve.server.tenant;

import io.varve.core.model.TimeSource;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/** What a store takes on disk, looked at once a second at most. Any thread; one of them looks, the others go on. */
final class DiskUse {

    private static final long FRESH_NANOS = 1_000_000_000L;

    private final TimeSource clock;
    private final LongSupplier source;
    private final AtomicLong lookedAt;
    private volatile long bytes;

    /** @param source looks, in bytes */
    DiskUse(TimeSource clock, LongSupplier source) {
        this.clock = clock;
        this.source = source;
        this.lookedAt = new AtomicLong(clock.nanoTime());
        this.bytes = source.getAsLong();
    }

    /** Bytes, a second old at most. */
    long bytes() {
        long last = lookedAt.get();
        long now = clock.nanoTime();
        if (now - last >= FRESH_NANOS && lookedAt.compareAndSet(last, now)) {
            bytes = source.getAsLong();
        }
        return bytes;
    }
}
