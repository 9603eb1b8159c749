package io.varve.core.index;

import java.nio.ByteBuffer;
import java.util.Arrays;

/** Bytes that are being put together: fixed numbers little-endian, others seven bits a byte. One thread. */
public final class ByteSink {

    private byte[] bytes;
    private int size;

    /** An empty sink. */
    public ByteSink() {
        bytes = new byte[256];
    }

    /** Bytes so far. */
    public int size() {
        return size;
    }

    /** The array that holds the bytes from 0 on; valid until the next call that adds some. */
    public byte[] array() {
        return bytes;
    }

    /** A copy of the bytes. */
    public byte[] toArray() {
        return Arrays.copyOf(bytes, size);
    }

    /** Forgets all bytes. */
    public void clear() {
        size = 0;
    }

    /** Forgets the bytes from a place on. */
    public void cut(int newSize) {
        size = java.util.Objects.checkIndex(newSize, size + 1);
    }

    /** Adds one byte: the low eight bits. */
    public void u8(int value) {
        room(1);
        bytes[size++] = (byte) value;
    }

    /** Adds four bytes. */
    public void u32(int value) {
        room(4);
        for (int shift = 0; shift < 32; shift += 8) {
            bytes[size++] = (byte) (value >>> shift);
        }
    }

    /** Adds eight bytes. */
    public void u64(long value) {
        u32((int) value);
        u32((int) (value >>> 32));
    }

    /** Adds an unsigned number in 1 to 10 bytes. */
    public void varint(long value) {
        room(10);
        long rest = value;
        while ((rest & ~0x7fL) != 0) {
            bytes[size++] = (byte) (rest | 0x80);
            rest >>>= 7;
        }
        bytes[size++] = (byte) rest;
    }

    /** Adds a signed number, near zero in few bytes. */
    public void zigzag(long value) {
        varint((value << 1) ^ (value >> 63));
    }

    /** Adds a part of an array. */
    public void put(byte[] source, int offset, int length) {
        room(length);
        System.arraycopy(source, offset, bytes, size, length);
        size += length;
    }

    /** Adds all remaining bytes of a buffer. */
    public void put(ByteBuffer source) {
        int length = source.remaining();
        room(length);
        source.get(bytes, size, length);
        size += length;
    }

    private void room(int more) {
        if (more > bytes.length - size) {
            bytes = Arrays.copyOf(bytes, Math.max(Math.addExact(size, more), (int)
                    Math.min(Integer.MAX_VALUE - 8, 2L * bytes.length)));
        }
    }
}
