package io.varve.query.exec;

import io.varve.core.model.Labels;
import io.varve.query.function.NaturalOrder;
import io.varve.query.kernel.Row;
import io.varve.query.lang.Expr;
import io.varve.query.lang.Function;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/** {@code sort_by_label} and {@code sort_by_label_desc}: by the values of labels, then by all of them. */
final class LabelSort {

    private final Evaluator evaluator;
    private final Expr.Call call;

    LabelSort(Evaluator evaluator, Expr.Call call) {
        this.evaluator = evaluator;
        this.call = call;
    }

    void evaluate(RowSink sink) {
        Expr source = call.arguments().get(0);
        if (!evaluator.context().isInstant()) {
            String text = call.function().text() + " is ineffective for range queries";
            evaluator.context().annotations().warn(text, call.at());
            evaluator.vector(source, sink);
            return;
        }
        List<Map.Entry<Labels, Row>> rows = new ArrayList<>();
        evaluator.vector(source, (labels, row) -> rows.add(Map.entry(labels, row)));
        Comparator<Labels> order = order();
        rows.sort((a, b) -> order.compare(a.getKey(), b.getKey()));
        rows.forEach(entry -> sink.accept(entry.getKey(), entry.getValue()));
    }

    private Comparator<Labels> order() {
        List<String> names =
                call.arguments().stream().skip(1).map(Evaluator::text).toList();
        Comparator<Labels> order = (a, b) -> {
            for (String name : names) {
                int compared = NaturalOrder.INSTANCE.compare(a.get(name), b.get(name));
                if (compared != 0) {
                    return compared;
                }
            }
            return a.compareTo(b);
        };
        return call.function() == Function.SORT_BY_LABEL_DESC ? order.reversed() : order;
    }
}
