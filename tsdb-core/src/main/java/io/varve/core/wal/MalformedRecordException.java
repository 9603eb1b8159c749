package io.varve.core.wal;

/** The payload of a log record with a good checksum does not follow its format. */
public final class MalformedRecordException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** @param reason the rule that is broken */
    public MalformedRecordException(String reason) {
        super(reason);
    }
}
