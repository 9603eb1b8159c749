package io.varve.core.telemetry;

import io.varve.core.model.Exemplar;
import io.varve.core.model.Resolution;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One message of a pipeline that was kept, with what the application told of it. Immutable. */
public final class KeptMessage {

    /** Duration of a step that was not stamped. */
    public static final long MISSING = -1;

    private final String pipeline;
    private final List<String> stages;
    private final long endEpochNanos;
    private final Why why;
    private final Outcome outcome;
    private final long wholeNanos;
    private final long[] stepNanos;
    private final String failedStage;
    private final @Nullable MessageContext context;

    /** Why a message is kept. */
    public enum Why {
        /** It took longer than 99 % of those of the last minute, or of the last ten seconds. */
        SLOW,
        /** It failed. */
        FAILED,
        /** By chance, as each of its minute might have been that was neither. */
        ORDINARY;

        private final String label = name().toLowerCase(Locale.ROOT);

        /** As labels say it. */
        public String label() {
            return label;
        }
    }

    /**
     * A kept message.
     *
     * @param stepNanos of each step, or {@link #MISSING}; not changed afterwards
     * @param before the stage that it came to last before it ended
     */
    KeptMessage(
            Pipeline pipeline,
            long endEpochNanos,
            Why why,
            Outcome outcome,
            long wholeNanos,
            long[] stepNanos,
            int before,
            @Nullable MessageContext context) {
        this.pipeline = pipeline.name();
        this.stages = pipeline.stages();
        this.endEpochNanos = endEpochNanos;
        this.why = why;
        this.outcome = outcome;
        this.wholeNanos = wholeNanos;
        this.stepNanos = stepNanos;
        this.failedStage = outcome == Outcome.FAILED ? stages.get(before) : "";
        this.context = context;
    }

    /** Name of the pipeline. */
    public String pipeline() {
        return pipeline;
    }

    /** The pipeline's stages in order. */
    public List<String> stages() {
        return stages;
    }

    /** When it ended, in nanoseconds since 1970 by the wall clock of this node. */
    public long endEpochNanos() {
        return endEpochNanos;
    }

    /** Why it is kept. */
    public Why why() {
        return why;
    }

    /** How it ended. */
    public Outcome outcome() {
        return outcome;
    }

    /** Nanoseconds from the first stage to its end; 0 if the clock went back. */
    public long wholeNanos() {
        return wholeNanos;
    }

    /**
     * Nanoseconds from a stage to the next, or {@link #MISSING}: it was passed over, or not come to, or the message was
     * not chosen when it started ({@link Sampling}).
     *
     * @param fromStage from 0
     */
    public long stepNanos(int fromStage) {
        return stepNanos[fromStage];
    }

    /** The stage in which it failed; empty if it did not. */
    public String failedStage() {
        return failedStage;
    }

    /** What the application told of it; empty if it told nothing, or could not. */
    public Optional<MessageContext> context() {
        return Optional.ofNullable(context);
    }

    /** The stage in which it was longest; the one in which it failed if no step is known; else empty. */
    public String slowestStage() {
        int slowest = -1;
        for (int i = 0; i < stepNanos.length; i++) {
            if (stepNanos[i] != MISSING && (slowest < 0 || stepNanos[i] > stepNanos[slowest])) {
                slowest = i;
            }
        }
        return slowest < 0 ? failedStage : stages.get(slowest);
    }

    /** As {@link #exemplar(Resolution)}, of a store of nanoseconds. */
    public Exemplar exemplar() {
        return exemplar(Resolution.NANOS);
    }

    /**
     * As an exemplar of the whole way: its duration in seconds at the moment of its end, with as many labels as fit, in
     * this order: {@code request_id}, {@code trace_id}, {@code span_id}, {@code parent_id}, {@code node}, {@code why},
     * {@code outcome}, {@code stage} (the slowest), {@code failed_stage}, {@code nanos_STAGE} for the time in each
     * stage, {@code dependency_NAME}, {@code resource_NAME}.
     *
     * @param resolution of the store's times
     */
    public Exemplar exemplar(Resolution resolution) {
        ExemplarLabels labels = new ExemplarLabels();
        if (context != null) {
            labels.add("request_id", context.requestId());
            labels.add("trace_id", context.traceId());
            labels.add("span_id", context.spanId());
            labels.add("parent_id", context.parentId());
            labels.add("node", context.node());
        }
        labels.add("why", why.label());
        labels.add("outcome", outcome.name().toLowerCase(Locale.ROOT));
        labels.add("stage", slowestStage());
        labels.add("failed_stage", failedStage);
        for (int i = 0; i < stepNanos.length; i++) {
            if (stepNanos[i] != MISSING) {
                labels.add("nanos_" + stages.get(i), Long.toString(stepNanos[i]));
            }
        }
        if (context != null) {
            context.dependencies().forEach((name, state) -> labels.add("dependency_" + name, state));
            context.resources().forEach((name, value) -> labels.add("resource_" + name, value));
        }
        long time = Math.floorDiv(endEpochNanos, resolution.nanosPerTick());
        return new Exemplar(labels.labels(), time, wholeNanos / 1e9);
    }

    /** Bytes of memory. */
    long bytes() {
        return 72 + 16 + 8L * stepNanos.length + (context == null ? 0 : context.bytes());
    }

    @Override
    public String toString() {
        return pipeline + " " + why.label() + " " + outcome + " " + wholeNanos + " ns";
    }
}
