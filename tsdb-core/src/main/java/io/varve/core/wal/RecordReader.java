package io.varve.core.wal;

import java.nio.charset.StandardCharsets;

/** Reads a payload; every broken rule is a {@link MalformedRecordException}. */
final class RecordReader {

    private final byte[] bytes;
    private final int end;
    private int at;

    RecordReader(byte[] bytes, int offset, int length) {
        this.bytes = bytes;
        this.at = offset;
        this.end = offset + length;
    }

    boolean hasRemaining() {
        return at < end;
    }

    int remaining() {
        return end - at;
    }

    long varint() {
        long value = 0;
        for (int shift = 0; shift < 64; shift += 7) {
            if (at == end) {
                throw new MalformedRecordException("record cut off in an integer");
            }
            byte b = bytes[at++];
            value |= (long) (b & 0x7f) << shift;
            if (b >= 0) {
                return value;
            }
        }
        throw new MalformedRecordException("integer longer than ten bytes");
    }

    long fixedLong() {
        if (remaining() < Long.BYTES) {
            throw new MalformedRecordException("record cut off in a number of 8 bytes");
        }
        at += Long.BYTES;
        return SegmentLayout.getLong(bytes, at - Long.BYTES);
    }

    /** A count of things that take at least one byte each. */
    int count() {
        long count = varint();
        if (count < 0 || count > remaining()) {
            throw new MalformedRecordException("count=" + count + " in " + remaining() + " bytes");
        }
        return (int) count;
    }

    /** Passes over bytes that {@link #count} allowed, and says where they begin. */
    int skip(int length) {
        int from = at;
        at += length;
        return from;
    }

    String text() {
        int length = count();
        String text = new String(bytes, at, length, StandardCharsets.UTF_8);
        at += length;
        return text;
    }
}
