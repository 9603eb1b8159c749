package io.varve.core.block;

import io.varve.codec.bits.MalformedPageException;
import io.varve.core.index.ByteSource;
import io.varve.core.model.TimeRange;
import io.varve.core.storage.SummaryRule;
import java.io.UncheckedIOException;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * What reading series of a block in turn would read, told by its directories: no page is decoded. It goes the way of a
 * {@link BlockCursor}, and keeps the same in mind as a {@link BlockSession}. What is damaged is passed over: reading
 * tells of it. One thread; valid while the block's reader is retained.
 */
public final class BlockEstimate {

    private final BlockReader reader;
    private final SummaryRule rule;
    private final ChunkRun chunks = new ChunkRun();
    private final StatisticsRun statistics = new StatisticsRun();
    private final KeptColumns columns;
    private final Deque<Slice> times = new ArrayDeque<>();
    private int countedSeries = -1;

    /** Rows of a page of a time column that reading would keep. */
    private record Slice(int column, int page, int from, int to, boolean cut) {}

    BlockEstimate(BlockReader reader, SummaryRule rule) {
        this.reader = reader;
        this.rule = rule;
        this.columns = new KeptColumns(reader.columns());
    }

    /**
     * Adds the pages of a series in a range, floats and histograms.
     *
     * @param series number of the series in this block
     * @param range ticks, both ends included
     */
    public void pages(int series, TimeRange range, EstimatedPages target) {
        if (!reader.meta().overlaps(range)) {
            return;
        }
        try {
            floats(series, range, target);
            histograms(series, range, target);
        } catch (MalformedPageException | UncheckedIOException | IndexOutOfBoundsException | InternalError e) {
            // what was added so far is what can be read
        }
        target.read(columns.takeRead());
    }

    private void floats(int series, TimeRange range, EstimatedPages target) {
        chunks.load(reader.directory(), series);
        int place = series % BlockFormat.STEP;
        target.read(chunks.entryBytes[place]);
        if (chunks.rows[place] == 0) {
            return;
        }
        BlockColumns.Column column = columns.get(chunks.column[place]);
        long row = chunks.firstRow[place];
        long end = row + chunks.rows[place];
        for (int page = chunks.firstPage[place]; row < end; page++) {
            int columnPage = (int) (row / BlockFormat.PAGE_ROWS);
            int from = (int) (row % BlockFormat.PAGE_ROWS);
            int to = (int) Math.min(column.rowsOf(columnPage), from + (end - row));
            long first = column.firsts[columnPage];
            long last = column.lasts[columnPage];
            if (range.overlaps(first, last)) {
                boolean cut = first < range.from() || last > range.to();
                boolean bySummary = !cut && summarizes(series, page, first, last, target);
                readTimes(column, columnPage, from, to, cut, target);
                target.add(
                        Math.max(first, range.from()),
                        Math.min(last, range.to()),
                        to - from,
                        chunks.length[page],
                        bySummary);
            }
            row += to - from;
        }
    }

    private boolean summarizes(int series, int page, long first, long last, EstimatedPages target) {
        if (rule == SummaryRule.NONE
                || !rule.fits(first, last)
                || reader.statistics().count() == 0) {
            return false;
        }
        statistics.load(reader.statistics(), series, chunks);
        if (series != countedSeries) {
            countedSeries = series;
            target.read(statistics.entryBytes(series));
        }
        PageStatistics known = statistics.of(page);
        return known != null && rule.suffices(known);
    }

    /** Notes what a session keeps of a page of times, and whether it has to decode it. */
    private void readTimes(BlockColumns.Column column, int page, int from, int to, boolean cut, EstimatedPages target) {
        int rows = column.rowsOf(page);
        if (!isKept(new Slice(column.id, page, 0, rows, false))) {
            target.read(column.lengths[page]);
        }
        if (cut || from > 0 || to < rows) {
            isKept(new Slice(column.id, page, from, to, cut));
        }
    }

    private boolean isKept(Slice slice) {
        if (times.contains(slice)) {
            return true;
        }
        if (times.size() == BlockSession.KEPT_TIMES) {
            times.removeFirst();
        }
        times.addLast(slice);
        return false;
    }

    private void histograms(int series, TimeRange range, EstimatedPages target) {
        SparseTable table = reader.histograms();
        ByteSource entry = table == null ? null : table.find(series);
        if (entry == null) {
            return;
        }
        target.read(entry.remaining());
        HistogramChunk chunk = new HistogramChunk(entry);
        BlockColumns.Column column = columns.get(chunk.column);
        long row = chunk.firstRow;
        for (int page = 0; page < chunk.pageRows.length; page++) {
            long end = row + chunk.pageRows[page];
            int firstPage = (int) (row / BlockFormat.PAGE_ROWS);
            int lastPage = (int) ((end - 1) / BlockFormat.PAGE_ROWS);
            if (end > row && range.overlaps(column.firsts[firstPage], column.lasts[lastPage])) {
                for (int i = firstPage; i <= lastPage; i++) {
                    readTimes(column, i, 0, column.rowsOf(i), false, target);
                }
                target.add(
                        Math.max(column.firsts[firstPage], range.from()),
                        Math.min(column.lasts[lastPage], range.to()),
                        chunk.pageRows[page],
                        chunk.lengths[page],
                        false);
            }
            row = end;
        }
    }
}
