package io.varve.core.storage;

import io.varve.core.model.Resolution;
import io.varve.core.model.TimeRange;

/** A store that can be read. */
public interface Queryable {

    /** The unit of the store's time. */
    Resolution resolution();

    /**
     * Opens a consistent view of the samples in a range; close it soon, since it keeps what it sees from being
     * released.
     *
     * @param range ticks, both ends included
     * @param budget charged for what is read, and asked whether to go on
     */
    Querier querier(TimeRange range, ReadBudget budget);

    /** Opens a consistent view of the samples in a range, without a limit. */
    default Querier querier(TimeRange range) {
        return querier(range, ReadBudget.UNLIMITED);
    }
}
