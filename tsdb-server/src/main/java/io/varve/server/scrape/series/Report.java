package io.varve.server.scrape.series;

/**
 * What is told of a scrape by series of their own.
 *
 * @param up whether it succeeded
 * @param seconds how long it took
 * @param bodyBytes bytes of the answer, decompressed; -1 if it passed the limit
 * @param timeoutSeconds longest time that it may take
 * @param sampleLimit samples that it may have, 0 for any
 */
public record Report(boolean up, double seconds, long bodyBytes, double timeoutSeconds, int sampleLimit) {}
