package io.varve.query.lang;

import io.varve.core.model.Matcher;
import java.util.ArrayList;
import java.util.List;

/** The selectors of an expression, wherever in it they stand. */
public final class Selectors {

    private Selectors() {}

    /** The matchers of each selector of an expression, from left to right. */
    public static List<List<Matcher>> of(Expr expr) {
        List<List<Matcher>> found = new ArrayList<>();
        collect(expr, found);
        return found;
    }

    private static void collect(Expr expr, List<List<Matcher>> found) {
        if (expr instanceof Expr.Selector selector) {
            found.add(selector.matchers());
        } else if (expr instanceof Expr.RangeSelector range) {
            collect(range.selector(), found);
        } else if (expr instanceof Expr.Subquery subquery) {
            collect(subquery.expr(), found);
        } else if (expr instanceof Expr.Negation negation) {
            collect(negation.expr(), found);
        } else if (expr instanceof Expr.Plus plus) {
            collect(plus.expr(), found);
        } else if (expr instanceof Expr.Binary binary) {
            collect(binary.left(), found);
            collect(binary.right(), found);
        } else if (expr instanceof Expr.Aggregation aggregation) {
            Expr parameter = aggregation.parameter();
            if (parameter != null) {
                collect(parameter, found);
            }
            collect(aggregation.expr(), found);
        } else if (expr instanceof Expr.Call call) {
            boolean info = call.function() == Function.INFO; // whose second argument selects labels
            call.arguments().stream().limit(info ? 1 : Long.MAX_VALUE).forEach(argument -> collect(argument, found));
        }
    }
}
