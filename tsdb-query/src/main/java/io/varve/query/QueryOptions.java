package io.varve.query;

import io.varve.query.detect.window.DetectorMemory;
import io.varve.query.lang.Dialect;

/**
 * What an engine's language has beyond what is stable, and how it answers.
 *
 * @param experimental whether experimental functions, aggregations and modifiers are there
 * @param statistics whether what is known of whole pages answers for their samples; without, answers are the same to
 * the rounding of sums, and slower
 * @param delayedNameRemoval whether metric names that fall away do so at the end of an evaluation only, so that what
 * stands around sees them
 * @param sharing whether what stands in a query several times is evaluated once; without, answers are the same
 * @param workers who helps; with any of them answers are the same
 * @param detectors what functions of anomalies keep from query to query; with any of it answers are the same
 */
public record QueryOptions(
        boolean experimental,
        boolean statistics,
        boolean delayedNameRemoval,
        boolean sharing,
        QueryWorkers workers,
        DetectorMemory detectors) {

    /** Stable parts alone, with statistics, in the thread of the caller; names fall away at once. */
    public static QueryOptions defaults() {
        return new QueryOptions(false, true, false, true, QueryWorkers.NONE, DetectorMemory.NONE);
    }

    /** The same with experimental parts, or without. */
    public QueryOptions experimental(boolean value) {
        return new QueryOptions(value, statistics, delayedNameRemoval, sharing, workers, detectors);
    }

    /** The same with statistics, or without. */
    public QueryOptions statistics(boolean value) {
        return new QueryOptions(experimental, value, delayedNameRemoval, sharing, workers, detectors);
    }

    /** The same with names that fall away at the end, or at once. */
    public QueryOptions delayedNameRemoval(boolean value) {
        return new QueryOptions(experimental, statistics, value, sharing, workers, detectors);
    }

    /** The same with sharing, or without. */
    public QueryOptions sharing(boolean value) {
        return new QueryOptions(experimental, statistics, delayedNameRemoval, value, workers, detectors);
    }

    /** The same with other helpers. */
    public QueryOptions workers(QueryWorkers helpers) {
        return new QueryOptions(experimental, statistics, delayedNameRemoval, sharing, helpers, detectors);
    }

    /** The same with another memory of detectors. */
    public QueryOptions detectors(DetectorMemory memory) {
        return new QueryOptions(experimental, statistics, delayedNameRemoval, sharing, workers, memory);
    }

    /** What the parser lets through. */
    public Dialect dialect() {
        return experimental ? Dialect.EXPERIMENTAL : Dialect.STABLE;
    }
}
