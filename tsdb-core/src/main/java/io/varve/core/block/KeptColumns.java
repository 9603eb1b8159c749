package io.varve.core.block;

import java.util.ArrayList;
import java.util.List;

/** The directories of the time columns of a block that were asked for last. One thread. */
final class KeptColumns {

    private static final int KEPT = 8;

    private final BlockColumns source;
    private final List<BlockColumns.Column> columns = new ArrayList<>();
    private long read;

    KeptColumns(BlockColumns source) {
        this.source = source;
    }

    /** Where the pages of a time column are. */
    BlockColumns.Column get(int id) {
        for (BlockColumns.Column column : columns) {
            if (column.id == id) {
                return column;
            }
        }
        BlockColumns.Column column = source.get(id);
        read += column.directoryBytes;
        if (columns.size() == KEPT) {
            columns.remove(0);
        }
        columns.add(column);
        return column;
    }

    /** Bytes of the directory that were read since this was asked last. */
    long takeRead() {
        long taken = read;
        read = 0;
        return taken;
    }
}
