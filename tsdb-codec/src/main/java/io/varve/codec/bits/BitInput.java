package io.varve.codec.bits;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Reads what {@link BitOutput} wrote. One thread at a time. */
public final class BitInput {

    /** More zeros than this begin no number of ours. */
    private static final int LONGEST = 62;

    /** Bits of a word that are there whatever the position in its first byte. */
    private static final int WORD_BITS = 57;

    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final byte[] NOTHING = {};

    private PageReader in = new PageReader();
    private byte[] bytes = NOTHING;
    private int start;
    private int end;

    /** The next bit, from the start on. */
    private int at;

    /** Begins at a whole byte of a reader. */
    public void begin(PageReader reader) {
        in = reader;
        bytes = reader.bytes();
        start = reader.position();
        end = start + reader.remaining();
        at = 0;
    }

    /** The next bits, at least 57 of them or all that are left; zeros behind. */
    private long peek() {
        int from = start + (at >>> 3);
        if (from <= end - Long.BYTES) {
            return (long) LONG.get(bytes, from) >>> (at & 7);
        }
        long word = 0;
        for (int i = end - 1; i >= from; i--) {
            word = word << Byte.SIZE | (bytes[i] & 0xff);
        }
        return word >>> (at & 7);
    }

    /** The next bits as a non-negative number; length 0 to 63. */
    public long read(int length) {
        if (length > WORD_BITS) {
            long low = read(32);
            return low | read(length - 32) << 32;
        }
        long value = peek() & BitPacking.mask(length);
        at += length;
        return value;
    }

    /** The counterpart of {@link BitOutput#writeGamma}. */
    public long readGamma() {
        long word = peek();
        int zeros = Long.numberOfTrailingZeros(word);
        if (2 * zeros + 1 <= WORD_BITS) {
            at += 2 * zeros + 1;
            return ((1L << zeros) | ((word >>> (zeros + 1)) & BitPacking.mask(zeros))) - 1;
        }
        return readLongGamma();
    }

    private long readLongGamma() {
        int zeros = 0;
        while (read(1) == 0) {
            if (++zeros > LONGEST) {
                throw in.malformed("rule: a number of bits has at most " + LONGEST + " zeros");
            }
        }
        return ((1L << zeros) | read(zeros)) - 1;
    }

    /** The counterpart of {@link BitOutput#writeSignedGamma}. */
    public long readSignedGamma() {
        long value = readGamma();
        return (value >>> 1) ^ -(value & 1);
    }

    /** Takes the bytes that were read from the reader, with the padding of the last one. */
    public void finish() {
        in.take((at + 7) >>> 3);
        if ((at & 7) != 0 && (bytes[start + (at >>> 3)] & 0xff) >>> (at & 7) != 0) {
            throw in.malformed("rule: padding is zero");
        }
        bytes = NOTHING;
    }
}
