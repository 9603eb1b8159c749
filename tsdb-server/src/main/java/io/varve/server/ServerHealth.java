package io.varve.server;

import com.sun.management.UnixOperatingSystemMXBean;
import io.varve.core.Tsdb;
import io.varve.core.TsdbLimit;
import io.varve.core.TsdbRuntime;
import io.varve.core.model.TimeSource;
import io.varve.core.telemetry.Metric;
import io.varve.core.telemetry.Telemetry;
import io.varve.core.telemetry.Telemetry.Registration;
import io.varve.server.config.LimitsConfig;
import io.varve.server.config.ServerConfig;
import io.varve.server.health.DiskSpace;
import io.varve.server.health.Health;
import io.varve.server.health.LabelSets;
import io.varve.server.health.Limits;
import io.varve.server.health.RequestPeaks.Kind;
import io.varve.server.http.HttpServer;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;
import java.util.ArrayList;
import java.util.List;
import java.util.function.DoubleSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Declares the limits of the server, each once with its use, and its health; watches both. A limit of a configuration
 * key below {@code limits} bears the key's name. Any thread, but {@link #look} by one.
 */
final class ServerHealth implements AutoCloseable {

    private final TimeSource clock;
    private final Telemetry telemetry;
    private final ServerUse use;
    private final Limits limits;
    private final Health health;
    private final LabelSets labelSets;
    private final List<Registration> gauges = new ArrayList<>();

    /**
     * Begins to tell.
     *
     * @param config as it is at the moment of asking
     * @param store the users' store
     * @param self the store of own metrics, or null
     * @param tenants the tenants beside the default one
     */
    ServerHealth(
            TsdbRuntime runtime,
            ServerUse use,
            Supplier<ServerConfig> config,
            HttpServer http,
            Tsdb store,
            @Nullable Tsdb self,
            TenantService tenants) {
        this.clock = runtime.clock();
        this.telemetry = runtime.telemetry();
        this.use = use;
        this.labelSets = new LabelSets(telemetry);
        DiskSpace disk = DiskSpace.of(config.get().data());
        this.health = Health.of(
                clock, store::health, self == null ? null : self::health, tenants::health, tenants::failures, disk);
        this.limits = new Limits(telemetry);
        limits.add(store.limits());
        if (self != null) {
            limits.add(self.limits().stream()
                    .map(of -> new TsdbLimit("self_" + of.name(), of.lasting(), of.most(), of.used()))
                    .toList());
        }
        limits.add("disk", true, 1, disk::usedRatio);
        ofRequests(config);
        ofProcess(http);
        pools(http);
        health.observe(telemetry);
    }

    /** What single requests and all of them together may cost. */
    private void ofRequests(Supplier<ServerConfig> config) {
        Supplier<LimitsConfig> now = () -> config.get().limits();
        peak("body_bytes", Kind.BODY_BYTES, () -> now.get().bodyBytes());
        peak("decompressed_bytes", Kind.DECOMPRESSED_BYTES, () -> now.get().decompressedBytes());
        peak("import_bytes", Kind.IMPORT_BYTES, () -> now.get().importBytes());
        peak("line_bytes", Kind.LINE_BYTES, () -> now.get().lineBytes());
        peak("labels_per_series", Kind.LABELS_PER_SERIES, () -> now.get().labelsPerSeries());
        peak("label_name_bytes", Kind.LABEL_NAME_BYTES, () -> now.get().labelNameBytes());
        peak("label_value_bytes", Kind.LABEL_VALUE_BYTES, () -> now.get().labelValueBytes());
        peak("histogram_buckets", Kind.HISTOGRAM_BUCKETS, () -> now.get().histogramBuckets());
        peak("histograms_per_request", Kind.HISTOGRAMS_PER_REQUEST, () -> now.get()
                .histogramsPerRequest());
        peak("query_samples", Kind.QUERY_SAMPLES, () -> now.get().querySamples());
        peak("query_points", Kind.QUERY_POINTS, () -> now.get().queryPoints());
        peak("query_bytes", Kind.QUERY_BYTES, () -> now.get().queryBytes());
        limits.add(
                "queries_bytes",
                false,
                1,
                () -> Math.min(1, use.memory().used() / (double) use.memory().most()));
        peak("query_timeout", Kind.QUERY_NANOS, () ->
                (double) now.get().queryTimeout().toNanos());
        limits.add("query_concurrency", false, now.get().queryConcurrency(), use.queries()::inside);
        limits.add("write_concurrency", false, now.get().writeConcurrency(), use.writes()::inside);
    }

    /** A limit of single requests; what was over it counts as having reached it. */
    private void peak(String name, Kind kind, DoubleSupplier most) {
        limits.add(name, false, 1, () -> Math.min(1, use.peaks().get(kind) / most.getAsDouble()));
    }

    private void ofProcess(HttpServer http) {
        limits.add("idle_timeout", false, (double) http.settings().idleTimeout().toMillis(), http::longestSilence);
        limits.add("http_threads", false, http.settings().threads(), http::busyThreads);
        limits.add("metadata_names", true, ServerUse.METADATA_NAMES, use.metadata()::size);
        limits.add("telemetry_label_sets", true, telemetry.config().labelSets(), labelSets::most);
        Runtime jvm = Runtime.getRuntime();
        limits.add("heap", false, (double) jvm.maxMemory(), () -> jvm.totalMemory() - jvm.freeMemory());
        if (ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean system
                && system.getMaxFileDescriptorCount() > 0) {
            limits.add(
                    "open_files",
                    true,
                    (double) system.getMaxFileDescriptorCount(),
                    system::getOpenFileDescriptorCount);
        }
    }

    private void pools(HttpServer http) {
        gauge("varve_http_connections", "Connections that are open", http::connections);
        String threads = "Threads of the HTTP server, by what they do";
        gauge("varve_http_threads", threads, http::busyThreads, "state", "busy");
        gauge("varve_http_threads", threads, http::idleThreads, "state", "idle");
        gauge("varve_http_queued", "Work of the HTTP server that waits for a thread", http::queued);
        gauge("varve_jvm_threads", "Threads of the process", ManagementFactory.getThreadMXBean()::getThreadCount);
        MemoryMXBean memory = ManagementFactory.getMemoryMXBean();
        String areas = "Memory of the JVM that is in use, by area";
        gauge("varve_jvm_memory_bytes", areas, () -> memory.getHeapMemoryUsage().getUsed(), "area", "heap");
        gauge(
                "varve_jvm_memory_bytes",
                areas,
                () -> memory.getNonHeapMemoryUsage().getUsed(),
                "area",
                "nonheap");
    }

    private void gauge(String name, String help, DoubleSupplier value, String... labels) {
        gauges.add(telemetry.gauge(Metric.of(name, help), value, labels));
    }

    /** Looks at health and use; to be called about once a second, by one thread. */
    void look() {
        long now = clock.nanoTime();
        labelSets.look(now);
        limits.look(now);
        health.components();
    }

    /** The state of each part. */
    Health health() {
        return health;
    }

    /** Every limit in force. */
    Limits limits() {
        return limits;
    }

    /** Takes the metrics away, before what they ask is closed. */
    @Override
    public void close() {
        health.close();
        limits.close();
        gauges.forEach(Registration::close);
    }
}
