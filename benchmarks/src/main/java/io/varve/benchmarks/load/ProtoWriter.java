package io.varve.benchmarks.load;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/** Protobuf fields into a byte array that grows. Not thread-safe. */
final class ProtoWriter {

    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private byte[] buffer;
    private int size;

    ProtoWriter(int capacity) {
        buffer = new byte[capacity];
    }

    /** Begins a field of bytes: tag and length. */
    ProtoWriter bytes(int tag, int length) {
        reserve(11);
        buffer[size++] = (byte) tag;
        return varint(length);
    }

    ProtoWriter raw(byte[] source) {
        reserve(source.length);
        System.arraycopy(source, 0, buffer, size, source.length);
        size += source.length;
        return this;
    }

    /** A field of 64 fixed bits. */
    ProtoWriter fixed64(int tag, long value) {
        reserve(9);
        buffer[size++] = (byte) tag;
        LONGS.set(buffer, size, value);
        size += 8;
        return this;
    }

    /** A field of a variable-length whole number. */
    ProtoWriter number(int tag, long value) {
        reserve(11);
        buffer[size++] = (byte) tag;
        return varint(value);
    }

    private ProtoWriter varint(long value) {
        long left = value;
        while ((left & ~0x7FL) != 0) {
            buffer[size++] = (byte) (left | 0x80);
            left >>>= 7;
        }
        buffer[size++] = (byte) left;
        return this;
    }

    static int varintLength(long value) {
        return (70 - Long.numberOfLeadingZeros(value | 1)) / 7;
    }

    private void reserve(int more) {
        if (size + more > buffer.length) {
            buffer = Arrays.copyOf(buffer, Math.max(size + more, 2 * buffer.length));
        }
    }

    byte[] array() {
        return buffer;
    }

    int size() {
        return size;
    }

    void clear() {
        size = 0;
    }

    byte[] toArray() {
        return Arrays.copyOf(buffer, size);
    }
}
