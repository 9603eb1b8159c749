package io.varve.query.percentile;

import io.varve.core.model.Histogram;
import io.varve.core.model.SampleKind;
import io.varve.core.model.StaleMarker;
import io.varve.core.model.TimeRange;
import io.varve.core.storage.ColumnCursor;
import io.varve.query.kernel.SortKeys;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The samples of one series after the other by time: floats as columns, histograms as they are, without stale markers
 * and without what buckets of rollups answer for. Reused; one thread.
 */
final class SeriesSamples {

    /** A histogram at a time. */
    record At(long time, Histogram histogram) {}

    private long[] times = new long[1024];
    private double[] values = new double[1024];
    private int size;
    private boolean ordered = true;
    private final List<At> histograms = new ArrayList<>();

    void clear() {
        size = 0;
        ordered = true;
        histograms.clear();
    }

    /**
     * Adds the samples of a cursor.
     *
     * @param except ranges to leave out, ascending
     */
    void add(ColumnCursor cursor, List<TimeRange> except) {
        while (cursor.nextPage()) {
            if (cursor.kind() == SampleKind.HISTOGRAM) {
                addHistograms(cursor, except);
            } else {
                addFloats(cursor, except);
            }
        }
    }

    private void addHistograms(ColumnCursor cursor, List<TimeRange> except) {
        for (int i = 0; i < cursor.size(); i++) {
            long time = cursor.times()[i];
            if (!isIn(except, time)) {
                Histogram histogram = cursor.histogram(i);
                if (!histogram.isStale()) {
                    histograms.add(new At(time, histogram));
                }
            }
        }
    }

    private void addFloats(ColumnCursor cursor, List<TimeRange> except) {
        int more = cursor.size();
        int room = size + more;
        if (room > times.length) {
            times = Arrays.copyOf(times, Math.max(room, times.length + times.length / 2));
            values = Arrays.copyOf(values, times.length);
        }
        ordered &= size == 0 || times[size - 1] < cursor.times()[0];
        long[] pageTimes = cursor.times();
        double[] page = cursor.values();
        boolean plain = except.isEmpty()
                || pageTimes[0] > except.get(except.size() - 1).to()
                || pageTimes[more - 1] < except.get(0).from();
        for (int i = 0; i < more; i++) {
            if (!StaleMarker.is(page[i]) && (plain || !isIn(except, pageTimes[i]))) {
                times[size] = pageTimes[i];
                values[size++] = page[i];
            }
        }
    }

    private static boolean isIn(List<TimeRange> ranges, long time) {
        int low = 0;
        int high = ranges.size();
        while (low < high) {
            int middle = low + high >>> 1;
            if (ranges.get(middle).to() < time) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low < ranges.size() && ranges.get(low).from() <= time;
    }

    /** Brings what came in parts into the order of time. */
    void order() {
        histograms.sort(Comparator.comparingLong(At::time));
        if (ordered) {
            return;
        }
        int[] places = IntStream.range(0, size)
                .boxed()
                .sorted(Comparator.comparingLong(i -> times[i]))
                .mapToInt(Integer::intValue)
                .toArray();
        long[] sortedTimes = new long[size];
        double[] sortedValues = new double[size];
        for (int i = 0; i < size; i++) {
            sortedTimes[i] = times[places[i]];
            sortedValues[i] = values[places[i]];
        }
        times = sortedTimes;
        values = sortedValues;
        ordered = true;
    }

    /** Number of floats. */
    int size() {
        return size;
    }

    /** Times of floats, ticks. */
    long[] times() {
        return times;
    }

    double value(int index) {
        return values[index];
    }

    /** Sort keys of some floats. */
    long[] keys(int from, int to) {
        long[] keys = new long[to - from];
        SortKeys.of(values, from, to, keys, 0);
        return keys;
    }

    List<At> histograms() {
        return histograms;
    }
}
