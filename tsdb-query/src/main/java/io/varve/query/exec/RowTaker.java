package io.varve.query.exec;

import io.varve.core.model.Labels;
import io.varve.query.histogram.Flaw;
import io.varve.query.kernel.Row;
import java.util.Set;

/** Takes rows in label order, in the query's own thread. */
@FunctionalInterface
interface RowTaker {

    /**
     * Takes a row, which may be empty.
     *
     * @param flaws what its maker noted, to be told and cleared
     */
    void take(Labels labels, Row row, Set<Flaw> flaws);
}
