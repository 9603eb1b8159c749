package io.varve.core.head;

import io.varve.codec.PageCodec;
import io.varve.core.kind.HistogramForm;
import io.varve.core.model.StaleMarker;
import io.varve.core.model.TimeRange;
import io.varve.core.slab.SlabMemory;
import io.varve.core.storage.Verdict;
import java.lang.invoke.VarHandle;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The samples of one stretch of the log. Time columns are shared: a series follows a column while its times match and
 * starts a new run where they do not, so series that are scraped together store their times once. Values are encoded in
 * pages while they come ({@link HeadValues}).
 *
 * <p>{@link #judge} and {@link #apply} belong to the agent. Everything else may be called by any thread at any time;
 * frozen generations are no longer written.
 */
public final class Generation {

    /** Runs after which a series gets a column of its own, so that an erratic one costs no more than its times. */
    private static final int MAX_SHARED_RUNS = 16;

    private static final int RECENT = 1 << 10;

    private final long id;
    private final SeriesRegistry registry;
    private final HeadValues values;
    private final HeadDeletions deletions = new HeadDeletions();
    private final HeadKinds kinds = new HeadKinds();

    /** The column that was extended last with some time, by a hash of the time: where a series looks for company. */
    private final int[] recentColumn = new int[RECENT];

    private volatile TimeColumn[] columns = new TimeColumn[0];
    private int columnCount;
    private final SeriesTable table;
    private final Runs runs;
    private final SlabMemory memory;

    /** Views that hold it; it gives its memory back with the last of them. */
    private final AtomicInteger holders = new AtomicInteger();

    /** Series whose labels stand in this generation's part of the log; the agent's alone. */
    private boolean[] logged = new boolean[1024];

    private boolean inherits;

    private volatile long samples;
    private volatile long minTime = Long.MAX_VALUE;
    private volatile long maxTime = Long.MIN_VALUE;
    private long extraBytes;

    /**
     * An empty generation, the first of a writer.
     *
     * @param id increasing from generation to generation
     */
    public Generation(long id, SeriesRegistry registry) {
        this(id, registry, new AgentCodec());
    }

    private Generation(long id, SeriesRegistry registry, AgentCodec codec) {
        this.id = id;
        this.registry = registry;
        this.memory = new SlabMemory(registry.pool());
        this.table = new SeriesTable(memory);
        this.runs = new Runs(memory);
        this.values = new HeadValues(codec, memory);
        Arrays.fill(recentColumn, -1);
    }

    /** An empty generation of the same writer, which from now on applies to that one alone. */
    public Generation following(long nextId) {
        return new Generation(nextId, registry, values.codec());
    }

    /**
     * As {@link #following}, for which labels that this one has logged, or has from those before it, count as logged: a
     * checkpoint of the registry has them when this one's part of the log goes.
     */
    public Generation inheriting(long nextId) {
        Generation next = following(nextId);
        next.logged = logged; // this one asks no more
        next.inherits = true;
        return next;
    }

    /** Whether this generation's part of the log needs a checkpoint of the registry at its start. */
    public boolean inheritsLabels() {
        return inherits;
    }

    /** Leaves values raw from now on, or encodes them as they come again. The writer alone. */
    public void deferPages(boolean deferred) {
        values.defer(deferred);
    }

    /** Its number in the order of generations. */
    public long id() {
        return id;
    }

    /** The series that its numbers refer to. */
    public SeriesRegistry registry() {
        return registry;
    }

    /** What it holds beside floats. */
    public HeadKinds kinds() {
        return kinds;
    }

    /** Samples applied, histograms and late ones included. */
    public long samples() {
        return samples;
    }

    /** Oldest time, or {@link Long#MAX_VALUE} if empty. */
    public long minTime() {
        return minTime;
    }

    /** Newest time, or {@link Long#MIN_VALUE} if empty. */
    public long maxTime() {
        return maxTime;
    }

    /** Estimated memory in bytes. */
    public long bytes() {
        long bytes = memory.bytes() + table.bytes() + extraBytes + deletions.bytes() + kinds.bytes();
        TimeColumn[] all = columns;
        for (TimeColumn column : all) {
            if (column != null) {
                bytes += column.bytes();
            }
        }
        return bytes;
    }

    /** A view holds it from now on. */
    public void retain() {
        holders.incrementAndGet();
    }

    /** A view has let go of it; with the last one its samples are no longer there. */
    public void release() {
        if (holders.decrementAndGet() == 0) {
            memory.release();
        }
    }

    /** Whether the labels of a series have to be logged before its first sample here; asked once. */
    public boolean needsLabels(int series) {
        if (series >= logged.length) {
            logged = Arrays.copyOf(logged, Math.max(series + 1, logged.length * 2));
        }
        boolean needed = !logged[series];
        logged[series] = true;
        return needed;
    }

    /** Takes back {@link #needsLabels}: the labels did not reach the log, or the number is another series' now. */
    public void labelsNotLogged(int series) {
        if (series < logged.length) {
            logged[series] = false;
        }
    }

    /**
     * Judges a sample against what is here already: {@link Verdict#DUPLICATE} if keeping it would change nothing, else
     * {@link Verdict#ACCEPTED}.
     */
    public Verdict judge(int series, long time, double value) {
        HistogramSeries histograms = kinds.histograms(series);
        if (histograms != null) {
            int winner = histograms.winner(time);
            boolean wins = winner != HistogramSeries.NONE && !histograms.floatWins(time, winner);
            if (wins && !deletions.hidesHistogram(series, winner, time)) {
                boolean keepsHistogram = StaleMarker.is(value) && !histograms.isStale(winner);
                return keepsHistogram ? Verdict.DUPLICATE : Verdict.ACCEPTED;
            }
        }
        int rows = table.rows(series);
        if (rows == 0 || time > table.lastTime.get(series)) {
            return Verdict.ACCEPTED;
        }
        LateSamples late = table.late(series);
        if (late != null && late.lastIs(time, value) && !deletions.hidesLate(series, late.size() - 1, time)) {
            return Verdict.DUPLICATE;
        }
        int row = find(series, rows, time);
        if (row < 0 || deletions.hidesRow(series, row, time)) {
            return Verdict.ACCEPTED;
        }
        double stored = values.get(table, series, row);
        boolean same = Double.doubleToRawLongBits(stored) == Double.doubleToRawLongBits(value);
        boolean unchanged = same && late == null;
        return unchanged || StaleMarker.is(value) && !StaleMarker.is(stored) ? Verdict.DUPLICATE : Verdict.ACCEPTED;
    }

    /** Judges the form of a histogram, by the rules of {@link #judge(int, long, double)}. */
    public Verdict judgeHistogram(int series, long time, byte[] form, int offset, int length) {
        boolean stale = HistogramForm.isStale(form, offset);
        HistogramSeries histograms = kinds.histograms(series);
        int winner = histograms == null ? HistogramSeries.NONE : histograms.winner(time);
        boolean deleted = winner != HistogramSeries.NONE && deletions.hidesHistogram(series, winner, time);
        if (histograms != null && winner != HistogramSeries.NONE && !deleted && !histograms.floatWins(time, winner)) {
            boolean unchanged = histograms.isEqual(winner, form, offset, length);
            return unchanged || stale && !histograms.isStale(winner) ? Verdict.DUPLICATE : Verdict.ACCEPTED;
        }
        return stale && hasFloat(series, time) ? Verdict.DUPLICATE : Verdict.ACCEPTED;
    }

    /** Whether a series has a float at a time that is no stale marker. */
    private boolean hasFloat(int series, long time) {
        int rows = table.rows(series);
        LateSamples late = rows == 0 ? null : table.late(series);
        for (int i = 0; late != null && i < late.size(); i++) {
            if (late.time(i) == time && !StaleMarker.is(late.value(i)) && !deletions.hidesLate(series, i, time)) {
                return true;
            }
        }
        int row = rows == 0 ? -1 : find(series, rows, time);
        return row >= 0 && !StaleMarker.is(values.get(table, series, row)) && !deletions.hidesRow(series, row, time);
    }

    /** Keeps a histogram by its form, by the rules of {@link #apply(int[], long[], double[], int)}. */
    public void applyHistogram(int series, long time, byte[] form, int offset, int length) {
        kinds.applyHistogram(series, time, form, offset, length);
        minTime = Math.min(minTime, time);
        maxTime = Math.max(maxTime, time);
        long before = samples; // one writer: no other thread adds
        samples = before + 1;
    }

    /** Row of a series with a time, or -1. */
    private int find(int series, int rows, long time) {
        int end = rows;
        for (int run = table.lastRun(series); run != Runs.NONE; run = runs.before(run)) {
            int from = runs.columnRow(run);
            int first = runs.firstRow(run);
            int row = Arrays.binarySearch(columns[runs.column(run)].times(), from, from + end - first, time);
            if (row >= 0) {
                return first + row - from;
            }
            end = first;
        }
        return -1;
    }

    /**
     * Keeps samples, in their order. Never refuses: replay applies what was once accepted.
     *
     * @param series their series by number
     */
    public void apply(int[] series, long[] times, double[] sampleValues, int count) {
        long oldest = minTime;
        long newest = maxTime;
        for (int i = 0; i < count; i++) {
            long time = times[i];
            apply(series[i], time, sampleValues[i]);
            oldest = Math.min(oldest, time);
            newest = Math.max(newest, time);
        }
        kinds.floatsCame(series, times, sampleValues, count);
        minTime = oldest;
        maxTime = newest;
        long before = samples; // one writer: no other thread adds
        samples = before + count;
    }

    private void apply(int series, long time, double value) {
        table.ensure(series);
        int rows = table.rows(series);
        if (rows > 0 && time <= table.lastTime.get(series)) {
            applyLate(series, time, value);
        } else {
            applyInOrder(series, rows, time, value);
        }
    }

    private void applyLate(int series, long time, double value) {
        LateSamples late = table.late(series);
        if (late == null) {
            late = new LateSamples();
            late.append(time, value);
            extraBytes += LateSamples.bytesFor(8);
            table.late(series, late);
        } else {
            extraBytes -= LateSamples.bytesFor(late.size());
            late.append(time, value);
            extraBytes += LateSamples.bytesFor(late.size());
        }
    }

    private void applyInOrder(int series, int rows, long time, double value) {
        if (rows == 0) {
            begin(series, Runs.NONE, 0, time);
        } else {
            follow(series, rows, time);
        }
        values.append(table, series, rows, value);
        table.lastTime.set(series, time);
        table.publishRows(series, rows + 1);
        values.encodeIfFull(table, series, rows + 1);
    }

    /** Stays on the series' column while its times are those of the series, else begins a run on another. */
    private void follow(int series, int rows, long time) {
        int run = table.lastRun(series);
        int row = runs.columnRow(run) + rows - runs.firstRow(run);
        TimeColumn column = columns[runs.column(run)];
        if (row == column.size()) {
            extend(runs.column(run), time);
        } else if (column.time(row) != time) {
            begin(series, run, rows, time);
        }
    }

    private void begin(int series, int before, int rows, long time) {
        boolean exclusive = runs.length(before) >= MAX_SHARED_RUNS;
        int shared = exclusive ? -1 : recent(time);
        int column = shared >= 0 ? shared : newColumn(time, exclusive);
        table.publishRun(series, runs.begin(before, column, columns[column].size() - 1, rows));
    }

    /** A column that other series may join and whose newest time is this one, or -1. */
    private int recent(long time) {
        int column = recentColumn[slot(time)];
        if (column < 0) {
            return -1;
        }
        TimeColumn candidate = columns[column];
        return candidate.time(candidate.size() - 1) == time ? column : -1;
    }

    private static int slot(long time) {
        return (int) (time * 0x9e3779b97f4a7c15L >>> 54) & (RECENT - 1);
    }

    private void extend(int column, long time) {
        TimeColumn target = columns[column];
        target.append(time);
        if (!target.exclusive()) {
            recentColumn[slot(time)] = column;
        }
    }

    private int newColumn(long time, boolean exclusive) {
        int column = columnCount++;
        if (column == columns.length) {
            columns = Arrays.copyOf(columns, Math.max(16, column * 2));
        }
        columns[column] = new TimeColumn(exclusive);
        extend(column, time);
        return column;
    }

    /** Whether a series has or had samples here. */
    public boolean has(int series) {
        return table.rows(series) > 0 || kinds.histograms(series) != null;
    }

    /** Whether there is nothing that a block has to keep. */
    public boolean isEmpty() {
        return samples == 0 && kinds.isEmpty();
    }

    /**
     * Whether a series has samples here in a range that are not deleted.
     *
     * @param upTo position of the newest deletion to mind
     */
    public boolean has(int series, TimeRange range, long upTo) {
        if (range.isEmpty() || !has(series)) {
            return false;
        }
        HeadDeletions.Mask mask = deletions.mask(series, upTo);
        boolean whole = range.from() <= minTime && range.to() >= maxTime;
        return mask == null && whole || GenerationReader.any(this, series, range, mask);
    }

    /** A reader of one thread that minds all deletions; see {@link #reader(PageCodec, long)}. */
    public GenerationReader reader(PageCodec codec) {
        return reader(codec, Long.MAX_VALUE);
    }

    /**
     * A reader of one thread.
     *
     * @param codec decodes the pages; nobody else uses it during a call of the reader
     * @param upTo position of the newest deletion to mind
     */
    public GenerationReader reader(PageCodec codec, long upTo) {
        return new GenerationReader(this, codec, upTo);
    }

    HeadDeletions deletions() {
        return deletions;
    }

    SeriesTable table() {
        return table;
    }

    Runs runs() {
        return runs;
    }

    TimeColumn column(int number) {
        return columns[number];
    }

    /**
     * Copies values of published rows of a series. Any thread; {@link HeadValues} has the reasons for the fence.
     *
     * @param to end of the rows, not beyond a row count that was acquired before
     * @param target takes row {@code from} at 0
     */
    void copyValues(int series, int from, int to, double[] target, PageScratch scratch) {
        long packed;
        do {
            packed = table.pages(series);
            values.copyRaw(table, packed, series, from, to, target);
        } while (pagesChanged(series, packed));
        values.copyEncoded(packed, series, from, to, target, scratch);
        scratch.read += (long) Double.BYTES * Math.max(0, to - Math.max(from, PageLayout.encodedRows(series, packed)));
    }

    /** Bytes of pages and raw values that {@link #copyValues} would read. */
    long valueBytes(int series, int from, int to) {
        return from < to ? values.bytes(table.pages(series), series, from, to) : 0;
    }

    /** Whether raw values that were copied may be another series', since theirs were encoded meanwhile. */
    boolean pagesChanged(int series, long packed) {
        VarHandle.loadLoadFence();
        return table.pages(series) != packed;
    }
}
