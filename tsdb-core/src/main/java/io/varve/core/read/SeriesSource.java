package io.varve.core.read;

import io.varve.core.model.Labels;
import io.varve.core.model.TimeRange;
import io.varve.core.storage.ColumnCursor;

/** The series of one block or generation, in label order. One thread. */
interface SeriesSource {

    /** Goes to the next series; false at the end. */
    boolean next();

    /** Labels of the current series. */
    Labels labels();

    /** Samples of the current series in a range; valid until the next call of {@link #next}. */
    ColumnCursor columns(TimeRange range);
}
