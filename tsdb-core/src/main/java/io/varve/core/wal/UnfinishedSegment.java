package io.varve.core.wal;

import static io.varve.core.wal.SegmentLayout.FIRST_AT;
import static io.varve.core.wal.SegmentLayout.GENERATION_AT;
import static io.varve.core.wal.SegmentLayout.HEADER_BYTES;
import static io.varve.core.wal.SegmentLayout.HEADER_CRC_AT;

import java.util.zip.CRC32C;

/**
 * What is left of a segment if the machine stops while it is created. Its file is filled with zeros up to
 * {@link SegmentFiles#FIRST_ALLOCATION}, gets its header, and is forced before the first record is written. So until
 * then it is that long or shorter, and holds zeros alone, or behind a beginning of its header zeros alone. A file
 * without a header that holds anything else was a whole segment once, or is not one at all (ADR 0017). Stateless.
 */
final class UnfinishedSegment {

    private UnfinishedSegment() {}

    /**
     * Whether a file without a valid header can be a segment whose creation was cut off, of which no record can have
     * been acknowledged.
     *
     * @param file all of its bytes
     * @param segment number that its name has
     */
    static boolean isPossible(byte[] file, int shard, long segment) {
        int end = contentEnd(file);
        if (file.length > SegmentFiles.FIRST_ALLOCATION || end >= HEADER_BYTES) {
            return false;
        }
        byte[] header = SegmentLayout.header(
                        new CRC32C(), new SegmentLayout.Header(shard, segment, 0, 0, 0, HEADER_BYTES))
                .array();
        for (int at = 0; at < end; at++) {
            boolean known = at < GENERATION_AT || at >= FIRST_AT && at < HEADER_CRC_AT;
            if (known && file[at] != header[at]) {
                return false;
            }
        }
        return true;
    }

    /** Offset behind the last byte that is not zero. */
    private static int contentEnd(byte[] file) {
        int end = file.length;
        while (end > 0 && file[end - 1] == 0) {
            end--;
        }
        return end;
    }
}
