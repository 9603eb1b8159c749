package io.varve.core.ingest;

import io.varve.core.head.Generation;
import java.util.List;
import java.util.function.Consumer;

/** What has to be known of readers before what they may have found is used for something else. Any thread. */
public interface ReaderWatch {

    /** Hands out the generations that new readers see, oldest first; they stay for the call. */
    void withGenerations(Consumer<List<Generation>> work);

    /** A mark between the readers that have begun before this call, and those that begin after it. */
    long mark();

    /** Whether no reader is left that had begun before a mark. */
    boolean haveGone(long mark);

    /** A new epoch for references, never used before and durably so; -1 if none is reserved at the moment. */
    long nextEpoch();
}
