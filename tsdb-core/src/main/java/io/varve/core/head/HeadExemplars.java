package io.varve.core.head;

import io.varve.core.kind.ExemplarForm;
import io.varve.core.model.Exemplar;
import io.varve.core.model.TimeRange;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Exemplars of a generation, bounded per series and in all: when there is no room the one that came first goes.
 * Replaying the log keeps the same ones, since only the order of arrival decides. Written by the agent; readers get
 * arrays that are replaced and never changed.
 */
final class HeadExemplars {

    /** Most exemplars of a series. */
    static final int MAX_PER_SERIES = 128;

    /** Most exemplars of a generation. */
    static final int MAX_IN_ALL = 1 << 16;

    private static final Kept[] NOTHING = {};
    private static final int OVERHEAD = 96;

    private final ConcurrentHashMap<Integer, Kept[]> bySeries = new ConcurrentHashMap<>();

    /** All exemplars in the order in which they came, and some that are gone already. */
    private final ArrayDeque<Kept> arrivals = new ArrayDeque<>();

    private volatile int count;
    private volatile long evicted;
    private volatile long bytes;
    private volatile long minTime = Long.MAX_VALUE;
    private volatile long maxTime = Long.MIN_VALUE;

    /** An exemplar as its form. */
    private static final class Kept {
        final int series;
        final long time;
        final byte[] form;
        boolean gone;

        Kept(int series, long time, byte[] form) {
            this.series = series;
            this.time = time;
            this.form = form;
        }
    }

    /** Whether there is this exemplar already. */
    boolean has(int series, long time, byte[] form, int offset, int length) {
        for (Kept kept : bySeries.getOrDefault(series, NOTHING)) {
            if (kept.time == time && Arrays.equals(kept.form, 0, kept.form.length, form, offset, offset + length)) {
                return true;
            }
        }
        return false;
    }

    /** Keeps an exemplar. The agent alone. */
    void append(int series, long time, byte[] form, int offset, int length) {
        Kept kept = new Kept(series, time, Arrays.copyOfRange(form, offset, offset + length));
        Kept[] before = bySeries.getOrDefault(series, NOTHING);
        if (before.length == MAX_PER_SERIES) {
            drop(before[0]);
            before = Arrays.copyOfRange(before, 1, before.length);
        } else if (count == MAX_IN_ALL) {
            Kept oldest = oldest();
            drop(oldest);
            before = bySeries.getOrDefault(series, NOTHING);
        }
        Kept[] after = Arrays.copyOf(before, before.length + 1);
        after[before.length] = kept;
        bySeries.put(series, after);
        arrivals.add(kept);
        int held = count; // one writer: no other thread adds
        count = held + 1;
        long taken = bytes; // one writer: no other thread adds
        bytes = taken + OVERHEAD + length;
        minTime = Math.min(minTime, time);
        maxTime = Math.max(maxTime, time);
        if (arrivals.size() > 2 * MAX_IN_ALL) {
            arrivals.removeIf(arrival -> arrival.gone);
        }
    }

    private Kept oldest() {
        Kept oldest = arrivals.remove();
        while (oldest.gone) {
            oldest = arrivals.remove();
        }
        return oldest;
    }

    /** Drops the first exemplar of a series. */
    private void drop(Kept first) {
        Kept[] all = bySeries.getOrDefault(first.series, NOTHING);
        if (all.length == 1) {
            bySeries.remove(first.series);
        } else {
            bySeries.put(first.series, Arrays.copyOfRange(all, 1, all.length));
        }
        first.gone = true;
        int held = count;
        count = held - 1;
        long taken = bytes;
        bytes = taken - OVERHEAD - first.form.length;
        long before = evicted;
        evicted = before + 1;
    }

    /** Exemplars that are kept. Any thread. */
    int count() {
        return count;
    }

    boolean has(int series) {
        return bySeries.containsKey(series);
    }

    boolean isEmpty() {
        return bySeries.isEmpty();
    }

    /** Adds a series' exemplars in a range. Any thread. */
    void read(int series, TimeRange range, List<Exemplar> target) {
        for (Kept kept : bySeries.getOrDefault(series, NOTHING)) {
            if (range.contains(kept.time)) {
                target.add(ExemplarForm.read(kept.time, kept.form, 0, kept.form.length));
            }
        }
    }

    /** Oldest time, as it ever was. */
    long minTime() {
        return minTime;
    }

    /** Newest time, as it ever was. */
    long maxTime() {
        return maxTime;
    }

    /** How many had to go for want of room. */
    long evicted() {
        return evicted;
    }

    long bytes() {
        return bytes;
    }
}
