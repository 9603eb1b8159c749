package io.varve.query.exec;

import io.varve.core.model.Labels;
import io.varve.query.exec.VectorMatching.Side;
import io.varve.query.kernel.Row;
import io.varve.query.lang.Expr;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Fills in what one side of an operator misses of the other, step by step. */
final class Filling {

    private final Evaluator evaluator;
    private final VectorMatching matching;
    private final Expr.Matching rules;

    Filling(Evaluator evaluator, VectorMatching matching, Expr.Matching rules) {
        this.evaluator = evaluator;
        this.matching = matching;
        this.rules = rules;
    }

    /** Adds to each side that is filled a series for each group that has nothing there where the other side has. */
    void fill(List<Side> left, List<Side> right) {
        Map<Labels, Row> there = matching.presence(left);
        Map<Labels, Row> here = matching.presence(right);
        add(left, there, here, rules.fillLeft());
        add(right, here, there, rules.fillRight());
    }

    private void add(List<Side> side, Map<Labels, Row> own, Map<Labels, Row> other, @Nullable Double value) {
        if (value == null) {
            return;
        }
        other.forEach((signature, present) -> {
            Row row = evaluator.row();
            row.mark(present);
            Row known = own.get(signature);
            if (known != null) {
                row.removeAll(known);
            }
            for (int step = 0; step < row.steps(); step++) {
                if (row.has(step)) {
                    row.set(step, value);
                }
            }
            if (row.isEmpty()) {
                evaluator.release(row);
            } else {
                side.add(new Side(signature, row));
            }
        });
    }
}
