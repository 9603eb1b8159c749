package io.varve.core.ingest;

import io.varve.core.head.Generation;
import io.varve.core.model.Deletion;

/** Decides when the active generation is full, and takes it over then. Called by the agent alone. */
public interface Freezer {

    /** What the agent does before a batch. */
    enum Decision {
        /** Go on with the active generation. */
        CONTINUE,
        /** Freeze the active generation and begin another. */
        FREEZE,
        /** Sealing does not keep up and memory is used up: refuse until it has. */
        REFUSE
    }

    /**
     * Asked before each batch.
     *
     * @param logBytes bytes of log that the active generation takes
     */
    Decision decide(Generation active, long logBytes);

    /** An empty generation to follow another. */
    Generation next(Generation active);

    /**
     * The active generation is frozen: nothing is written to it any more.
     *
     * @param fresh the one that is active from now on
     * @param start log position at which the fresh one begins
     */
    void frozen(Generation old, Generation fresh, long start);

    /** A deletion stands in the log: from now on, readers do not see what lies before it. */
    void deleted(Deletion deletion);
}
