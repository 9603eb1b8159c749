package io.varve.query.exec;

import io.varve.query.lang.Expr;

/** Checks of parameters that may differ from step to step. */
final class Parameters {

    private Parameters() {}

    /** Warns once for each value that is no quantile. */
    static void warnOfQuantile(Evaluator evaluator, double[] q, Expr at) {
        double warned = 0;
        for (double value : q) {
            boolean outside = !(value >= 0 && value <= 1);
            if (outside && Double.compare(value, warned) != 0) {
                warned = value;
                evaluator
                        .context()
                        .annotations()
                        .warn("quantile value should be between 0 and 1, got " + NumberText.of(value), at.at());
            }
        }
    }
}
