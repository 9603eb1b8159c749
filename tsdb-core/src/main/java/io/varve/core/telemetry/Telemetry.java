package io.varve.core.telemetry;

import io.varve.core.model.TimeSource;
import io.varve.core.storage.Writable;
import io.varve.core.telemetry.MetricSnapshot.MetricType;
import io.varve.core.telemetry.export.TelemetryExport;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import java.util.function.DoubleSupplier;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The registry of metrics. Asking for a metric that is there returns it; asking for it with another type, or with
 * other label names, is an error at once. Recording allocates nothing and takes no lock; any thread may do anything
 * here.
 *
 * <p>A counter may be named with or without {@code _total}; both name the same one, and the snapshot always ends it
 * so. A metric keeps a bounded number of label combinations; what comes over the bound is recorded with
 * the label value {@code other} and counted in {@code varve_telemetry_label_overflow_total}.
 */
public final class Telemetry implements AutoCloseable {

    /** Name of the gauge of what stages of messages cost, measured by themselves. */
    public static final String COST = "varve_telemetry_cost_ratio";

    private static final String OVERFLOW = "varve_telemetry_metric_overflow_total";
    private static final String LABEL_OVERFLOW = "varve_telemetry_label_overflow_total";
    private static final String PULL_FAILURES = "varve_telemetry_pull_failures_total";

    /** Metrics of the kit itself, which tell of what is over a bound. */
    private static final Set<String> OWN = Set.of(OVERFLOW, LABEL_OVERFLOW, PULL_FAILURES);

    private final TelemetryConfig config;
    private final ConcurrentHashMap<String, Family<?>> families = new ConcurrentHashMap<>();

    /** What {@link #counter}, {@link #gauge} and {@link #latency} returned, so that they return the same again. */
    private final ConcurrentHashMap<String, Object> handles = new ConcurrentHashMap<>();

    /** What takes metrics over the bound, by shape. */
    private final ConcurrentHashMap<String, Family<?>> unseen = new ConcurrentHashMap<>();

    private final ConcurrentHashMap<String, Pipeline> pipelines = new ConcurrentHashMap<>();
    private final ConcurrentLinkedQueue<Distribution> ticked = new ConcurrentLinkedQueue<>();
    private final AtomicReference<@Nullable RawLatencies> latencies = new AtomicReference<>();
    private final AtomicBoolean inTick = new AtomicBoolean();
    private final AtomicBoolean ticksItself = new AtomicBoolean();
    private final LongAdder metricsOverLimit = new LongAdder();
    private final SamplingController controller;
    private final long stepNanos;
    private final long begun;
    private volatile long due;
    private volatile boolean closed;

    private Telemetry(TelemetryConfig config) {
        this.config = config;
        controller = new SamplingController(config);
        stepNanos = config.windowStep().toNanos();
        due = config.clock().nanoTime() + stepNanos;
        begun = config.clock().epochNanos();
    }

    /** An empty registry. */
    public static Telemetry create(TelemetryConfig config) {
        return new Telemetry(config);
    }

    /** An empty registry on clocks of the caller's choice. */
    public static Telemetry create(TimeSource clock) {
        return create(TelemetryConfig.defaults().clock(clock));
    }

    /** How this registry keeps what it is told. */
    public TelemetryConfig config() {
        return config;
    }

    /** The clocks that this registry reads. */
    public TimeSource clock() {
        return config.clock();
    }

    /** When it was made, in nanoseconds since 1970: nothing that it counts began before. */
    public long begun() {
        return begun;
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
     * A latency; without label names it is recorded into directly, else through {@link Distribution#labels}.
     *
     * @param metric its unit is seconds
     * @throws IllegalArgumentException when it breaks the rules or the metric is there as something else
     */
    public Distribution latency(Metric metric, String... labelNames) {
        if (!metric.unit().equals("seconds")) {
            throw new IllegalArgumentException(
                    "unit of a latency is seconds: name=" + metric.name() + ", unit=" + metric.unit());
        }
        return distribution(metric, labelNames);
    }

    /**
     * How values are distributed; without label names they are recorded directly, else through
     * {@link Distribution#labels}. Values of a metric whose unit is seconds are recorded in nanoseconds.
     *
     * @throws IllegalArgumentException when it breaks the rules or the metric is there as something else
     */
    public Distribution distribution(Metric metric, String... labelNames) {
        Family<Distribution> family = distributions(metric, labelNames);
        return handle(family, Distribution.class, f -> Distribution.parent(this, f));
    }

    private Family<Distribution> distributions(Metric metric, String... labelNames) {
        return family(
                metric,
                MetricType.DISTRIBUTION,
                Distribution.class,
                () -> Distribution.child(this, metric),
                labelNames);
    }

    /**
     * The clocks of a pipeline.
     *
     * @param stages two to {@link Pipeline#MAX_STAGES} names, all different, in the order in which a message passes
     * them
     * @throws IllegalArgumentException when they break that rule, or the pipeline is there with other stages
     */
    public Pipeline pipeline(String name, String... stages) {
        List<String> names = List.of(stages);
        if (names.size() < 2 || names.size() > Pipeline.MAX_STAGES || new HashSet<>(names).size() != names.size()) {
            throw new IllegalArgumentException("pipeline has two to " + Pipeline.MAX_STAGES
                    + " different stages: pipeline=" + name + ", stages=" + names);
        }
        Family<Distribution> family = distributions(
                Metric.of(Pipeline.METRIC, "Time between two stages of a pipeline, percentiles over the last minute"),
                "pipeline",
                "from",
                "to");
        Pipeline pipeline = pipelines.computeIfAbsent(name, n -> {
            Pipeline made = new Pipeline(n, names, this, family);
            controller.add(made);
            return made;
        });
        if (!pipeline.stages().equals(names)) {
            throw new IllegalArgumentException("pipeline is used as it was made: pipeline=" + name + ", made with="
                    + pipeline.stages() + ", used with=" + names);
        }
        return pipeline;
    }

    // ---- sampling

    /** Which messages of pipelines are recorded. */
    public Sampling sampling() {
        return controller.sampling();
    }

    /** Records other messages of all pipelines, from the next that starts on. */
    public void sampling(Sampling value) {
        controller.sampling(value);
    }

    /**
     * Gives each message that was kept to an exporter, once: slow and failed ones at once, ordinary ones when their
     * minute is over, or this registry closed. Ask every second or two: what newer ones have replaced is gone.
     */
    public void drainKept(Consumer<KeptMessage> exporter) {
        for (Pipeline pipeline : pipelines.values()) {
            pipeline.keptMessages().drain(closed).forEach(exporter);
        }
    }

    /** Shows what the stage clocks cost. */
    void followCost() {
        gauge(
                Metric.of(COST, "Share of the processor time of the process that stages of messages cost"),
                controller::costRatio);
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

    /** Shows all metrics as they are now to a reader, in no order; suppliers are called, nothing is locked or reset. */
    public void read(MetricReader reader) {
        families.values().forEach(family -> family.read(reader));
    }

    /**
     * Writes all metrics into a store, now and then once a period, until the export is closed.
     *
     * @param store any that can be written, of any resolution
     * @param period at least a millisecond
     */
    public TelemetryExport exportTo(Writable store, Duration period) {
        return TelemetryExport.of(this, store, period).start();
    }

    /**
     * Writes each latency of the messages that pipelines record into a store, too, once a period, until the export is
     * closed: the series {@code varve_stage_latency_seconds}. One such export at a time.
     *
     * @param store of nanoseconds
     * @param period at least a millisecond; what comes meanwhile waits in a ring of {@value RawLatencies#MESSAGES}
     *     messages (5 MB), what comes over that is dropped and counted in {@value RawLatencies#DROPPED}
     * @throws IllegalStateException if there is such an export
     */
    public TelemetryExport exportLatenciesTo(Writable store, Duration period) {
        RawLatencies ring = new RawLatencies(RawLatencies.MESSAGES);
        TelemetryExport export =
                TelemetryExport.ofLatencies(this, ring, store, period, () -> latencies.compareAndSet(ring, null));
        if (!latencies.compareAndSet(null, ring)) {
            throw new IllegalStateException("raw latencies go to one store: close the export before");
        }
        counter(
                Metric.of(RawLatencies.DROPPED, "Messages whose latencies found no room on their way to a store"),
                ring::dropped);
        return export.start();
    }

    /** A message that is recorded has ended; {@code last} is the last stage that it came to. */
    void ended(Pipeline pipeline, long[] stamps, int last) {
        RawLatencies ring = latencies.get();
        if (ring != null) {
            ring.offer(pipeline, stamps, last);
        }
    }

    // ---- windows

    SlidingWindow newWindow() {
        return new SlidingWindow(stepNanos, config.windowRetention().toNanos(), clock().nanoTime());
    }

    /** A distribution has its first value. */
    void ticks(Distribution distribution) {
        ticked.add(distribution);
        if (config.ticking() && ticksItself.compareAndSet(false, true)) {
            Ticker.add(this);
        }
    }

    long stepNanos() {
        return stepNanos;
    }

    boolean isClosed() {
        return closed;
    }

    /** Ends a step of all windows, whether it is due or not; for registries that do not tick by themselves. */
    public void tick() {
        tick(true);
    }

    /** Ends a step if one is due and nobody does already; answers the monotonic clock. */
    long tickIfDue() {
        return tick(false);
    }

    private long tick(boolean always) {
        long now = clock().nanoTime();
        if ((always || isDue(now)) && inTick.compareAndSet(false, true)) {
            try {
                if (always || isDue(now)) {
                    ticked.forEach(distribution -> distribution.tick(now));
                    due = now - due >= 0 ? Math.max(due + stepNanos, now + stepNanos / 2) : now + stepNanos;
                    controller.tick(now);
                }
            } finally {
                inTick.set(false);
            }
        }
        return now;
    }

    /** A step has passed, or the clock went back. */
    private boolean isDue(long now) {
        return now - due >= 0 || due - now > 2 * stepNanos;
    }

    /** Bytes of memory that metrics take: label sets, distributions, and what pipelines count and keep. */
    public long bytes() {
        long bytes = 0;
        for (Family<?> family : families.values()) {
            bytes += family.labelBytes();
        }
        for (Distribution distribution : ticked) {
            bytes += distribution.bytes();
        }
        for (Pipeline pipeline : pipelines.values()) {
            bytes += pipeline.bytes();
        }
        return bytes;
    }

    /** Requests for metrics over the bound: they record into nothing. */
    public long metricsOverLimit() {
        return metricsOverLimit.sum();
    }

    /** No step of a window ends by itself any more. */
    @Override
    public void close() {
        closed = true;
    }

    private <C extends Family.Child> Family<C> family(
            Metric metric, MetricType type, Class<C> childType, Supplier<C> maker, String... labelNames) {
        List<String> labels = MetricNames.labels(metric.name(), labelNames);
        Family<?> family = families.get(metric.name());
        if (family == null) {
            Family<C> fresh = new Family<>(
                    metric, type, childType, labels, config.labelSets(), () -> countOverflow(metric.name()), maker);
            if (families.size() >= config.metrics() && !OWN.contains(metric.name())) {
                return overLimit(fresh).as(type, childType, labels);
            }
            Family<?> witness = families.putIfAbsent(metric.name(), fresh);
            family = witness == null ? fresh : witness;
        }
        return family.as(type, childType, labels);
    }

    /** One metric more than the bound is recorded into with all others of its shape, and shown to nobody. */
    private Family<?> overLimit(Family<?> metric) {
        if (metricsOverLimit.sum() == 0) {
            counter(Metric.of(OVERFLOW, "Requests for metrics over the bound of a registry"), metricsOverLimit::sum);
        }
        metricsOverLimit.increment();
        return unseen.computeIfAbsent(metric.shape(), shape -> metric);
    }

    private <C extends Family.Child> C handle(Family<C> family, Class<C> childType, Function<Family<C>, C> withLabels) {
        if (families.get(family.name()) != family) {
            return family.labelNames().isEmpty() ? family.child() : withLabels.apply(family);
        }
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
        return family.replace(source, values) ? () -> family.remove(source, values) : () -> {};
    }

    private void countOverflow(String metric) {
        if (!metric.equals(LABEL_OVERFLOW)) {
            counter(Metric.of(LABEL_OVERFLOW, "Requests for label values over the bound of a metric"), "metric")
                    .labels(metric)
                    .inc();
        }
    }

    private void countFailure(String metric) {
        counter(Metric.of(PULL_FAILURES, "Values that could not be read at a snapshot"), "metric")
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
