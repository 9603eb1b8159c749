package io.varve.core.head;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What a generation knows of each series, in parallel arrays by series number. Grown by copying: a reader that holds an
 * older table sees an older, consistent state, except of raw values: which of them are left is said by the newest table
 * alone. Row counts are release-stored last and acquired first. {@code firstChunk} and {@code lastChunk} are the ends
 * of the chain of raw values that stand on no page yet.
 *
 * <p>A run says that rows of a series stand on consecutive rows of a time column; three ints each: column, first row in
 * the column, index of the first value in the series. A series that never leaves its column has one run.
 */
final class SeriesTable {

    /** Runs of a series without rows. */
    static final int[] NO_RUNS = {};

    private static final VarHandle ROWS = MethodHandles.arrayElementVarHandle(int[].class);
    private static final VarHandle PAGES = MethodHandles.arrayElementVarHandle(long[].class);
    private static final VarHandle LATE = MethodHandles.arrayElementVarHandle(LateSamples[].class);

    final int capacity;
    final int[] rows;
    final int[] firstChunk;
    final int[] lastChunk;
    private final long[] pages;
    final long[] lastTime;
    final int[][] runs;
    private final @Nullable LateSamples[] late;

    SeriesTable(int capacity) {
        this.capacity = capacity;
        rows = new int[capacity];
        firstChunk = new int[capacity];
        lastChunk = new int[capacity];
        pages = new long[capacity];
        lastTime = new long[capacity];
        runs = new int[capacity][];
        Arrays.fill(runs, NO_RUNS);
        late = new LateSamples[capacity];
    }

    private SeriesTable(SeriesTable old, int capacity) {
        this.capacity = capacity;
        rows = Arrays.copyOf(old.rows, capacity);
        firstChunk = Arrays.copyOf(old.firstChunk, capacity);
        lastChunk = Arrays.copyOf(old.lastChunk, capacity);
        pages = Arrays.copyOf(old.pages, capacity);
        lastTime = Arrays.copyOf(old.lastTime, capacity);
        runs = Arrays.copyOf(old.runs, capacity);
        Arrays.fill(runs, old.capacity, capacity, NO_RUNS);
        late = Arrays.copyOf(old.late, capacity);
    }

    SeriesTable grown(int number) {
        return new SeriesTable(this, Math.max(number + 1, capacity + capacity / 2));
    }

    void publishRows(int series, int count) {
        ROWS.setRelease(rows, series, count);
    }

    int rows(int series) {
        return series < capacity ? (int) ROWS.getAcquire(rows, series) : 0;
    }

    /** The series' pages as {@link PageLayout} packs them: what came before {@link #publishPages} is seen. */
    long pages(int series) {
        return series < capacity ? (long) PAGES.getAcquire(pages, series) : 0;
    }

    void publishPages(int series, long packed) {
        PAGES.setRelease(pages, series, packed);
    }

    @Nullable
    LateSamples late(int series) {
        return series < capacity ? (LateSamples) LATE.getAcquire(late, series) : null;
    }

    void late(int series, LateSamples samples) {
        LATE.setRelease(late, series, samples);
    }

    long bytes() {
        return capacity * 44L;
    }
}
