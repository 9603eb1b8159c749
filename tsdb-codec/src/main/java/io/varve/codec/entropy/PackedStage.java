package io.varve.codec.entropy;

import io.varve.codec.bits.BitPacking;
import io.varve.codec.bits.PageReader;
import io.varve.codec.bits.PageWriter;

/**
 * Residuals packed in blocks of {@link BitPacking#BLOCK}: the width of each block, a byte each, then the blocks. Holds
 * scratch memory: one thread at a time.
 */
public final class PackedStage {

    private static final int BLOCK = BitPacking.BLOCK;

    private final BitPacking packing = new BitPacking();

    /** Writes non-negative (unsigned) residuals. */
    public void encode(long[] r, int count, PageWriter out) {
        int widths = out.skip((count + BLOCK - 1) / BLOCK);
        for (int from = 0; from < count; from += BLOCK) {
            int n = Math.min(BLOCK, count - from);
            long all = 0;
            for (int i = from; i < from + n; i++) {
                all |= r[i];
            }
            int width = Long.SIZE - Long.numberOfLeadingZeros(all);
            out.bytes()[widths++] = (byte) width;
            packing.pack(r, from, n, width, out.bytes(), out.skip(BitPacking.packedBytes(n, width)));
        }
    }

    /** Reads residuals. */
    public void decode(PageReader in, int count, long[] r) {
        int widths = in.take((count + BLOCK - 1) / BLOCK);
        for (int from = 0; from < count; from += BLOCK) {
            int n = Math.min(BLOCK, count - from);
            int width = in.bytes()[widths++];
            if (width < 0 || width > Long.SIZE) {
                throw in.malformed("rule: 0 <= width <= 64, width=" + width);
            }
            packing.unpack(in.bytes(), in.take(BitPacking.packedBytes(n, width)), n, width, r, from);
        }
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
