package io.varve.core.head;

import io.varve.core.slab.IntSlabs;
import io.varve.core.slab.LongSlabs;
import io.varve.core.slab.SlabMemory;
import org.jspecify.annotations.Nullable;

/**
 * What a generation knows of each series, in parallel arrays by series number. Row counts are release-stored last and
 * acquired first. {@code firstChunk} and {@code lastChunk} are the ends of the chain of raw values that stand on no
 * page yet.
 */
final class SeriesTable {

    private final IntSlabs rows;
    private final LongSlabs pages;
    private final IntSlabs lastRun;
    private final SparseObjects<LateSamples> late = new SparseObjects<>();
    final IntSlabs firstChunk;
    final IntSlabs lastChunk;
    final LongSlabs lastTime;
    private final LongSlabs marks;
    private volatile int capacity;

    SeriesTable(SlabMemory memory) {
        rows = new IntSlabs(memory);
        pages = new LongSlabs(memory);
        lastRun = new IntSlabs(memory);
        firstChunk = new IntSlabs(memory);
        lastChunk = new IntSlabs(memory);
        lastTime = new LongSlabs(memory);
        marks = new LongSlabs(memory);
    }

    /** Makes room for a series. The agent alone. */
    void ensure(int series) {
        if (series >= capacity) {
            int limit = series + 1;
            rows.ensure(limit);
            pages.ensure(limit);
            lastRun.ensure(limit);
            firstChunk.ensure(limit);
            lastChunk.ensure(limit);
            lastTime.ensure(limit);
            marks.ensure(limit);
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

    /** Where the raw values of a row begin a chunk, by {@link #publishMark}: row × 2³² + chunk, or 0. */
    long mark(int series) {
        return marks.getAcquire(series);
    }

    /** Notes the chunk that a row begins, so that who wants newer rows need not walk the chain up to it. */
    void publishMark(int series, int row, int chunk) {
        marks.setRelease(series, (long) row << Integer.SIZE | chunk);
    }

    /** The last of the runs of a series with rows; it may be of a row that is not published yet. */
    int lastRun(int series) {
        return lastRun.getAcquire(series);
    }

    void publishRun(int series, int run) {
        lastRun.setRelease(series, run);
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
        return late.bytes();
    }
}
