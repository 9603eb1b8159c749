package io.varve.core.wal;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32C;

/**
 * Where things stand in a segment of the log. A segment is cut into frames; no fragment crosses a frame, so that
 * reading can go on behind damage. Little-endian.
 *
 * <pre>
 *  segment header, 56 bytes, at offset 0
 *    0        8        12       16         24           32       40        48      52       56
 *    | magic  | version| shard  | segment  | generation | before | durable | first | crc32c |
 *
 *  fragment, behind the header or at the start of a frame
 *    0        2        3        4        8
 *    | length | kind   | part   | crc32c | payload, length bytes …
 * </pre>
 *
 * {@code before} is the position at which the records of the segment before it ended, 0 if nobody knows;
 * {@code durable} is the position up to which the log was durable. {@code first} is {@link #HEADER_BYTES} in a segment;
 * in a copy, which holds again what could not be forced of a segment, it is the offset in the segment from which on the
 * copy counts, and {@code durable} is where it ends.
 *
 * <p>A fragment whose first eight bytes are zero ends the segment. The checksum covers segment id, the fragment's
 * offset, kind, part, length and payload, so that a fragment is valid only at its own place. The payload of a record's
 * first fragment begins with the position up to which the log was durable when the record was appended, 8 bytes.
 */
final class SegmentLayout {

    static final int FRAME_BYTES = 32 * 1024;
    static final int HEADER_BYTES = 56;
    static final int VERSION_AT = 8;
    static final int SHARD_AT = 12;
    static final int SEGMENT_AT = 16;
    static final int GENERATION_AT = 24;
    static final int BEFORE_AT = 32;
    static final int DURABLE_AT = 40;
    static final int FIRST_AT = 48;
    static final int HEADER_CRC_AT = 52;
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

    /** Name of the file that holds again what could not be forced of a segment. */
    static String copyName(long segment, int shard) {
        return String.format("%06d-%02d.copy", segment, shard);
    }

    /** Segment id of a file name, or -1 if it is not the name of a segment of this shard. */
    static long segmentOf(String fileName, int shard) {
        return segmentOf(fileName, String.format("-%02d.seg", shard));
    }

    /** Segment id of the name of a copy, or -1 if it is not the name of a copy of this shard. */
    static long copyOf(String fileName, int shard) {
        return segmentOf(fileName, String.format("-%02d.copy", shard));
    }

    private static long segmentOf(String fileName, String suffix) {
        if (!fileName.endsWith(suffix)) {
            return -1;
        }
        String digits = fileName.substring(0, fileName.length() - suffix.length());
        if (digits.length() < 6 || digits.length() > 9 || !digits.chars().allMatch(c -> c >= '0' && c <= '9')) {
            return -1;
        }
        return Long.parseLong(digits);
    }

    /**
     * What stands in a header.
     *
     * @param before position at which the records of the segment before it ended, 0 if nobody knows
     * @param durable position up to which the log was durable
     * @param first offset in the segment of the byte behind the header
     */
    record Header(int shard, long segment, long generation, long before, long durable, long first) {}

    /** The bytes of a header. */
    static ByteBuffer header(CRC32C crc, Header content) {
        ByteBuffer header = ByteBuffer.allocate(HEADER_BYTES).order(ByteOrder.LITTLE_ENDIAN);
        header.putLong(MAGIC).putInt(VERSION).putInt(content.shard());
        header.putLong(content.segment()).putLong(content.generation());
        header.putLong(content.before()).putLong(content.durable()).putInt((int) content.first());
        crc.reset();
        crc.update(header.array(), 0, HEADER_CRC_AT);
        header.putInt((int) crc.getValue());
        return header.flip();
    }

    /** Whether a file begins with the header of this segment, of whatever version. */
    static boolean hasHeader(CRC32C crc, byte[] file, int shard, long segment) {
        ByteBuffer view = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
        return hasAnyHeader(crc, file) && view.getInt(SHARD_AT) == shard && view.getLong(SEGMENT_AT) == segment;
    }

    /** Whether a file begins with the header of some segment. */
    static boolean hasAnyHeader(CRC32C crc, byte[] file) {
        if (file.length < HEADER_BYTES) {
            return false;
        }
        ByteBuffer view = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
        crc.reset();
        crc.update(file, 0, HEADER_CRC_AT);
        return view.getLong(0) == MAGIC && view.getInt(HEADER_CRC_AT) == (int) crc.getValue();
    }

    /** Position of a byte: the segment above, the offset below. */
    static long position(long segment, long offset) {
        return segment << 32 | offset;
    }

    static long segmentAt(long position) {
        return position >>> 32;
    }

    static int offsetAt(long position) {
        return (int) (position & 0xffff_ffffL);
    }

    /** Where the next record begins behind one that ends at an offset. */
    static int nextRecord(int end) {
        int room = FRAME_BYTES - end % FRAME_BYTES;
        return room < FRAGMENT_HEADER_BYTES + DURABLE_BYTES ? end + room : end;
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
