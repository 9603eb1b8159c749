package io.varve.core.read;

import io.varve.core.model.Labels;
import io.varve.core.storage.Hole;
import io.varve.core.storage.ReadBudget;
import io.varve.core.storage.SummaryRule;
import java.util.function.Consumer;

/** Series of one block or generation that a selection found, in label order. Immutable; any thread. */
interface FoundSeries {

    /** How many there are. */
    int size();

    /** Labels of one of them, 0 to {@link #size()} - 1. */
    Labels labels(int index);

    /**
     * Reads some of them, by one thread.
     *
     * @param from the first one
     * @param to behind the last one
     * @param scratch of the thread that reads
     * @param holes takes what cannot be read
     */
    SeriesSource open(int from, int to, SummaryRule rule, ReadScratch scratch, ReadBudget budget, Consumer<Hole> holes);
}
