package io.varve.core.block;

import io.varve.codec.bits.MalformedPageException;
import io.varve.core.index.ByteSource;
import io.varve.core.model.TimeRange;
import java.io.UncheckedIOException;

/**
 * Tells whether series of a block have samples in a range, floats or histograms, by their times alone. Where these are
 * damaged it says yes: whoever reads the samples learns more. One thread.
 */
public final class SamplePresence {

    private final BlockReader reader;
    private final BlockSession session;

    /** Of a block, over a session of it. */
    public SamplePresence(BlockReader reader, BlockSession session) {
        this.reader = reader;
        this.session = session;
    }

    /** Whether it is known of all series, by what the block holds, that they have a sample in a range. */
    public boolean everywhere(TimeRange range) {
        return reader.meta().minTime() >= range.from()
                && reader.meta().maxTime() <= range.to()
                && !reader.sides().hasExemplars()
                && !reader.sides().hasStarts()
                && !reader.damaged().contains(BlockFormat.EXEMPLARS)
                && !reader.damaged().contains(BlockFormat.START_TIMES);
    }

    /** Whether a series has a sample in a range. */
    public boolean any(int series, TimeRange range) {
        try {
            session.chunks.load(reader.directory(), series);
            int place = series % BlockFormat.STEP;
            long rows = session.chunks.rows[place];
            if (rows > 0 && any(session.chunks.column[place], session.chunks.firstRow[place], rows, range)) {
                return true;
            }
            if (reader.damaged().contains(BlockFormat.HISTOGRAMS)) {
                return true;
            }
            SparseTable table = reader.histograms();
            ByteSource entry = table == null ? null : table.find(series);
            if (entry == null) {
                return false;
            }
            HistogramChunk chunk = new HistogramChunk(entry);
            return any(chunk.column, chunk.firstRow, chunk.rows, range);
        } catch (MalformedPageException | UncheckedIOException | IndexOutOfBoundsException | InternalError e) {
            return true;
        }
    }

    private boolean any(int number, long firstRow, long rows, TimeRange range) {
        if (range.from() <= reader.meta().minTime()
                && range.to() >= reader.meta().maxTime()) {
            return true;
        }
        BlockColumns.Column column = session.column(number);
        long end = firstRow + rows;
        for (long row = firstRow; row < end; ) {
            int page = (int) (row / BlockFormat.PAGE_ROWS);
            int from = (int) (row % BlockFormat.PAGE_ROWS);
            int to = (int) Math.min(column.rowsOf(page), from + (end - row));
            row += to - from;
            if (range.overlaps(column.firsts[page], column.lasts[page]) && any(column, page, from, to, range)) {
                return true;
            }
        }
        return false;
    }

    /** Whether a time of some rows of a page lies in a range. */
    private boolean any(BlockColumns.Column column, int page, int from, int to, TimeRange range) {
        if (from == 0 && range.contains(column.firsts[page])
                || to == column.rowsOf(page) && range.contains(column.lasts[page])) {
            return true;
        }
        long[] times = session.times(column, page);
        int at = BlockCursor.lowerBound(times, from, to, range.from());
        return at < to && times[at] <= range.to();
    }
}
