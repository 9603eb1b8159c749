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
 * <p>Names are those of Prometheus: {@code [a-zA-Z_:][a-zA-Z0-9_:]*}. A counter may be named with or without
 * {@code _total}; both name the same one, and the snapshot always ends it so. A latency's name ends in
 * {@code _seconds}. A metric keeps a bounded number of label combinations; what comes over the bound is recorded with
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

    /**
     * A counter; without label names it is recorded into directly, else through {@link Counter#labels}.
     *
     * @throws IllegalArgumentException when a name breaks the rules or the metric is there as something else
     */
    public Counter counter(String name, String help, String... labelNames) {
        Family<Counter> family =
                family(MetricNames.counter(name), help, MetricType.COUNTER, Counter.class, Counter::new, labelNames);
        return handle(family, Counter.class, Counter::new);
    }

    /**
     * A gauge; without label names it is set directly, else through {@link Gauge#labels}.
     *
     * @throws IllegalArgumentException when a name breaks the rules or the metric is there as something else
     */
    public Gauge gauge(String name, String help, String... labelNames) {
        Family<Gauge> family =
                family(MetricNames.metric(name), help, MetricType.GAUGE, Gauge.class, Gauge::new, labelNames);
        return handle(family, Gauge.class, Gauge::new);
    }

    /**
     * A gauge that is asked for its value at each snapshot. The same name and labels again replace the supplier.
     *
     * @param supplier called on the thread that takes the snapshot; it should be quick
     * @param labelPairs names and values in turn; the names in the same order for each supplier of a metric
     * @return closing it takes the gauge away, unless another supplier has replaced it
     */
    public Registration gauge(String name, String help, DoubleSupplier supplier, String... labelPairs) {
        return pull(MetricNames.metric(name), help, MetricType.GAUGE, supplier, labelPairs);
    }

    /** A counter that is asked for its value at each snapshot; otherwise as the gauge that is. */
    public Registration counter(String name, String help, DoubleSupplier supplier, String... labelPairs) {
        return pull(MetricNames.counter(name), help, MetricType.COUNTER, supplier, labelPairs);
    }

    /**
     * A latency; without label names it is recorded into directly, else through {@link Latency#labels}.
     *
     * @param name ends in {@code _seconds}
     * @throws IllegalArgumentException when a name breaks the rules or the metric is there as something else
     */
    public Latency latency(String name, String help, String... labelNames) {
        Family<Latency> family = family(
                MetricNames.latency(name),
                help,
                MetricType.SUMMARY,
                Latency.class,
                () -> new Latency(clock),
                labelNames);
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
                Pipeline.METRIC,
                "Time between two stages of a pipeline, percentiles over the last minute",
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
            String name, String help, MetricType type, Class<C> childType, Supplier<C> maker, String... labelNames) {
        List<String> labels = MetricNames.labels(name, labelNames);
        return families.computeIfAbsent(
                        name,
                        n -> new Family<>(n, help, type, childType, labels, childLimit, () -> countOverflow(n), maker))
                .as(type, childType, labels);
    }

    private <C extends Family.Child> C handle(Family<C> family, Class<C> childType, Function<Family<C>, C> withLabels) {
        return childType.cast(handles.computeIfAbsent(
                family.name(), n -> family.labelNames().isEmpty() ? family.child() : withLabels.apply(family)));
    }

    private Registration pull(
            String name, String help, MetricType type, DoubleSupplier supplier, String... labelPairs) {
        if (labelPairs.length % 2 != 0) {
            throw new IllegalArgumentException(
                    "labels are given in pairs: metric=" + name + ", labelPairs=" + List.of(labelPairs));
        }
        String[] names = new String[labelPairs.length / 2];
        String[] values = new String[names.length];
        for (int i = 0; i < names.length; i++) {
            names[i] = labelPairs[2 * i];
            values[i] = labelPairs[2 * i + 1];
        }
        PullSource source = new PullSource(supplier, () -> countFailure(name));
        Family<PullSource> family = family(name, help, type, PullSource.class, () -> source, names);
        List<String> key = List.of(values);
        return family.replace(key, source) ? () -> family.remove(key, source) : () -> {};
    }

    private void countOverflow(String metric) {
        String name = "varve_telemetry_label_overflow_total";
        if (!metric.equals(name)) {
            counter(name, "Requests for label values over the bound of a metric", "metric")
                    .labels(metric)
                    .inc();
        }
    }

    private void countFailure(String metric) {
        counter("varve_telemetry_pull_failures_total", "Values that could not be read at a snapshot", "metric")
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
