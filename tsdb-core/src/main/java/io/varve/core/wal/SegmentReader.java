package io.varve.core.wal;

import static io.varve.core.wal.SegmentLayout.DURABLE_BYTES;
import static io.varve.core.wal.SegmentLayout.FRAGMENT_HEADER_BYTES;
import static io.varve.core.wal.SegmentLayout.FRAME_BYTES;
import static io.varve.core.wal.SegmentLayout.HEADER_BYTES;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * Reads one segment. Every valid record is handed out in order; behind damage, reading goes on where the next
 * record begins. What the
 * damage means (a torn tail or a loss) is for the caller to judge, who has seen the later segments too.
 */
final class SegmentReader {

    private final byte[] bytes;
    private final ByteBuffer view;
    private final long segment;
    private final int resumed;
    private final CRC32C crc = new CRC32C();
    private final List<LogDamage> damages = new ArrayList<>();
    private final List<TakenRecords> taken = new ArrayList<>();

    private byte[] record = new byte[FRAME_BYTES];
    private int recordLength;

    private long newestDurable;
    private int contentEnd = HEADER_BYTES;

    /** @param resumed offset from which on the bytes are a copy's, 0 if there is none */
    SegmentReader(byte[] bytes, long segment, int resumed) {
        this.resumed = resumed;
        this.bytes = bytes;
        this.view = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        this.segment = segment;
    }

    /** The generation that the header names, or null if the header is damaged. */
    @Nullable
    Long generation(int shard) {
        return SegmentLayout.hasHeader(crc, bytes, shard, segment) ? view.getLong(SegmentLayout.GENERATION_AT) : null;
    }

    /** Whether the file is that of another segment, which no crash brings about. */
    boolean isAnother(int shard) {
        return SegmentLayout.hasAnyHeader(crc, bytes) && !SegmentLayout.hasHeader(crc, bytes, shard, segment);
    }

    /** A position that the header has at an offset, 0 if the header is damaged. */
    long headerPosition(int shard, int at) {
        return SegmentLayout.hasHeader(crc, bytes, shard, segment) ? view.getLong(at) : 0;
    }

    /** The header, which is sound, with another end of the segment before it. */
    ByteBuffer header(int shard, long before) {
        return SegmentLayout.header(
                crc,
                new SegmentLayout.Header(
                        shard,
                        segment,
                        view.getLong(SegmentLayout.GENERATION_AT),
                        before,
                        view.getLong(SegmentLayout.DURABLE_AT),
                        view.getInt(SegmentLayout.FIRST_AT)));
    }

    /** Hands out every valid record. */
    void read(RecordHandler handler) {
        int at = HEADER_BYTES;
        while (at + FRAGMENT_HEADER_BYTES <= bytes.length) {
            int room = FRAME_BYTES - at % FRAME_BYTES;
            if (room < FRAGMENT_HEADER_BYTES + DURABLE_BYTES) {
                at += room;
            } else if (view.getLong(at) == 0) {
                int next = at + room; // the end, unless a later frame was written and this one lost
                at = at < resumed && resumed < next ? resumed : next;
            } else {
                at = record(at, handler);
            }
        }
    }

    /** Reads the record at an offset; returns where to go on. */
    private int record(int start, RecordHandler handler) {
        int at = start;
        recordLength = 0;
        while (true) {
            String fault = fragmentFault(at, at == start);
            if (fault != null) {
                damages.add(new LogDamage(SegmentLayout.position(segment, start), fault));
                return nextRecord(at);
            }
            int length = view.getShort(at) & 0xffff;
            int part = bytes[at + 3];
            appendToRecord(at + FRAGMENT_HEADER_BYTES, length);
            at += FRAGMENT_HEADER_BYTES + length;
            if (part == SegmentLayout.PART_WHOLE || part == SegmentLayout.PART_LAST) {
                finish(start, bytes[start + 2], handler);
                contentEnd = at;
                return at;
            }
        }
    }

    private @Nullable String fragmentFault(int at, boolean first) {
        int room = Math.min(FRAME_BYTES - at % FRAME_BYTES, bytes.length - at);
        if (room < FRAGMENT_HEADER_BYTES) {
            return "record cut off";
        }
        int length = view.getShort(at) & 0xffff;
        int kind = bytes[at + 2];
        int part = bytes[at + 3];
        if (length > room - FRAGMENT_HEADER_BYTES) {
            return "fragment length " + length + " in " + room + " bytes";
        }
        int expected = view.getInt(at + 4);
        int found = SegmentLayout.checksum(crc, segment, at, kind, part, bytes, at + FRAGMENT_HEADER_BYTES, length);
        if (expected != found) {
            return String.format("checksum expected %08x, found %08x", expected, found);
        }
        boolean opens = part == SegmentLayout.PART_WHOLE || part == SegmentLayout.PART_FIRST;
        if (opens != first || (first && length < DURABLE_BYTES)) {
            return "fragment part " + part + " out of place";
        }
        return null;
    }

    /**
     * Where reading goes on behind a damaged fragment: the next place in its frame where a record begins, or the next
     * frame.
     */
    private int nextRecord(int damaged) {
        int frameEnd = Math.min(bytes.length, damaged - damaged % FRAME_BYTES + FRAME_BYTES);
        for (int at = damaged + 1; at + FRAGMENT_HEADER_BYTES + DURABLE_BYTES <= frameEnd; at++) {
            boolean opens = bytes[at + 3] == SegmentLayout.PART_WHOLE || bytes[at + 3] == SegmentLayout.PART_FIRST;
            if (opens && RecordKind.of(bytes[at + 2]) != null && fragmentFault(at, true) == null) {
                return at;
            }
        }
        return damaged - damaged % FRAME_BYTES + FRAME_BYTES;
    }

    private void appendToRecord(int from, int length) {
        if (record.length < recordLength + length) {
            record = java.util.Arrays.copyOf(record, Math.max(record.length * 2, recordLength + length));
        }
        System.arraycopy(bytes, from, record, recordLength, length);
        recordLength += length;
    }

    private void finish(int start, int kindId, RecordHandler handler) {
        int expected = SegmentLayout.nextRecord(contentEnd);
        if (start > expected) {
            taken.add(new TakenRecords(expected, start));
        }
        noteGap(start);
        long position = SegmentLayout.position(segment, start);
        newestDurable = Math.max(
                newestDurable,
                ByteBuffer.wrap(record).order(ByteOrder.LITTLE_ENDIAN).getLong(0));
        RecordKind kind = RecordKind.of(kindId);
        if (kind == null) {
            damages.add(new LogDamage(position, "record kind " + kindId + " is unknown to this version"));
            return;
        }
        if (kind != RecordKind.MARK) {
            handler.record(position, kind, record, DURABLE_BYTES, recordLength - DURABLE_BYTES);
        }
    }

    /** Zeros between records stand where records were. */
    private void noteGap(int start) {
        if (start > SegmentLayout.nextRecord(contentEnd) && endsSoundly()) {
            damages.add(new LogDamage(
                    SegmentLayout.position(segment, contentEnd), "zeros where records were, up to byte " + start));
        }
    }

    /** Whether nothing unreadable stands behind the last valid record so far. */
    boolean endsSoundly() {
        return damages.isEmpty()
                || damages.get(damages.size() - 1).position() < SegmentLayout.position(segment, contentEnd);
    }

    /** Damage found so far, in order. */
    List<LogDamage> damages() {
        return damages;
    }

    /** Where records are missing or unreadable with valid ones behind them, in order. */
    List<TakenRecords> taken() {
        return taken;
    }

    /** The newest position that a record of this segment knew to be durable. */
    long newestDurable() {
        return newestDurable;
    }

    /** Offset behind the last valid record. */
    int contentEnd() {
        return contentEnd;
    }
}
