package io.varve.query.exec;

import io.varve.core.model.Labels;
import io.varve.core.storage.Hole;
import io.varve.core.storage.Selection;
import io.varve.core.storage.SeriesSet;
import io.varve.query.histogram.Flaw;
import io.varve.query.kernel.Row;
import io.varve.query.plan.PartBudget;
import io.varve.query.plan.QueryBudget;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A part of a selection that is read before its turn. Filled by one thread, then handed to the query's own under the
 * lock of the {@link PartedReading}.
 */
final class ReadPart {

    /**
     * What was made of a series.
     *
     * @param samples what was charged for it, samples
     * @param bytes and bytes
     * @param heldBytes what its samples take while they are read
     * @param flaws what was noted, or null if it is nothing
     */
    record Made(Labels labels, Row row, long samples, long bytes, long heldBytes, @Nullable Set<Flaw> flaws) {}

    /**
     * What the query's own thread is left with: a set that stands on a series which was read, and of which no row was
     * made.
     */
    record Left(SeriesSet set, SeriesWork work) {}

    private final Selection selection;
    private final PartBudget budget;
    private final List<Made> made = new ArrayList<>();
    private List<Hole> holes = List.of();
    private @Nullable Left left;
    private @Nullable Throwable failure;

    /** Written and read under the lock of the reading. */
    private boolean finished;

    /** Whether the query's own thread reads it anew; written under the lock of the reading. */
    private volatile boolean abandoned;

    /** @param stopped whether nobody wants any part any more */
    ReadPart(Selection selection, QueryBudget budget, BooleanSupplier stopped) {
        this.selection = selection;
        this.budget = new PartBudget(budget, () -> abandoned || stopped.getAsBoolean());
    }

    Selection selection() {
        return selection;
    }

    /** What its reading uses. */
    PartBudget budget() {
        return budget;
    }

    /** Series that were made, the first ones of the part. */
    List<Made> made() {
        return made;
    }

    /** What is left to be read behind them, or null if that is nothing. */
    @Nullable
    Left left() {
        return left;
    }

    void leave(SeriesSet set, SeriesWork work) {
        left = new Left(set, work);
    }

    /** What went wrong behind them, or null if nothing did. */
    @Nullable
    Throwable failure() {
        return failure;
    }

    void fail(Throwable cause) {
        failure = cause;
    }

    List<Hole> holes() {
        return holes;
    }

    void holes(List<Hole> found) {
        holes = found;
    }

    boolean isAbandoned() {
        return abandoned;
    }

    /** What was made of it is not wanted. */
    void abandon() {
        abandoned = true;
    }

    boolean isFinished() {
        return finished;
    }

    void finish() {
        finished = true;
    }
}
