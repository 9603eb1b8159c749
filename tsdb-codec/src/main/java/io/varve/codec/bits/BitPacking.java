package io.varve.codec.bits;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * Packs up to {@link #BLOCK} integers of one width into a block of bytes.
 *
 * <p>The block is transposed: with L = count / 64 lanes, integer i of the first 64 L stands in lane i mod L, and a lane
 * is a stream of 64 integers, lowest bits first, in as many 64-bit words as the width has bits. Word k of lane l is
 * word L k + l of the block. So L neighbours share word row, shift and mask, and the loop over them has no dependency:
 * the compiler vectorises it. The integers that are left, and all of a block with fewer than {@link #LEAST_LANES}
 * lanes, follow in one plain stream.
 *
 * <p>Words are little-endian. Holds scratch memory: one thread at a time.
 */
public final class BitPacking {

    /** Most integers of a block. */
    public static final int BLOCK = 8_192;

    /** Room that {@link #unpackSome} needs: for the longest row, and for the longest stream. */
    public static final int LEAST_ROOM = 512;

    /** With fewer lanes a row is too short to be worth its loop. */
    static final int LEAST_LANES = 8;

    private static final int ROWS = Long.SIZE;
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    // A row more than a block has: each kernel reads the word after the last one it needs.
    private final long[] words = new long[BLOCK + BLOCK / ROWS + 1];

    /** Bytes of so many packed integers, in blocks of which only the last may be short. */
    public static int packedBytes(int count, int width) {
        return (int) (((long) count * width + 7) >>> 3);
    }

    /** All bits that an integer of a width has. */
    public static long mask(int width) {
        return width == 0 ? 0 : -1L >>> (Long.SIZE - width);
    }

    private static int lanes(int count) {
        int lanes = count / ROWS;
        return lanes < LEAST_LANES ? 0 : lanes;
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
        int lanes = lanes(count);
        int transposed = lanes * ROWS;
        if (lanes > 0) {
            Arrays.fill(words, 0, (width + 1) * lanes, 0);
            long mask = mask(width);
            for (int row = 0; row < ROWS; row++) {
                int word = ((row * width) >>> 6) * lanes;
                int shift = (row * width) & 63;
                for (int lane = 0; lane < lanes; lane++) {
                    long value = source[offset + row * lanes + lane] & mask;
                    words[word + lane] |= value << shift;
                    words[word + lanes + lane] |= value >>> 1 >>> (63 - shift);
                }
            }
            store(packedBytes(transposed, width), target, targetOffset);
        }
        packStream(
                source,
                offset + transposed,
                count - transposed,
                width,
                target,
                targetOffset + packedBytes(transposed, width));
    }

    private void packStream(long[] source, int offset, int count, int width, byte[] target, int targetOffset) {
        int used = (count * width + 63) >>> 6;
        Arrays.fill(words, 0, used + 1, 0);
        long mask = mask(width);
        for (int i = 0; i < count; i++) {
            int word = (i * width) >>> 6;
            int shift = (i * width) & 63;
            long value = source[offset + i] & mask;
            words[word] |= value << shift;
            words[word + 1] |= value >>> 1 >>> (63 - shift);
        }
        store(packedBytes(count, width), target, targetOffset);
    }

    /** Unpacks one block; parameters as {@link #pack}. The source holds {@link #packedBytes} from its offset on. */
    public void unpack(byte[] source, int sourceOffset, int count, int width, long[] target, int offset) {
        for (int done = 0; done < count; ) {
            done += unpackSome(source, sourceOffset, count, width, done, count - done, target, offset + done);
        }
    }

    /**
     * Unpacks the next part of one block: whole rows, or the stream behind them.
     *
     * @param from how many of the block have been unpacked
     * @param most at least {@link #LEAST_ROOM}, or all that are left
     * @return how many were unpacked, at most {@code most}
     */
    public int unpackSome(
            byte[] source, int sourceOffset, int count, int width, int from, int most, long[] target, int offset) {
        if (width == 0) {
            int zeros = Math.min(most, count - from);
            Arrays.fill(target, offset, offset + zeros, 0);
            return zeros;
        }
        int lanes = lanes(count);
        int transposed = lanes * ROWS;
        if (from < transposed) {
            int first = from / lanes;
            int rows = Math.min(ROWS - first, most / lanes);
            unpackRows(source, sourceOffset, lanes, width, first, rows, target, offset);
            return rows * lanes;
        }
        int rest = count - transposed;
        load(source, sourceOffset + packedBytes(transposed, width), packedBytes(rest, width));
        unpackStream(words, rest, width, mask(width), target, offset);
        return rest;
    }

    private void unpackRows(
            byte[] source, int sourceOffset, int lanes, int width, int first, int rows, long[] target, int offset) {
        int firstWord = (first * width) >>> 6;
        int lastWord = ((first + rows) * width - 1) >>> 6;
        load(source, sourceOffset + firstWord * lanes * Long.BYTES, (lastWord - firstWord + 1) * lanes * Long.BYTES);
        long mask = mask(width);
        for (int row = first; row < first + rows; row++) {
            int word = (((row * width) >>> 6) - firstWord) * lanes;
            int shift = (row * width) & 63;
            int to = offset + (row - first) * lanes;
            if (shift + width <= Long.SIZE) {
                rowInWord(words, word, shift, mask, target, to, lanes);
            } else {
                rowAcrossWords(words, word, shift, mask, target, to, lanes);
            }
        }
    }

    private static void rowInWord(long[] words, int word, int shift, long mask, long[] target, int to, int lanes) {
        for (int lane = 0; lane < lanes; lane++) {
            target[to + lane] = (words[word + lane] >>> shift) & mask;
        }
    }

    private static void rowAcrossWords(long[] words, int word, int shift, long mask, long[] target, int to, int lanes) {
        int left = Long.SIZE - shift;
        int next = word + lanes;
        for (int lane = 0; lane < lanes; lane++) {
            target[to + lane] = ((words[word + lane] >>> shift) | (words[next + lane] << left)) & mask;
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
