package io.varve.codec;

/**
 * Encodes and decodes pages: up to {@link #MAX_SAMPLES} times, or as many values, in the cheapest combination of
 * number mode, predictor and entropy stage. Lossless for every 64-bit pattern. Holds reusable scratch memory: one
 * thread uses an instance at a time, and nothing is allocated per page once it is warm.
 */
public final class PageCodec {

    /** Most samples of a page. */
    public static final int MAX_SAMPLES = 8_192;

    /** The most bytes that a page of so many samples can take. */
    public static int maxEncodedBytes(int count) {
        return 64 + count * 10;
    }

    /**
     * Encodes times.
     *
     * @param times ticks, strictly increasing or not
     * @param offset where the page's times start
     * @param count how many, 1 to {@link #MAX_SAMPLES}
     * @param target takes the page; has room for {@link #maxEncodedBytes}
     * @param targetOffset where the page starts
     * @return bytes of the page
     */
    public int encodeTimes(long[] times, int offset, int count, byte[] target, int targetOffset) {
        throw new IllegalStateException();
    }

    /** Encodes values; parameters as {@link #encodeTimes}. */
    public int encodeValues(double[] values, int offset, int count, byte[] target, int targetOffset) {
        throw new IllegalStateException();
    }

    /**
     * Decodes a page of times.
     *
     * @param page holds the page
     * @param offset where the page starts
     * @param length bytes of the page
     * @param target takes the times
     * @param targetOffset where the first one goes
     * @return how many were decoded
     * @throws io.varve.codec.bits.MalformedPageException if the bytes are no page of times, or the target is too small
     */
    public int decodeTimes(byte[] page, int offset, int length, long[] target, int targetOffset) {
        throw new IllegalStateException();
    }

    /** Decodes a page of values; parameters as {@link #decodeTimes}. */
    public int decodeValues(byte[] page, int offset, int length, double[] target, int targetOffset) {
        throw new IllegalStateException();
    }

    /** Number of samples in a page of times or values, without decoding it. */
    public static int count(byte[] page, int offset, int length) {
        throw new IllegalStateException();
    }
}
