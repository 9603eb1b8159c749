package io.varve.query.plan;

import io.varve.core.model.Histogram;
import io.varve.core.model.SampleKind;
import io.varve.core.model.StaleMarker;
import io.varve.core.storage.ColumnCursor;
import io.varve.core.storage.PageSummary;
import io.varve.query.kernel.Summaries;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Joins the pages of one series after the other into arrays that are reused. Series that share their times with the
 * one before are noticed while reading: their times are compared, not copied, and {@link #version} stays, so what was
 * derived from times alone still holds. A series of one page is not copied: its arrays are borrowed from the cursor,
 * for as long as the series set stays at it. Histograms stand in an array of their own, which is there once a series
 * has one.
 */
public final class SampleReader {

    /** Bytes of a time and a value. */
    private static final long SAMPLE_BYTES = 16;

    private long[] ownTimes = new long[0];
    private double[] ownValues = new double[0];

    /** Own arrays, or borrowed ones, which are never written to. */
    private long[] times = ownTimes;

    private double[] values = ownValues;
    private boolean borrowed;
    private @Nullable Histogram[] histograms = new Histogram[0];
    private final Summaries summaries = new Summaries();
    private int size;
    private long version;
    private boolean stale;
    private boolean hasHistograms;
    private long histogramBytes;

    /**
     * Reads all samples of a series, histograms too: beside one the value is the stale marker if it is one, else NaN.
     */
    public void readAll(ColumnCursor cursor) {
        int previous = size;
        boolean same = !borrowed;
        size = 0;
        stale = false;
        hasHistograms = false;
        histogramBytes = 0;
        summaries.clear();
        while (cursor.nextPage()) {
            PageSummary summary = cursor.summary();
            if (summary != null) {
                summaries.add(summary, cursor.times()[0], cursor.times()[cursor.size() - 1], size);
                continue;
            }
            boolean floats = cursor.kind() == SampleKind.FLOAT;
            int more = cursor.size();
            if (floats && size == 0 && !hasHistograms && cursor.isLast()) {
                borrow(cursor, previous);
                return;
            }
            own();
            grow(Math.addExact(size, more));
            same = same && size + more <= previous && Arrays.equals(times, size, size + more, cursor.times(), 0, more);
            if (!same) {
                System.arraycopy(cursor.times(), 0, times, size, more);
            }
            if (floats) {
                floats(cursor, more);
            } else {
                histograms(cursor, more);
            }
            size += more;
        }
        own();
        if (!same || size != previous) {
            version++;
        }
    }

    /** Takes the arrays of a page that is all there is of a series. */
    private void borrow(ColumnCursor cursor, int previous) {
        size = cursor.size();
        long[] column = cursor.times();
        if (size != previous || !sameTimes(column)) {
            version++;
        }
        times = column;
        values = cursor.values();
        borrowed = true;
        if (!cursor.isFinite()) {
            for (int i = 0; i < size; i++) {
                stale |= StaleMarker.is(values[i]);
            }
        }
    }

    @SuppressWarnings("ReferenceEquality") // the times of a column that was handed out do not change
    private boolean sameTimes(long[] column) {
        return column == times || Arrays.equals(times, 0, size, column, 0, size);
    }

    private void own() {
        times = ownTimes;
        values = ownValues;
        borrowed = false;
    }

    private void floats(ColumnCursor cursor, int more) {
        System.arraycopy(cursor.values(), 0, values, size, more);
        if (!cursor.isFinite()) {
            for (int i = size; i < size + more; i++) {
                stale |= StaleMarker.is(values[i]);
            }
        }
        if (hasHistograms) {
            makeRoomForHistograms();
            Arrays.fill(histograms, size, size + more, null);
        }
    }

    private void histograms(ColumnCursor cursor, int more) {
        makeRoomForHistograms();
        if (!hasHistograms) {
            hasHistograms = true;
            Arrays.fill(histograms, 0, size, null);
        }
        for (int i = 0; i < more; i++) {
            Histogram histogram = cursor.histogram(i);
            stale |= histogram.isStale();
            values[size + i] = histogram.isStale() ? StaleMarker.VALUE : Double.NaN;
            histograms[size + i] = histogram;
            histogramBytes += bytes(histogram);
        }
    }

    /** About the memory that a histogram takes, in bytes; layouts are mostly shared. */
    public static long bytes(Histogram histogram) {
        return 72 + 8L * histogram.layout().buckets();
    }

    private void makeRoomForHistograms() {
        if (histograms.length < values.length) {
            histograms = Arrays.copyOf(histograms, values.length);
        }
    }

    /** Reads all samples of a series but stale markers. */
    public void readAllValues(ColumnCursor cursor) {
        readAll(cursor);
        dropStaleMarkers();
    }

    private void dropStaleMarkers() {
        if (!stale) {
            return;
        }
        if (borrowed) {
            long[] column = times;
            double[] page = values;
            own();
            int count = size;
            size = 0;
            grow(count);
            System.arraycopy(column, 0, times, 0, count);
            System.arraycopy(page, 0, values, 0, count);
            size = count;
        }
        int kept = 0;
        int page = 0;
        for (int i = 0; i < size; i++) {
            page = summaries.moveTo(i, kept, page);
            if (!StaleMarker.is(values[i])) {
                times[kept] = times[i];
                if (hasHistograms) {
                    histograms[kept] = histograms[i];
                }
                values[kept++] = values[i];
            }
        }
        summaries.moveTo(size, kept, page);
        size = kept;
        version++;
    }

    private void grow(int needed) {
        if (needed > values.length) {
            int length = Math.max(needed, Math.max(1024, values.length + (values.length >> 1)));
            ownTimes = Arrays.copyOf(ownTimes, length);
            ownValues = Arrays.copyOf(ownValues, length);
            own();
        }
    }

    /** Replaces the samples by those of a caller, for series that no store holds. */
    public void set(long[] newTimes, double[] newValues, int newSize) {
        set(newTimes, newValues, null, newSize);
    }

    /** The same with histograms, if there are any: one or null beside each value. */
    public void set(long[] newTimes, double[] newValues, @Nullable Histogram @Nullable [] newHistograms, int newSize) {
        times = newTimes;
        values = newValues;
        borrowed = true;
        hasHistograms = newHistograms != null;
        if (newHistograms != null) {
            histograms = newHistograms;
        }
        size = newSize;
        summaries.clear();
        version++;
    }

    /** Histograms, from index 0, or null where a float is; null if there is none. Held until the next read. */
    public @Nullable Histogram @Nullable [] histograms() {
        return hasHistograms ? histograms : null;
    }

    /** Pages that were not decoded, between the samples; null if there are none. Held until the next read. */
    public @Nullable Summaries summaries() {
        return summaries.size() == 0 ? null : summaries;
    }

    /** About the memory that is held for the series that was read last, in bytes: its columns, and its histograms. */
    public long heldBytes() {
        return SAMPLE_BYTES * ownValues.length + (long) Long.BYTES * histograms.length + histogramBytes;
    }

    /** Number of samples. */
    public int size() {
        return size;
    }

    /** Times in ticks, from index 0; held until the next read, not to be changed. */
    public long[] times() {
        return times;
    }

    /** Values, from index 0; held until the next read, not to be changed. */
    public double[] values() {
        return values;
    }

    /** Changes whenever the times do. */
    public long version() {
        return version;
    }
}
