package io.varve.codec.entropy;

import io.varve.codec.bits.BitPacking;
import io.varve.codec.bits.PageReader;
import io.varve.codec.bits.PageWriter;

/**
 * Residuals packed in blocks of {@link BitPacking#BLOCK}: the width of each block, a byte each, then the blocks. A
 * decoder gives them in parts, in their order. Holds scratch memory: one thread at a time.
 */
public final class PackedStage {

    private static final int BLOCK = BitPacking.BLOCK;

    private static final byte[] NOTHING = {};

    private final BitPacking packing = new BitPacking();
    private byte[] bytes = NOTHING;
    private int widths;
    private int block;
    private int left;
    private int inBlock;

    /** Writes non-negative (unsigned) residuals. */
    public void encode(long[] r, int count, PageWriter out) {
        int at = out.skip((count + BLOCK - 1) / BLOCK);
        for (int from = 0; from < count; from += BLOCK) {
            int n = Math.min(BLOCK, count - from);
            long all = 0;
            for (int i = from; i < from + n; i++) {
                all |= r[i];
            }
            int width = Long.SIZE - Long.numberOfLeadingZeros(all);
            out.bytes()[at++] = (byte) width;
            packing.pack(r, from, n, width, out.bytes(), out.skip(BitPacking.packedBytes(n, width)));
        }
    }

    /** Begins to read so many residuals; all of their bytes are taken from the reader at once. */
    public void open(PageReader in, int count) {
        bytes = in.bytes();
        widths = in.take((count + BLOCK - 1) / BLOCK);
        int size = 0;
        for (int from = 0, at = widths; from < count; from += BLOCK, at++) {
            int width = bytes[at];
            if (width < 0 || width > Long.SIZE) {
                throw in.malformed("rule: 0 <= width <= 64, width=" + width);
            }
            size += BitPacking.packedBytes(Math.min(BLOCK, count - from), width);
        }
        block = in.take(size);
        left = count;
        inBlock = 0;
    }

    /**
     * Reads the next residuals.
     *
     * @param most room in the target, at least {@link BitPacking#LEAST_ROOM}
     * @return how many
     */
    public int next(long[] target, int most) {
        int n = Math.min(BLOCK, left + inBlock);
        int width = bytes[widths];
        int some = packing.unpackSome(bytes, block, n, width, inBlock, Math.min(most, n - inBlock), target, 0);
        inBlock += some;
        left -= some;
        if (inBlock == n) {
            inBlock = 0;
            widths++;
            block += BitPacking.packedBytes(n, width);
        }
        return some;
    }

    /** The largest residual that the widths of the blocks allow; negative if it takes all 64 bits. After opening. */
    public long largest() {
        int widest = 0;
        for (int from = 0, at = widths; from < left; from += BLOCK, at++) {
            widest = Math.max(widest, bytes[at]);
        }
        return BitPacking.mask(widest);
    }

    /** Writes the low bits of residuals, all in one width. */
    public void encodeLow(long[] r, int count, int width, PageWriter out) {
        for (int from = 0; from < count; from += BLOCK) {
            int n = Math.min(BLOCK, count - from);
            packing.pack(r, from, n, width, out.bytes(), out.skip(BitPacking.packedBytes(n, width)));
        }
    }

    /** The counterpart of {@link #encodeLow}. */
    public void decodeLow(PageReader in, int count, int width, long[] r) {
        for (int from = 0; from < count; from += BLOCK) {
            int n = Math.min(BLOCK, count - from);
            packing.unpack(in.bytes(), in.take(BitPacking.packedBytes(n, width)), n, width, r, from);
        }
    }
}
