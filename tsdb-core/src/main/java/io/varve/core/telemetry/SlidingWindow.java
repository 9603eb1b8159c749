package io.varve.core.telemetry;

import io.varve.core.sketch.SparseHistogram;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What was recorded in the steps of the recent past, from what was recorded in all: at the end of each step
 * {@link #tick} keeps what came since the last. Recording knows nothing of it.
 *
 * <p>One thread ticks at a time; any thread reads, without a lock. Steps in which nothing came take no room; steps
 * that have left the fine part, {@link #FINE} of them, are joined by tens.
 */
final class SlidingWindow {

    /** Steps that are kept by themselves. */
    static final int FINE = 60;

    private static final int COARSE = 10;
    private static final double NANOS = 1e9;

    private final long stepNanos;
    private final long retentionNanos;
    private final long born;
    private volatile State state;

    /** What came between two moments of the monotonic clock. */
    private record Slot(long from, long to, SparseHistogram values, long failed) {}

    /**
     * At the end of the last step.
     *
     * @param since that moment
     * @param total all that had come by then
     * @param slots oldest first
     */
    private record State(long since, SparseHistogram total, long failed, List<Slot> slots) {}

    /** An empty window that begins now. */
    SlidingWindow(long stepNanos, long retentionNanos, long now) {
        this.stepNanos = stepNanos;
        this.retentionNanos = retentionNanos;
        this.born = now;
        state = new State(now, SparseHistogram.empty(Window.SCHEMA), 0, List.of());
    }

    /**
     * A step has ended.
     *
     * @param total what came in all, or null if nothing has since the last step
     */
    void tick(long now, @Nullable SparseHistogram total, long failed) {
        State before = state;
        List<Slot> slots = new ArrayList<>(before.slots.size() + 1);
        long coarseBefore = now - FINE * stepNanos;
        for (Slot slot : before.slots) {
            if (slot.from < now - retentionNanos || slot.from > now) { // the latter when the clock went back
                continue;
            }
            Slot last = slots.isEmpty() ? null : slots.get(slots.size() - 1);
            if (last != null && slot.to <= coarseBefore && group(last) == group(slot)) {
                slots.set(
                        slots.size() - 1,
                        new Slot(last.from, slot.to, last.values.plus(slot.values), last.failed + slot.failed));
            } else {
                slots.add(slot);
            }
        }
        SparseHistogram all = total == null ? before.total : total;
        SparseHistogram came = total == null ? all : total.since(before.total);
        if (total != null && !came.isEmpty()) {
            slots.add(new Slot(before.since, now, came, failed - before.failed));
        }
        state = new State(now, all, failed, List.copyOf(slots));
    }

    private long group(Slot slot) {
        return Math.floorDiv(slot.from - born, COARSE * stepNanos);
    }

    /** Bytes of memory. */
    long bytes() {
        State now = state;
        long bytes = 64 + now.total.bytes();
        for (Slot slot : now.slots) {
            bytes += 40 + slot.values.bytes();
        }
        return bytes;
    }

    /**
     * What came within the last {@code nanos}: nothing older, and all that came since the first step that began after
     * their beginning.
     *
     * @param total asked for when it is known which steps are shown
     */
    Window window(long nanos, long now, Total total, long inFlight, double unit) {
        State seen = state;
        long from = now - Math.min(nanos, retentionNanos);
        List<SparseHistogram> values = new ArrayList<>();
        long failed = 0;
        long first = Math.max(born, seen.since - Math.floorDiv(seen.since - from, stepNanos) * stepNanos);
        for (Slot slot : seen.slots) {
            if (slot.from >= from) {
                values.add(slot.values);
                failed += slot.failed;
                first = Math.min(first, slot.from);
            }
        }
        if (seen.since >= from) {
            SparseHistogram live = total.values().since(seen.total);
            if (!live.isEmpty()) {
                values.add(live);
            }
            failed += Math.max(0, total.failed() - seen.failed);
        }
        double seconds = Math.max(1e-3, (now - Math.max(first, from)) / NANOS);
        return new Window(values, failed, inFlight, seconds, unit);
    }

    /** All that was recorded by now. */
    interface Total {

        /** Values since the beginning. */
        SparseHistogram values();

        /** Failures since the beginning. */
        long failed();
    }
}
