package io.varve.core.telemetry;

import io.varve.core.telemetry.MetricSnapshot.Label;
import io.varve.core.telemetry.MetricSnapshot.Point;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * A number that goes up and down, 0 at first. Lock-free, any thread; no {@link #add} is lost. Of a metric with labels,
 * keep the child that {@link #labels} returns in a field.
 */
public final class Gauge implements Family.Child {

    private final @Nullable Family<Gauge> family;
    private final AtomicLong bits = new AtomicLong(Double.doubleToRawLongBits(0));

    /** A child, or the whole of a metric without labels. */
    Gauge() {
        this.family = null;
    }

    /** A metric with labels, which itself holds nothing. */
    Gauge(Family<Gauge> family) {
        this.family = family;
    }

    /**
     * The gauge of these label values; over the registry's bound of children that of {@code other}.
     *
     * @throws IllegalArgumentException unless there is one value for each label name
     */
    public Gauge labels(String... values) {
        if (family == null) {
            throw new IllegalStateException("cannot give labels: the gauge has none, or they are given already");
        }
        return family.child(values);
    }

    /** Takes a value. */
    public void set(double value) {
        requireLabels();
        bits.set(Double.doubleToRawLongBits(value));
    }

    /** Adds a value, which may be negative. */
    public void add(double amount) {
        requireLabels();
        long before;
        long after;
        do {
            before = bits.get();
            after = Double.doubleToRawLongBits(Double.longBitsToDouble(before) + amount);
        } while (!bits.compareAndSet(before, after));
    }

    /** The present value. */
    public double get() {
        return Double.longBitsToDouble(bits.get());
    }

    private void requireLabels() {
        if (family != null) {
            throw new IllegalStateException("cannot set: labels are missing: metric=" + family.name());
        }
    }

    @Override
    public Point point(List<Label> labels) {
        return new MetricSnapshot.Value(labels, get());
    }
}
