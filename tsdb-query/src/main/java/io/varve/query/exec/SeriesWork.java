package io.varve.query.exec;

import io.varve.core.model.Labels;
import io.varve.core.storage.SeriesSet;
import io.varve.query.histogram.Flaw;
import io.varve.query.kernel.Row;
import io.varve.query.plan.SampleReader;
import io.varve.query.plan.WindowBounds;
import java.util.EnumSet;
import java.util.Set;

/** What is done with each series of a selection, and the memory for it. One thread at a time; each has its own. */
final class SeriesWork {

    private final boolean values;
    private final WindowBounds bounds;
    private final RowMaker maker;
    private final SampleReader reader = new SampleReader();
    private final Set<Flaw> flaws = EnumSet.noneOf(Flaw.class);

    /** @param values whether stale markers are left out */
    SeriesWork(boolean values, WindowBounds bounds, RowMaker maker) {
        this.values = values;
        this.bounds = bounds;
        this.maker = maker;
    }

    /** Reads the samples of the series at which a set stands. */
    void read(SeriesSet set) {
        if (values) {
            reader.readAllValues(set.columns());
        } else {
            reader.readAll(set.columns());
        }
    }

    /** Whether the series must be read once more, without summaries: what folds them takes floats alone. */
    boolean isMixed() {
        return reader.summaries() != null && reader.histograms() != null;
    }

    /** What was read. */
    SampleReader reader() {
        return reader;
    }

    /** Makes a row of what was read. */
    void make(Labels labels, Row row) {
        maker.make(labels, bounds.over(reader), row, flaws);
    }

    /** What was noted; whoever tells it clears it. */
    Set<Flaw> flaws() {
        return flaws;
    }
}
