package io.varve.core.storage;

import io.varve.core.model.Labels;
import java.util.concurrent.CompletionStage;

/**
 * Collects samples into a batch and commits it. One thread uses an appender at a time; each has a batch of its own.
 * Nothing is allocated per sample of a known series.
 */
public interface Appender extends AutoCloseable {

    /**
     * The reference of a series, creating it with the next commit if it is new. Valid for this appender only, until
     * it is closed; it costs a hash and a probe, so callers with many samples of a series keep it.
     *
     * @throws IllegalArgumentException if the labels are empty
     */
    long series(Labels labels);

    /**
     * The reference of the series whose labels a client sent as these bytes. A client that sends a series the same
     * way every time costs one hash over the bytes; they are decoded only the first time. The reference is valid
     * until the next commit.
     *
     * @param wire the buffer, borrowed for the duration of the call
     * @param offset where the labels start
     * @param length how many bytes they have
     * @param decoder reads the labels of an unknown series
     * @throws IllegalArgumentException what the decoder throws; nothing is added then
     */
    long series(byte[] wire, int offset, int length, WireLabels decoder);

    /**
     * Adds a sample to the batch.
     *
     * @param ref what {@link #series} returned
     * @param time ticks of the store's resolution
     * @param value any 64-bit pattern, kept bit for bit
     * @return {@link Verdict#ACCEPTED} if it is in the batch (the engine still judges it), or why it is not
     */
    Verdict append(long ref, long time, double value);

    /** Samples in the batch so far. */
    int pending();

    /**
     * Commits the batch and waits until it is as durable as this appender promises.
     *
     * @throws CommitException if the batch as a whole was not acknowledged
     */
    Commit commit();

    /**
     * Commits the batch without waiting; the appender can take the next batch at once. The stage completes on an
     * engine thread, which must not be blocked.
     */
    CompletionStage<Commit> commitAsync();

    /** What this appender's commits promise. */
    Durability durability();

    /** Drops what was not committed. */
    @Override
    void close();
}
