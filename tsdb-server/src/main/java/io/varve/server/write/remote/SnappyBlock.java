package io.varve.server.write.remote;

import java.io.IOException;
import org.xerial.snappy.Snappy;

/**
 * Decompresses snappy's block format (a varint with the length, then literals and copies; no frames) into a buffer
 * that is kept between requests. Nothing is allocated for a length that is over the limit, or that the bytes received
 * cannot possibly expand to. Mutable and for one thread.
 *
 * <p>The densest element of the format is a copy of 64 bytes in three, so a block expands at most 64/3 times
 * (format_description.txt of the snappy project, section 2.2.2).
 */
final class SnappyBlock {

    private static final int SMALL = 64 << 10;

    private final int maxLength;
    private final int keptLength;
    private byte[] buffer = new byte[SMALL];
    private int length;

    /**
     * A decompressor with limits.
     *
     * @param maxLength bytes that a block may expand to
     * @param keptLength bytes of a buffer above which it is let go by {@link #trim}
     */
    SnappyBlock(int maxLength, int keptLength) {
        this.maxLength = maxLength;
        this.keptLength = Math.max(SMALL, keptLength);
    }

    /** The bytes of the last block, from 0 to {@link #length()}; valid until the next one. */
    byte[] bytes() {
        return buffer;
    }

    /** Bytes of the last block. */
    int length() {
        return length;
    }

    /**
     * Decompresses a block.
     *
     * @throws MalformedWriteException if it is damaged or expands over the limit
     */
    void decompress(byte[] block, int offset, int blockLength) {
        length = 0;
        int header = 0;
        long claimed = 0;
        while (true) {
            if (header >= blockLength || header >= 5) {
                throw new MalformedWriteException(header, "the length of a snappy block is cut off");
            }
            byte next = block[offset + header];
            claimed |= (long) (next & 0x7f) << (7 * header++);
            if (next >= 0) {
                break;
            }
        }
        if (claimed > maxLength) {
            throw new MalformedWriteException(
                    MalformedWriteException.Kind.TOO_LARGE,
                    0,
                    "a snappy block may expand to " + maxLength + " bytes: claimed=" + claimed);
        }
        if (claimed * 3 > (blockLength - header) * 64L) {
            throw new MalformedWriteException(
                    0, "a snappy block of " + blockLength + " bytes cannot expand to " + claimed);
        }
        if (claimed > buffer.length) {
            buffer = new byte[(int) Math.min(maxLength, Math.max(claimed, 2L * buffer.length))];
        }
        try {
            length = Snappy.rawUncompress(block, offset, blockLength, buffer, 0);
        } catch (IOException e) {
            throw new MalformedWriteException(header, "damaged snappy block");
        }
        if (length != claimed) {
            length = 0;
            throw new MalformedWriteException(header, "a snappy block ends before its length");
        }
    }

    /** Lets go of a buffer that one large request has made large. */
    void trim() {
        length = 0;
        if (buffer.length > keptLength) {
            buffer = new byte[SMALL];
        }
    }
}
