package io.varve.query;

import io.varve.core.model.TimeSource;
import io.varve.core.storage.Queryable;
import io.varve.query.correlate.CorrelationRunner;
import io.varve.query.exec.QueryRunner;
import io.varve.query.percentile.PercentilesRunner;
import java.util.function.BooleanSupplier;

/** Evaluates PromQL over a store. Immutable and safe for any number of threads; a query runs in its caller's. */
public final class QueryEngine {

    private final QueryRunner queries;
    private final PercentilesRunner percentiles;
    private final CorrelationRunner correlations;
    private final QueryOptions options;

    private QueryEngine(Queryable store, QueryLimits limits, QueryOptions options, TimeSource clock, QueryWatch watch) {
        this.options = options;
        this.queries = new QueryRunner(store, limits, options, clock, watch);
        this.percentiles = new PercentilesRunner(store, limits, clock, watch);
        this.correlations = new CorrelationRunner(store, limits, clock, watch, queries);
    }

    /** An engine with default limits. */
    public static QueryEngine over(Queryable store) {
        return over(store, QueryLimits.defaults());
    }

    /** An engine with limits of its own. */
    public static QueryEngine over(Queryable store, QueryLimits limits) {
        return over(store, limits, QueryWatch.NONE);
    }

    /** An engine with limits of its own that tells what its queries cost. */
    public static QueryEngine over(Queryable store, QueryLimits limits, QueryWatch watch) {
        return over(store, limits, QueryOptions.defaults(), watch);
    }

    /** An engine with limits and a language of its own that tells what its queries cost. */
    public static QueryEngine over(Queryable store, QueryLimits limits, QueryOptions options, QueryWatch watch) {
        return new QueryEngine(store, limits, options, TimeSource.system(), watch);
    }

    /** An engine whose timeouts are told by another clock. */
    static QueryEngine over(Queryable store, QueryLimits limits, TimeSource clock) {
        return new QueryEngine(store, limits, QueryOptions.defaults(), clock, QueryWatch.NONE);
    }

    /** What the language of this engine has. */
    public QueryOptions options() {
        return options;
    }

    /**
     * Evaluates a query.
     *
     * @throws QueryException if it cannot be answered
     */
    public QueryResult query(QueryRequest request) {
        return query(request, () -> false);
    }

    /**
     * Evaluates a query that its asker may give up.
     *
     * @param cancelled asked now and then; once true, the query ends with {@link QueryException.Kind#CANCELED}
     * @throws QueryException if it cannot be answered
     */
    public QueryResult query(QueryRequest request, BooleanSupplier cancelled) {
        return queries.run(request, new QueryControl(cancelled, QueryMemory.UNLIMITED));
    }

    /**
     * Evaluates a query that others watch.
     *
     * @param control of this query alone; the caller closes it
     * @throws QueryException if it cannot be answered
     */
    public QueryResult query(QueryRequest request, QueryControl control) {
        return queries.run(request, control);
    }

    /**
     * Says what a query would read and hold, without reading it.
     *
     * @param control of this request alone; the caller closes it
     * @throws QueryException if the query cannot be answered, but for what its samples would make of it
     */
    public QueryPlan explain(QueryRequest request, QueryControl control) {
        return queries.explain(request, control);
    }

    /**
     * Percentiles over windows.
     *
     * @throws QueryException if they cannot be answered
     */
    public Percentiles percentiles(PercentilesRequest request, BooleanSupplier cancelled) {
        return percentiles(request, new QueryControl(cancelled, QueryMemory.UNLIMITED));
    }

    /**
     * Percentiles over windows, while others watch.
     *
     * @param control of this request alone; the caller closes it
     * @throws QueryException if they cannot be answered
     */
    public Percentiles percentiles(PercentilesRequest request, QueryControl control) {
        return percentiles.run(request, control);
    }

    /**
     * Finds which series moved with the one of a query, and which of them first, while others watch.
     *
     * @param control of this request alone; the caller closes it
     * @throws QueryException if it cannot be answered
     */
    public Correlations correlate(CorrelationRequest request, QueryControl control) {
        return correlations.run(request, control);
    }
}
