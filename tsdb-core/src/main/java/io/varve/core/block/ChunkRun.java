package io.varve.core.block;

import io.varve.codec.bits.MalformedPageException;
import io.varve.core.index.ByteSource;
import java.util.Arrays;

/**
 * Up to {@link BlockFormat#STEP} series of the chunk directory, unpacked: where their chunks and pages are. Reused; one
 * thread.
 */
final class ChunkRun {

    private int run = -1;
    private int series;
    final int[] column = new int[BlockFormat.STEP];
    final long[] firstRow = new long[BlockFormat.STEP];
    final long[] rows = new long[BlockFormat.STEP];
    final int[] firstPage = new int[BlockFormat.STEP + 1];

    long[] offset = new long[64];
    int[] length = new int[64];

    /** Number of the checksum that covers a page. */
    int[] checksum = new int[64];

    long[] coveredFrom = new long[64];
    int[] coveredBytes = new int[64];
    int[] crc = new int[64];

    /** Bytes of the entry of a series. */
    final int[] entryBytes = new int[BlockFormat.STEP];

    /** Unpacks the run that holds a series, if it is not the one that is here. */
    void load(RunTable table, int index) {
        int wanted = index / BlockFormat.STEP;
        if (wanted == run) {
            return;
        }
        run = -1;
        ByteSource source = table.run(index);
        series = Math.min(BlockFormat.STEP, table.count() - wanted * BlockFormat.STEP);
        long end = source.varint();
        int pages = 0;
        int checksums = 0;
        long covered = 0;
        for (int i = 0; i < series; i++) {
            int start = source.position();
            column[i] = source.varint(Integer.MAX_VALUE);
            firstRow[i] = source.varint();
            rows[i] = source.varint();
            firstPage[i] = pages;
            long count = pagesOf(firstRow[i], rows[i]);
            if (rows[i] < 0 || firstRow[i] < 0 || firstRow[i] + rows[i] < 0 || count > source.remaining()) {
                throw new MalformedPageException(source.position(), "rows of a chunk: found=" + rows[i]);
            }
            for (long page = 0; page < count; page++) {
                reserve(pages + 1);
                long head = source.varint();
                int bytes = (int) Math.min(head >>> 2, BlockSession.MAX_PAGE_BYTES + 1);
                if (head < 0 || bytes > BlockSession.MAX_PAGE_BYTES) {
                    throw new MalformedPageException(source.position(), "bytes of a page: found=" + (head >>> 2));
                }
                if ((head & 2) != 0) {
                    end += source.varint();
                    if (covered != 0) {
                        throw new MalformedPageException(source.position(), "no gap under one checksum");
                    }
                }
                coveredFrom[checksums] = covered == 0 ? end : coveredFrom[checksums];
                covered += bytes;
                offset[pages] = end;
                length[pages] = bytes;
                checksum[pages] = checksums;
                end += bytes;
                pages++;
                if ((head & 1) != 0) {
                    coveredBytes[checksums] = (int) covered;
                    crc[checksums++] = source.u32();
                    covered = 0;
                }
                if (covered > BlockSession.MAX_PAGE_BYTES + BlockFormat.SHARED_CHECKSUM_BYTES) {
                    throw new MalformedPageException(source.position(), "bytes under one checksum: found=" + covered);
                }
            }
            entryBytes[i] = source.position() - start;
        }
        if (covered != 0) {
            throw new MalformedPageException(source.position(), "a checksum for the last page of a run");
        }
        firstPage[series] = pages;
        run = wanted;
    }

    private static long pagesOf(long firstRow, long rows) {
        if (rows == 0) {
            return 0;
        }
        return (firstRow + rows - 1) / BlockFormat.PAGE_ROWS - firstRow / BlockFormat.PAGE_ROWS + 1;
    }

    private void reserve(int size) {
        if (size > offset.length) {
            int more = 2 * offset.length;
            offset = Arrays.copyOf(offset, more);
            length = Arrays.copyOf(length, more);
            checksum = Arrays.copyOf(checksum, more);
            coveredFrom = Arrays.copyOf(coveredFrom, more);
            coveredBytes = Arrays.copyOf(coveredBytes, more);
            crc = Arrays.copyOf(crc, more);
        }
    }
}
