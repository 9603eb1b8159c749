package io.varve.core.wal;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.zip.CRC32C;

/**
 * Where things stand in a segment of the log. A segment is cut into frames; no fragment crosses a frame, so that
 * reading can go on behind damage. Little-endian.
 *
 * <pre>
 *  segment header, 40 bytes, at offset 0
 *    0        8        12       16               24               32       36       40
 *    | magic  | version| shard  | segment id     | generation     | crc32c | zero   |
 *
 *  fragment, behind the header or at the start of a frame
 *    0        2        3        4        8
 *    | length | kind   | part   | crc32c | payload, length bytes …
 * </pre>
 *
 * A fragment whose first eight bytes are zero ends the segment. The checksum covers segment id, offset of the fragment,
 * kind, part, length and payload, so that a fragment is valid only at its own place. The payload of a record's first
 * fragment begins with the position up to which the log was durable when the record was appended, 8 bytes.
 */
final class SegmentLayout {

    static final int FRAME_BYTES = 32 * 1024;
    static final int HEADER_BYTES = 40;
    static final int FRAGMENT_HEADER_BYTES = 8;
    static final int DURABLE_BYTES = 8;
    static final long MAGIC = 0x0a4c4157_45565256L; // "VRVEWAL\n"
    static final int VERSION = 1;

    static final int PART_WHOLE = 1;
    static final int PART_FIRST = 2;
    static final int PART_MIDDLE = 3;
    static final int PART_LAST = 4;

    /** Most bytes of a record's payload: what an eighth of the largest ring can carry, with room. */
    static final int MAX_RECORD_BYTES = 64 << 20;

    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private SegmentLayout() {}

    /** Bytes that records take at most, headers and padding at frame ends included. */
    static long boundOnDisk(long payloadBytes, int records) {
        long payload = payloadBytes + (long) records * DURABLE_BYTES;
        long fragments = records + payload / (FRAME_BYTES - FRAGMENT_HEADER_BYTES) + 2;
        return payload + fragments * 2 * FRAGMENT_HEADER_BYTES;
    }

    static long getLong(byte[] bytes, int offset) {
        return (long) LONGS.get(bytes, offset);
    }

    static String fileName(long segment, int shard) {
        return String.format("%06d-%02d.seg", segment, shard);
    }

    /** Segment id of a file name, or -1 if it is not the name of a segment of this shard. */
    static long segmentOf(String fileName, int shard) {
        String suffix = String.format("-%02d.seg", shard);
        if (!fileName.endsWith(suffix)) {
            return -1;
        }
        String digits = fileName.substring(0, fileName.length() - suffix.length());
        if (digits.length() < 6 || digits.length() > 9 || !digits.chars().allMatch(c -> c >= '0' && c <= '9')) {
            return -1;
        }
        return Long.parseLong(digits);
    }

    /** Position of a byte: the segment above, the offset below. */
    static long position(long segment, long offset) {
        return segment << 32 | offset;
    }

    static long segmentAt(long position) {
        return position >>> 32;
    }

    static int checksum(
            CRC32C crc, long segment, int offset, int kind, int part, byte[] payload, int from, int length) {
        crc.reset();
        updateLong(crc, segment);
        updateLong(crc, (long) offset << 32 | (long) length << 16 | kind << 8 | part);
        crc.update(payload, from, length);
        return (int) crc.getValue();
    }

    private static void updateLong(CRC32C crc, long value) {
        for (int shift = 0; shift < 64; shift += 8) {
            crc.update((int) (value >>> shift) & 0xff);
        }
    }
}
