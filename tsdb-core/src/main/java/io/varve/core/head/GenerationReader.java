package io.varve.core.head;

import io.varve.codec.PageCodec;
import io.varve.core.model.StaleMarker;
import io.varve.core.model.TimeRange;
import io.varve.core.storage.ColumnCursor;
import io.varve.core.storage.ReadBudget;
import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Reads series of a generation, one at a time, in one thread. A series comes as a single page; series that stand on the
 * same rows of a time column get the same array of times.
 */
public final class GenerationReader {

    private static final long[] NO_TIMES = new long[0];
    private static final long LATE_BYTES = 2L * Long.BYTES;

    private final Generation generation;
    private final PageScratch scratch;
    private final long upTo;

    private double[] values = new double[0];
    private int cachedRun = Runs.NONE;
    private int cachedRows;
    private @Nullable TimeRange cachedRange;
    private int cachedFrom;
    private long[] cachedTimes = NO_TIMES;

    GenerationReader(Generation generation, PageCodec codec, long upTo) {
        this.generation = generation;
        this.scratch = new PageScratch(codec);
        this.upTo = upTo;
    }

    /** The floats of a series in a range; the cursor is valid until the next call. */
    public ColumnCursor columns(int series, TimeRange range, ReadBudget budget) {
        SeriesTable table = generation.table();
        int rows = table.rows(series);
        if (rows == 0) {
            return new Page(NO_TIMES, values, 0, 0);
        }
        budget.charge(rows, 0);
        LateSamples late = table.late(series);
        HeadDeletions.Mask mask = generation.deletions().mask(series, upTo);
        Page inOrder = inOrder(series, rows, range);
        Page left = mask == null ? inOrder : withoutDeleted(inOrder, mask);
        budget.read(scratch.read + (late == null ? 0 : LATE_BYTES * late.size()));
        scratch.read = 0;
        return late == null ? left : withLate(left, late, mask, range);
    }

    /**
     * Whether a series has samples in a range that are not deleted.
     *
     * @param mask what is deleted, or null
     */
    static boolean any(Generation generation, int series, TimeRange range, HeadDeletions.@Nullable Mask mask) {
        SeriesTable table = generation.table();
        int rows = table.rows(series);
        if (rows > 0 && anyRow(generation, table.lastRun(series), rows, range, mask)) {
            return true;
        }
        LateSamples late = rows == 0 ? null : table.late(series);
        for (int i = 0; late != null && i < late.size(); i++) {
            long time = late.time(i);
            if (range.contains(time) && (mask == null || !mask.hidesLate(i, time))) {
                return true;
            }
        }
        HistogramSeries histograms = generation.kinds().histograms(series);
        for (int i = 0; histograms != null && i < histograms.size(); i++) {
            long time = histograms.time(i);
            if (range.contains(time) && (mask == null || !mask.hidesHistogram(i, time))) {
                return true;
            }
        }
        return false;
    }

    /** The same of samples that came in order; most questions are about now, so the newest is looked at first. */
    private static boolean anyRow(
            Generation generation, int lastRun, int rows, TimeRange range, HeadDeletions.@Nullable Mask mask) {
        Runs runs = generation.runs();
        int run = runs.ofRow(lastRun, rows - 1);
        int newest = runs.columnRow(run) + rows - 1 - runs.firstRow(run);
        if (mask == null && range.contains(generation.column(runs.column(run)).times()[newest])) {
            return true;
        }
        long[] times = times(generation, run, rows);
        int end = upperBound(times, 0, rows, range.to());
        for (int row = lowerBound(times, 0, end, range.from()); row < end; row++) {
            if (mask == null || !mask.hidesRow(row, times[row])) {
                return true;
            }
        }
        return false;
    }

    /** The page without what is deleted; its array of values is used again, that of times may be another's too. */
    private static Page withoutDeleted(Page page, HeadDeletions.Mask mask) {
        long[] times = new long[page.size];
        int kept = 0;
        for (int i = 0; i < page.size; i++) {
            if (!mask.hidesRow(page.firstRow + i, page.times[i])) {
                times[kept] = page.times[i];
                page.values[kept++] = page.values[i];
            }
        }
        return kept == page.size ? page : new Page(times, page.values, kept, page.firstRow);
    }

    /** The histograms of a series in a range, or null if it has none; independent of other cursors. */
    public @Nullable ColumnCursor histograms(int series, TimeRange range, ReadBudget budget) {
        HistogramSeries histograms = generation.kinds().histograms(series);
        return histograms == null
                ? null
                : HistogramCursor.of(histograms, range, generation.deletions().mask(series, upTo), budget);
    }

    /**
     * What reading a series in a range would read; nothing is decoded.
     *
     * @param rows samples that would be looked through
     * @param found samples in the range, which deletions may still take away
     * @param first time of the first of them
     * @param last time of the last of them
     * @param bytes of pages, raw values and late samples
     */
    public record Estimate(long rows, int found, long first, long last, long bytes) {}

    /** What {@link #columns} and {@link #histograms} would read of a series in a range. */
    public Estimate estimate(int series, TimeRange range) {
        SeriesTable table = generation.table();
        int rows = table.rows(series);
        int found = 0;
        long first = Long.MAX_VALUE;
        long last = Long.MIN_VALUE;
        long bytes = 0;
        if (rows > 0) {
            locate(series, rows, range);
            found = cachedTimes.length;
            bytes = generation.valueBytes(series, cachedFrom, cachedFrom + found);
            if (found > 0) {
                first = cachedTimes[0];
                last = cachedTimes[found - 1];
            }
        }
        LateSamples late = rows == 0 ? null : table.late(series);
        for (int i = 0; late != null && i < late.size(); i++) {
            if (range.contains(late.time(i))) {
                found++;
                first = Math.min(first, late.time(i));
                last = Math.max(last, late.time(i));
            }
        }
        bytes += late == null ? 0 : LATE_BYTES * late.size();
        HistogramSeries histograms = generation.kinds().histograms(series);
        int before = found;
        for (int i = 0; histograms != null && i < histograms.size(); i++) {
            if (range.contains(histograms.time(i))) {
                found++;
                first = Math.min(first, histograms.time(i));
                last = Math.max(last, histograms.time(i));
                bytes += HistogramCursor.bytes(histograms, i);
            }
        }
        return new Estimate((long) rows + found - before, found, first, last, bytes);
    }

    /** The series' rows in a range; those that stand on the same rows of the same runs get the same array of times. */
    private Page inOrder(int series, int rows, TimeRange range) {
        locate(series, rows, range);
        copyValues(series, cachedFrom, cachedFrom + cachedTimes.length);
        return new Page(cachedTimes, values, cachedTimes.length, cachedFrom);
    }

    /** Finds the times of the series' rows in a range, unless they are those found last. */
    private void locate(int series, int rows, TimeRange range) {
        Runs runs = generation.runs();
        int run = runs.ofRow(generation.table().lastRun(series), rows - 1);
        if (run != cachedRun || rows != cachedRows || !range.equals(cachedRange)) {
            long[] times = times(generation, run, rows);
            cachedFrom = lowerBound(times, 0, rows, range.from());
            int to = upperBound(times, cachedFrom, rows, range.to());
            cachedTimes = to - cachedFrom == rows ? times : Arrays.copyOfRange(times, cachedFrom, to);
            cachedRun = run;
            cachedRows = rows;
            cachedRange = range;
        }
    }

    /** Times of the first rows of a series. */
    private static long[] times(Generation generation, int lastRun, int rows) {
        Runs runs = generation.runs();
        long[] times = new long[rows];
        int end = rows;
        for (int run = runs.ofRow(lastRun, rows - 1); run != Runs.NONE; run = runs.before(run)) {
            int first = runs.firstRow(run);
            long[] column = generation.column(runs.column(run)).times();
            System.arraycopy(column, runs.columnRow(run), times, first, end - first);
            end = first;
        }
        return times;
    }

    private void copyValues(int series, int from, int to) {
        if (values.length < to - from) {
            values = new double[Math.max(to - from, values.length * 2)];
        }
        if (from < to) {
            generation.copyValues(series, from, to, values, scratch);
        }
    }

    /** Merges late samples: of equal times the later arrival wins, but a stale marker never replaces a value. */
    private static Page withLate(Page inOrder, LateSamples late, HeadDeletions.@Nullable Mask mask, TimeRange range) {
        Integer[] order = IntStream.range(0, late.size())
                .filter(i -> range.contains(late.time(i)) && (mask == null || !mask.hidesLate(i, late.time(i))))
                .boxed()
                .toArray(Integer[]::new);
        Arrays.sort(order, Comparator.comparingLong(late::time)); // stable: arrivals stay in order
        long[] times = new long[inOrder.size + order.length];
        double[] merged = new double[times.length];
        int count = 0;
        int row = 0;
        int next = 0;
        while (row < inOrder.size || next < order.length) {
            boolean fromRow =
                    next == order.length || row < inOrder.size && inOrder.times[row] <= late.time(order[next]);
            long time = fromRow ? inOrder.times[row] : late.time(order[next]);
            double value = fromRow ? inOrder.values[row++] : late.value(order[next++]);
            if (count == 0 || times[count - 1] != time) {
                times[count] = time;
                merged[count++] = value;
            } else if (!StaleMarker.is(value) || StaleMarker.is(merged[count - 1])) {
                merged[count - 1] = value;
            }
        }
        return new Page(times, merged, count, 0);
    }

    /** First index whose time is at least the bound. */
    private static int lowerBound(long[] times, int from, int to, long bound) {
        int at = Arrays.binarySearch(times, from, to, bound);
        return at >= 0 ? at : -at - 1;
    }

    /** First index whose time is above the bound. */
    private static int upperBound(long[] times, int from, int to, long bound) {
        int at = Arrays.binarySearch(times, from, to, bound);
        return at >= 0 ? at + 1 : -at - 1;
    }

    /** A cursor with one page, or with none if it is empty. */
    private static final class Page implements ColumnCursor {

        private final long[] times;
        private final double[] values;
        private final int size;

        /** Row of the series that the first sample is, if all are rows. */
        private final int firstRow;

        private boolean visited;

        Page(long[] times, double[] values, int size, int firstRow) {
            this.times = times;
            this.values = values;
            this.size = size;
            this.firstRow = firstRow;
        }

        @Override
        public boolean nextPage() {
            boolean first = !visited && size > 0;
            visited = true;
            return first;
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
            return values;
        }
    }
}
