package io.varve.core.storage;

/**
 * What a read may cost. The engine charges before it works; an implementation throws an unchecked exception of its
 * own when the budget is used up or the reader has gone, and the engine lets it pass. Called from the reading thread.
 */
@FunctionalInterface
public interface ReadBudget {

    /** No limit and no cancelling. */
    ReadBudget UNLIMITED = (samples, bytes) -> {};

    /**
     * Charges work that is about to be done.
     *
     * @param samples samples about to be decoded
     * @param bytes bytes of memory about to be taken, beyond those samples
     */
    void charge(long samples, long bytes);

    /**
     * Takes note of bytes that were read: postings, directories and pages as they stand in blocks, pages and raw values
     * of the head. Labels do not count, nor times of the head, which series share. Told once a page or list, never once
     * a sample; any thread that reads tells it.
     *
     * @param bytes as they are encoded
     */
    default void read(long bytes) {}
}
