package io.varve.server;

import io.varve.core.model.Matcher;
import io.varve.query.CorrelationRequest;
import io.varve.query.Correlations;
import io.varve.query.Percentiles;
import io.varve.query.PercentilesRequest;
import io.varve.query.QueryControl;
import io.varve.query.QueryEngine;
import io.varve.query.QueryException;
import io.varve.query.QueryPlan;
import io.varve.query.QueryRequest;
import io.varve.query.QueryResult;
import io.varve.query.lang.Expr;
import io.varve.query.lang.Parser;
import io.varve.query.lang.Printer;
import io.varve.query.lang.Selectors;
import io.varve.server.api.QueryService;
import java.util.List;
import java.util.function.Supplier;

/** The query engine as the API sees it, whichever is in force. */
final class EngineQueries implements QueryService {

    private final Supplier<QueryEngine> engine;

    EngineQueries(Supplier<QueryEngine> engine) {
        this.engine = engine;
    }

    @Override
    public QueryResult query(QueryRequest request, QueryControl control) {
        return engine.get().query(request, control);
    }

    @Override
    public QueryPlan explain(QueryRequest request, QueryControl control) {
        return engine.get().explain(request, control);
    }

    @Override
    public Percentiles percentiles(PercentilesRequest request, QueryControl control) {
        return engine.get().percentiles(request, control);
    }

    @Override
    public Correlations correlate(CorrelationRequest request, QueryControl control) {
        return engine.get().correlate(request, control);
    }

    @Override
    public List<Matcher> selector(String text) {
        if (Parser.parse(text) instanceof Expr.Selector selector
                && selector.timing().equals(Expr.Timing.PLAIN)) {
            return selector.matchers();
        }
        throw new QueryException(QueryException.Kind.BAD_DATA, "not a series selector: " + text);
    }

    @Override
    public List<List<Matcher>> selectors(String expression) {
        return Selectors.of(parse(expression));
    }

    @Override
    public String format(String expression) {
        return Printer.print(parse(expression));
    }

    private Expr parse(String expression) {
        return Parser.parse(expression, engine.get().options().dialect());
    }
}
