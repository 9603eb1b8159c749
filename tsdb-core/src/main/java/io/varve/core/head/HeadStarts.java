package io.varve.core.head;

import io.varve.core.model.StartTime;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Start times of a generation. Nearly every series has one, which stands in flat arrays by series number; more of a
 * series are appended to a list of its own. Written by the agent, which release-stores a start behind its time; of a
 * start that is reported again of an earlier sample, the time alone becomes less.
 */
final class HeadStarts {

    private static final long NONE = Long.MIN_VALUE;
    private static final VarHandle LONGS = MethodHandles.arrayElementVarHandle(long[].class);
    private static final VarHandle MORE = MethodHandles.arrayElementVarHandle(More[].class);

    /** Arrays by series number, replaced when they grow. */
    private static final class Table {
        final long[] starts;
        final long[] times;
        final @Nullable More[] more;

        Table(long[] starts, long[] times, @Nullable More[] more) {
            this.starts = starts;
            this.times = times;
            this.more = more;
        }
    }

    /** Starts of one series but its first. */
    private static final class More {
        long[] starts = new long[4];
        long[] times = new long[4];
        volatile int size;
    }

    private volatile Table table = new Table(new long[0], new long[0], new @Nullable More[0]);
    private long moreBytes;
    private volatile boolean any;

    /** Whether a start is known, of a sample no later than this one. The agent alone. */
    boolean isKnown(int series, long start, long time) {
        long known = timeOf(series, start);
        return known != NONE && known <= time;
    }

    /** Time of a start, or {@link #NONE}. */
    private long timeOf(int series, long start) {
        Table now = table;
        if (series >= now.starts.length || now.starts[series] == NONE) {
            return NONE;
        }
        if (now.starts[series] == start) {
            return now.times[series];
        }
        More more = now.more[series];
        int place = more == null ? -1 : find(more, start);
        return more == null || place < 0 ? NONE : more.times[place];
    }

    private static int find(More more, long start) {
        for (int i = more.size - 1; i >= 0; i--) { // the newest is asked for most
            if (more.starts[i] == start) {
                return i;
            }
        }
        return -1;
    }

    /** Keeps a start. The agent alone. */
    void append(int series, long start, long time) {
        Table now = table;
        if (series >= now.starts.length) {
            now = grown(now, series);
        }
        any = true;
        if (now.starts[series] == NONE) {
            now.times[series] = time;
            LONGS.setRelease(now.starts, series, start);
        } else if (now.starts[series] == start) {
            LONGS.setOpaque(now.times, series, Math.min(now.times[series], time));
        } else {
            appendMore(now, series, start, time);
        }
    }

    private Table grown(Table now, int series) {
        int old = now.starts.length;
        int room = Math.max(series + 1, Math.max(64, old + old / 2));
        Table grown = new Table(
                Arrays.copyOf(now.starts, room), Arrays.copyOf(now.times, room), Arrays.copyOf(now.more, room));
        Arrays.fill(grown.starts, old, room, NONE);
        table = grown;
        return grown;
    }

    private void appendMore(Table now, int series, long start, long time) {
        More more = now.more[series];
        if (more == null) {
            more = new More();
            moreBytes += 128;
            MORE.setRelease(now.more, series, more);
        }
        int place = find(more, start);
        if (place >= 0) {
            LONGS.setOpaque(more.times, place, Math.min(more.times[place], time));
            return;
        }
        int size = more.size;
        if (size == more.starts.length) {
            moreBytes += 16L * size;
            more.starts = Arrays.copyOf(more.starts, 2 * size);
            more.times = Arrays.copyOf(more.times, 2 * size);
        }
        more.starts[size] = start;
        more.times[size] = time;
        more.size = size + 1; // publishes both
    }

    boolean has(int series) {
        Table now = table;
        return series < now.starts.length && (long) LONGS.getAcquire(now.starts, series) != NONE;
    }

    boolean isEmpty() {
        return !any;
    }

    /** Adds the starts of a series in the order in which they came. Any thread. */
    void read(int series, List<StartTime> target) {
        Table now = table;
        if (!has(series) || series >= now.starts.length) {
            return;
        }
        long first = (long) LONGS.getAcquire(now.starts, series);
        if (first != NONE) {
            target.add(new StartTime(first, (long) LONGS.getOpaque(now.times, series)));
        }
        More more = (More) MORE.getAcquire(now.more, series);
        int size = more == null ? 0 : more.size;
        for (int i = 0; more != null && i < size; i++) {
            target.add(new StartTime(more.starts[i], (long) LONGS.getOpaque(more.times, i)));
        }
    }

    /** Memory in bytes. */
    long bytes() {
        return 20L * table.starts.length + moreBytes;
    }
}
