package io.varve.core.head;

import java.util.Arrays;

/**
 * Distinct times, strictly increasing, that any number of series share. Append-only: rows that were published never
 * change. Written by the agent; a reader sees the rows that some series' published row count covers.
 */
final class TimeColumn {

    private long[] times = new long[16];
    private int size;

    /** Whether it belongs to a single series, which then never has to leave it. */
    private final boolean exclusive;

    TimeColumn(boolean exclusive) {
        this.exclusive = exclusive;
    }

    boolean exclusive() {
        return exclusive;
    }

    int size() {
        return size;
    }

    long time(int row) {
        return times[row];
    }

    /** The array of times; rows that a reader knows of are final in it. */
    long[] times() {
        return times;
    }

    void append(long time) {
        long[] target = times;
        if (size == target.length) {
            target = Arrays.copyOf(target, size * 2);
            target[size] = time;
            times = target;
        } else {
            target[size] = time;
        }
        size++;
    }

    long bytes() {
        return 48 + 8L * times.length;
    }
}
