package io.varve.core.telemetry;

import io.varve.core.model.TimeSource;
import io.varve.core.telemetry.MetricSnapshot.Label;
import io.varve.core.telemetry.MetricSnapshot.Point;
import io.varve.core.telemetry.MetricSnapshot.QuantileValue;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * How long something takes: count and sum since the start, and percentiles over the last minute. Recorded in
 * nanoseconds, shown in seconds. Lock-free, any thread, nothing allocated for a record. Of a metric with labels, keep
 * the child that {@link #labels} returns in a field.
 */
public final class Latency implements Family.Child {

    private static final double NANOS = 1e9;

    private final TimeSource clock;
    private final @Nullable Family<Latency> family;
    private final @Nullable SlidingWindow window;
    private final LongAdder count = new LongAdder();
    private final LongAdder sum = new LongAdder();

    /** A child, or the whole of a metric without labels. */
    Latency(TimeSource clock) {
        this.clock = clock;
        this.family = null;
        this.window = new SlidingWindow(clock.nanoTime());
    }

    /** A metric with labels, which itself records nothing. */
    Latency(TimeSource clock, Family<Latency> family) {
        this.clock = clock;
        this.family = family;
        this.window = null;
    }

    /**
     * The latency of these label values; over the registry's bound of children that of {@code other}.
     *
     * @throws IllegalArgumentException unless there is one value for each label name
     */
    public Latency labels(String... values) {
        if (family == null) {
            throw new IllegalStateException("cannot give labels: the latency has none, or they are given already");
        }
        return family.child(values);
    }

    /**
     * Records one duration; reads the clock once.
     *
     * @param nanos nanoseconds; below zero counts as zero
     */
    public void record(long nanos) {
        record(nanos, clock.nanoTime());
    }

    /** Records a duration that ended at {@code now}, a reading of the registry's {@link TimeSource#nanoTime}. */
    void record(long nanos, long now) {
        SlidingWindow recent = window;
        if (recent == null) {
            throw new IllegalStateException("cannot record: labels are missing");
        }
        long duration = Math.max(0, nanos);
        recent.record(duration, now);
        count.increment();
        sum.add(duration);
    }

    /** The last minute. */
    public WindowView window() {
        SlidingWindow recent = window;
        if (recent == null) {
            throw new IllegalStateException("cannot show a window: labels are missing");
        }
        return recent.view(clock.nanoTime());
    }

    /** Durations recorded since the start. */
    public long count() {
        return count.sum();
    }

    /** Sum of all durations since the start, in nanoseconds. */
    public long sumNanos() {
        return sum.sum();
    }

    @Override
    public Point point(List<Label> labels) {
        WindowView view = window();
        return new MetricSnapshot.Summary(
                labels,
                count(),
                sumNanos() / NANOS,
                List.of(
                        new QuantileValue(0.5, view.p50()),
                        new QuantileValue(0.9, view.p90()),
                        new QuantileValue(0.95, view.p95()),
                        new QuantileValue(0.99, view.p99())));
    }
}
