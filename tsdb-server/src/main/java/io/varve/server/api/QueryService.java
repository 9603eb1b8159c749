package io.varve.server.api;

import io.varve.core.model.Matcher;
import io.varve.query.CorrelationRequest;
import io.varve.query.Correlations;
import io.varve.query.Percentiles;
import io.varve.query.PercentilesRequest;
import io.varve.query.QueryControl;
import io.varve.query.QueryPlan;
import io.varve.query.QueryRequest;
import io.varve.query.QueryResult;
import java.util.List;

/** What the API needs of the query engine. Callable from any thread. */
public interface QueryService {

    /**
     * Evaluates an expression.
     *
     * @throws io.varve.query.QueryException if it cannot be answered
     */
    QueryResult query(QueryRequest request, QueryControl control);

    /**
     * Says what an expression would read.
     *
     * @throws io.varve.query.QueryException if it cannot be answered, but for what its samples would make of it
     */
    QueryPlan explain(QueryRequest request, QueryControl control);

    /**
     * Percentiles over windows.
     *
     * @throws io.varve.query.QueryException if they cannot be answered
     */
    Percentiles percentiles(PercentilesRequest request, QueryControl control);

    /**
     * Which series moved with the one of a query.
     *
     * @throws io.varve.query.QueryException if it cannot be answered
     */
    Correlations correlate(CorrelationRequest request, QueryControl control);

    /**
     * The matchers of a series selector, the metric's name among them.
     *
     * @throws io.varve.query.QueryException if the text is no selector, or one that selects everything
     */
    List<Matcher> selector(String text);

    /**
     * The matchers of each selector of an expression.
     *
     * @throws io.varve.query.QueryException if it does not parse
     */
    List<List<Matcher>> selectors(String expression);

    /**
     * An expression in its canonical layout.
     *
     * @throws io.varve.query.QueryException if it does not parse
     */
    String format(String expression);
}
