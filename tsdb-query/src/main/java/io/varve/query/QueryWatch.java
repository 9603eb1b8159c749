package io.varve.query;

/** Is told what each query cost, also of one that failed; called on the thread of the query, must not block. */
@FunctionalInterface
public interface QueryWatch {

    /** Watches nothing. */
    QueryWatch NONE = (samples, points, bytes, nanos) -> {};

    /**
     * A query has ended.
     *
     * @param samples samples that it decoded
     * @param points evaluation times that it had
     * @param bytes memory that it took
     * @param nanos how long it ran
     */
    void ended(long samples, int points, long bytes, long nanos);
}
