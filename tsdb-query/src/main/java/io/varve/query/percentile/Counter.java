package io.varve.query.percentile;

import java.util.Arrays;

/**
 * A counter without its resets: what it had grown to at each time at which that is known. By samples, or by the first
 * and the last sample of buckets of rollups, in time order. Grows as it is filled, then answers; one thread.
 */
final class Counter {

    private long[] times = new long[256];
    private double[] grown = new double[256];
    private int size;
    private double offset;
    private double last;

    /** Forgets all. */
    void clear() {
        size = 0;
        offset = 0;
    }

    /** Adds a sample; what is no number says nothing. */
    void add(long time, double value) {
        if (Double.isNaN(value) || size > 0 && time <= times[size - 1]) {
            return;
        }
        if (size > 0 && value < last) {
            offset += last;
        }
        put(time, value);
    }

    /** Adds a bucket of rollups. */
    void add(UsedBucket bucket) {
        if (bucket.numbers() == 0) {
            return;
        }
        add(bucket.firstTime(), bucket.first());
        if (bucket.lastTime() > bucket.firstTime() && !Double.isNaN(bucket.last())) {
            offset += bucket.correction();
            put(bucket.lastTime(), bucket.last());
        }
    }

    private void put(long time, double value) {
        if (size == times.length) {
            times = Arrays.copyOf(times, 2 * size);
            grown = Arrays.copyOf(grown, 2 * size);
        }
        times[size] = time;
        grown[size++] = value + offset;
        last = value;
    }

    int size() {
        return size;
    }

    /**
     * How much it grew in a window: since its last sample at the window's start or before, but not long before, else
     * since its first sample in the window.
     *
     * @param lookback how long before, ticks
     * @return NaN if that is not known
     */
    double increase(long after, long upTo, long lookback) {
        int behind = behind(upTo);
        int first = behind(after);
        int base = first > 0 && times[first - 1] > after - lookback ? first - 1 : first;
        return behind <= first || base >= behind - 1 ? Double.NaN : Math.max(0, grown[behind - 1] - grown[base]);
    }

    /** How many samples there are up to a time. */
    private int behind(long time) {
        int found = Arrays.binarySearch(times, 0, size, time);
        return found < 0 ? -found - 1 : found + 1;
    }
}
