package io.varve.core.storage;

/** What becomes of one sample. A refusal concerns this sample alone: its neighbours in the batch are kept. */
public enum Verdict {
    /** Kept. */
    ACCEPTED(false, "accepted"),
    /** The same time and value is there already: kept once, and counted as a success. */
    DUPLICATE(false, "duplicate"),
    /** Older than the out-of-order window of its series. */
    OUT_OF_WINDOW(true, "out_of_window"),
    /** Further ahead of the wall clock than allowed (24 h). */
    TOO_FAR_AHEAD(true, "too_far_ahead"),
    /** Before 1970-01-01T00:00Z. */
    BEFORE_EPOCH(true, "before_epoch"),
    /** A new series where the limit of series is reached; samples of known series go on. */
    SERIES_LIMIT(true, "series_limit"),
    /** A new series where the known ones fill the head's memory; samples of known series go on. */
    SERIES_MEMORY(true, "series_memory"),
    /** A new series where too many have come in a short time; samples of known series go on. */
    SERIES_RATE(true, "series_rate"),
    /** The reference names no series of this process: ask for the series again, with its labels. */
    UNKNOWN_REF(true, "unknown_ref"),
    /** The batch is full: commit, then append again. */
    BATCH_FULL(true, "batch_full"),
    /** A histogram that no batch can carry: give it fewer buckets, or the ring more bytes. */
    TOO_LARGE(true, "too_large"),
    /** The counting began at or after the sample that it is told of. */
    START_NOT_BEFORE(true, "start_not_before");

    private final boolean refusal;
    private final String reason;

    Verdict(boolean refusal, String reason) {
        this.refusal = refusal;
        this.reason = reason;
    }

    /** Whether the sample was refused. */
    public boolean isRefusal() {
        return refusal;
    }

    /** The reason as metrics and error messages name it, in snake_case. */
    public String reason() {
        return reason;
    }
}
