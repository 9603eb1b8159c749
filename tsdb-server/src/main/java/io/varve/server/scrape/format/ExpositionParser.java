package io.varve.server.scrape.format;

/** Reads the whole answer of a target. One thread at a time. */
public interface ExpositionParser {

    /** Bytes of a line of text; a longer one fails its scrape. */
    int MAX_LINE = 256 << 10;

    /**
     * Reads an answer.
     *
     * @param bytes borrowed for the duration of the call
     * @throws MalformedExpositionException if it is not of the format; what was handed over before does not count then
     */
    void parse(byte[] bytes, int from, int to, ExpositionSink sink);
}
