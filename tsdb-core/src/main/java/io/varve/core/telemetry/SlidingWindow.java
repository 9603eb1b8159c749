package io.varve.core.telemetry;

import io.varve.core.sketch.ConcurrentHistogram;
import io.varve.core.sketch.ExponentialHistogram;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * Durations of the last minute, in six slots of ten seconds, the youngest of them still filling: what is shown covers
 * between 50 and 60 seconds, and nothing older than 60.
 *
 * <p>Any thread records, without a lock. The first record of a slot makes that slot's histogram anew and lets the one
 * of over a minute ago go; so a record is in exactly the slot of its time, however late its thread is.
 */
final class SlidingWindow {

    private static final int SCHEMA = 5;
    private static final long SLOT_NANOS = 10_000_000_000L;
    private static final int SLOTS = 6;
    /** More than {@link #SLOTS}, so that a thread that is late finds its slot still there; a power of two. */
    private static final int RING = 8;

    private static final double NANOS = 1e9;

    private final AtomicReferenceArray<@Nullable Slot> ring = new AtomicReferenceArray<>(RING);
    private final long origin;

    /**
     * An empty window.
     *
     * @param now the monotonic clock, in nanoseconds
     */
    SlidingWindow(long now) {
        this.origin = now;
    }

    void record(long nanos, long now) {
        long epoch = Math.floorDiv(now - origin, SLOT_NANOS);
        Slot slot = slot(epoch);
        if (slot != null) {
            slot.histogram.record(nanos);
        }
    }

    /** The slot of an epoch; null when it has left the window already. */
    private @Nullable Slot slot(long epoch) {
        int place = (int) (epoch & (RING - 1));
        while (true) {
            Slot there = ring.get(place);
            if (there != null && there.epoch == epoch) {
                return there;
            }
            if (there != null && there.epoch > epoch) {
                return null;
            }
            Slot fresh = new Slot(epoch, new ConcurrentHistogram(SCHEMA));
            if (ring.compareAndSet(place, there, fresh)) {
                return fresh;
            }
        }
    }

    WindowView view(long now) {
        long epoch = Math.floorDiv(now - origin, SLOT_NANOS);
        ExponentialHistogram merged = ExponentialHistogram.ofSchema(SCHEMA);
        for (int i = 0; i < RING; i++) {
            Slot slot = ring.get(i);
            if (slot != null && slot.epoch > epoch - SLOTS && slot.epoch <= epoch) {
                slot.histogram.addTo(merged);
            }
        }
        long from = origin + Math.max(0, epoch - SLOTS + 1) * SLOT_NANOS;
        double seconds = Math.max(1, (now - from) / NANOS);
        long count = merged.count();
        return new WindowView(
                count,
                count / seconds,
                seconds(merged, 0.5),
                seconds(merged, 0.9),
                seconds(merged, 0.95),
                seconds(merged, 0.99),
                count == 0 ? Double.NaN : merged.max() / NANOS);
    }

    private static double seconds(ExponentialHistogram merged, double q) {
        return merged.quantile(q).value() / NANOS;
    }

    private record Slot(long epoch, ConcurrentHistogram histogram) {}
}
