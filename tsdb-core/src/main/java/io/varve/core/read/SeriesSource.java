package io.varve.core.read;

import io.varve.core.block.EstimatedPages;
import io.varve.core.model.Exemplar;
import io.varve.core.model.Labels;
import io.varve.core.model.StartTime;
import io.varve.core.model.TimeRange;
import io.varve.core.storage.ColumnCursor;
import java.util.List;

/** The series of one block or generation, in label order. One thread. */
interface SeriesSource {

    /** Goes to the next series; false at the end. */
    boolean next();

    /** Labels of the current series. */
    Labels labels();

    /**
     * Adds the samples of the current series in a range: a cursor of floats, and one of histograms if there are any.
     * Of equal times the later cursor's wins. Valid until the next call of {@link #next}.
     */
    void columns(TimeRange range, List<ColumnCursor> target);

    /**
     * Adds the pages that reading the samples of the current series in a range would meet, and what it would read
     * beside their values.
     *
     * @return whether any of them may have a sample that is not deleted
     */
    boolean estimate(TimeRange range, EstimatedPages target);

    /** Whether this is a generation, and not a block. */
    boolean isHead();

    /** Adds the exemplars of the current series, in no order. */
    void exemplars(List<Exemplar> target);

    /** Adds the start times of the current series, in no order. */
    void starts(List<StartTime> target);
}
