package io.varve.query.detect.consensus;

import io.varve.query.detect.Detector;
import io.varve.query.detect.RobustScale;
import java.util.Arrays;

/**
 * How new a value is for its time of day: its distance from the nearest of the ranges that the series had at this
 * time, five minutes earlier and five minutes later, on each of the last seven days; in the series' unit, 0 within one
 * of them. A time of day is a slot of five minutes, of which the least and the largest value are kept.
 *
 * <p>NaN for NaN, which is not learned, and where none of these slots has a value. 55 kB.
 */
final class DayNovelty implements Detector {

    static final long SLOT_MS = 300_000;
    static final int DAYS = 7;

    private static final int SLOTS_OF_DAY = 288;
    private static final int NEIGHBOURS = 1;
    private static final int KEPT = SLOTS_OF_DAY * DAYS + 2 * NEIGHBOURS + 1;

    private final long[] slots = new long[KEPT];
    private final double[] least = new double[KEPT];
    private final double[] largest = new double[KEPT];
    private long last = Long.MIN_VALUE;

    DayNovelty() {
        Arrays.fill(slots, Long.MIN_VALUE);
    }

    @Override
    public double score(long timeMs, double value) {
        if (Double.isNaN(value)) {
            return Double.NaN;
        }
        last = Math.max(last, timeMs);
        long slot = Math.floorDiv(last, SLOT_MS);
        double cut = RobustScale.cut(value);
        double nearest = Double.POSITIVE_INFINITY;
        for (int day = 1; day <= DAYS; day++) {
            for (int by = -NEIGHBOURS; by <= NEIGHBOURS; by++) {
                nearest = Math.min(nearest, distance(slot - (long) day * SLOTS_OF_DAY + by, cut));
            }
        }
        learn(slot, cut);
        return nearest == Double.POSITIVE_INFINITY ? Double.NaN : nearest;
    }

    private double distance(long slot, double value) {
        int place = (int) Math.floorMod(slot, (long) KEPT);
        if (slots[place] != slot) {
            return Double.POSITIVE_INFINITY;
        }
        return Math.max(0, Math.max(least[place] - value, value - largest[place]));
    }

    private void learn(long slot, double value) {
        int place = (int) Math.floorMod(slot, (long) KEPT);
        boolean isNew = slots[place] != slot;
        slots[place] = slot;
        least[place] = isNew ? value : Math.min(least[place], value);
        largest[place] = isNew ? value : Math.max(largest[place], value);
    }
}
