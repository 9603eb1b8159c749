package io.varve.server.tenant;

import io.varve.core.model.TimeSource;
import java.util.function.LongSupplier;

/**
 * How much may come a second, over time. It fills up with so much a second, to what one second brings at most. What
 * comes is let in while there is anything left and taken afterwards, when its size is known, so the bucket may owe:
 * then nothing is let in until it has filled up again. So of what comes one after the other within any span of t
 * seconds at most one second's and t seconds' worth is let in, and the last of it whole; who comes at the same moment
 * is let in together. Any thread.
 */
final class TokenBucket {

    private static final double NANOS = 1e9;

    private final TimeSource clock;
    private final LongSupplier perSecond;
    private double left;
    private long at;

    /**
     * A full bucket.
     *
     * @param perSecond what comes in a second, asked whenever it is used; 0 for no bound
     */
    TokenBucket(TimeSource clock, LongSupplier perSecond) {
        this.clock = clock;
        this.perSecond = perSecond;
        this.at = clock.nanoTime();
        this.left = perSecond.getAsLong();
    }

    /** Nanoseconds until something is let in; 0 if it is now. */
    synchronized long waitNanos() {
        long rate = perSecond.getAsLong();
        if (rate == 0) {
            return 0;
        }
        fill(rate);
        return left > 0 ? 0 : Math.max(1, (long) Math.ceil(-left / rate * NANOS));
    }

    /** Takes what has come, 0 or more. */
    synchronized void take(long count) {
        long rate = perSecond.getAsLong();
        if (rate > 0) {
            fill(rate);
            left -= count;
        }
    }

    /** What is left of a second's worth, below 0 if some is owed. */
    synchronized double left() {
        fill(perSecond.getAsLong());
        return left;
    }

    private void fill(long rate) {
        long now = clock.nanoTime();
        if (now - at > 0) {
            left = Math.min((double) rate, left + (now - at) / NANOS * rate);
            at = now;
        }
    }
}
