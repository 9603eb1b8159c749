package io.varve.server.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.varve.core.Tsdb;
import io.varve.core.TsdbConfig;
import io.varve.core.model.Exemplar;
import io.varve.core.model.Histogram;
import io.varve.core.model.Labels;
import io.varve.core.model.Matcher;
import io.varve.core.model.SampleKind;
import io.varve.core.model.TimeRange;
import io.varve.core.storage.ColumnCursor;
import io.varve.core.storage.Querier;
import io.varve.core.storage.SeriesSet;
import io.varve.core.telemetry.Metric;
import io.varve.core.telemetry.Pipeline;
import io.varve.core.telemetry.Telemetry;
import io.varve.core.telemetry.TelemetryConfig;
import io.varve.server.api.MetricsServer;
import java.io.File;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A real Prometheus scrapes native histograms with exemplars and writes them to Varve by remote write; then its target
 * goes away, and it sends stale markers of both kinds.
 */
@Tag("peer")
@Timeout(300)
class RemoteWriteHistogramPeerIT {

    private static final int OBSERVATIONS = 5_000;
    private static final String JOB = "{job=\"kit\"}";
    private static final String EVENTS = "peer_events_total";

    @TempDir
    private Path directory;

    private final Telemetry telemetry = Telemetry.create(TelemetryConfig.defaults());

    @Test
    void histogramsExemplarsMetadataAndStaleMarkers() throws IOException, InterruptedException {
        Path program = PeerProgram.require("prometheus");
        telemetry.counter(Metric.of(EVENTS, "A float beside the histogram")).add(3);
        Pipeline pipeline = telemetry.pipeline("pp", "enqueued", "done");
        long nanos = 0;
        for (int i = 1; i <= OBSERVATIONS; i++) {
            pipeline.record(0, i * 1_000L);
            nanos += i * 1_000L;
        }
        long now = telemetry.clock().epochNanos();
        Exemplar exemplar = new Exemplar(Labels.of("trace_id", "t1"), now - 1_000_000_000L, 0.002);
        MetricsServer target = new MetricsServer(telemetry, Map.of(Pipeline.METRIC, List.of(exemplar)));
        try (ServerProcess varve = ServerProcess.server(directory.resolve("varve"))) {
            Process prometheus = prometheus(program, target.port(), varve.url());
            try {
                awaitAnswer(varve, "count(up" + JOB + " == 1)", false);
                awaitExemplar(varve, now / 1_000_000_000L);
                awaitMetadata(varve);
                awaitAnswer(varve, EVENTS + " == 3", false);
                target.close();
                awaitAnswer(varve, "count_over_time((up" + JOB + " == 0)[1m:1s]) > 3", false);
                awaitAnswer(varve, EVENTS, true);
                awaitAnswer(varve, Pipeline.METRIC, true);
                assertThat(varve.get("/metrics").body()).doesNotContain("varve_write_refused_total{");
            } finally {
                prometheus.destroyForcibly().waitFor();
                target.close();
            }
        }
        assertHistograms(nanos * 1e-9);
    }

    private static String now() {
        return String.format(Locale.ROOT, "%.3f", System.currentTimeMillis() / 1e3);
    }

    private Process prometheus(Path program, int target, String varve) throws IOException {
        int port;
        try (ServerSocket socket = new ServerSocket(0)) {
            port = socket.getLocalPort();
        }
        Path config = directory.resolve("prometheus.yml");
        Files.writeString(
                config,
                """
                global:
                  scrape_interval: 1s
                scrape_configs:
                  - job_name: kit
                    static_configs: [{targets: ["127.0.0.1:%d"]}]
                remote_write:
                  - url: %s/api/v1/write
                    send_exemplars: true
                    send_native_histograms: true
                    queue_config: {batch_send_deadline: 500ms, max_shards: 1}
                    metadata_config: {send_interval: 1s}
                """
                        .formatted(target, varve));
        return new ProcessBuilder(
                        program.toString(),
                        "--config.file=" + config,
                        "--storage.tsdb.path=" + directory.resolve("prometheus"),
                        "--web.listen-address=127.0.0.1:" + port,
                        "--enable-feature=native-histograms,exemplar-storage",
                        "--log.level=warn")
                .redirectErrorStream(true)
                .redirectOutput(new File(directory.toFile(), "prometheus.log"))
                .start();
    }

    private interface Condition {
        boolean holds() throws IOException, InterruptedException;
    }

    private void await(String what, Condition condition) throws IOException, InterruptedException {
        for (int i = 0; i < 300; i++) {
            if (condition.holds()) {
                return;
            }
            Thread.sleep(200);
        }
        throw new AssertionError("no " + what + ": " + Files.readString(directory.resolve("prometheus.log")));
    }

    private void awaitAnswer(ServerProcess varve, String query, boolean empty)
            throws IOException, InterruptedException {
        await(query, () -> varve.query(query, now()).path("result").isEmpty() == empty);
    }

    private void awaitExemplar(ServerProcess varve, long seconds) throws IOException, InterruptedException {
        String path = "/api/v1/query_exemplars?query=" + Pipeline.METRIC + "&start=" + (seconds - 60) + "&end="
                + (seconds + 60);
        await(
                "exemplar",
                () -> varve.get(path).body().contains("\"labels\":{\"trace_id\":\"t1\"},\"value\":\"0.002\""));
    }

    private void awaitMetadata(ServerProcess varve) throws IOException, InterruptedException {
        String path = "/api/v1/metadata?metric=" + Pipeline.METRIC;
        await("metadata", () -> varve.get(path).body().contains("\"type\":\"histogram\""));
    }

    /** What is in the store once the server has ended: the histogram again and again, and at last its stale marker. */
    private void assertHistograms(double sum) throws IOException {
        List<Histogram> found = new ArrayList<>();
        try (Tsdb store = Tsdb.open(directory.resolve("varve"), TsdbConfig.defaults());
                Querier querier = store.querier(TimeRange.ALL);
                SeriesSet set =
                        querier.select(Matcher.equal("__name__", Pipeline.METRIC), Matcher.equal("pipeline", "pp"))) {
            while (set.next()) {
                assertThat(set.labels().get("job")).isEqualTo("kit");
                for (ColumnCursor cursor = set.columns(); cursor.nextPage(); ) {
                    for (int i = 0; cursor.kind() == SampleKind.HISTOGRAM && i < cursor.size(); i++) {
                        found.add(cursor.histogram(i));
                    }
                }
            }
        }
        assertThat(found).hasSizeGreaterThanOrEqualTo(2);
        Histogram last = found.get(found.size() - 1);
        assertThat(last.isStale()).as("the last of " + found).isTrue();
        Histogram first = found.get(0);
        assertThat(first.count()).isEqualTo(OBSERVATIONS);
        assertThat(first.sum()).isBetween(sum * 0.999_999, sum * 1.000_001);
        double inBuckets = first.zeroCount();
        for (int i = 0; i < first.layout().buckets(); i++) {
            inBuckets += first.bucket(i);
        }
        assertThat(inBuckets).isEqualTo(OBSERVATIONS);
        assertThat(first.layout().buckets()).isGreaterThan(50);
    }
}
