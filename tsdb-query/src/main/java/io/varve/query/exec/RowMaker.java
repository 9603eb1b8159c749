package io.varve.query.exec;

import io.varve.core.model.Labels;
import io.varve.query.histogram.Flaw;
import io.varve.query.kernel.Row;
import io.varve.query.kernel.Windows;
import java.util.Set;

/**
 * Makes a row of the windows of a series, of nothing but these: several threads do it for one query, each with a maker
 * of its own.
 */
@FunctionalInterface
interface RowMaker {

    /**
     * Fills a row.
     *
     * @param windows borrowed
     * @param row empty
     * @param flaws what is noted of histograms goes there
     */
    void make(Labels labels, Windows windows, Row row, Set<Flaw> flaws);
}
