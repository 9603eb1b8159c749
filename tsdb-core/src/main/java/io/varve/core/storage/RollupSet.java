package io.varve.core.storage;

import io.varve.core.model.Labels;
import io.varve.core.model.TimeRange;
import java.util.List;

/**
 * Series with rollups of one width, in label order, visited one at a time. Series that have none, but samples where
 * others have some, are visited too.
 */
public interface RollupSet extends AutoCloseable {

    /** Goes to the next series; false at the end. */
    boolean next();

    /** The labels of the current series. */
    Labels labels();

    /** The buckets of the current series; valid until the next call of {@link #next}. */
    RollupCursor buckets();

    /**
     * Whole buckets, as ranges of ticks with both ends included, in which the current series has or lost samples that
     * its rollups do not know of: samples that are not rolled up yet, and deletions that are not applied yet. By
     * ascending time, each within {@link #covered}.
     */
    List<TimeRange> touched();

    /**
     * Where there are rollups at all, as ranges of ticks with both ends included, by ascending time. Outside of them
     * samples alone tell; the last one says how far rollups reach.
     */
    List<TimeRange> covered();

    /** Where all rollups have sketches, in the manner of {@link #covered}. */
    List<TimeRange> sketched();

    /**
     * From this tick on all samples of the current series are still there: its raw samples say as much as its buckets
     * do, or more. Before it some may have expired; {@link Long#MIN_VALUE} if none has.
     */
    long samplesFrom();

    /** What could not be read so far, because it is damaged; complete when {@link #next} has returned false. */
    List<Hole> holes();

    /** Ends the visit. */
    @Override
    void close();
}
