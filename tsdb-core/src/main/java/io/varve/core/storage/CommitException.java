package io.varve.core.storage;

/**
 * A batch as a whole was not acknowledged. Samples may or may not have been kept; sending them again is safe, since
 * equal samples are kept once.
 */
public final class CommitException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** Why a batch was not acknowledged, and so what its sender should do. */
    public enum Reason {
        /** The ring stayed full for the whole bounded wait: send again later. */
        OVERLOADED,
        /** The store takes no writes for now, because its disk is full or failed: send again later. */
        READ_ONLY,
        /**
         * The batch was applied, and whether it is durable is not known: the disk has failed and did not recover in
         * time, or the engine ended. Sending it again is safe.
         */
        UNKNOWN,
        /** The store is closed. */
        CLOSED
    }

    private final Reason reason;

    /** A failure with its reason, what happened, and the cause if there is one. */
    public CommitException(Reason reason, String message, @org.jspecify.annotations.Nullable Throwable cause) {
        super(message, cause);
        this.reason = reason;
    }

    /** Why the batch was not acknowledged. */
    public Reason reason() {
        return reason;
    }
}
