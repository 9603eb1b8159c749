package io.varve.core.block;

import io.varve.core.index.ByteSink;
import java.util.Arrays;
import java.util.zip.CRC32C;

/**
 * Builds the chunk directory: for each series its time column, first row and rows, then length and checksum of its
 * value pages. Sixteen series make a run that can be read by itself; pages of a run that lie side by side share a
 * checksum while they are small.
 */
final class DirectoryWriter {

    private final ByteSink entries = new ByteSink();
    private final ByteSink restarts = new ByteSink();
    private final CRC32C crc = new CRC32C();
    private int series;
    private long pages;

    private final long[] chunk = new long[3 * BlockFormat.STEP];
    private final int[] pageEnd = new int[BlockFormat.STEP];
    private int chunks;

    private long[] pageOffset = new long[64];
    private int[] pageLength = new int[64];
    private int[] pageCrc = new int[64];
    private boolean[] closes = new boolean[64];
    private int pageCount;
    private int covered;

    /** Number of series so far. */
    int series() {
        return series;
    }

    /** Number of value pages so far. */
    long pages() {
        return pages;
    }

    /** Notes a value page of the current series, which was just written to the file. */
    void page(long offset, byte[] bytes, int length) {
        if (pageCount > 0) {
            int last = pageCount - 1;
            if (offset != pageOffset[last] + pageLength[last] || covered >= BlockFormat.SHARED_CHECKSUM_BYTES) {
                closeChecksum();
            }
        }
        if (pageCount == pageOffset.length) {
            pageOffset = Arrays.copyOf(pageOffset, 2 * pageCount);
            pageLength = Arrays.copyOf(pageLength, 2 * pageCount);
            pageCrc = Arrays.copyOf(pageCrc, 2 * pageCount);
            closes = Arrays.copyOf(closes, 2 * pageCount);
        }
        pageOffset[pageCount] = offset;
        pageLength[pageCount] = length;
        closes[pageCount] = false;
        pageCount++;
        pages++;
        crc.update(bytes, 0, length);
        covered += length;
    }

    /** Ends the current series. */
    void series(int column, long firstRow, long rows) {
        chunk[3 * chunks] = column;
        chunk[3 * chunks + 1] = firstRow;
        chunk[3 * chunks + 2] = rows;
        pageEnd[chunks] = pageCount;
        chunks++;
        series++;
        if (chunks == BlockFormat.STEP) {
            flush();
        }
    }

    private void closeChecksum() {
        closes[pageCount - 1] = true;
        pageCrc[pageCount - 1] = (int) crc.getValue();
        crc.reset();
        covered = 0;
    }

    private void flush() {
        if (chunks == 0) {
            return;
        }
        if (pageCount > 0) {
            closeChecksum();
        }
        restarts.u32(entries.size());
        long end = pageCount == 0 ? 0 : pageOffset[0];
        entries.varint(end);
        int page = 0;
        for (int i = 0; i < chunks; i++) {
            entries.varint(chunk[3 * i]);
            entries.varint(chunk[3 * i + 1]);
            entries.varint(chunk[3 * i + 2]);
            for (; page < pageEnd[i]; page++) {
                long gap = pageOffset[page] - end;
                entries.varint((long) pageLength[page] << 2 | (gap != 0 ? 2 : 0) | (closes[page] ? 1 : 0));
                if (gap != 0) {
                    entries.varint(gap);
                }
                if (closes[page]) {
                    entries.u32(pageCrc[page]);
                }
                end = pageOffset[page] + pageLength[page];
            }
        }
        chunks = 0;
        pageCount = 0;
    }

    /** The section: count, places of the runs, the runs. */
    ByteSink finish() {
        flush();
        return table(series, restarts, entries);
    }

    /** The shape of a section that is read from the middle: count, places of the runs, length and bytes of the runs. */
    static ByteSink table(int count, ByteSink restarts, ByteSink entries) {
        ByteSink out = new ByteSink();
        out.varint(count);
        out.put(restarts.array(), 0, restarts.size());
        out.varint(entries.size());
        out.put(entries.array(), 0, entries.size());
        return out;
    }
}
