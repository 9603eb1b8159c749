package io.varve.core.head;

import io.varve.core.slab.IntSlabs;
import io.varve.core.slab.LongSlabs;
import io.varve.core.slab.SlabMemory;
import org.jspecify.annotations.Nullable;

/**
 * What a generation knows of each series, in parallel arrays by series number. Row counts are release-stored last and
 * acquired first. {@code firstChunk} and {@code lastChunk} are the ends of the chain of raw values that stand on no
 * page yet.
 *
 * <p>A run says that rows of a series stand on consecutive rows of a time column; three ints each: column, first row in
 * the column, index of the first value in the series. A series that never leaves its column has one run, which stands
 * in arrays; only for others there is an object.
 */
final class SeriesTable {

    private final IntSlabs rows;
    private final LongSlabs pages;
    private final IntSlabs firstColumn;
    private final IntSlabs firstColumnRow;
    private final SparseObjects<int[]> runs = new SparseObjects<>();
    private final SparseObjects<LateSamples> late = new SparseObjects<>();
    final IntSlabs firstChunk;
    final IntSlabs lastChunk;
    final LongSlabs lastTime;
    private volatile int capacity;

    SeriesTable(SlabMemory memory) {
        rows = new IntSlabs(memory);
        pages = new LongSlabs(memory);
        firstColumn = new IntSlabs(memory);
        firstColumnRow = new IntSlabs(memory);
        firstChunk = new IntSlabs(memory);
        lastChunk = new IntSlabs(memory);
        lastTime = new LongSlabs(memory);
    }

    /** Makes room for a series. The agent alone. */
    void ensure(int series) {
        if (series >= capacity) {
            int limit = series + 1;
            rows.ensure(limit);
            pages.ensure(limit);
            firstColumn.ensure(limit);
            firstColumnRow.ensure(limit);
            firstChunk.ensure(limit);
            lastChunk.ensure(limit);
            lastTime.ensure(limit);
            capacity = Math.min(rows.limit(), pages.limit());
        }
    }

    void publishRows(int series, int count) {
        rows.setRelease(series, count);
    }

    int rows(int series) {
        return series < capacity ? rows.getAcquire(series) : 0;
    }

    /** The series' pages as {@link PageLayout} packs them: what came before {@link #publishPages} is seen. */
    long pages(int series) {
        return series < capacity ? pages.getAcquire(series) : 0;
    }

    void publishPages(int series, long packed) {
        pages.setRelease(series, packed);
    }

    /** Sets the run of a series that has none. */
    void firstRun(int series, int column, int columnRow) {
        firstColumn.set(series, column);
        firstColumnRow.set(series, columnRow);
    }

    int firstColumn(int series) {
        return firstColumn.get(series);
    }

    int firstColumnRow(int series) {
        return firstColumnRow.get(series);
    }

    /** All runs of a series that has more than one, else null. */
    int @Nullable [] moreRuns(int series) {
        return runs.get(series);
    }

    /** The runs of a series with rows. */
    int[] runs(int series) {
        int[] more = moreRuns(series);
        return more != null ? more : new int[] {firstColumn(series), firstColumnRow(series), 0};
    }

    void moreRuns(int series, int[] all) {
        runs.set(series, all);
    }

    @Nullable
    LateSamples late(int series) {
        return late.get(series);
    }

    void late(int series, LateSamples samples) {
        late.set(series, samples);
    }

    /** Memory on the heap, but for what the sparse objects hold. */
    long bytes() {
        return runs.bytes() + late.bytes();
    }
}
