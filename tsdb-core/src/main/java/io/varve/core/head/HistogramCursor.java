package io.varve.core.head;

import io.varve.core.kind.HistogramForm;
import io.varve.core.model.Histogram;
import io.varve.core.model.SampleKind;
import io.varve.core.model.TimeRange;
import io.varve.core.storage.ColumnCursor;
import io.varve.core.storage.ReadBudget;
import java.util.Arrays;
import org.agrona.collections.Long2LongHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The histograms of one series of a generation in a range, as one page: each time once, with the histogram that won,
 * and without those that a later float replaced. Forms are read when a histogram is asked for.
 */
final class HistogramCursor implements ColumnCursor {

    private static final double[] NO_VALUES = {};

    private final FormSlabs slabs;
    private final long[] times;
    private final long[] forms;
    private final int size;
    private final HistogramForm.Reader reader = new HistogramForm.Reader();
    private boolean visited;

    private HistogramCursor(FormSlabs slabs, long[] times, long[] forms, int size) {
        this.slabs = slabs;
        this.times = times;
        this.forms = forms;
        this.size = size;
    }

    static HistogramCursor of(
            HistogramSeries series, TimeRange range, HeadDeletions.@Nullable Mask mask, ReadBudget budget) {
        int floats = series.floats();
        int count = series.size();
        int[] places = new int[count];
        int found = 0;
        long bytes = 0;
        boolean ascend = true;
        for (int i = 0; i < count; i++) {
            long time = series.time(i);
            if (range.contains(time) && (mask == null || !mask.hidesHistogram(i, time))) {
                ascend &= found == 0 || series.time(places[found - 1]) < time;
                places[found++] = i;
                bytes += bytes(series, i);
            }
        }
        budget.read(bytes);
        budget.charge(found, 28L * found);
        if (!ascend) {
            found = winners(series, places, found);
        }
        if (floats > 0) {
            found = withoutReplaced(series, floats, places, found);
        }
        long[] times = new long[found];
        long[] forms = new long[found];
        for (int i = 0; i < found; i++) {
            times[i] = series.time(places[i]);
            forms[i] = series.form(places[i]);
        }
        return new HistogramCursor(series.slabs(), times, forms, found);
    }

    /** Bytes of a time and a form. */
    static long bytes(HistogramSeries series, int place) {
        return (long) Long.BYTES + series.slabs().length(series.form(place));
    }

    /** Sorts places by time, and keeps the winner of each time; returns how many are left. */
    private static int winners(HistogramSeries series, int[] places, int count) {
        long[][] order = new long[count][];
        for (int i = 0; i < count; i++) {
            order[i] = new long[] {series.time(places[i]), places[i]};
        }
        Arrays.sort(order, (a, b) -> a[0] != b[0] ? Long.compare(a[0], b[0]) : Long.compare(a[1], b[1]));
        int kept = 0;
        for (int i = 0; i < count; i++) {
            int place = (int) order[i][1];
            if (kept == 0 || series.time(places[kept - 1]) != order[i][0]) {
                places[kept++] = place;
            } else if (!series.isStale(place) || series.isStale(places[kept - 1])) {
                places[kept - 1] = place;
            }
        }
        return kept;
    }

    private static int withoutReplaced(HistogramSeries series, int floats, int[] places, int count) {
        Long2LongHashMap last = new Long2LongHashMap(HistogramSeries.NONE);
        for (int i = 0; i < floats; i++) {
            last.put(series.floatTime(i), series.floatAfter(i));
        }
        int kept = 0;
        for (int i = 0; i < count; i++) {
            if (last.get(series.time(places[i])) <= places[i]) {
                places[kept++] = places[i];
            }
        }
        return kept;
    }

    @Override
    public boolean nextPage() {
        boolean first = !visited && size > 0;
        visited = true;
        return first;
    }

    @Override
    public SampleKind kind() {
        return SampleKind.HISTOGRAM;
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
        return NO_VALUES;
    }

    @Override
    public Histogram histogram(int index) {
        long form = forms[index];
        return reader.read(slabs.slab(form), FormSlabs.offset(form), slabs.length(form));
    }
}
