package io.varve.core.telemetry;

import io.varve.core.model.Exemplar;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The distributions of a pipeline: of each step from one stage to the next, and of the whole way. */
final class StageLatencies {

    /** {@code steps[i]} leads from stage i to stage i + 1. */
    private final Distribution[] steps;

    /** Of two stages it is that of the one step. */
    private final Distribution whole;

    /**
     * Those of a pipeline.
     *
     * @param exemplars of the whole way, newest first; asked at a snapshot
     */
    StageLatencies(
            String pipeline, List<String> stages, Family<Distribution> family, Supplier<List<Exemplar>> exemplars) {
        steps = new Distribution[stages.size() - 1];
        for (int i = 0; i < steps.length; i++) {
            steps[i] = family.child(pipeline, stages.get(i), stages.get(i + 1));
        }
        whole = family.child(pipeline, stages.get(0), stages.get(steps.length));
        whole.exemplars(exemplars);
    }

    Distribution step(int from) {
        return steps[from];
    }

    Distribution whole() {
        return whole;
    }

    /** The whole way of one that failed, wherever that was, or was slow. */
    void recordSpecial(long took, boolean failed) {
        whole.record(took, 1);
        if (failed) {
            whole.countFailure();
        }
    }

    /** The whole way, where its steps are recorded too: of two stages that was it. */
    void recordWholeBesideSteps(long took) {
        if (steps.length > 1) {
            whole.record(took);
        }
    }

    /**
     * The steps, where the whole way is recorded too: of two stages that was it.
     *
     * @param owed cells that take note of steps without stamps for the next message; null if it has passed over them
     */
    void recordStepsBesideWhole(long[] stamps, int last, long weight, long @Nullable [] owed) {
        for (int i = 0; i < last && steps.length > 1; i++) {
            boolean known = stamps[i] != Stamps.MISSING && stamps[i + 1] != Stamps.MISSING;
            if (known) {
                long more = owed == null ? 0 : MessageCells.settleStep(owed, i);
                steps[i].record(stamps[i + 1] - stamps[i], weight + more);
            } else if (owed != null) {
                MessageCells.oweStep(owed, i, weight);
            }
        }
    }

    /** Records all steps of one message; false if one is missing. */
    boolean recordSteps(long[] stamps) {
        boolean complete = true;
        for (int i = 0; i < steps.length; i++) {
            if (stamps[i] == Stamps.MISSING || stamps[i + 1] == Stamps.MISSING) {
                complete = false;
            } else {
                steps[i].record(stamps[i + 1] - stamps[i]);
            }
        }
        return complete;
    }
}
