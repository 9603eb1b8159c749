package io.varve.core.telemetry;

import io.varve.core.sketch.ExponentialHistogram;
import io.varve.core.sketch.SparseHistogram;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * What was recorded within a stretch of time: joined with what other threads, processes and nodes recorded in the same
 * stretch, without loss. Immutable.
 *
 * @param values in the unit that is recorded in
 * @param failed how many of them failed
 * @param inFlight what has begun and not ended, at the end of the stretch
 * @param seconds length of the stretch
 * @param unit what one of the recorded unit is in the metric's unit: 1e-9 for nanoseconds
 */
public record Window(List<SparseHistogram> values, long failed, long inFlight, double seconds, double unit) {

    /** Schema of all windows. */
    static final int SCHEMA = 5;

    private static final int HEAD_BYTES = 2 * Long.BYTES + 2 * Double.BYTES + Integer.BYTES;
    private static final int MOST_PARTS = 10_000;

    /** A copy is taken of the list. */
    public Window {
        values = List.copyOf(values);
    }

    /**
     * All of some windows of one stretch; the longest counts, for one that began late is shorter.
     *
     * @throws IllegalArgumentException if there are none, or their units differ
     */
    public static Window merge(Collection<Window> some) {
        List<SparseHistogram> all = new ArrayList<>();
        long failed = 0;
        long inFlight = 0;
        double seconds = 0;
        double unit = Double.NaN;
        for (Window window : some) {
            if (!Double.isNaN(unit) && unit != window.unit) {
                throw new IllegalArgumentException("windows of one unit are merged: " + unit + " and " + window.unit);
            }
            unit = window.unit;
            all.addAll(window.values);
            failed += window.failed;
            inFlight += window.inFlight;
            seconds = Math.max(seconds, window.seconds);
        }
        if (some.isEmpty()) {
            throw new IllegalArgumentException("windows to merge: none");
        }
        return new Window(all, failed, inFlight, seconds, unit);
    }

    /** Everything that is asked for most. */
    public WindowView view() {
        ExponentialHistogram merged = histogram();
        long count = merged.count();
        return new WindowView(
                count,
                count / seconds,
                failed / seconds,
                inFlight,
                quantile(merged, 0.5),
                quantile(merged, 0.9),
                quantile(merged, 0.95),
                quantile(merged, 0.99),
                count == 0 ? Double.NaN : merged.max() * unit);
    }

    /** Another quantile, in the metric's unit; NaN if nothing was recorded. */
    public double quantile(double q) {
        return quantile(histogram(), q);
    }

    private double quantile(ExponentialHistogram merged, double q) {
        return merged.quantile(q).value() * unit;
    }

    /** Values within it. */
    long count() {
        long count = 0;
        for (SparseHistogram part : values) {
            count += part.count();
        }
        return count;
    }

    /** A value, in the unit that is recorded in, over which lie at most the values over a quantile. */
    long above(double q) {
        return (long) Math.ceil(histogram().quantile(q).high());
    }

    private ExponentialHistogram histogram() {
        return SparseHistogram.merged(SCHEMA, values);
    }

    /** The form that nodes exchange. */
    public byte[] toBytes() {
        int length = HEAD_BYTES;
        for (SparseHistogram part : values) {
            length += part.formBytes();
        }
        ByteBuffer out = ByteBuffer.allocate(length);
        out.putLong(failed).putLong(inFlight).putDouble(seconds).putDouble(unit).putInt(values.size());
        values.forEach(part -> part.writeTo(out));
        return out.array();
    }

    /**
     * Reads {@link #toBytes}.
     *
     * @throws IllegalArgumentException if it is cut off, or says what cannot be
     */
    public static Window of(byte[] bytes) {
        ByteBuffer in = ByteBuffer.wrap(bytes);
        try {
            long failed = in.getLong();
            long inFlight = in.getLong();
            double seconds = in.getDouble();
            double unit = in.getDouble();
            int parts = in.getInt();
            boolean right = failed >= 0 && seconds > 0 && seconds < 1e9 && unit > 0 && unit <= 1 && parts >= 0;
            if (!right || parts > MOST_PARTS) {
                throw new IllegalArgumentException("form of a window: failed=" + failed + ", seconds=" + seconds
                        + ", unit=" + unit + ", parts=" + parts);
            }
            List<SparseHistogram> values = new ArrayList<>();
            for (int i = 0; i < parts; i++) {
                values.add(SparseHistogram.readFrom(in));
            }
            if (in.hasRemaining()) {
                throw new IllegalArgumentException("form of a window: bytes too many=" + in.remaining());
            }
            return new Window(values, failed, inFlight, seconds, unit);
        } catch (BufferUnderflowException e) {
            throw new IllegalArgumentException("form of a window is cut off: bytes=" + bytes.length, e);
        }
    }
}
