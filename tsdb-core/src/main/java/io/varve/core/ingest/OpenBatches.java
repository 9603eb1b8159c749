package io.varve.core.ingest;

import java.lang.invoke.VarHandle;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The batches of a shard that may name a series by a reference: from the first look for one until the agent judges
 * them. What a dead series was called is kept until all that were begun while it lived have gone (ADR 0013).
 *
 * <p>Appenders begin a batch, then look whether a series lives; the agent takes its life, then a mark. So of the two
 * one sees the other: a reference that was found alive is of a batch that the mark waits for. Likewise a batch enters,
 * then looks for marks.
 *
 * <p>Any thread begins and ends; marks are the agent's alone. An appender that is neither used nor closed any more
 * leaves its batch here, which is why the agent waits for those that have not entered a bounded time alone.
 */
final class OpenBatches {

    /** A batch from its begin to its judgement. */
    static final class Batch {

        private final long begun;
        private volatile boolean entered;

        private Batch(long begun) {
            this.begun = begun;
        }
    }

    private final Set<Batch> open = ConcurrentHashMap.newKeySet();
    private volatile long marks;

    /** Begins a batch; what is found alive from now on can be named until it ends. */
    Batch begin() {
        Batch batch = new Batch(marks);
        open.add(batch);
        VarHandle.fullFence(); // before any look whether a series lives
        return batch;
    }

    /**
     * The batch is on its way to the agent: it changes no more, but for what this answers.
     *
     * @return whether series died since it began, so that it should name by labels those that it can
     */
    boolean enter(Batch batch) {
        batch.entered = true;
        VarHandle.fullFence();
        return batch.begun != marks;
    }

    /** The batch is judged, refused or dropped. */
    void end(@Nullable Batch batch) {
        if (batch != null) {
            open.remove(batch);
        }
    }

    /** A mark behind the batches that were begun before this call. */
    long mark() {
        long mark = marks + 1; // one writer
        marks = mark;
        VarHandle.fullFence();
        return mark;
    }

    /**
     * Whether no batch is left that may have been begun before a mark.
     *
     * @param entered whether to look at those alone that have entered
     */
    boolean haveGone(long mark, boolean entered) {
        for (Batch batch : open) {
            if (batch.begun < mark && (!entered || batch.entered)) {
                return false;
            }
        }
        return true;
    }
}
