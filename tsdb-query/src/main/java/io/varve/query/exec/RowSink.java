package io.varve.query.exec;

import io.varve.core.model.Labels;
import io.varve.query.kernel.Row;

/** Takes the series of a vector, one at a time. */
@FunctionalInterface
interface RowSink {

    /** Takes a series; the row is the sink's from then on, to keep, change, or give back to its evaluator. */
    void accept(Labels labels, Row row);
}
