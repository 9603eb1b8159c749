package io.varve.core.storage;

import io.varve.core.model.Resolution;

/** A store that can be written. */
public interface Writable {

    /** The unit of the store's time. */
    Resolution resolution();

    /**
     * A new appender whose commits promise this durability. Cheap; one thread uses it at a time.
     *
     * @throws IllegalStateException if the store is closed
     */
    Appender appender(Durability durability);
}
