package io.varve.core.storage;

import io.varve.core.model.Labels;
import java.util.List;

/** Series in label order, visited one at a time. */
public interface SeriesSet extends AutoCloseable {

    /** Goes to the next series; false at the end. */
    boolean next();

    /** The labels of the current series. */
    Labels labels();

    /** The samples of the current series, in time order; valid until the next call of {@link #next}. */
    ColumnCursor columns();

    /** What could not be read so far, because it is damaged; complete when {@link #next} has returned false. */
    List<Hole> holes();

    /** Ends the visit. */
    @Override
    void close();
}
