package io.varve.benchmarks.codec;

import io.varve.codec.Effort;
import io.varve.codec.PageCodec;

/** The two things that the table and the benchmarks ask of the codec beyond encoding and decoding. */
final class CodecUnderTest {

    static final String BEST = "best";
    static final String FAST = "fast";

    private CodecUnderTest() {}

    /** A codec of that effort. */
    static PageCodec codec(String effort) {
        return new PageCodec(effort.equals(FAST) ? Effort.FAST : Effort.BEST);
    }

    /** How a page is encoded. */
    static String describe(byte[] page, int offset, int length) {
        return PageCodec.describe(page, offset, length);
    }
}
