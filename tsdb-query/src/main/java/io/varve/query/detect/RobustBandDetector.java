package io.varve.query.detect;

import io.varve.query.kernel.SortKeys;
import io.varve.query.kernel.SortedWindow;
import java.util.Arrays;

/**
 * Robust bands over a sliding window of time: how many spreads a sample lies above or below the median of the window's
 * earlier samples ({@link RobustScale}).
 *
 * <p>The score is signed and lies between ±{@link RobustScale#MOST_SCORE}; beyond ±3.5 a sample is commonly called an
 * outlier. It is NaN for NaN, which is not learned, and while there are fewer than {@link #LEAST_SAMPLES} earlier ones.
 */
public final class RobustBandDetector implements Detector {

    /** Earlier samples that are needed. */
    public static final int LEAST_SAMPLES = 5;

    private final long windowMs;
    private final int most;
    private final RobustScale scale = new RobustScale();
    private final SortedWindow sorted = new SortedWindow();
    private final long[] gone;
    private final long[] come = new long[1];
    private long[] times;
    private long[] keys;
    private int first;
    private int size;
    private long last = Long.MIN_VALUE;

    /**
     * A detector that knows nothing.
     *
     * @param windowMs samples that are this much older than a sample are forgotten before it is scored, milliseconds
     * @param most samples that are remembered at most, the newest ones
     */
    public RobustBandDetector(long windowMs, int most) {
        if (windowMs <= 0 || most < LEAST_SAMPLES) {
            throw new IllegalArgumentException("a window must be above zero and hold at least " + LEAST_SAMPLES
                    + " samples: windowMs=" + windowMs + ", most=" + most);
        }
        this.windowMs = windowMs;
        this.most = most;
        this.gone = new long[most];
        this.times = new long[Math.min(most, 64)];
        this.keys = new long[times.length];
    }

    @Override
    public double score(long timeMs, double value) {
        if (Double.isNaN(value)) {
            return Double.NaN;
        }
        last = Math.max(last, timeMs);
        int leaving = 0;
        while (leaving < size && isOld(times[(first + leaving) % times.length])) {
            leaving++;
        }
        forget(leaving);
        double score = Double.NaN;
        if (size >= LEAST_SAMPLES) {
            scale.of(sorted);
            score = scale.score(value);
        }
        forget(size == most ? 1 : 0);
        learn(SortKeys.of(RobustScale.cut(value)));
        return score;
    }

    private boolean isOld(long time) {
        return last - time >= windowMs || last - time < 0; // a difference that overflows is beyond any window
    }

    private void forget(int count) {
        for (int i = 0; i < count; i++) {
            gone[i] = keys[(first + i) % keys.length];
        }
        sorted.slide(gone, count, come, 0);
        first = (first + count) % times.length;
        size -= count;
    }

    private void learn(long key) {
        if (size == times.length) {
            grow();
        }
        int place = (first + size++) % times.length;
        times[place] = last;
        keys[place] = key;
        come[0] = key;
        sorted.slide(gone, 0, come, 1);
    }

    private void grow() {
        int length = times.length;
        long[] all = Arrays.copyOf(times, Math.min(most, 2 * length));
        long[] allKeys = Arrays.copyOf(keys, all.length);
        for (int i = 0; i < size; i++) {
            all[i] = times[(first + i) % length];
            allKeys[i] = keys[(first + i) % length];
        }
        times = all;
        keys = allKeys;
        first = 0;
    }
}
