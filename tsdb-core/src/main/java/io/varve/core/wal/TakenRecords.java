package io.varve.core.wal;

import static io.varve.core.wal.SegmentLayout.DURABLE_BYTES;
import static io.varve.core.wal.SegmentLayout.FRAGMENT_HEADER_BYTES;
import static io.varve.core.wal.SegmentLayout.FRAME_BYTES;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.zip.CRC32C;

/**
 * A stretch of a segment in which records stood that power took before they were durable, while later ones reached the
 * disk. Nobody was promised them; but once what stands behind them is durable they would look like a loss, so the start
 * that finds them so puts a mark in their place, which is as long as they were. Stateless.
 *
 * @param from offset in the segment at which the first of them began
 * @param to offset at which the next valid record begins
 */
record TakenRecords(int from, int to) {

    /**
     * Puts a mark over the stretch.
     *
     * @param image bytes of the segment, changed
     * @param durable position up to which the log is durable
     * @return whether a mark fits; nothing is changed if it does not, which no crash brings about
     */
    boolean fill(byte[] image, long segment, long durable) {
        int tail = to % FRAME_BYTES;
        boolean several = from / FRAME_BYTES != (to - 1) / FRAME_BYTES;
        if (to - from < FRAGMENT_HEADER_BYTES + DURABLE_BYTES
                || SegmentLayout.nextRecord(from) != from
                || several && tail > 0 && tail < FRAGMENT_HEADER_BYTES) {
            return false;
        }
        CRC32C crc = new CRC32C();
        Arrays.fill(image, from, to, (byte) 0);
        ByteBuffer.wrap(image).order(ByteOrder.LITTLE_ENDIAN).putLong(from + FRAGMENT_HEADER_BYTES, durable);
        for (int at = from; at < to; ) {
            int end = Math.min(to, at - at % FRAME_BYTES + FRAME_BYTES);
            fragment(image, crc, segment, at, end);
            at = end;
        }
        return true;
    }

    private void fragment(byte[] image, CRC32C crc, long segment, int at, int end) {
        int part;
        if (at == from) {
            part = end == to ? SegmentLayout.PART_WHOLE : SegmentLayout.PART_FIRST;
        } else {
            part = end == to ? SegmentLayout.PART_LAST : SegmentLayout.PART_MIDDLE;
        }
        int kind = RecordKind.MARK.id();
        int length = end - at - FRAGMENT_HEADER_BYTES;
        int sum = SegmentLayout.checksum(crc, segment, at, kind, part, image, at + FRAGMENT_HEADER_BYTES, length);
        ByteBuffer view = ByteBuffer.wrap(image).order(ByteOrder.LITTLE_ENDIAN);
        view.putShort(at, (short) length).put(at + 2, (byte) kind).put(at + 3, (byte) part);
        view.putInt(at + 4, sum);
    }
}
