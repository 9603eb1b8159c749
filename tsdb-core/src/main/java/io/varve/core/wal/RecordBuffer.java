package io.varve.core.wal;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** A growing payload under construction. Reused from record to record; one thread at a time. */
final class RecordBuffer {

    private byte[] bytes = new byte[64 * 1024];
    private int length;

    void clear() {
        length = 0;
    }

    byte[] bytes() {
        return bytes;
    }

    int length() {
        return length;
    }

    /** Makes room for at least so many more bytes. */
    void ensure(int more) {
        if (bytes.length - length < more) {
            bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, length + more));
        }
    }

    /** Adds an unsigned variable-length integer, seven bits a byte, lowest first. */
    void putVarint(long value) {
        ensure(10);
        length = writeVarint(value);
    }

    private int writeVarint(long value) {
        byte[] target = bytes;
        int at = length;
        long rest = value;
        while ((rest & ~0x7fL) != 0) {
            target[at++] = (byte) (rest | 0x80);
            rest >>>= 7;
        }
        target[at++] = (byte) rest;
        return at;
    }

    void putLong(long value) {
        ensure(8);
        byte[] target = bytes;
        int at = length;
        for (int shift = 0; shift < 64; shift += 8) {
            target[at++] = (byte) (value >>> shift);
        }
        length = at;
    }

    void putBytes(byte[] source, int offset, int count) {
        ensure(count);
        System.arraycopy(source, offset, bytes, length, count);
        length += count;
    }

    void putText(String text) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        putVarint(utf8.length);
        ensure(utf8.length);
        System.arraycopy(utf8, 0, bytes, length, utf8.length);
        length += utf8.length;
    }

    static long zigzag(long value) {
        return value << 1 ^ value >> 63;
    }
}
