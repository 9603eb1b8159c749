package io.varve.query.exec;

import io.varve.core.model.Labels;
import io.varve.query.lang.Expr;
import io.varve.query.lang.Function;

/** What can be said of metric names without evaluating anything. */
final class Names {

    private Names() {}

    /**
     * Whether all series of an expression surely have the same metric name or none, so that their labels stay
     * distinct without it.
     */
    static boolean single(Expr expr) {
        if (expr instanceof Expr.Selector selector) {
            return !selector.metricName().isEmpty();
        } else if (expr instanceof Expr.RangeSelector range) {
            return single(range.selector());
        } else if (expr instanceof Expr.Subquery sub) {
            return single(sub.expr());
        } else if (expr instanceof Expr.Plus plus) {
            return single(plus.expr());
        } else if (expr instanceof Expr.Binary binary) {
            return !binary.operator().isSet() && !binary.operator().keepsName(binary.bool());
        } else if (expr instanceof Expr.Aggregation aggregation) {
            boolean named = aggregation.labels().contains(Labels.NAME) && !aggregation.without();
            return aggregation.aggregator().selectsSeries()
                    ? single(aggregation.expr())
                    : !named && aggregation.parameter() == null;
        } else if (expr instanceof Expr.Call call) {
            Function function = call.function();
            boolean relabels = function == Function.LABEL_REPLACE || function == Function.LABEL_JOIN;
            return !function.keepsName()
                    || (!relabels && single(call.arguments().get(0)));
        }
        return true;
    }

    /** The metric name that a range is of, or the empty string. */
    static String of(Expr range) {
        return range instanceof Expr.RangeSelector selector
                ? selector.selector().metricName()
                : "";
    }
}
