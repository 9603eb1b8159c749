package io.varve.server.scrape.format;

/** The answer of a target cannot be read. It costs this scrape alone, so it carries no stack trace. */
public final class MalformedExpositionException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** An answer that cannot be read; the message says where and why. */
    public MalformedExpositionException(String message) {
        super(message, null, false, false);
    }

    static MalformedExpositionException line(long number, String reason) {
        return new MalformedExpositionException("line " + number + ": " + reason);
    }
}
