package io.varve.query;

import io.varve.query.lang.Dialect;

/**
 * What an engine's language has beyond what is stable.
 *
 * @param experimental whether experimental functions, aggregations and modifiers are there
 */
public record QueryOptions(boolean experimental) {

    /** Stable parts alone. */
    public static QueryOptions defaults() {
        return new QueryOptions(false);
    }

    /** What the parser lets through. */
    public Dialect dialect() {
        return experimental ? Dialect.EXPERIMENTAL : Dialect.STABLE;
    }
}
