package io.varve.core.index;

import io.varve.codec.bits.MalformedPageException;
import java.nio.ByteBuffer;

/**
 * Reads what a {@link ByteSink} wrote, from a part of a buffer. Every read is checked against the end; a violation is a
 * {@link MalformedPageException} and nothing else. One thread uses an instance; several may share the buffer.
 */
public final class ByteSource {

    private final ByteBuffer bytes;
    private int at;

    /**
     * A source at a place of a buffer.
     *
     * @param bytes little-endian; only absolute reads are made, up to its limit
     * @param at where reading begins
     */
    public ByteSource(ByteBuffer bytes, long at) {
        this.bytes = bytes;
        seek(at);
    }

    /** Offset of the next byte. */
    public int position() {
        return at;
    }

    /** Goes to an offset. */
    public void seek(long position) {
        if (position < 0 || position > bytes.limit()) {
            throw new MalformedPageException(at, "an offset up to " + bytes.limit() + ": found=" + position);
        }
        at = (int) position;
    }

    /** Whether no byte is left. */
    public boolean isAtEnd() {
        return at >= bytes.limit();
    }

    /** Bytes left. */
    public int remaining() {
        return bytes.limit() - at;
    }

    /** The next byte, 0 to 255. */
    public int u8() {
        need(1);
        return bytes.get(at++) & 0xff;
    }

    /** The next four bytes. */
    public int u32() {
        need(4);
        int value = bytes.getInt(at);
        at += 4;
        return value;
    }

    /** The next eight bytes. */
    public long u64() {
        need(8);
        long value = bytes.getLong(at);
        at += 8;
        return value;
    }

    /** The next unsigned number. */
    public long varint() {
        long value = 0;
        for (int shift = 0; shift < 64; shift += 7) {
            int next = u8();
            value |= (long) (next & 0x7f) << shift;
            if (next < 0x80) {
                return value;
            }
        }
        throw new MalformedPageException(at, "a number of at most 10 bytes");
    }

    /** The next unsigned number, which is at most a limit. */
    public int varint(long max) {
        long value = varint();
        if (value < 0 || value > max || value > Integer.MAX_VALUE) {
            throw new MalformedPageException(at, "a number up to " + max + ": found=" + value);
        }
        return (int) value;
    }

    /** The next signed number. */
    public long zigzag() {
        long value = varint();
        return (value >>> 1) ^ -(value & 1);
    }

    /** The next bytes, into an array. */
    public void get(byte[] target, int offset, int length) {
        need(length);
        if (offset < 0 || offset > target.length - length) {
            throw new MalformedPageException(at, "at most " + target.length + " bytes");
        }
        bytes.get(at, target, offset, length);
        at += length;
    }

    /** The next bytes, as a view. */
    public ByteBuffer slice(int length) {
        need(length);
        ByteBuffer view = bytes.slice(at, length).order(bytes.order());
        at += length;
        return view;
    }

    private void need(int count) {
        if (count < 0 || count > bytes.limit() - at) {
            throw new MalformedPageException(at, "another " + count + " bytes");
        }
    }
}
