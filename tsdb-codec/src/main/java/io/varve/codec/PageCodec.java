package io.varve.codec;

import io.varve.codec.bits.MalformedPageException;
import io.varve.codec.bits.PageReader;
import io.varve.codec.bits.PageWriter;
import io.varve.codec.bits.Patches;
import io.varve.codec.number.Decimals;
import io.varve.codec.number.NumberMode;
import io.varve.codec.number.OrderedBits;
import java.util.Arrays;
import java.util.Objects;

/**
 * Encodes and decodes pages: up to {@link #MAX_SAMPLES} times, or as many values, in the cheapest combination of
 * number mode, predictor and entropy stage. Lossless for every 64-bit pattern. Holds reusable scratch memory: one
 * thread uses an instance at a time, and nothing is allocated per page once it is warm.
 *
 * <p>A page is bytes of the caller and is never kept. Bytes that are no page are a {@link MalformedPageException};
 * what the target then holds is not defined. docs/format/page.md describes a page bit by bit.
 */
public final class PageCodec {

    /** Most samples of a page. */
    public static final int MAX_SAMPLES = 8_192;

    /** Decimals with more exceptions than one value in so many are compared with plain bits. */
    private static final int FEW_EXCEPTIONS = 32;

    /** Decimals with more exceptions than one value in so many are not tried. */
    private static final int TOO_MANY_EXCEPTIONS = 4;

    private final IntegerEncoder encoder = new IntegerEncoder();
    private final IntegerDecoder decoder = new IntegerDecoder();
    private final PageHeader header = new PageHeader();
    private final PageWriter writer = new PageWriter();
    private final PageReader reader = new PageReader();
    private final Patches exceptions = new Patches(MAX_SAMPLES);
    private final long[] integers = new long[MAX_SAMPLES];
    private final byte[] alternative = new byte[2 * maxEncodedBytes(MAX_SAMPLES)];

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
        begin(PageHeader.TIMES, times.length, offset, count, target, targetOffset);
        System.arraycopy(times, offset, integers, 0, count);
        exceptions.clear();
        return writeIntegers(NumberMode.INTEGER, 0);
    }

    /** Encodes values; parameters as {@link #encodeTimes}. */
    public int encodeValues(double[] values, int offset, int count, byte[] target, int targetOffset) {
        begin(PageHeader.VALUES, values.length, offset, count, target, targetOffset);
        if (isConstant(values, offset, count)) {
            return writeConstant(Double.doubleToRawLongBits(values[offset]));
        }
        int exponent = Decimals.sampleExponent(values, offset, count);
        int limit = count / TOO_MANY_EXCEPTIONS;
        while (exponent >= 0) {
            int needed = Decimals.encode(values, offset, count, exponent, limit, integers, exceptions);
            if (needed > exponent && exceptions.size() > count / FEW_EXCEPTIONS) {
                exponent = needed;
                continue;
            }
            break;
        }
        if (exponent < 0 || exceptions.size() > limit) {
            return writeOrderedBits(values, offset, count);
        }
        NumberMode mode = exponent == 0 ? NumberMode.INTEGER : NumberMode.DECIMAL;
        if (exceptions.size() <= count / FEW_EXCEPTIONS) {
            return writeIntegers(mode, exponent);
        }
        // Not into the target at once: so many exceptions might not fit, and then the plain bits are smaller.
        writer.reset(alternative, 0);
        int length = writeIntegers(mode, exponent);
        writer.reset(target, targetOffset);
        int plain = writeOrderedBits(values, offset, count);
        if (length < plain) {
            System.arraycopy(alternative, 0, target, targetOffset, length);
        }
        return Math.min(plain, length);
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
     * @throws MalformedPageException if the bytes are no page of times, or the target is too small
     */
    public int decodeTimes(byte[] page, int offset, int length, long[] target, int targetOffset) {
        reader.reset(page, offset, length);
        header.read(reader, PageHeader.TIMES);
        requireRoom(target.length, targetOffset);
        decoder.decode(header, reader, target, targetOffset);
        reader.finish();
        return header.count;
    }

    /** Decodes a page of values; parameters as {@link #decodeTimes}. */
    public int decodeValues(byte[] page, int offset, int length, double[] target, int targetOffset) {
        reader.reset(page, offset, length);
        header.read(reader, PageHeader.VALUES);
        requireRoom(target.length, targetOffset);
        int count = header.count;
        if (header.mode == NumberMode.CONSTANT) {
            Arrays.fill(target, targetOffset, targetOffset + count, readConstant());
            return count;
        }
        decoder.decode(header, reader, integers, 0);
        if (header.mode == NumberMode.ORDERED_BITS) {
            OrderedBits.decode(integers, count, target, targetOffset);
        } else {
            Decimals.decode(integers, count, header.exponent, target, targetOffset);
        }
        if (header.hasExceptions) {
            exceptions.read(reader, true, count);
            exceptions.applyTo(target, targetOffset);
        }
        reader.finish();
        return count;
    }

    /** Number of samples in a page of times or values, without decoding it. */
    public static int count(byte[] page, int offset, int length) {
        PageReader in = new PageReader();
        in.reset(page, offset, length);
        int kind = in.readByte();
        if (kind != PageHeader.TIMES && kind != PageHeader.VALUES) {
            throw in.malformed("rule: kind is known, kind=" + kind);
        }
        return PageHeader.readCount(in);
    }

    private void begin(int kind, int length, int offset, int count, byte[] target, int targetOffset) {
        if (count < 1 || count > MAX_SAMPLES) {
            throw new IllegalArgumentException("rule: 1 <= count <= " + MAX_SAMPLES + ", count=" + count);
        }
        Objects.checkFromIndexSize(offset, count, length);
        Objects.checkFromIndexSize(targetOffset, maxEncodedBytes(count), target.length);
        header.kind = kind;
        header.count = count;
        writer.reset(target, targetOffset);
    }

    private int writeIntegers(NumberMode mode, int exponent) {
        header.mode = mode;
        header.exponent = exponent;
        encoder.encode(header, integers, exceptions, writer);
        return writer.length();
    }

    private int writeOrderedBits(double[] values, int offset, int count) {
        OrderedBits.encode(values, offset, count, integers);
        exceptions.clear();
        return writeIntegers(NumberMode.ORDERED_BITS, 0);
    }

    private static boolean isConstant(double[] values, int offset, int count) {
        long first = Double.doubleToRawLongBits(values[offset]);
        for (int i = 1; i < count; i++) {
            if (Double.doubleToRawLongBits(values[offset + i]) != first) {
                return false;
            }
        }
        return true;
    }

    /** The bits of the value, highest byte first; bytes of zeros at the end are left out. */
    private int writeConstant(long bits) {
        header.mode = NumberMode.CONSTANT;
        header.hasDivisor = false;
        header.hasExceptions = false;
        header.hasPatches = false;
        header.write(writer);
        for (long rest = bits; rest != 0; rest <<= Byte.SIZE) {
            writer.writeByte((int) (rest >>> (Long.SIZE - Byte.SIZE)));
        }
        return writer.length();
    }

    private double readConstant() {
        int length = reader.remaining();
        if (length > Long.BYTES) {
            throw reader.malformed("rule: constant <= 8 bytes, length=" + length);
        }
        long bits = 0;
        for (int i = 0; i < length; i++) {
            bits |= (long) reader.readByte() << (Long.SIZE - Byte.SIZE - Byte.SIZE * i);
        }
        return Double.longBitsToDouble(bits);
    }

    private void requireRoom(int targetLength, int targetOffset) {
        if (targetOffset < 0 || targetLength - targetOffset < header.count) {
            throw reader.malformed("rule: count <= room of the target, count=" + header.count + ", room="
                    + (targetLength - targetOffset));
        }
    }
}
