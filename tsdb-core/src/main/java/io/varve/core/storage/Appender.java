package io.varve.core.storage;

import io.varve.core.model.Exemplar;
import io.varve.core.model.Histogram;
import io.varve.core.model.Labels;
import io.varve.core.model.Metadata;
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
     * until the next commit; one above zero is the store's own and names the series in every appender of the store
     * until the series dies, which {@link Verdict#UNKNOWN_REF} tells.
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

    /**
     * Adds a histogram to the batch. A series may have floats at some times and histograms at others; at one time the
     * later one wins, and of one batch the histogram.
     *
     * @param ref what {@link #series} returned
     * @param time ticks of the store's resolution
     * @return as {@link #append(long, long, double)}; {@link Verdict#TOO_LARGE} if no batch can carry it
     */
    Verdict append(long ref, long time, Histogram histogram);

    /**
     * Adds an exemplar of a series to the batch. The same one twice is kept once. The head keeps the newest ones that
     * came, per series and in all; the oldest go first and are counted.
     *
     * @param ref what {@link #series} returned
     */
    Verdict exemplar(long ref, Exemplar exemplar);

    /**
     * Adds to the batch what is known of a metric; it replaces what was known before.
     *
     * @param metric its name, 1 to {@link Metadata#MAX_NAME} characters
     * @throws IllegalArgumentException if the name is empty or too long
     */
    Verdict metadata(String metric, Metadata metadata);

    /**
     * Says when the counting began that a sample reports. It holds for all later samples of the series, until another
     * start is reported: saying the same again changes nothing.
     *
     * @param ref what {@link #series} returned
     * @param time ticks of the sample
     * @param start ticks at which the counting began; before {@code time}
     */
    Verdict startTime(long ref, long time, long start);

    /** Samples of all kinds in the batch so far. */
    int pending();

    /**
     * Commits the batch and waits until it is as durable as this appender promises. Of a store with several shards
     * the parts of the batch are acknowledged together; if one is refused, so is the batch, while others may be kept.
     * To send all of it again is safe: equal samples are kept once.
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
