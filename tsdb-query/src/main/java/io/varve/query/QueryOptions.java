package io.varve.query;

import io.varve.query.lang.Dialect;

/**
 * What an engine's language has beyond what is stable, and how it answers.
 *
 * @param experimental whether experimental functions, aggregations and modifiers are there
 * @param statistics whether what is known of whole pages answers for their samples; without, answers are the same to
 * the rounding of sums, and slower
 */
public record QueryOptions(boolean experimental, boolean statistics) {

    /** Stable parts alone, with statistics. */
    public static QueryOptions defaults() {
        return new QueryOptions(false, true);
    }

    /** The same with experimental parts, or without. */
    public QueryOptions experimental(boolean value) {
        return new QueryOptions(value, statistics);
    }

    /** The same with statistics, or without. */
    public QueryOptions statistics(boolean value) {
        return new QueryOptions(experimental, value);
    }

    /** What the parser lets through. */
    public Dialect dialect() {
        return experimental ? Dialect.EXPERIMENTAL : Dialect.STABLE;
    }
}
