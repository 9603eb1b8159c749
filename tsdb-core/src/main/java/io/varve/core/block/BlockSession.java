package io.varve.core.block;

import io.varve.codec.PageCodec;
import io.varve.codec.bits.MalformedPageException;
import io.varve.core.fs.FileEnvelope;
import io.varve.core.index.ByteSource;
import io.varve.core.kind.HistogramPages;
import io.varve.core.model.Labels;
import io.varve.core.model.TimeRange;
import io.varve.core.storage.ColumnCursor;
import io.varve.core.storage.Hole;
import io.varve.core.storage.ReadBudget;
import io.varve.core.storage.SummaryRule;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One thread's reading of one block: decoders, reused arrays, and the time pages decoded last, so that series which
 * share a time column get the very same array of times. At most one of its cursors is in use at a time, as they share
 * the array of values. Valid while the block's reader is retained.
 */
public final class BlockSession {

    /** The most bytes of a page. */
    static final int MAX_PAGE_BYTES = PageCodec.maxEncodedBytes(BlockFormat.PAGE_ROWS);

    /** Slices of time pages that are kept, the oldest leaves first. */
    static final int KEPT_TIMES = 32;

    private final BlockReader reader;
    private final DecodeScratch scratch;
    private final SeriesTable.Walk walk;
    private byte[] valueBytes = new byte[4096];
    private long verifiedFrom = -1;
    private long read;

    /** Of which series the statistics were counted as read last. */
    private int countedSeries = -1;

    private final List<Times> times = new ArrayList<>();
    private final KeptColumns columns;

    final ChunkRun chunks = new ChunkRun();
    private final StatisticsRun statistics = new StatisticsRun();
    private double[] values = new double[1024];
    private @Nullable HistogramPages histogramPage;

    /** Rows {@code from} to {@code to} of a page of a time column. */
    private static final class Times {
        final int column;
        final int page;
        final int from;
        final long[] rows;

        Times(int column, int page, int from, long[] rows) {
            this.column = column;
            this.page = page;
            this.from = from;
            this.rows = rows;
        }
    }

    BlockSession(BlockReader reader, DecodeScratch scratch) {
        this.reader = reader;
        this.scratch = scratch;
        this.walk = reader.series().walk(0);
        this.columns = new KeptColumns(reader.columns());
    }

    /** The labels of a series; going forward is cheap. */
    public Labels labels(int series) {
        return walk.labels(series);
    }

    /**
     * The floats of a series in a range. What is damaged is reported and left out.
     *
     * @param series number of the series in this block
     * @param range ticks, both ends included
     * @param rule which whole pages are told by their statistics
     * @param budget charged before a page is decoded
     * @param holes takes what cannot be read
     */
    public ColumnCursor columns(
            int series, TimeRange range, SummaryRule rule, ReadBudget budget, Consumer<Hole> holes) {
        return new BlockCursor(this, reader, series, range, rule, budget, holes);
    }

    /** As {@link #columns(int, TimeRange, SummaryRule, ReadBudget, Consumer)}, with all pages decoded. */
    public ColumnCursor columns(int series, TimeRange range, ReadBudget budget, Consumer<Hole> holes) {
        return columns(series, range, SummaryRule.NONE, budget, holes);
    }

    /**
     * The histograms of a series in a range, or null if it has none; parameters as of {@code columns}. May be read
     * beside a cursor of floats of the same series.
     */
    public @Nullable ColumnCursor histograms(int series, TimeRange range, ReadBudget budget, Consumer<Hole> holes) {
        SparseTable table = reader.histograms();
        if (table == null || !reader.meta().overlaps(range)) {
            return null;
        }
        try {
            ByteSource entry = table.find(series);
            return entry == null ? null : new BlockHistogramCursor(this, reader, series, entry, range, budget, holes);
        } catch (MalformedPageException | IndexOutOfBoundsException | InternalError e) {
            holes.accept(new Hole(1, range, reader.path() + ": histograms of series " + series + ": " + e));
            return null;
        }
    }

    /** Reports, once a reading, that histograms cannot be found because their directory is damaged. */
    public void reportHistograms(TimeRange range, Consumer<Hole> holes) {
        if (reader.damaged().contains(BlockFormat.HISTOGRAMS)) {
            TimeRange missing = TimeRange.of(
                    Math.max(range.from(), reader.meta().minTime()),
                    Math.min(range.to(), reader.meta().maxTime()));
            holes.accept(new Hole(
                    -1, missing, reader.path() + ": histograms of all series: wrong checksum of their directory"));
        }
    }

    /** The page of histograms decoded last; made when it is asked for first. */
    HistogramPages histogramPage() {
        HistogramPages made = histogramPage;
        if (made == null) {
            made = new HistogramPages();
            histogramPage = made;
        }
        return made;
    }

    /**
     * Decodes a page of histograms.
     *
     * @throws MalformedPageException or IllegalArgumentException if it is damaged
     */
    void decodeHistograms(HistogramChunk chunk, int page, HistogramPages target) {
        int length = chunk.lengths[page];
        byte[] bytes = scratch.histogramBytes(length);
        reader.region().copy(chunk.offsets[page], bytes, 0, length);
        read += length;
        String where = "page at offset " + chunk.offsets[page];
        if (FileEnvelope.crc(bytes, 0, length) != chunk.crcs[page]) {
            throw new MalformedPageException(0, where + ": wrong checksum");
        }
        target.clear();
        int rows = scratch.histogramCodec().decode(bytes, 0, length, target.columns());
        if (rows != chunk.pageRows[page]) {
            throw new MalformedPageException(0, where + ": " + chunk.pageRows[page] + " rows, found " + rows);
        }
        target.checkLayouts();
    }

    /** Statistics of each page of a series, in order; null for pages that have none, empty if they cannot be read. */
    public List<@Nullable PageStatistics> statistics(int series) {
        RunTable table = reader.statistics();
        if (table.count() == 0) {
            return List.of();
        }
        chunks.load(reader.directory(), series);
        statistics.load(table, series, chunks);
        List<@Nullable PageStatistics> found = new ArrayList<>();
        int place = series % BlockFormat.STEP;
        for (int page = chunks.firstPage[place]; page < chunks.firstPage[place + 1]; page++) {
            found.add(statistics.of(page));
        }
        return found;
    }

    /** Statistics of a page of {@link #chunks} of a series; null if it has none, or they cannot be read. */
    @Nullable
    PageStatistics statistics(int series, int page) {
        RunTable table = reader.statistics();
        if (table.count() == 0) {
            return null;
        }
        try {
            statistics.load(table, series, chunks);
            if (series != countedSeries) {
                countedSeries = series;
                read += statistics.entryBytes(series);
            }
            return statistics.of(page);
        } catch (MalformedPageException | UncheckedIOException | IndexOutOfBoundsException | InternalError e) {
            return null; // they are done without, as where their section is damaged
        }
    }

    /** The values decoded last; the array may be another after the next decoding. */
    double[] values() {
        return values;
    }

    /** Whether the values decoded last are known to be finite. */
    boolean finite() {
        return scratch.codec.decodedFinite();
    }

    /** Where the pages of a time column are. */
    BlockColumns.Column column(int id) {
        return columns.get(id);
    }

    /** Takes note of bytes that were read beside those of this session. */
    void addRead(long bytes) {
        read += bytes;
    }

    /** Bytes of directories and pages that were read since this was asked last. */
    long takeRead() {
        long taken = read + columns.takeRead();
        read = 0;
        return taken;
    }

    /** All times of a page of a column. Whoever asks has charged for them. */
    long[] times(BlockColumns.Column column, int page) {
        int rows = column.rowsOf(page);
        long[] kept = kept(column.id, page, 0, rows);
        if (kept != null) {
            return kept;
        }
        String damage = decodeTimes(column, page, column.offsets[page]);
        if (damage != null && column.copy >= 0) {
            damage = decodeTimes(column, page, column.copyOf(page)) == null ? null : damage;
        }
        if (damage != null) {
            throw new MalformedPageException(0, damage);
        }
        return keep(column.id, page, 0, rows, scratch.times, 0);
    }

    /** Some of the times of a page, from index 0 of an array of their own. */
    long[] times(BlockColumns.Column column, int page, long[] all, int from, int to) {
        if (from == 0 && to == all.length) {
            return all;
        }
        long[] kept = kept(column.id, page, from, to);
        return kept != null ? kept : keep(column.id, page, from, to, all, from);
    }

    private long @Nullable [] kept(int column, int page, int from, int to) {
        for (int i = times.size() - 1; i >= 0; i--) {
            Times some = times.get(i);
            if (some.column == column && some.page == page && some.from == from && some.rows.length == to - from) {
                return some.rows;
            }
        }
        return null;
    }

    private long[] keep(int column, int page, int from, int to, long[] source, int offset) {
        long[] rows = new long[to - from];
        System.arraycopy(source, offset, rows, 0, rows.length);
        if (times.size() == KEPT_TIMES) {
            times.remove(0);
        }
        times.add(new Times(column, page, from, rows));
        return rows;
    }

    /** Decodes a page of times; what is wrong with it, or null. */
    @Nullable
    String decodeTimes(BlockColumns.Column column, int page, long offset) {
        int length = column.lengths[page];
        String where = "times at offset " + offset;
        try {
            byte[] bytes = scratch.timeBytes;
            reader.region().copy(offset, bytes, 0, length);
            read += length;
            if (FileEnvelope.crc(bytes, 0, length) != column.crcs[page]) {
                return where + ": wrong checksum";
            }
            int rows = scratch.codec.decodeTimes(bytes, 0, length, scratch.times, 0);
            boolean right = rows == column.rowsOf(page)
                    && scratch.times[0] == column.firsts[page]
                    && scratch.times[rows - 1] == column.lasts[page];
            return right ? null : where + ": not the times that the column says";
        } catch (MalformedPageException | IndexOutOfBoundsException | UncheckedIOException e) {
            return where + ": " + e.getMessage();
        }
    }

    /**
     * Decodes a page of values into {@link #values()}.
     *
     * @param page its number in {@link #chunks}
     * @param rows how many values it must have
     * @throws MalformedPageException if it is damaged
     */
    void decodeValues(int page, int rows) {
        decodeValues(page, rows, 0, rows);
    }

    /**
     * Decodes some values of a page into {@link #values()}; other parameters as {@link #decodeValues(int, int)}.
     *
     * @param first the first one wanted, which comes to stand at index 0
     * @param end the first one behind them
     */
    void decodeValues(int page, int rows, int first, int end) {
        long from = loadVerified(chunks.checksum[page]);
        if (values.length < end - first) {
            values = new double[Math.min(BlockFormat.PAGE_ROWS, Math.max(end - first, 2 * values.length))];
        }
        int at = (int) (chunks.offset[page] - from);
        int length = chunks.length[page];
        read += length;
        int found = PageCodec.count(valueBytes, at, length);
        if (found != rows) {
            throw new MalformedPageException(0, "values at offset " + from + ": " + rows + " values, found " + found);
        }
        scratch.codec.decodeValues(
                scratch.models.of(reader.codingModels()), valueBytes, at, length, first, end, values, 0);
    }

    /** Copies the bytes that a checksum covers, unless they are here, and verifies them; returns where they begin. */
    private long loadVerified(int checksum) {
        long from = chunks.coveredFrom[checksum];
        if (from != verifiedFrom) {
            verifiedFrom = -1;
            int covered = chunks.coveredBytes[checksum];
            if (valueBytes.length < covered) {
                valueBytes = new byte[Math.max(covered, 2 * valueBytes.length)];
            }
            reader.region().copy(from, valueBytes, 0, covered);
            if (FileEnvelope.crc(valueBytes, 0, covered) != chunks.crc[checksum]) {
                throw new MalformedPageException(0, "values at offset " + from + ": wrong checksum");
            }
            verifiedFrom = from;
        }
        return from;
    }
}
