package io.varve.query.exec;

import io.varve.core.model.Labels;
import io.varve.query.function.LabelHash;
import io.varve.query.kernel.Row;
import io.varve.query.lang.Expr;
import java.util.HashMap;
import java.util.Map;
import java.util.function.UnaryOperator;

/** {@code limitk} and {@code limit_ratio}: a part of the series, chosen by what they are and never by their values. */
final class SeriesLimits {

    private final Evaluator evaluator;
    private final Expr source;
    private final Expr parameter;

    SeriesLimits(Evaluator evaluator, Expr source, Expr parameter) {
        this.evaluator = evaluator;
        this.source = source;
        this.parameter = parameter;
    }

    /** At each step the first k series of each group that have a value. */
    void first(UnaryOperator<Labels> group, RowSink sink) {
        double[] k = evaluator.scalar(parameter);
        boolean[] checked = {false};
        Map<Labels, int[]> taken = new HashMap<>();
        evaluator.vector(source, (labels, row) -> {
            if (!checked[0]) { // without series nothing is wrong
                Parameters.checkCounts(k, parameter);
                checked[0] = true;
            }
            int[] counts = taken.computeIfAbsent(group.apply(labels), g -> counts(k.length));
            for (int step = 0; step < k.length; step++) {
                if (row.has(step)) {
                    if (counts[step] + 1 > k[step]) {
                        row.remove(step);
                    } else {
                        counts[step]++;
                    }
                }
            }
            evaluator.pushUnlessEmpty(labels, row, sink);
        });
    }

    private int[] counts(int steps) {
        evaluator.context().budget().charge(0, 4L * steps);
        return new int[steps];
    }

    /**
     * Each series has a fixed place in [0, 1). A ratio r of 0 or more takes those before r, one below 0 those from
     * 1 + r on, so that r and r - 1 are the two parts of a whole.
     */
    void ratio(RowSink sink) {
        double[] ratios = evaluator.scalar(parameter);
        boolean[] checked = {false};
        evaluator.vector(source, (labels, row) -> {
            if (!checked[0]) {
                Parameters.checkRatios(evaluator, ratios, parameter);
                checked[0] = true;
            }
            select(ratios, LabelHash.place(labels), row);
            evaluator.pushUnlessEmpty(labels, row, sink);
        });
    }

    private static void select(double[] ratios, double place, Row row) {
        for (int step = 0; step < ratios.length; step++) {
            double ratio = ratios[step];
            boolean taken = ratio >= 0 ? place < ratio : place >= 1 + ratio;
            if (!taken) {
                row.remove(step);
            }
        }
    }
}
