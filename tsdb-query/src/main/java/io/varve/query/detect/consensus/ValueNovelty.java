package io.varve.query.detect.consensus;

import io.varve.query.detect.Detector;
import io.varve.query.detect.RobustScale;
import io.varve.query.kernel.SortKeys;
import io.varve.query.kernel.SortedWindow;
import java.util.Arrays;

/**
 * How new a value is: its distance from the nearest of the last {@link #MEMORY} values, in the series' unit. Values
 * between two modes of a series are as new as those beyond its extremes, which no band around a middle can tell.
 *
 * <p>NaN for NaN, which is not learned, and for the first {@link #LEAST_SAMPLES} values. At most 80 kB.
 */
final class ValueNovelty implements Detector {

    static final int MEMORY = 4_096;
    static final int LEAST_SAMPLES = 20;

    private final SortedWindow sorted = new SortedWindow();
    private final long[] gone = new long[1];
    private final long[] come = new long[1];
    private long[] keys = new long[64];
    private int next;

    @Override
    public double score(long timeMs, double value) {
        if (Double.isNaN(value)) {
            return Double.NaN;
        }
        double cut = RobustScale.cut(value);
        long key = SortKeys.of(cut);
        double distance = sorted.size() < LEAST_SAMPLES ? Double.NaN : nearest(key, cut);
        learn(key);
        return distance;
    }

    private double nearest(long key, double value) {
        int low = 0; // the number of smaller keys, by halving
        int high = sorted.size();
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (sorted.at(middle) < key) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        double above = low < sorted.size() ? SortKeys.value(sorted.at(low)) - value : Double.POSITIVE_INFINITY;
        double below = low > 0 ? value - SortKeys.value(sorted.at(low - 1)) : Double.POSITIVE_INFINITY;
        return Math.min(above, below);
    }

    private void learn(long key) {
        if (next == keys.length && keys.length < MEMORY) {
            keys = Arrays.copyOf(keys, 2 * keys.length);
        }
        int place = next % keys.length;
        boolean isFull = sorted.size() == MEMORY;
        gone[0] = keys[place];
        come[0] = key;
        sorted.slide(gone, isFull ? 1 : 0, come, 1);
        keys[place] = key;
        next = isFull || next + 1 == MEMORY ? (place + 1) % MEMORY : next + 1;
    }
}
