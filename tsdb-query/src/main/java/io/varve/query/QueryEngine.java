package io.varve.query;

import io.varve.core.storage.Queryable;
import java.util.function.BooleanSupplier;

/** Evaluates PromQL over a store. Immutable and safe for any number of threads. */
public final class QueryEngine {

    private final Queryable store;
    private final QueryLimits limits;

    private QueryEngine(Queryable store, QueryLimits limits) {
        this.store = store;
        this.limits = limits;
    }

    /** An engine with default limits. */
    public static QueryEngine over(Queryable store) {
        return over(store, QueryLimits.defaults());
    }

    /** An engine with limits of its own. */
    public static QueryEngine over(Queryable store, QueryLimits limits) {
        return new QueryEngine(store, limits);
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
        throw new QueryException(
                QueryException.Kind.EXECUTION, "no evaluator: " + request + " " + store + " " + limits);
    }

    /**
     * Percentiles over windows.
     *
     * @throws QueryException if they cannot be answered
     */
    public Percentiles percentiles(PercentilesRequest request, BooleanSupplier cancelled) {
        throw new QueryException(QueryException.Kind.EXECUTION, "no evaluator: " + request);
    }
}
