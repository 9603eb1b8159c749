package io.varve.core.telemetry;

import io.varve.core.model.Exemplar;
import io.varve.core.sketch.ConcurrentHistogram;
import io.varve.core.sketch.SparseHistogram;
import io.varve.core.telemetry.MetricSnapshot.Label;
import io.varve.core.telemetry.MetricSnapshot.Point;
import io.varve.core.telemetry.MetricSnapshot.QuantileValue;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * How values are distributed: an exponential histogram since the start, and percentiles over windows of the recent
 * past. Durations are recorded in nanoseconds and shown in seconds; other values are shown as they are recorded.
 * Lock-free, any thread, nothing allocated for a record, and nothing at all before the first. Of a metric with labels,
 * keep the child that {@link #labels} returns in a field.
 */
public final class Distribution implements Family.Child {

    private static final Duration SUMMARY = Duration.ofMinutes(1);
    private static final double NANOS = 1e-9;

    private final Telemetry telemetry;
    private final @Nullable Family<Distribution> family;
    private final double unit;
    private final LongAdder failed = new LongAdder();
    private volatile @Nullable Body body;
    private volatile Supplier<List<Exemplar>> exemplars = List::of;

    /** What is there from the first record on. */
    private static final class Body implements SlidingWindow.Total {

        final ConcurrentHistogram histogram = new ConcurrentHistogram(Window.SCHEMA);
        final SlidingWindow window;
        final LongAdder failures;
        long fingerprint;
        long failedBefore;

        Body(SlidingWindow window, LongAdder failures) {
            this.window = window;
            this.failures = failures;
        }

        @Override
        public SparseHistogram values() {
            return histogram.freeze();
        }

        @Override
        public long failed() {
            return failures.sum();
        }

        void tick(long now) {
            long print = histogram.fingerprint();
            long failed = failures.sum();
            if (print != fingerprint || failed != failedBefore) {
                fingerprint = print;
                failedBefore = failed;
                window.tick(now, histogram.drain(), failed);
            } else {
                window.tick(now, null, failed);
            }
        }
    }

    private Distribution(Telemetry telemetry, @Nullable Family<Distribution> family, double unit) {
        this.telemetry = telemetry;
        this.family = family;
        this.unit = unit;
    }

    /** A child, or the whole of a metric without labels. */
    static Distribution child(Telemetry telemetry, Metric metric) {
        return new Distribution(telemetry, null, metric.unit().equals("seconds") ? NANOS : 1);
    }

    /** A metric with labels, which itself records nothing. */
    static Distribution parent(Telemetry telemetry, Family<Distribution> family) {
        return new Distribution(telemetry, family, 1);
    }

    /**
     * The distribution of these label values; over the registry's bound of children that of {@code other}.
     *
     * @throws IllegalArgumentException unless there is one value for each label name
     */
    public Distribution labels(String... values) {
        if (family == null) {
            throw new IllegalStateException("cannot give labels: the distribution has none, or they are given already");
        }
        return family.child(values);
    }

    /**
     * Records one value.
     *
     * @param value nanoseconds of a duration, or a whole number; below zero counts as zero
     */
    public void record(long value) {
        record(value, 1);
    }

    /**
     * Records one value for several.
     *
     * @param value nanoseconds of a duration, or a whole number; below zero counts as zero
     * @param weight how many it stands for, 1 or more
     */
    public void record(long value, long weight) {
        Body there = body;
        (there == null ? begin() : there).histogram.record(value, weight);
    }

    /** As {@link #record(long)}, of something that failed: it counts in {@link WindowView#errorRate}. */
    public void recordFailure(long value) {
        failed.increment();
        record(value, 1);
    }

    /** Some of the values with their story, newest first, are asked for at each snapshot. */
    void exemplars(Supplier<List<Exemplar>> some) {
        exemplars = some;
    }

    /** Counts failures whose values are not recorded, or are apart. */
    void countFailure() {
        failed.increment();
    }

    private synchronized Body begin() {
        Body there = body;
        if (there == null) {
            if (family != null) {
                throw new IllegalStateException("cannot record: labels are missing: metric=" + family.name());
            }
            there = new Body(telemetry.newWindow(), failed);
            body = there;
            telemetry.ticks(this);
        }
        return there;
    }

    /** A step of time has ended; one thread at a time. */
    void tick(long now) {
        Body there = body;
        if (there != null) {
            there.tick(now);
        }
    }

    /**
     * The recent past, shown.
     *
     * @param length up to the registry's {@link TelemetryConfig#windowRetention}
     */
    public WindowView window(Duration length) {
        return recent(length).view();
    }

    /** The recent past, to be merged with that of others. */
    public Window recent(Duration length) {
        return recent(length, 0);
    }

    Window recent(Duration length, long inFlight) {
        if (family != null) {
            throw new IllegalStateException("cannot show a window: labels are missing: metric=" + family.name());
        }
        long now = telemetry.tickIfDue();
        Body there = body;
        return there == null
                ? new Window(List.of(), failed.sum(), inFlight, 1, unit)
                : there.window.window(length.toNanos(), now, there, inFlight, unit);
    }

    /** Everything since the start, in the unit that is recorded in. */
    public SparseHistogram total() {
        Body there = body;
        return there == null ? SparseHistogram.empty(Window.SCHEMA) : there.values();
    }

    /** Values recorded since the start. */
    public long count() {
        return total().count();
    }

    /** Sum of all values since the start, in the unit that is recorded in. */
    public double sum() {
        return total().sum();
    }

    /** What failed since the start. */
    public long failures() {
        return failed.sum();
    }

    /** Bytes of memory. */
    long bytes() {
        Body there = body;
        return 64 + (there == null ? 0 : there.histogram.bytes() + there.window.bytes());
    }

    @Override
    public Point point(List<Label> labels) {
        Window recent = recent(SUMMARY);
        WindowView view = recent.view();
        return new MetricSnapshot.Distributed(
                labels,
                total(),
                unit,
                List.of(
                        new QuantileValue(0.5, view.p50()),
                        new QuantileValue(0.9, view.p90()),
                        new QuantileValue(0.95, view.p95()),
                        new QuantileValue(0.99, view.p99())),
                exemplars.get());
    }

    /** What one of the unit that is recorded in is in the metric's unit: 1e-9 for nanoseconds. */
    public double unit() {
        return unit;
    }

    /** A number that differs whenever something was recorded: cheaper than {@link #total}. */
    public long fingerprint() {
        Body there = body;
        return there == null ? 0 : there.histogram.fingerprint();
    }

    @Override
    public void read(MetricSeries series, MetricReader reader) {
        reader.distribution(series, this);
    }
}
