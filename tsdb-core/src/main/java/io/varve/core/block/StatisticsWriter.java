package io.varve.core.block;

import io.varve.core.index.ByteSink;

/** Collects page statistics in the order of the pages; which pages have some follows from their rows and bytes. */
final class StatisticsWriter {

    private final ByteSink entries = new ByteSink();
    private final ByteSink restarts = new ByteSink();
    private int series;
    private boolean begun;

    void page(PageStatistics statistics, int rows, int bytes) {
        begin();
        if (BlockFormat.hasStatistics(rows, bytes)) {
            statistics.write(entries);
        }
    }

    void endSeries() {
        begin();
        begun = false;
        series++;
    }

    private void begin() {
        if (!begun && series % BlockFormat.STEP == 0) {
            restarts.u32(entries.size());
        }
        begun = true;
    }

    ByteSink finish() {
        return DirectoryWriter.table(series, restarts, entries);
    }
}
