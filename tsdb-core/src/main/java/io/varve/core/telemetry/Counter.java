package io.varve.core.telemetry;

import io.varve.core.telemetry.MetricSnapshot.Label;
import io.varve.core.telemetry.MetricSnapshot.Point;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * A number that only grows. Lock-free, any thread; nothing recorded is ever lost. Of a metric with labels, keep the
 * child that {@link #labels} returns in a field: looking it up costs a map access, {@link #inc} does not.
 */
public final class Counter implements Family.Child {

    private final @Nullable Family<Counter> family;
    private final LongAdder value = new LongAdder();

    /** A child, or the whole of a metric without labels. */
    Counter() {
        this.family = null;
    }

    /** A metric with labels, which itself counts nothing. */
    Counter(Family<Counter> family) {
        this.family = family;
    }

    /**
     * The counter of these label values; over the registry's bound of children that of {@code other}.
     *
     * @throws IllegalArgumentException unless there is one value for each label name
     */
    public Counter labels(String... values) {
        if (family == null) {
            throw new IllegalStateException("cannot give labels: the counter has none, or they are given already");
        }
        return family.child(values);
    }

    /** Adds one. */
    public void inc() {
        add(1);
    }

    /**
     * Adds to the counter.
     *
     * @param amount zero or more
     * @throws IllegalArgumentException when it is negative
     * @throws IllegalStateException when the metric has labels and none were given
     */
    public void add(long amount) {
        if (amount < 0) {
            throw new IllegalArgumentException("counter only grows: amount=" + amount);
        }
        if (family != null) {
            throw new IllegalStateException("cannot count: labels are missing: metric=" + family.name());
        }
        value.add(amount);
    }

    /** What was counted so far; exact when no thread is adding. */
    public long get() {
        return value.sum();
    }

    @Override
    public Point point(List<Label> labels) {
        return new MetricSnapshot.Value(labels, value.sum());
    }
}
