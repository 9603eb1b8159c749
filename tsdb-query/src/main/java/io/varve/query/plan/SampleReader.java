package io.varve.query.plan;

import io.varve.core.model.SampleKind;
import io.varve.core.model.StaleMarker;
import io.varve.core.storage.ColumnCursor;
import java.util.Arrays;

/**
 * Joins the pages of one series after the other into arrays that are reused. Series that share their times with the
 * one before are noticed while reading: their times are compared, not copied, and {@link #version} stays, so what was
 * derived from times alone still holds.
 */
public final class SampleReader {

    private long[] times = new long[0];
    private double[] values = new double[0];
    private int size;
    private long version;
    private boolean stale;
    private boolean passedOver;

    /**
     * Reads all floats of a series. Histograms are passed over: the language does not evaluate them, so a series that
     * has nothing else is as if it were not there.
     */
    public void read(ColumnCursor cursor) {
        int previous = size;
        boolean same = true;
        size = 0;
        stale = false;
        passedOver = false;
        while (cursor.nextPage()) {
            if (cursor.kind() != SampleKind.FLOAT) {
                passedOver = true;
                continue;
            }
            int more = cursor.size();
            grow(Math.addExact(size, more));
            same = same && size + more <= previous && Arrays.equals(times, size, size + more, cursor.times(), 0, more);
            if (!same) {
                System.arraycopy(cursor.times(), 0, times, size, more);
            }
            double[] page = cursor.values();
            for (int i = 0; i < more; i++) {
                double value = page[i];
                stale |= Double.doubleToRawLongBits(value) == StaleMarker.BITS;
                values[size + i] = value;
            }
            size += more;
        }
        if (!same || size != previous) {
            version++;
        }
    }

    /** Reads all floats of a series but stale markers. */
    public void readValues(ColumnCursor cursor) {
        read(cursor);
        if (!stale) {
            return;
        }
        int kept = 0;
        for (int i = 0; i < size; i++) {
            if (!StaleMarker.is(values[i])) {
                times[kept] = times[i];
                values[kept++] = values[i];
            }
        }
        size = kept;
        version++;
    }

    private void grow(int needed) {
        if (needed > values.length) {
            int length = Math.max(needed, Math.max(1024, values.length + (values.length >> 1)));
            times = Arrays.copyOf(times, length);
            values = Arrays.copyOf(values, length);
        }
    }

    /** Replaces the samples by those of a caller, for series that no store holds. */
    public void set(long[] newTimes, double[] newValues, int newSize) {
        times = newTimes;
        values = newValues;
        size = newSize;
        version++;
    }

    /** Whether the series read last has samples of another kind than floats, which were passed over. */
    public boolean passedOver() {
        return passedOver;
    }

    /** Number of samples. */
    public int size() {
        return size;
    }

    /** Times in ticks, from index 0; held until the next read. */
    public long[] times() {
        return times;
    }

    /** Values, from index 0; held until the next read. */
    public double[] values() {
        return values;
    }

    /** Changes whenever the times do. */
    public long version() {
        return version;
    }
}
