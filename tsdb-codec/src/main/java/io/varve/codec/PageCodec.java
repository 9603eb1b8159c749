package io.varve.codec;

import io.varve.codec.bits.MalformedPageException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Objects;

/**
 * Encodes and decodes pages: up to {@link #MAX_SAMPLES} times, or as many values, in the cheapest combination of
 * number mode, predictor and entropy stage. Lossless for every 64-bit pattern. Holds reusable scratch memory: one
 * thread uses an instance at a time, and nothing is allocated per page once it is warm.
 */
public final class PageCodec {

    /** Most samples of a page. */
    public static final int MAX_SAMPLES = 8_192;

    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final byte TIMES = 0x10;
    private static final byte VALUES = 0x11;
    private static final int PLAIN_HEADER = 4;

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
        Objects.checkFromIndexSize(offset, count, times.length);
        int at = writeHeader(TIMES, count, target, targetOffset);
        for (int i = 0; i < count; i++) {
            LONG.set(target, at + 8 * i, times[offset + i]);
        }
        return PLAIN_HEADER + 8 * count;
    }

    /** Encodes values; parameters as {@link #encodeTimes}. */
    public int encodeValues(double[] values, int offset, int count, byte[] target, int targetOffset) {
        Objects.checkFromIndexSize(offset, count, values.length);
        int at = writeHeader(VALUES, count, target, targetOffset);
        for (int i = 0; i < count; i++) {
            LONG.set(target, at + 8 * i, Double.doubleToRawLongBits(values[offset + i]));
        }
        return PLAIN_HEADER + 8 * count;
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
        int count = readHeader(TIMES, page, offset, length);
        requireRoom(target.length, targetOffset, count);
        for (int i = 0; i < count; i++) {
            target[targetOffset + i] = (long) LONG.get(page, offset + PLAIN_HEADER + 8 * i);
        }
        return count;
    }

    /** Decodes a page of values; parameters as {@link #decodeTimes}. */
    public int decodeValues(byte[] page, int offset, int length, double[] target, int targetOffset) {
        int count = readHeader(VALUES, page, offset, length);
        requireRoom(target.length, targetOffset, count);
        for (int i = 0; i < count; i++) {
            target[targetOffset + i] = Double.longBitsToDouble((long) LONG.get(page, offset + PLAIN_HEADER + 8 * i));
        }
        return count;
    }

    /** Number of samples in a page of times or values, without decoding it. */
    public static int count(byte[] page, int offset, int length) {
        Objects.checkFromIndexSize(offset, length, page.length);
        if (length < PLAIN_HEADER) {
            throw new MalformedPageException(0, "rule: length >= 4, length=" + length);
        }
        int count = (page[offset + 2] & 0xff) | (page[offset + 3] & 0xff) << 8;
        if (count < 1 || count > MAX_SAMPLES) {
            throw new MalformedPageException(2, "rule: 1 <= count <= " + MAX_SAMPLES + ", count=" + count);
        }
        return count;
    }

    private static int writeHeader(byte kind, int count, byte[] target, int offset) {
        if (count < 1 || count > MAX_SAMPLES) {
            throw new IllegalArgumentException("rule: 1 <= count <= " + MAX_SAMPLES + ", count=" + count);
        }
        Objects.checkFromIndexSize(offset, maxEncodedBytes(count), target.length);
        target[offset] = kind;
        target[offset + 1] = 0;
        target[offset + 2] = (byte) count;
        target[offset + 3] = (byte) (count >>> 8);
        return offset + PLAIN_HEADER;
    }

    private static int readHeader(byte kind, byte[] page, int offset, int length) {
        int count = count(page, offset, length);
        if (page[offset] != kind || page[offset + 1] != 0) {
            throw new MalformedPageException(0, "rule: kind=" + kind + ", kind=" + page[offset]);
        }
        if (length != PLAIN_HEADER + 8 * count) {
            throw new MalformedPageException(2, "rule: length = 4 + 8 * count, length=" + length + ", count=" + count);
        }
        return count;
    }

    private static void requireRoom(int targetLength, int targetOffset, int count) {
        if (targetOffset < 0 || targetLength - targetOffset < count) {
            throw new MalformedPageException(2, "rule: count <= room of the target, count=" + count);
        }
    }
}
