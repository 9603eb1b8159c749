package io.varve.codec.entropy;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdException;
import io.varve.codec.bits.PageReader;
import io.varve.codec.bits.PageWriter;

/**
 * Residuals as planes of bytes: the width of the residuals and the number of their low bits that are packed plainly, a
 * byte each; the packed low bits; then the bits above in planes of eight, lowest plane first. A plane is one byte that
 * repeats, plain bytes, or a Zstandard frame, whichever is smallest. With the low bits taken off so that one plane
 * remains, the noise stays out of the coder; with none taken off, whole residuals that repeat are found again.
 *
 * <p>Zstandard is called by array and holds no context between calls, so nothing needs to be closed. Holds scratch
 * memory: one thread at a time.
 */
public final class PlaneStage {

    private static final int REPEATED = 0;
    private static final int PLAIN = 1;
    private static final int FRAME = 2;
    private static final int LEVEL = 3;

    private final PackedStage low;
    private final byte[] plane;
    private final byte[] frame;

    /** A stage for pages of so many samples. */
    public PlaneStage(int maxCount, PackedStage low) {
        this.low = low;
        plane = new byte[maxCount];
        frame = new byte[(int) Zstd.compressBound(maxCount)];
    }

    /**
     * Writes residuals.
     *
     * @param count 1 or more
     * @param width bits of the largest residual, 1 to 64
     * @param plainBits low bits that are packed plainly, less than the width
     */
    public void encode(long[] r, int count, int width, int plainBits, PageWriter out) {
        out.writeByte(width);
        out.writeByte(plainBits);
        low.encodeLow(r, count, plainBits, out);
        for (int shift = plainBits; shift < width; shift += Byte.SIZE) {
            int all = 0;
            byte first = (byte) (r[0] >>> shift);
            for (int i = 0; i < count; i++) {
                byte b = (byte) (r[i] >>> shift);
                plane[i] = b;
                all |= b ^ first;
            }
            if (all == 0) {
                out.writeByte(REPEATED);
                out.writeByte(first);
            } else {
                writePlane(count, out);
            }
        }
    }

    private void writePlane(int count, PageWriter out) {
        int length = (int) Zstd.compressByteArray(frame, 0, frame.length, plane, 0, count, LEVEL);
        // A frame must save a 32nd: less is not worth its time.
        if (length + 2 < count - count / 32) {
            out.writeByte(FRAME);
            out.writeVarint(length);
            out.writeBytes(frame, 0, length);
        } else {
            out.writeByte(PLAIN);
            out.writeBytes(plane, 0, count);
        }
    }

    /** Reads residuals. */
    public void decode(PageReader in, int count, long[] r) {
        int width = in.readByte();
        int plainBits = in.readByte();
        if (width < 1 || width > Long.SIZE || plainBits >= width) {
            throw in.malformed("rule: 0 <= plain < width <= 64, plain=" + plainBits + ", width=" + width);
        }
        low.decodeLow(in, count, plainBits, r);
        for (int shift = plainBits; shift < width; shift += Byte.SIZE) {
            int kind = in.readByte();
            switch (kind) {
                case REPEATED -> fill((long) in.readByte() << shift, count, r);
                case PLAIN -> merge(in.bytes(), in.take(count), shift, count, r);
                case FRAME -> {
                    readFrame(in, count);
                    merge(plane, 0, shift, count, r);
                }
                default -> throw in.malformed("rule: plane kind <= 2, kind=" + kind);
            }
        }
    }

    private static void fill(long bits, int count, long[] r) {
        if (bits != 0) {
            for (int i = 0; i < count; i++) {
                r[i] |= bits;
            }
        }
    }

    private static void merge(byte[] bytes, int offset, int shift, int count, long[] r) {
        for (int i = 0; i < count; i++) {
            r[i] |= (bytes[offset + i] & 0xffL) << shift;
        }
    }

    private void readFrame(PageReader in, int count) {
        int length = in.readVarint("frame", 1, in.remaining());
        int from = in.take(length);
        // The size a frame announces must be the plane's before anything is decompressed.
        long size = Zstd.getFrameContentSize(in.bytes(), from, length);
        if (size != count) {
            throw in.malformed("rule: frame content=count, content=" + size + ", count=" + count);
        }
        long read;
        try {
            read = Zstd.decompressByteArray(plane, 0, count, in.bytes(), from, length);
        } catch (ZstdException e) {
            throw in.malformed("rule: frame decompresses, error=" + e.getErrorCode());
        }
        if (read != count) {
            throw in.malformed("rule: frame content=count, content=" + read + ", count=" + count);
        }
    }
}
