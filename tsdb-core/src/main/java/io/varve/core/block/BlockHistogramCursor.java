package io.varve.core.block;

import io.varve.codec.bits.MalformedPageException;
import io.varve.core.index.ByteSource;
import io.varve.core.kind.HistogramPages;
import io.varve.core.model.Histogram;
import io.varve.core.model.SampleKind;
import io.varve.core.model.TimeRange;
import io.varve.core.storage.ColumnCursor;
import io.varve.core.storage.Hole;
import io.varve.core.storage.ReadBudget;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The histograms of one series of a block in a range. One thread; at most one such cursor of a session is in use, but a
 * cursor of floats may be in use beside it.
 */
final class BlockHistogramCursor implements ColumnCursor {

    private static final long[] NO_TIMES = {};
    private static final double[] NO_VALUES = {};

    private final BlockSession session;
    private final BlockReader reader;
    private final int series;
    private final ByteSource entry;
    private final TimeRange range;
    private final ReadBudget budget;
    private final Consumer<Hole> holes;
    private final HistogramPages page;

    private @Nullable HistogramChunk chunk;
    private boolean begun;
    private int next;
    private long row;
    private int size;
    private int first;
    private long[] times = NO_TIMES;

    /** @param entry of the series in the directory of histograms */
    BlockHistogramCursor(
            BlockSession session,
            BlockReader reader,
            int series,
            ByteSource entry,
            TimeRange range,
            ReadBudget budget,
            Consumer<Hole> holes) {
        this.session = session;
        this.reader = reader;
        this.series = series;
        this.entry = entry;
        this.range = range;
        this.budget = budget;
        this.holes = holes;
        this.page = session.histogramPage();
    }

    private void begin() {
        begun = true;
        try {
            session.addRead(entry.remaining());
            HistogramChunk found = new HistogramChunk(entry);
            long rows = session.column(found.column).rows;
            if (found.firstRow + found.rows > rows) {
                throw new MalformedPageException(0, "rows up to " + rows + " of histograms: found=" + found.rows);
            }
            row = found.firstRow;
            chunk = found;
        } catch (MalformedPageException | UncheckedIOException | IndexOutOfBoundsException | InternalError e) {
            hole(range.from(), range.to(), e);
        }
    }

    @Override
    public boolean nextPage() {
        if (!begun) {
            begin();
        }
        HistogramChunk of = chunk;
        size = 0;
        while (of != null && next < of.pageRows.length) {
            int number = next++;
            long from = row;
            row += of.pageRows[number];
            if (read(of, number, from)) {
                budget.read(session.takeRead());
                return true;
            }
        }
        times = NO_TIMES;
        budget.read(session.takeRead());
        return false;
    }

    private boolean read(HistogramChunk of, int number, long from) {
        long firstTime = range.from();
        long lastTime = range.to();
        try {
            BlockColumns.Column column = session.column(of.column);
            int firstPage = (int) (from / BlockFormat.PAGE_ROWS);
            int lastPage = (int) ((from + of.pageRows[number] - 1) / BlockFormat.PAGE_ROWS);
            firstTime = column.firsts[firstPage];
            lastTime = column.lasts[lastPage];
            if (of.pageRows[number] == 0 || !range.overlaps(firstTime, lastTime)) {
                return false;
            }
            budget.charge(of.pageRows[number], 8L * of.lengths[number]);
            if (!loadTimes(column, from, of.pageRows[number], firstPage, lastPage)) {
                return false;
            }
            session.decodeHistograms(of, number, page);
            return true;
        } catch (MalformedPageException
                | UncheckedIOException
                | IndexOutOfBoundsException
                | IllegalArgumentException
                | InternalError e) {
            size = 0;
            hole(firstTime, lastTime, e);
            return false;
        }
    }

    /** Loads the times of a page's rows that lie in range; false if none do. */
    private boolean loadTimes(BlockColumns.Column column, long from, int rows, int firstPage, int lastPage) {
        long[] all;
        int start = (int) (from - (long) firstPage * BlockFormat.PAGE_ROWS);
        if (firstPage == lastPage) {
            all = session.times(column, firstPage);
        } else {
            all = session.times(column, firstPage).clone();
            for (int i = firstPage + 1; i <= lastPage; i++) {
                long[] more = session.times(column, i);
                int end = all.length;
                all = Arrays.copyOf(all, end + more.length);
                System.arraycopy(more, 0, all, end, more.length);
            }
        }
        int low = BlockCursor.lowerBound(all, start, start + rows, range.from());
        int high = range.to() == Long.MAX_VALUE
                ? start + rows
                : BlockCursor.lowerBound(all, low, start + rows, range.to() + 1);
        if (low >= high) {
            return false;
        }
        times = firstPage == lastPage
                ? session.times(column, firstPage, all, low, high)
                : Arrays.copyOfRange(all, low, high);
        first = low - start;
        size = high - low;
        return true;
    }

    private void hole(long from, long to, Throwable cause) {
        TimeRange missing = TimeRange.of(Math.max(from, range.from()), Math.min(to, range.to()));
        holes.accept(
                new Hole(1, missing, reader.path() + ": histograms of series " + series + ": " + cause.getMessage()));
    }

    @Override
    public SampleKind kind() {
        return SampleKind.HISTOGRAM;
    }

    @Override
    public int size() {
        return size;
    }

    @Override
    public long[] times() {
        return times;
    }

    @Override
    public double[] values() {
        return NO_VALUES;
    }

    @Override
    public Histogram histogram(int index) {
        return page.get(first + java.util.Objects.checkIndex(index, size));
    }
}
