package io.varve.server.scrape.series;

/** A scrape that fails as a whole; the message is the target's {@code lastError}. It carries no stack trace. */
public final class ScrapeFailure extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** A failure with its reason. */
    public ScrapeFailure(String message) {
        super(message, null, false, false);
    }
}
