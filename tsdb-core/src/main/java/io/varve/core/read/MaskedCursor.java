package io.varve.core.read;

import io.varve.core.model.Histogram;
import io.varve.core.model.SampleKind;
import io.varve.core.model.TimeRange;
import io.varve.core.storage.ColumnCursor;
import io.varve.core.storage.PageSummary;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The samples of another cursor that lie in none of several ranges. Pages of which all is left are passed on. */
final class MaskedCursor implements ColumnCursor {

    private final ColumnCursor source;
    private final List<TimeRange> hidden;

    private long[] times = {};
    private double[] values = {};
    private int size;

    /** Places in the source's page of what is left of histograms; null if all of it is. */
    private int @Nullable [] places;

    /** @param hidden ranges whose samples are left out */
    MaskedCursor(ColumnCursor source, List<TimeRange> hidden) {
        this.source = source;
        this.hidden = hidden;
    }

    @Override
    public boolean nextPage() {
        while (source.nextPage()) {
            if (source.summary() != null) {
                times = source.times();
                size = source.size();
                if (!hidesAny(times[0], times[size - 1])) {
                    places = null;
                    return true;
                }
                if (!source.decode()) {
                    continue;
                }
            }
            if (source.kind() == SampleKind.HISTOGRAM) {
                takeHistograms(source.times(), source.size());
            } else {
                take(source.times(), source.values(), source.size());
            }
            if (size > 0) {
                return true;
            }
        }
        size = 0;
        return false;
    }

    private boolean hidesAny(long firstTime, long lastTime) {
        for (TimeRange range : hidden) {
            if (range.overlaps(firstTime, lastTime)) {
                return true;
            }
        }
        return false;
    }

    @Override
    public @Nullable PageSummary summary() {
        return source.summary();
    }

    @Override
    public boolean decode() {
        if (source.summary() == null) {
            return true;
        }
        boolean sound = source.decode();
        times = source.times();
        values = source.values();
        size = source.size();
        return sound;
    }

    private void take(long[] pageTimes, double[] pageValues, int pageSize) {
        int kept = 0;
        while (kept < pageSize && !hides(pageTimes[kept])) {
            kept++;
        }
        if (kept == pageSize) {
            times = pageTimes;
            values = pageValues;
            size = pageSize;
            return;
        }
        // New arrays: others may hold that of the times, and the source fills that of the values again.
        long[] leftTimes = new long[pageSize];
        double[] leftValues = new double[pageSize];
        System.arraycopy(pageTimes, 0, leftTimes, 0, kept);
        System.arraycopy(pageValues, 0, leftValues, 0, kept);
        for (int i = kept; i < pageSize; i++) {
            if (!hides(pageTimes[i])) {
                leftTimes[kept] = pageTimes[i];
                leftValues[kept++] = pageValues[i];
            }
        }
        times = leftTimes;
        values = leftValues;
        size = kept;
    }

    private void takeHistograms(long[] pageTimes, int pageSize) {
        long[] leftTimes = new long[pageSize];
        int[] left = new int[pageSize];
        int kept = 0;
        for (int i = 0; i < pageSize; i++) {
            if (!hides(pageTimes[i])) {
                leftTimes[kept] = pageTimes[i];
                left[kept++] = i;
            }
        }
        boolean whole = kept == pageSize;
        times = whole ? pageTimes : leftTimes;
        values = source.values();
        places = whole ? null : left;
        size = kept;
    }

    @Override
    public SampleKind kind() {
        return source.kind();
    }

    @Override
    public Histogram histogram(int index) {
        int[] left = places;
        return source.histogram(left == null ? index : left[index]);
    }

    private boolean hides(long time) {
        for (TimeRange range : hidden) {
            if (range.contains(time)) {
                return true;
            }
        }
        return false;
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
