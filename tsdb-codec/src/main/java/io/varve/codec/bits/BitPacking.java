package io.varve.codec.bits;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * Packs up to {@link #BLOCK} integers of one width into a block of bytes.
 *
 * <p>A whole block is transposed: integer i stands in lane i mod 16, and a lane is a stream of 64 integers, lowest bits
 * first, in as many 64-bit words as the width has bits. Word k of lane l is word 16 k + l of the block. So sixteen
 * neighbours share word row, shift and mask, and the loop over them has no dependency: the compiler vectorises it, and
 * wider registers can take a row at once. A shorter block is one plain stream, so that it wastes less than a byte.
 *
 * <p>Words are little-endian. Holds scratch memory: one thread at a time.
 */
public final class BitPacking {

    /** Integers of a whole block. */
    public static final int BLOCK = 1_024;

    private static final int LANES = 16;
    private static final int ROWS = BLOCK / LANES;
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    // A row more than a block has: each kernel reads the word after the last one it needs.
    private final long[] words = new long[BLOCK + LANES];

    /** Bytes of so many packed integers, in blocks of which only the last may be short. */
    public static int packedBytes(int count, int width) {
        return (count * width + 7) >>> 3;
    }

    /** All bits that an integer of a width has. */
    public static long mask(int width) {
        return width == 0 ? 0 : -1L >>> (Long.SIZE - width);
    }

    /**
     * Packs the low bits of one block.
     *
     * @param count 0 to {@link #BLOCK}
     * @param width bits of an integer, 0 to 64; higher bits are dropped
     */
    public void pack(long[] source, int offset, int count, int width, byte[] target, int targetOffset) {
        if (width == 0) {
            return;
        }
        int used = (count * width + 63) >>> 6;
        Arrays.fill(words, 0, used + LANES, 0);
        long mask = mask(width);
        if (count == BLOCK) {
            for (int row = 0; row < ROWS; row++) {
                int word = ((row * width) >>> 6) * LANES;
                int shift = (row * width) & 63;
                for (int lane = 0; lane < LANES; lane++) {
                    long value = source[offset + row * LANES + lane] & mask;
                    words[word + lane] |= value << shift;
                    words[word + LANES + lane] |= value >>> 1 >>> (63 - shift);
                }
            }
        } else {
            for (int i = 0; i < count; i++) {
                int word = (i * width) >>> 6;
                int shift = (i * width) & 63;
                long value = source[offset + i] & mask;
                words[word] |= value << shift;
                words[word + 1] |= value >>> 1 >>> (63 - shift);
            }
        }
        store(packedBytes(count, width), target, targetOffset);
    }

    /** Unpacks one block; parameters as {@link #pack}. The source holds {@link #packedBytes} from its offset on. */
    public void unpack(byte[] source, int sourceOffset, int count, int width, long[] target, int offset) {
        if (width == 0) {
            Arrays.fill(target, offset, offset + count, 0);
            return;
        }
        load(source, sourceOffset, packedBytes(count, width));
        long mask = mask(width);
        if (count == BLOCK) {
            for (int row = 0; row < ROWS; row++) {
                int word = ((row * width) >>> 6) * LANES;
                int shift = (row * width) & 63;
                int to = offset + row * LANES;
                if (shift + width <= Long.SIZE) {
                    rowInWord(words, word, shift, mask, target, to);
                } else {
                    rowAcrossWords(words, word, shift, mask, target, to);
                }
            }
        } else {
            unpackStream(words, count, width, mask, target, offset);
        }
    }

    private static void rowInWord(long[] words, int word, int shift, long mask, long[] target, int to) {
        for (int lane = 0; lane < LANES; lane++) {
            target[to + lane] = (words[word + lane] >>> shift) & mask;
        }
    }

    private static void rowAcrossWords(long[] words, int word, int shift, long mask, long[] target, int to) {
        int left = Long.SIZE - shift;
        for (int lane = 0; lane < LANES; lane++) {
            target[to + lane] = ((words[word + lane] >>> shift) | (words[word + LANES + lane] << left)) & mask;
        }
    }

    private static void unpackStream(long[] words, int count, int width, long mask, long[] target, int offset) {
        for (int i = 0; i < count; i++) {
            int bit = i * width;
            int word = bit >>> 6;
            int shift = bit & 63;
            // Two shifts: one by 64 would be one by 0.
            target[offset + i] = ((words[word] >>> shift) | (words[word + 1] << 1 << (63 - shift))) & mask;
        }
    }

    private void load(byte[] source, int offset, int length) {
        int whole = length >>> 3;
        for (int i = 0; i < whole; i++) {
            words[i] = (long) LONG.get(source, offset + 8 * i);
        }
        long last = 0;
        for (int i = length - 1; i >= 8 * whole; i--) {
            last = (last << 8) | (source[offset + i] & 0xff);
        }
        words[whole] = last;
        words[whole + 1] = 0;
    }

    private void store(int length, byte[] target, int offset) {
        int whole = length >>> 3;
        for (int i = 0; i < whole; i++) {
            LONG.set(target, offset + 8 * i, words[i]);
        }
        for (int i = 8 * whole; i < length; i++) {
            target[offset + i] = (byte) (words[whole] >>> (8 * (i & 7)));
        }
    }
}
