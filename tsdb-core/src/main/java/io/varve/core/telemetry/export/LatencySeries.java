package io.varve.core.telemetry.export;

import io.varve.core.model.Labels;
import java.util.Arrays;

/**
 * Raw latencies of one step of a pipeline between two rounds. A store keeps one value for each time of a series, so
 * that of latencies that ended within the same nanosecond each but the first is moved to the next that is free, also
 * where the round before has taken it. One thread.
 */
final class LatencySeries {

    private static final double SECOND = 1e9;
    private static final int FIRST_SIZE = 64;

    final Labels labels;
    private long ref;
    private int epoch;
    private long[] times = new long[FIRST_SIZE];
    private long[] nanos = new long[FIRST_SIZE];
    private int size;

    /** Times of the round before, ascending. */
    private long[] taken = new long[FIRST_SIZE];

    private int takenSize;

    LatencySeries(Labels labels) {
        this.labels = labels;
    }

    /**
     * Adds a latency.
     *
     * @param time at which it ended, in nanoseconds since 1970
     */
    void add(long time, long latencyNanos) {
        if (size == times.length) {
            times = Arrays.copyOf(times, 2 * size);
            nanos = Arrays.copyOf(nanos, 2 * size);
        }
        times[size] = time;
        nanos[size++] = latencyNanos;
    }

    /** Puts all that were added into a batch, by ascending time. */
    void write(ExportBatch batch) {
        if (size == 0 || !batch.isUsable()) {
            size = 0;
            return;
        }
        sort();
        separate();
        if (epoch != batch.epoch()) {
            ref = batch.series(labels);
            epoch = batch.epoch();
        }
        for (int i = 0; i < size; i++) {
            batch.value(ref, times[i], nanos[i] / SECOND);
        }
        long[] swap = taken;
        taken = times;
        takenSize = size;
        times = swap;
        nanos = nanos.length < swap.length ? new long[swap.length] : nanos;
        size = 0;
    }

    /** Shell's sort, since messages end almost in the order in which they come here. */
    private void sort() {
        int gap = 1;
        while (gap < size / 9) {
            gap = 3 * gap + 1;
        }
        for (; gap > 0; gap /= 3) {
            for (int i = gap; i < size; i++) {
                long time = times[i];
                long value = nanos[i];
                int j = i;
                for (; j >= gap && times[j - gap] > time; j -= gap) {
                    times[j] = times[j - gap];
                    nanos[j] = nanos[j - gap];
                }
                times[j] = time;
                nanos[j] = value;
            }
        }
    }

    private void separate() {
        int other = 0;
        long before = Long.MIN_VALUE;
        for (int i = 0; i < size; i++) {
            long time = Math.max(times[i], before + 1);
            while (other < takenSize && taken[other] < time) {
                other++;
            }
            while (other < takenSize && taken[other] == time) {
                time++;
                other++;
            }
            times[i] = time;
            before = time;
        }
    }
}
