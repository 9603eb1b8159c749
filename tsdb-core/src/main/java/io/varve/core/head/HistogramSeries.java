package io.varve.core.head;

import io.varve.core.kind.HistogramForm;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;
import org.agrona.collections.Long2LongHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Histograms of one series in the order in which they came, late ones too, and the floats that came later at the same
 * time. Append-only; the agent release-stores the counts, readers acquire them first.
 *
 * <p>Of several histograms at one time the last is the winner, but a stale marker replaces no other. A float is noted
 * with how many histograms there were when it came: it beats a winner that is among them (docs/adr/0008).
 */
final class HistogramSeries {

    /** No histogram at that time. */
    static final int NONE = -1;

    private static final VarHandle SIZE;
    private static final VarHandle FLOATS;

    static {
        try {
            SIZE = MethodHandles.lookup().findVarHandle(HistogramSeries.class, "size", int.class);
            FLOATS = MethodHandles.lookup().findVarHandle(HistogramSeries.class, "floats", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final FormSlabs slabs;
    private long[] times = new long[4];
    private long[] forms = new long[4];
    private volatile int size;

    private long[] floatTimes = new long[0];
    private int[] floatAfter = new int[0];
    private volatile int floats;

    /** Winner of each time, made when the first histogram comes late; until then times ascend. The agent's alone. */
    private @Nullable Long2LongHashMap winners;

    /** The last float of each time that has one. The agent's alone. */
    private @Nullable Long2LongHashMap lastFloat;

    HistogramSeries(FormSlabs slabs) {
        this.slabs = slabs;
    }

    /** Place of the histogram that wins at a time, or {@link #NONE}. The agent alone. */
    int winner(long time) {
        Long2LongHashMap known = winners;
        if (known != null) {
            return (int) known.get(time);
        }
        int count = size;
        if (count == 0 || time > times[count - 1]) {
            return NONE;
        }
        return Math.max(NONE, Arrays.binarySearch(times, 0, count, time));
    }

    /** Whether a float came after the winner of a time. The agent alone. */
    boolean floatWins(long time, int winner) {
        Long2LongHashMap known = lastFloat;
        return known != null && known.get(time) > winner;
    }

    boolean isStale(int place) {
        long form = forms[place];
        return HistogramForm.isStale(slabs.slab(form), FormSlabs.offset(form));
    }

    boolean isEqual(int place, byte[] bytes, int offset, int length) {
        return slabs.isEqual(forms[place], bytes, offset, length);
    }

    /** Keeps a histogram. The agent alone. */
    void append(long time, byte[] bytes, int offset, int length) {
        int place = size;
        if (place == times.length) {
            times = Arrays.copyOf(times, place * 2);
            forms = Arrays.copyOf(forms, place * 2);
        }
        if (winners == null && place > 0 && time <= times[place - 1]) {
            Long2LongHashMap made = new Long2LongHashMap(NONE);
            for (int i = 0; i < place; i++) {
                made.put(times[i], i);
            }
            winners = made;
        }
        long form = slabs.append(bytes, offset, length);
        Long2LongHashMap known = winners;
        if (known != null) {
            int before = (int) known.get(time);
            if (before == NONE || !HistogramForm.isStale(bytes, offset) || isStale(before)) {
                known.put(time, place);
            }
        }
        times[place] = time;
        forms[place] = form;
        SIZE.setRelease(this, place + 1);
    }

    /** A float came; at the time of a histogram it is noted, unless it is a stale marker and that is none. */
    void floatCame(long time, boolean stale) {
        int winner = winner(time);
        if (winner == NONE || stale && !isStale(winner)) {
            return;
        }
        int count = floats;
        if (count == floatTimes.length) {
            int room = Math.max(4, count * 2);
            floatTimes = Arrays.copyOf(floatTimes, room);
            floatAfter = Arrays.copyOf(floatAfter, room);
        }
        floatTimes[count] = time;
        floatAfter[count] = size;
        FLOATS.setRelease(this, count + 1);
        Long2LongHashMap known = lastFloat;
        if (known == null) {
            known = new Long2LongHashMap(NONE);
            lastFloat = known;
        }
        known.put(time, size);
    }

    /** How many histograms came. Any thread. */
    int size() {
        return (int) SIZE.getAcquire(this);
    }

    /** How many floats are noted. Any thread, before {@link #size()} so that it knows what they are compared with. */
    int floats() {
        return (int) FLOATS.getAcquire(this);
    }

    /** Time of a histogram. */
    long time(int place) {
        return times[place];
    }

    /** Form of a histogram. */
    long form(int place) {
        return forms[place];
    }

    long floatTime(int index) {
        return floatTimes[index];
    }

    int floatAfter(int index) {
        return floatAfter[index];
    }

    FormSlabs slabs() {
        return slabs;
    }

    /** Memory in bytes, forms left out. */
    long bytes() {
        long maps = winners == null ? 0 : 48L * winners.size();
        return 96 + 16L * times.length + 12L * floatTimes.length + maps + (lastFloat == null ? 0 : 48L * floats);
    }
}
