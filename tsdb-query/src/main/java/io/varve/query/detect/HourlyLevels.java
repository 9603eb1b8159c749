package io.varve.query.detect;

import java.util.Arrays;

/**
 * What the samples of each hour came to: their median, and how far they spread around it. Hours are whole ones of
 * UTC, open on the left, and stand by their number since the epoch. An hour without samples is not there. Grows as it
 * is filled, up to a limit behind which the oldest hours are forgotten; one thread.
 */
public final class HourlyLevels {

    private final int most;
    private final ThinnedSamples open = new ThinnedSamples();
    private final RobustScale scale = new RobustScale();
    private long hour = Long.MIN_VALUE;
    private long[] hours = new long[64];
    private double[] levels = new double[64];
    private double[] spreads = new double[64];
    private int size;

    /** Levels of so many hours at most, the newest ones. */
    public HourlyLevels(int most) {
        this.most = most;
    }

    /** Memory of so many hours at most, in bytes. */
    public static long bytes(long hours) {
        return 24 * hours + 16L * ThinnedSamples.MOST;
    }

    /** Forgets all hours. */
    public void clear() {
        size = 0;
        open.clear();
        hour = Long.MIN_VALUE;
    }

    /**
     * Adds a sample. The hour before its own is complete then.
     *
     * @param number hour of the sample, not below that of the sample before
     * @param value NaN does not count
     */
    public void add(long number, double value) {
        if (number != hour) {
            complete();
            hour = number;
        }
        if (!Double.isNaN(value)) {
            open.add(RobustScale.cut(value));
        }
    }

    /** Says that the last hour is complete. */
    public void complete() {
        if (open.size() == 0) {
            return;
        }
        if (size == most) {
            int kept = most - Math.max(1, most / 8); // seldom, so that moving costs little
            System.arraycopy(hours, size - kept, hours, 0, kept);
            System.arraycopy(levels, size - kept, levels, 0, kept);
            System.arraycopy(spreads, size - kept, spreads, 0, kept);
            size = kept;
        }
        if (size == hours.length) {
            int length = Math.min(most, 2 * size);
            hours = Arrays.copyOf(hours, length);
            levels = Arrays.copyOf(levels, length);
            spreads = Arrays.copyOf(spreads, length);
        }
        open.measure(scale);
        open.clear();
        hours[size] = hour;
        levels[size] = scale.location();
        spreads[size++] = scale.spread();
    }

    /** Number of complete hours. */
    public int size() {
        return size;
    }

    /** Number of an hour since the epoch. */
    public long hour(int index) {
        return hours[index];
    }

    /** Median of an hour's samples. */
    double level(int index) {
        return levels[index];
    }

    /** Spread of an hour's samples around it. */
    double spread(int index) {
        return spreads[index];
    }

    /** The first hour of at least some number. */
    public int from(long number) {
        int found = Arrays.binarySearch(hours, 0, size, number);
        return found < 0 ? -found - 1 : found;
    }
}
