package io.varve.core.telemetry;

import io.varve.core.model.TimeSource;
import io.varve.core.telemetry.KeptMessage.Why;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Makes of a message that has ended one that is kept, with its context, and takes down what that cost. */
final class MessageKeeper {

    private final Pipeline pipeline;
    private final TimeSource clock;
    private final MessageSampler sampler;
    private final Anomalies anomalies;
    private final KeptMessages kept;

    MessageKeeper(Pipeline pipeline, TimeSource clock, MessageSampler sampler, Anomalies anomalies) {
        this.pipeline = pipeline;
        this.clock = clock;
        this.sampler = sampler;
        this.anomalies = anomalies;
        this.kept = new KeptMessages(clock.nanoTime());
    }

    KeptMessages kept() {
        return kept;
    }

    /**
     * Keeps a message, if not too many were lately.
     *
     * @param state of its stamps when it ended
     * @param now when that was, by the monotonic clock
     * @param draw what an ordinary one drew; NaN of one that is slow or failed
     */
    void keep(
            long[] stamps,
            long state,
            Outcome outcome,
            long now,
            double draw,
            @Nullable Supplier<@Nullable MessageContext> context) {
        boolean ordinary = !Double.isNaN(draw);
        Why why = ordinary ? Why.ORDINARY : outcome == Outcome.FAILED ? Why.FAILED : Why.SLOW;
        long took = Math.max(0, now - stamps[0]);
        if (!ordinary && !kept.permits(why, sampler.isFarSlower(took), now)) {
            return;
        }
        KeptMessage message = new KeptMessage(
                pipeline,
                clock.epochNanos(),
                why,
                outcome,
                took,
                Stamps.steps(stamps, state, outcome == Outcome.FAILED, took),
                Stamps.stage(state),
                context == null ? null : ask(context));
        if (ordinary) {
            kept.add(message, draw, now);
        } else {
            kept.add(message);
        }
        sampler.cost().spent(clock.nanoTime() - now);
    }

    /** What an application tells, or null, and counted, if it cannot. */
    private @Nullable MessageContext ask(Supplier<@Nullable MessageContext> supplier) {
        MessageContext context = null;
        try {
            context = supplier.get();
        } catch (VirtualMachineError e) {
            throw e;
        } catch (Throwable e) { // whatever it is, it is not to end the application's work
            context = null;
        }
        if (context == null) {
            anomalies.count(Anomaly.CONTEXT);
        }
        return context;
    }
}
