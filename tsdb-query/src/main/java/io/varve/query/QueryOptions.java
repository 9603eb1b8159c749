package io.varve.query;

import io.varve.query.lang.Dialect;

/**
 * What an engine's language has beyond what is stable, and how it answers.
 *
 * @param experimental whether experimental functions, aggregations and modifiers are there
 * @param statistics whether what is known of whole pages answers for their samples; without, answers are the same to
 * the rounding of sums, and slower
 * @param delayedNameRemoval whether metric names that fall away do so at the end of an evaluation only, so that what
 * stands around sees them
 */
public record QueryOptions(boolean experimental, boolean statistics, boolean delayedNameRemoval) {

    /** Stable parts alone, with statistics; names fall away at once. */
    public static QueryOptions defaults() {
        return new QueryOptions(false, true, false);
    }

    /** The same with experimental parts, or without. */
    public QueryOptions experimental(boolean value) {
        return new QueryOptions(value, statistics, delayedNameRemoval);
    }

    /** The same with statistics, or without. */
    public QueryOptions statistics(boolean value) {
        return new QueryOptions(experimental, value, delayedNameRemoval);
    }

    /** The same with names that fall away at the end, or at once. */
    public QueryOptions delayedNameRemoval(boolean value) {
        return new QueryOptions(experimental, statistics, value);
    }

    /** What the parser lets through. */
    public Dialect dialect() {
        return experimental ? Dialect.EXPERIMENTAL : Dialect.STABLE;
    }
}
