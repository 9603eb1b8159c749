package io.varve.core.block;

import io.varve.codec.bits.MalformedPageException;
import io.varve.core.model.TimeRange;
import io.varve.core.storage.ColumnCursor;
import io.varve.core.storage.Hole;
import io.varve.core.storage.PageSummary;
import io.varve.core.storage.ReadBudget;
import io.varve.core.storage.SummaryRule;
import java.io.UncheckedIOException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The samples of one series of a block in a range. One thread; shares the arrays of its session. */
final class BlockCursor implements ColumnCursor {

    private static final long[] NO_TIMES = {};

    private final BlockSession session;
    private final BlockReader reader;
    private final int series;
    private final TimeRange range;
    private final SummaryRule rule;
    private final ReadBudget budget;
    private final Consumer<Hole> holes;

    private BlockColumns.@Nullable Column column;
    private long row;
    private long endRow;
    private int page;
    private boolean begun;
    private int size;
    private boolean finite;
    private long[] times = NO_TIMES;

    /** Of a page that was not decoded: its statistics, and where it is. */
    private @Nullable PageStatistics summary;

    private int summaryPage;

    BlockCursor(
            BlockSession session,
            BlockReader reader,
            int series,
            TimeRange range,
            SummaryRule rule,
            ReadBudget budget,
            Consumer<Hole> holes) {
        this.session = session;
        this.reader = reader;
        this.series = series;
        this.range = range;
        this.rule = rule;
        this.budget = budget;
        this.holes = holes;
    }

    private void begin() {
        begun = true;
        if (!reader.meta().overlaps(range)) {
            return;
        }
        try {
            session.chunks.load(reader.directory(), series);
            int place = series % BlockFormat.STEP;
            session.addRead(session.chunks.entryBytes[place]);
            if (session.chunks.rows[place] == 0) {
                return; // a series without floats
            }
            BlockColumns.Column found = session.column(session.chunks.column[place]);
            row = session.chunks.firstRow[place];
            endRow = row + session.chunks.rows[place];
            page = session.chunks.firstPage[place];
            if (endRow > found.rows) {
                throw new MalformedPageException(0, "rows up to " + found.rows + ": found=" + endRow);
            }
            column = found;
        } catch (MalformedPageException | UncheckedIOException | IndexOutOfBoundsException | InternalError e) {
            hole(range.from(), range.to(), e);
        }
    }

    @Override
    public boolean nextPage() {
        if (!begun) {
            begin();
        }
        BlockColumns.Column of = column;
        size = 0;
        finite = false;
        summary = null;
        while (of != null && row < endRow) {
            int columnPage = (int) (row / BlockFormat.PAGE_ROWS);
            int from = (int) (row % BlockFormat.PAGE_ROWS);
            int to = (int) Math.min(of.rowsOf(columnPage), from + (endRow - row));
            int valuePage = page;
            row += to - from;
            page++;
            if (range.overlaps(of.firsts[columnPage], of.lasts[columnPage])) {
                if (summarize(of, columnPage, from, to, valuePage) || read(of, columnPage, from, to, valuePage)) {
                    budget.read(session.takeRead());
                    return true;
                }
            }
        }
        times = NO_TIMES;
        budget.read(session.takeRead());
        return false;
    }

    /** Whether the statistics of a page do, which is not decoded then. */
    private boolean summarize(BlockColumns.Column of, int columnPage, int from, int to, int valuePage) {
        if (rule == SummaryRule.NONE || !rule.fits(of.firsts[columnPage], of.lasts[columnPage])) {
            return false; // a part of the column's page would do where the whole does not, which is not looked for
        }
        try {
            session.chunks.load(reader.directory(), series);
            PageStatistics statistics = session.statistics(series, valuePage);
            if (statistics == null || !rule.suffices(statistics)) {
                return false;
            }
            long[] all = session.times(of, columnPage);
            if (all[from] < range.from() || all[to - 1] > range.to()) {
                return false;
            }
            budget.charge(0, 0);
            times = session.times(of, columnPage, all, from, to);
            size = to - from;
            summary = statistics;
            summaryPage = valuePage;
            return true;
        } catch (MalformedPageException | UncheckedIOException | IndexOutOfBoundsException | InternalError e) {
            return false; // reading it tells what is wrong
        }
    }

    @Override
    public @Nullable PageSummary summary() {
        return summary;
    }

    @Override
    public boolean isLast() {
        return row >= endRow;
    }

    @Override
    public boolean isFinite() {
        return finite;
    }

    @Override
    public boolean decode() {
        PageStatistics undecoded = summary;
        summary = null;
        if (undecoded == null) {
            return true;
        }
        try {
            budget.charge(size, 0);
            session.chunks.load(reader.directory(), series);
            session.decodeValues(summaryPage, size);
            finite = session.finite();
            budget.read(session.takeRead());
            return true;
        } catch (MalformedPageException | UncheckedIOException | IndexOutOfBoundsException | InternalError e) {
            hole(times[0], times[size - 1], e);
            size = 0;
            times = NO_TIMES;
            return false;
        }
    }

    private boolean read(BlockColumns.Column of, int columnPage, int from, int to, int valuePage) {
        budget.charge(to - from, 0);
        try {
            // Another cursor of the session may have unpacked another run since.
            session.chunks.load(reader.directory(), series);
            long[] all = session.times(of, columnPage);
            int first = lowerBound(all, from, to, range.from());
            int end = range.to() == Long.MAX_VALUE ? to : lowerBound(all, first, to, range.to() + 1);
            if (first >= end) {
                return false;
            }
            session.decodeValues(valuePage, to - from, first - from, end - from);
            finite = session.finite();
            times = session.times(of, columnPage, all, first, end);
            size = end - first;
            return true;
        } catch (MalformedPageException | UncheckedIOException | IndexOutOfBoundsException | InternalError e) {
            hole(of.firsts[columnPage], of.lasts[columnPage], e);
            return false;
        }
    }

    private void hole(long first, long last, Throwable cause) {
        TimeRange missing = TimeRange.of(Math.max(first, range.from()), Math.min(last, range.to()));
        holes.accept(new Hole(1, missing, reader.path() + ": series " + series + ": " + cause.getMessage()));
    }

    static int lowerBound(long[] sorted, int from, int to, long time) {
        int low = from;
        int high = to;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (sorted[middle] < time) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
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
        return session.values();
    }
}
