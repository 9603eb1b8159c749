package io.varve.core.head;

import io.varve.core.model.TimeRange;
import org.jspecify.annotations.Nullable;
import org.roaringbitmap.buffer.ImmutableRoaringBitmap;

/**
 * What one deletion hides of a generation: for each series that it concerns the rows, late samples and histograms that
 * were there when it came, as far as their times lie in its range. Immutable.
 */
final class HeadDeletion {

    final long position;
    private final TimeRange range;
    private final ImmutableRoaringBitmap series;

    /** By the rank of the series; null if the generation was frozen by then, and so all rows are concerned. */
    private final int @Nullable [] rows;

    private final int @Nullable [] late;
    private final int @Nullable [] histograms;

    HeadDeletion(
            long position,
            TimeRange range,
            ImmutableRoaringBitmap series,
            int @Nullable [] rows,
            int @Nullable [] late,
            int @Nullable [] histograms) {
        this.position = position;
        this.range = range;
        this.series = series;
        this.rows = rows;
        this.late = late;
        this.histograms = histograms;
    }

    /** Place of a series among those concerned, or -1. */
    int place(int number) {
        return series.contains(number) ? series.rank(number) - 1 : -1;
    }

    boolean hidesRow(int place, int row, long time) {
        return range.contains(time) && (rows == null || row < rows[place]);
    }

    boolean hidesLate(int place, int index, long time) {
        return range.contains(time) && (late == null || index < late[place]);
    }

    boolean hidesHistogram(int place, int index, long time) {
        return range.contains(time) && (histograms == null || index < histograms[place]);
    }

    long bytes() {
        return 128L + series.getSizeInBytes() + (rows == null ? 0 : 12L * rows.length);
    }
}
