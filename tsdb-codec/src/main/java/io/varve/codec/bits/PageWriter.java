package io.varve.codec.bits;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * A cursor that writes one page into an array of the caller. Room is checked once, before the page, by whoever knows
 * the page's bound. One thread at a time.
 */
public final class PageWriter {

    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final byte[] NOTHING = {};

    private byte[] bytes = NOTHING;
    private int start;
    private int at;

    /** Starts a page. */
    public void reset(byte[] target, int offset) {
        bytes = target;
        start = offset;
        at = offset;
    }

    /** Bytes of the page so far. */
    public int length() {
        return at - start;
    }

    /** Forgets the bytes of the page from here on. */
    public void rewind(int length) {
        at = start + length;
    }

    /** The array that is written to, for kernels that fill what {@link #skip} handed out. */
    public byte[] bytes() {
        return bytes;
    }

    /** An unsigned byte. */
    public void writeByte(int value) {
        bytes[at++] = (byte) value;
    }

    /** Eight bytes, little-endian. */
    public void writeLong(long value) {
        LONG.set(bytes, at, value);
        at += Long.BYTES;
    }

    /** The counterpart of {@link PageReader#readVarint()}. */
    public void writeVarint(long value) {
        long rest = value;
        while ((rest & ~0x7fL) != 0) {
            bytes[at++] = (byte) (rest | 0x80);
            rest >>>= 7;
        }
        bytes[at++] = (byte) rest;
    }

    /** The counterpart of {@link PageReader#readSigned}. */
    public void writeSigned(long value) {
        writeVarint((value << 1) ^ (value >> 63));
    }

    /** Copies bytes. */
    public void writeBytes(byte[] source, int offset, int length) {
        System.arraycopy(source, offset, bytes, at, length);
        at += length;
    }

    /** Leaves room for bytes that a kernel writes; returns where it starts in {@link #bytes}. */
    public int skip(int length) {
        int from = at;
        at += length;
        return from;
    }
}
