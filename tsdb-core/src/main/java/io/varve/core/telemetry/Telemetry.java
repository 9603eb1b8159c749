package io.varve.core.telemetry;

import io.varve.core.model.TimeSource;
import io.varve.core.telemetry.MetricSnapshot.MetricType;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.DoubleSupplier;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * The registry of metrics. Asking for a metric that is there returns it; asking for it with another type, or with
 * other label names, is an error at once. Recording allocates nothing and takes no lock; any thread may do anything
 * here.
 *
 * <p>A counter may be named with or without {@code _total}; both name the same one, and the snapshot always ends it
 * so. A metric keeps a bounded number of label combinations; what comes over the bound is recorded with
 * the label value {@code other} and counted in {@code varve_telemetry_label_overflow_total}.
 */
public final class Telemetry {

    /** Label combinations that a metric keeps, unless the registry is made with another bound. */
    public static final int DEFAULT_CHILD_LIMIT = 1_000;

    private final TimeSource clock;
    private final int childLimit;
    private final ConcurrentHashMap<String, Family<?>> families = new ConcurrentHashMap<>();
    /** What {@link #counter}, {@link #gauge} and {@link #latency} returned, so that they return the same again. */
    private final ConcurrentHashMap<String, Object> handles = new ConcurrentHashMap<>();

    private final ConcurrentHashMap<String, Pipeline> pipelines = new ConcurrentHashMap<>();

    private Telemetry(TimeSource clock, int childLimit) {
        this.clock = clock;
        this.childLimit = childLimit;
    }

    /** An empty registry. */
    public static Telemetry create(TimeSource clock) {
        return create(clock, DEFAULT_CHILD_LIMIT);
    }

    /**
     * An empty registry.
     *
     * @param childLimit label combinations that each metric keeps, at least 1
     */
    public static Telemetry create(TimeSource clock, int childLimit) {
        if (childLimit < 1) {
            throw new IllegalArgumentException("child limit at least 1: childLimit=" + childLimit);
        }
        return new Telemetry(clock, childLimit);
    }

    /** The clocks that this registry reads. */
    public TimeSource clock() {
        return clock;
    }

    /** Number of metrics. */
    public int size() {
        return families.size();
    }

    /** A counter of this name, without a help; otherwise as the other. */
    public Counter counter(String name, String... labelNames) {
        return counter(Metric.named(name), labelNames);
    }

    /**
     * A counter; without label names it is recorded into directly, else through {@link Counter#labels}.
     *
     * @throws IllegalArgumentException when a name breaks the rules or the metric is there as something else
     */
    public Counter counter(Metric metric, String... labelNames) {
        Family<Counter> family = family(metric.counter(), MetricType.COUNTER, Counter.class, Counter::new, labelNames);
        return handle(family, Counter.class, Counter::new);
    }

    /** A gauge of this name, without a help; otherwise as the other. */
    public Gauge gauge(String name, String... labelNames) {
        return gauge(Metric.named(name), labelNames);
    }

    /**
     * A gauge; without label names it is set directly, else through {@link Gauge#labels}.
     *
     * @throws IllegalArgumentException when a name breaks the rules or the metric is there as something else
     */
    public Gauge gauge(Metric metric, String... labelNames) {
        Family<Gauge> family = family(metric, MetricType.GAUGE, Gauge.class, Gauge::new, labelNames);
        return handle(family, Gauge.class, Gauge::new);
    }

    /**
     * A gauge that is asked for its value at each snapshot. The same name and labels again replace the supplier.
     *
     * @param supplier called on the thread that takes the snapshot; it should be quick
     * @param labelPairs names and values in turn; the names in the same order for each supplier of a metric
     * @return closing it takes the gauge away, unless another supplier has replaced it
     */
    public Registration gauge(Metric metric, DoubleSupplier supplier, String... labelPairs) {
        return pull(metric, MetricType.GAUGE, supplier, labelPairs);
    }

    /** A counter that is asked for its value at each snapshot; otherwise as the gauge that is. */
    public Registration counter(Metric metric, DoubleSupplier supplier, String... labelPairs) {
        return pull(metric.counter(), MetricType.COUNTER, supplier, labelPairs);
    }

    /**
     * A latency; without label names it is recorded into directly, else through {@link Latency#labels}.
     *
     * @param metric its unit is seconds
     * @throws IllegalArgumentException when it breaks the rules or the metric is there as something else
     */
    public Latency latency(Metric metric, String... labelNames) {
        if (!metric.unit().equals("seconds")) {
            throw new IllegalArgumentException(
                    "unit of a latency is seconds: name=" + metric.name() + ", unit=" + metric.unit());
        }
        Family<Latency> family =
                family(metric, MetricType.SUMMARY, Latency.class, () -> new Latency(clock), labelNames);
        return handle(family, Latency.class, f -> new Latency(clock, f));
    }

    /**
     * The clocks of a pipeline.
     *
     * @param stages two or more names, all different, in the order in which a message passes them
     * @throws IllegalArgumentException when they break that rule, or the pipeline is there with other stages
     */
    public Pipeline pipeline(String name, String... stages) {
        List<String> names = List.of(stages);
        if (names.size() < 2 || new HashSet<>(names).size() != names.size()) {
            throw new IllegalArgumentException(
                    "pipeline has two or more different stages: pipeline=" + name + ", stages=" + names);
        }
        Family<Latency> family = family(
                Metric.of(Pipeline.METRIC, "Time between two stages of a pipeline, percentiles over the last minute"),
                MetricType.SUMMARY,
                Latency.class,
                () -> new Latency(clock),
                "pipeline",
                "from",
                "to");
        Pipeline pipeline = pipelines.computeIfAbsent(name, n -> new Pipeline(n, names, family));
        if (!pipeline.stages().equals(names)) {
            throw new IllegalArgumentException("pipeline is used as it was made: pipeline=" + name + ", made with="
                    + pipeline.stages() + ", used with=" + names);
        }
        return pipeline;
    }

    /** All metrics as they are now, ordered by name; suppliers are called, nothing is locked or reset. */
    public List<MetricSnapshot> snapshot() {
        List<MetricSnapshot> all = new ArrayList<>();
        for (Family<?> family : families.values()) {
            all.add(family.snapshot());
        }
        all.sort(Comparator.comparing(MetricSnapshot::name));
        return List.copyOf(all);
    }

    private <C extends Family.Child> Family<C> family(
            Metric metric, MetricType type, Class<C> childType, Supplier<C> maker, String... labelNames) {
        List<String> labels = MetricNames.labels(metric.name(), labelNames);
        return families.computeIfAbsent(
                        metric.name(),
                        n -> new Family<>(metric, type, childType, labels, childLimit, () -> countOverflow(n), maker))
                .as(type, childType, labels);
    }

    private <C extends Family.Child> C handle(Family<C> family, Class<C> childType, Function<Family<C>, C> withLabels) {
        return childType.cast(handles.computeIfAbsent(
                family.name(), n -> family.labelNames().isEmpty() ? family.child() : withLabels.apply(family)));
    }

    private Registration pull(Metric metric, MetricType type, DoubleSupplier supplier, String... labelPairs) {
        if (labelPairs.length % 2 != 0) {
            throw new IllegalArgumentException(
                    "labels are given in pairs: metric=" + metric.name() + ", labelPairs=" + List.of(labelPairs));
        }
        String[] names = new String[labelPairs.length / 2];
        String[] values = new String[names.length];
        for (int i = 0; i < names.length; i++) {
            names[i] = labelPairs[2 * i];
            values[i] = labelPairs[2 * i + 1];
        }
        PullSource source = new PullSource(supplier, () -> countFailure(metric.name()));
        Family<PullSource> family = family(metric, type, PullSource.class, () -> source, names);
        List<String> key = List.of(values);
        return family.replace(key, source) ? () -> family.remove(key, source) : () -> {};
    }

    private void countOverflow(String metric) {
        String name = "varve_telemetry_label_overflow_total";
        if (!metric.equals(name)) {
            counter(Metric.of(name, "Requests for label values over the bound of a metric"), "metric")
                    .labels(metric)
                    .inc();
        }
    }

    private void countFailure(String metric) {
        counter(
                        Metric.of("varve_telemetry_pull_failures_total", "Values that could not be read at a snapshot"),
                        "metric")
                .labels(metric)
                .inc();
    }

    /** What ends the life of a pull gauge or pull counter. */
    @FunctionalInterface
    public interface Registration extends AutoCloseable {

        /** Takes the metric's point away; again has no effect. */
        @Override
        void close();
    }
}
