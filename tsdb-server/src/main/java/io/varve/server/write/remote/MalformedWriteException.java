package io.varve.server.write.remote;

/**
 * The bytes of a request are not what they claim to be. The request as a whole is refused: what follows the damage
 * cannot be told apart from it.
 */
public final class MalformedWriteException extends IllegalArgumentException {

    private static final long serialVersionUID = 1L;

    /** Whether the bytes are damaged, or merely more than this server takes. */
    public enum Kind {
        /** Not valid snappy or protobuf. */
        MALFORMED,
        /** Over a limit that was checked before anything was allocated. */
        TOO_LARGE
    }

    private final Kind kind;
    private final long offset;

    /**
     * Damage at a place.
     *
     * @param offset bytes from the start of what was being decoded
     * @param reason what is wrong there, in words
     */
    public MalformedWriteException(long offset, String reason) {
        this(Kind.MALFORMED, offset, reason);
    }

    MalformedWriteException(Kind kind, long offset, String reason) {
        super("cannot decode write request: " + reason + " at offset " + offset);
        this.kind = kind;
        this.offset = offset;
    }

    /** Damaged or too large. */
    public Kind kind() {
        return kind;
    }

    /** Where, in bytes from the start of what was being decoded. */
    public long offset() {
        return offset;
    }
}
