package io.varve.benchmarks.codec;

import io.varve.codec.PageCodec;

/** The two things that the table and the benchmarks ask of the codec beyond encoding and decoding. */
final class CodecUnderTest {

    static final String BEST = "best";
    static final String FAST = "fast";

    private CodecUnderTest() {}

    /**
     * A codec of that effort.
     *
     * @throws IllegalArgumentException if the codec does not know it
     */
    static PageCodec codec(String effort) {
        if (!effort.equals(BEST)) {
            throw new IllegalArgumentException("rule: the codec knows the effort: effort=" + effort);
        }
        return new PageCodec();
    }

    /** How a page is encoded; empty if the codec does not say. */
    @SuppressWarnings("unused") // Until the codec describes its pages.
    static String describe(byte[] page, int offset, int length) {
        return "";
    }
}
