package io.varve.codec.bits;

/** Bytes do not follow the format. A decoder throws this and nothing else, whatever bytes it is given. */
public final class MalformedPageException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final int offset;

    /**
     * A violation at a place.
     *
     * @param offset byte offset within the page
     * @param reason the rule that is broken, with expected and found
     */
    public MalformedPageException(int offset, String reason) {
        super("malformed page: offset=" + offset + ", " + reason);
        this.offset = offset;
    }

    /** Byte offset within the page. */
    public int offset() {
        return offset;
    }
}
