package io.varve.core.block;

import io.varve.core.index.ByteSink;

/** Builds a {@link SparseTable}, in the order of the series. */
final class SparseWriter {

    private final ByteSink entries = new ByteSink();
    private final ByteSink restarts = new ByteSink();
    private int count;
    private int previous;

    /** Adds the entry of a series. */
    void add(int series, ByteSink body) {
        boolean restart = count % BlockFormat.STEP == 0;
        if (restart) {
            restarts.u32(entries.size());
        }
        entries.varint(restart ? series : series - previous);
        entries.varint(body.size());
        entries.put(body.array(), 0, body.size());
        previous = series;
        count++;
    }

    boolean isEmpty() {
        return count == 0;
    }

    ByteSink finish() {
        return DirectoryWriter.table(count, restarts, entries);
    }
}
