package io.varve.query;

import io.varve.core.model.Labels;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Series that moved with the one of a query, what is most likely its cause first.
 *
 * @param query the query's series that was compared; null if it has none
 * @param result the best first
 * @param warnings what the asker must know to trust the answer
 * @param infos hints
 */
public record Correlations(@Nullable Labels query, List<Candidate> result, List<String> warnings, List<String> infos) {

    /** What of a candidate was compared. */
    public enum Measure {
        /** Its values. */
        VALUE,
        /** The growth of a counter, or of the count of a native histogram, per second. */
        RATE,
        /** The 99th percentile of what came into a native histogram from sample to sample. */
        P99
    }

    /**
     * A series that moved too.
     *
     * @param lag by how much it moved before the query's series, ticks; negative if it moved after it
     * @param score from 0 to 1: how likely it is looked for
     * @param correlation rank correlation at that lag, negative if it moved the other way
     * @param samples times at which both had a value
     */
    public record Candidate(Labels labels, Measure measure, long lag, double score, double correlation, int samples) {}
}
