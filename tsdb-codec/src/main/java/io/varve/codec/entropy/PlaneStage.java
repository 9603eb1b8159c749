package io.varve.codec.entropy;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdException;
import io.varve.codec.bits.PageReader;
import io.varve.codec.bits.PageWriter;
import java.util.Arrays;

/**
 * Residuals as planes of bytes: the width of the residuals and the number of their low bits that are packed plainly, a
 * byte each; the packed low bits; then the bits above in planes of eight, lowest plane first. A plane is one byte that
 * repeats, plain bytes, or a Zstandard frame, whichever is smallest. With the low bits taken off so that one plane
 * remains, the noise stays out of the coder; with none taken off, whole residuals that repeat are found again.
 * Residuals of at most four bits stand two, four or eight in a byte: the coder then spends less than a bit on a common
 * one, and finds no short matches that cost more than they save.
 *
 * <p>Zstandard is called by array with a borrowed context, so nothing needs to be closed. Holds scratch memory: one
 * thread at a time.
 */
public final class PlaneStage {

    private static final int REPEATED = 0;
    private static final int PLAIN = 1;
    private static final int FRAME = 2;

    /**
     * Measured: level 1 finds fewer matches in noise than level 3, and is smaller for it where residuals are random.
     */
    private static final int NOISE_LEVEL = 1;

    private static final int REPEATS_LEVEL = 3;

    /** Residuals of at most this width share bytes. */
    private static final int SHARED_WIDTH = 4;

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
        if (width <= SHARED_WIDTH) {
            writePlane(share(r, count, sharedShift(width)), NOISE_LEVEL, out);
            return;
        }
        int level = plainBits > 0 ? NOISE_LEVEL : REPEATS_LEVEL;
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
                writePlane(count, level, out);
            }
        }
    }

    /** Binary logarithm of the residuals in a byte. */
    private static int sharedShift(int width) {
        return width == 1 ? 3 : width == 2 ? 2 : 1;
    }

    private int share(long[] r, int count, int shift) {
        int bits = Byte.SIZE >>> shift;
        int last = (1 << shift) - 1;
        int bytes = (count + last) >>> shift;
        Arrays.fill(plane, 0, bytes, (byte) 0);
        for (int i = 0; i < count; i++) {
            plane[i >>> shift] |= (byte) (r[i] << ((i & last) * bits));
        }
        return bytes;
    }

    private void writePlane(int count, int level, PageWriter out) {
        int length = ZstdContexts.compress(frame, plane, count, level);
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
        if (width < 1 || width > Long.SIZE || plainBits >= width || (plainBits > 0 && width <= SHARED_WIDTH)) {
            throw in.malformed("rule: 0 <= plain < width <= 64, plain=" + plainBits + ", width=" + width);
        }
        if (width <= SHARED_WIDTH) {
            readShared(in, count, sharedShift(width), r);
            return;
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

    private void readShared(PageReader in, int count, int shift, long[] r) {
        int last = (1 << shift) - 1;
        int bytes = (count + last) >>> shift;
        int kind = in.readByte();
        byte[] from = plane;
        int at = 0;
        switch (kind) {
            case PLAIN -> {
                from = in.bytes();
                at = in.take(bytes);
            }
            case FRAME -> readFrame(in, bytes);
            default -> throw in.malformed("rule: 1 <= shared plane kind <= 2, kind=" + kind);
        }
        int bits = Byte.SIZE >>> shift;
        long mask = (1L << bits) - 1;
        for (int i = 0; i < count; i++) {
            r[i] = (from[at + (i >>> shift)] >>> ((i & last) * bits)) & mask;
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
        int read;
        try {
            read = ZstdContexts.decompress(plane, count, in.bytes(), from, length);
        } catch (ZstdException e) {
            throw in.malformed("rule: frame decompresses, error=" + e.getErrorCode());
        }
        if (read != count) {
            throw in.malformed("rule: frame content=count, content=" + read + ", count=" + count);
        }
    }
}
