package io.varve.core.block;

import io.varve.codec.bits.MalformedPageException;
import io.varve.core.index.ByteSource;
import java.util.HashMap;
import java.util.Map;

/** Where the pages of a block's time columns are. Any number of threads. */
final class BlockColumns {

    private static final int MAX_COLUMN_PAGES = 1 << 20;

    private final RunTable table;
    private final Map<Integer, Long> copies;

    /** The pages of one time column. Not changed once it is read. */
    static final class Column {

        /** Number of the column. */
        final int id;

        /** Number of its times. */
        final long rows;

        /** Where its pages begin in the file. */
        final long[] offsets;

        /** Bytes of its pages. */
        final int[] lengths;

        /** CRC-32C of its pages. */
        final int[] crcs;

        /** First time of each page. */
        final long[] firsts;

        /** Last time of each page. */
        final long[] lasts;

        /** Where a second copy of all its pages begins, or -1. */
        final long copy;

        /** Bytes of its entry in the directory. */
        int directoryBytes;

        private Column(int id, long rows, int pages, long copy) {
            this.id = id;
            this.rows = rows;
            this.offsets = new long[pages];
            this.lengths = new int[pages];
            this.crcs = new int[pages];
            this.firsts = new long[pages];
            this.lasts = new long[pages];
            this.copy = copy;
        }

        int rowsOf(int page) {
            return (int) Math.min(BlockFormat.PAGE_ROWS, rows - (long) page * BlockFormat.PAGE_ROWS);
        }

        long copyOf(int page) {
            long at = copy;
            for (int i = 0; i < page; i++) {
                at += lengths[i];
            }
            return at;
        }
    }

    BlockColumns(RunTable table, Map<Integer, Long> copies) {
        this.table = table;
        this.copies = copies;
    }

    static Map<Integer, Long> readCopies(ByteSource source) {
        Map<Integer, Long> copies = new HashMap<>();
        for (int left = source.varint(source.remaining()); left > 0; left--) {
            copies.put(source.varint(Integer.MAX_VALUE), source.varint());
        }
        return copies;
    }

    int count() {
        return table.count();
    }

    Column get(int id) {
        ByteSource source = table.run(id);
        long end = 0;
        long first = 0;
        for (int i = id / BlockFormat.STEP * BlockFormat.STEP; ; i++) {
            int start = source.position();
            long rows = source.varint();
            long pages = rows <= 0 ? 0 : (rows - 1) / BlockFormat.PAGE_ROWS + 1;
            // Each page takes at least eight bytes here, so that a hostile count cannot allocate more than that.
            if (pages < 1 || pages > MAX_COLUMN_PAGES || pages * 8 > source.remaining()) {
                throw new MalformedPageException(source.position(), "rows of a column: found=" + rows);
            }
            int count = (int) pages;
            Column column = new Column(i, rows, count, copies.getOrDefault(i, -1L));
            for (int page = 0; page < count; page++) {
                column.offsets[page] = end + source.zigzag();
                column.lengths[page] = source.varint(BlockSession.MAX_PAGE_BYTES);
                column.crcs[page] = source.u32();
                first += source.zigzag();
                column.firsts[page] = first;
                column.lasts[page] = first + source.varint();
                end = column.offsets[page] + column.lengths[page];
            }
            if (i == id) {
                column.directoryBytes = source.position() - start;
                return column;
            }
        }
    }
}
