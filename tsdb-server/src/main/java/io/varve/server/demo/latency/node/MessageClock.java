package io.varve.server.demo.latency.node;

import io.varve.core.telemetry.MessageContext;
import io.varve.core.telemetry.Outcome;
import io.varve.core.telemetry.Pipeline;
import io.varve.core.telemetry.StageHeader;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The stage clock as both nodes use it, or nothing at all if the kit is off.
 *
 * <p>A command is enqueued and dequeued in the processor, arrives at the log, and is done when the log has it on disk.
 * All steps are recorded where it ends, in the log, by the log's clock: what the processor stamped is moved there by
 * what is known of its clock.
 */
final class MessageClock {

    private static final int DEQUEUED = 1;
    private static final int ARRIVED = 2;

    private final @Nullable Pipeline pipeline;

    MessageClock(@Nullable NodeKit kit) {
        pipeline = kit == null ? null : kit.pipeline();
    }

    /** Longs of a message's stamps. */
    int stampCount() {
        return pipeline == null ? 0 : pipeline.stampCount();
    }

    void enqueued(long[] stamps, long now) {
        if (pipeline != null) {
            pipeline.start(stamps, now);
        }
    }

    /** The clock, to be read once for all that come, go on or end together; 0 if the kit is off. */
    long now() {
        return pipeline == null ? 0 : pipeline.now();
    }

    /** A message was dequeued and is handed on: writes its stamps for the wire; their length. */
    int dequeued(long[] stamps, long now, byte[] into) {
        if (pipeline == null) {
            return 0;
        }
        pipeline.stamp(stamps, DEQUEUED, now);
        return pipeline.handOn(stamps, into, 0, now);
    }

    /**
     * A message has come over the wire.
     *
     * @param from the stamps, which are moved to the own clock in place
     * @param ahead what the sender's clock shows more than the own one, in nanoseconds
     */
    void arrived(byte[] from, int offset, int length, long ahead, long[] stamps, long now) {
        if (pipeline != null && length > 0) {
            StageHeader.shift(from, offset, length, -ahead);
            pipeline.takeOver(from, offset, length, stamps, now);
            pipeline.stamp(stamps, ARRIVED, now);
        }
    }

    void done(long[] stamps, Outcome outcome, @Nullable Supplier<@Nullable MessageContext> context, long now) {
        if (pipeline != null) {
            pipeline.done(stamps, outcome, context, now);
        }
    }
}
