package io.varve.query.percentile;

import io.varve.core.model.Histogram;
import io.varve.core.model.ResetHint;
import io.varve.core.sketch.HistogramResets;
import io.varve.core.sketch.HistogramSum;
import io.varve.core.storage.RollupHistograms;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The native histograms of a series in time order: of those that count up it tells the increase over windows, those
 * that are gauges it adds up. Known by samples, or by what rollups keep of their buckets. Grows as it is filled; one
 * thread.
 */
final class HistogramCounter {

    /**
     * A histogram at a time.
     *
     * @param lost what counters had reached when they began anew since the one before; null if none did
     */
    private record Event(long time, Histogram histogram, @Nullable Histogram lost) {

        boolean isGauge() {
            return histogram.hint() == ResetHint.GAUGE;
        }
    }

    private final List<Event> events = new ArrayList<>();
    private @Nullable Histogram last;

    void clear() {
        events.clear();
        last = null;
    }

    boolean isEmpty() {
        return events.isEmpty();
    }

    /** Adds a sample. */
    void add(long time, Histogram histogram) {
        boolean isOld =
                !events.isEmpty() && time <= events.get(events.size() - 1).time();
        if (histogram.isStale() || isOld) {
            return;
        }
        if (histogram.hint() == ResetHint.GAUGE) {
            events.add(new Event(time, histogram, null));
            return;
        }
        Histogram before = last;
        boolean anew = before != null && HistogramResets.isReset(before, histogram);
        events.add(new Event(time, histogram, anew ? before : null));
        last = histogram;
    }

    /** Adds what a rollup keeps of a bucket; false if it does not tell its sum. */
    boolean add(RollupHistograms bucket) {
        Histogram first = bucket.first();
        Histogram end = bucket.last();
        if (first == null || end == null) {
            return true;
        }
        if (first.hint() == ResetHint.GAUGE) {
            Histogram sum = bucket.sum();
            if (sum != null) {
                events.add(new Event(bucket.lastTime(), sum, null));
            }
            return sum != null;
        }
        add(bucket.firstTime(), first);
        if (bucket.lastTime() > bucket.firstTime()) {
            events.add(new Event(bucket.lastTime(), end, bucket.correction()));
            last = end;
        }
        return bucket.summed() || bucket.resets() == 0;
    }

    /**
     * Adds to a sum what was observed in a window, as {@link Counter#increase} does for a counter.
     *
     * @return whether there was anything
     */
    boolean addWindow(long after, long upTo, long lookback, HistogramSum sum) {
        int first = behind(after);
        int behind = behind(upTo);
        boolean any = false;
        Event newest = null;
        Event base = null;
        for (int i = first - 1; i >= 0 && base == null && events.get(i).time() > after - lookback; i--) {
            base = events.get(i).isGauge() ? null : events.get(i);
        }
        List<Histogram> lost = new ArrayList<>();
        for (Event event : events.subList(first, Math.max(first, behind))) {
            if (event.isGauge()) {
                sum.add(event.histogram());
                any = true;
            } else if (base == null) {
                base = event;
            } else {
                newest = event;
                Histogram correction = event.lost();
                if (correction != null) {
                    lost.add(correction);
                }
            }
        }
        if (base != null && newest != null) {
            sum.add(newest.histogram());
            lost.forEach(sum::add);
            sum.subtract(base.histogram());
            any = true;
        }
        return any;
    }

    private int behind(long time) {
        int low = 0;
        int high = events.size();
        while (low < high) {
            int middle = low + high >>> 1;
            if (events.get(middle).time() <= time) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }
}
