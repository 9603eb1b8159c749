package io.varve.core;

import io.varve.core.model.TimeSource;
import io.varve.core.read.View;
import java.time.Duration;

/**
 * How old exemplars may become by a retention of their own, counted from the newest sample or the clock, whichever is
 * earlier. Older ones are not answered, and go with the next merge. The retention of samples holds for them besides.
 */
final class ExemplarRetention {

    private final TsdbConfig config;
    private final TimeSource clock;

    ExemplarRetention(TsdbConfig config, TimeSource clock) {
        this.config = config;
        this.clock = clock;
    }

    /** The oldest time that is kept, in ticks; {@link Long#MIN_VALUE} if all are. */
    long from(View view) {
        return from(view.newestSample());
    }

    /** The oldest time that is kept if this is the newest sample. */
    long from(long newest) {
        Duration own = config.exemplarRetention();
        if (own.isZero() || newest == Long.MIN_VALUE) {
            return Long.MIN_VALUE;
        }
        long now = clock.epochNanos() / config.resolution().nanosPerTick();
        return Math.min(newest, now) - config.resolution().ticksOfMillis(own.toMillis());
    }
}
