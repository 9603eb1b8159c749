package io.varve.server.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.varve.core.model.Exemplar;
import io.varve.core.model.Labels;
import io.varve.core.telemetry.NativeHistograms;
import io.varve.core.telemetry.Pipeline;
import io.varve.core.telemetry.Telemetry;
import io.varve.core.telemetry.TelemetryConfig;
import io.varve.core.telemetry.WindowView;
import io.varve.server.api.MetricsServer;
import java.io.File;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A real Prometheus scrapes {@code /metrics}: native histograms with exemplars by protobuf, and OpenMetrics. */
@Tag("peer")
@Timeout(300)
class NativeHistogramPeerIT {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final double NANOS = 1e-9;
    private static final double WINDOW_ERROR = 0.011;
    private static final String STAGE = Pipeline.METRIC + "{pipeline=\"pp\",from=\"enqueued\",to=\"done\"";

    @TempDir
    private Path directory;

    private final HttpClient http = HttpClient.newHttpClient();
    private final Telemetry telemetry = Telemetry.create(TelemetryConfig.defaults());
    private final long now = telemetry.clock().epochNanos();
    private final List<Exemplar> exemplars = List.of(
            new Exemplar(Labels.of("trace_id", "t1"), now - 2_000_000_000L, 0.012),
            new Exemplar(
                    Labels.of("trace_id", "t2", "request_id", "r2", "resources", "cpu ".repeat(50)),
                    now - 1_000_000_000L,
                    0.345));

    /** Milliseconds with a heavy tail, ascending. */
    private long[] recordDurations(Pipeline pipeline) {
        Random random = new Random(5);
        long[] nanos = new long[20_000];
        for (int i = 0; i < nanos.length; i++) {
            nanos[i] = (long) (1_000_000 / Math.pow(1 - random.nextDouble(), 0.8));
            pipeline.record(0, nanos[i]);
        }
        Arrays.sort(nanos);
        return nanos;
    }

    @Test
    void nativeHistogramsByProtobuf() throws IOException, InterruptedException {
        Path program = PeerProgram.require("prometheus");
        Pipeline pipeline = telemetry.pipeline("pp", "enqueued", "done");
        long[] sorted = recordDurations(pipeline);
        WindowView window = pipeline.window(0, Duration.ofMinutes(5));
        assertThat(window.count()).isEqualTo(sorted.length);
        try (MetricsServer server = new MetricsServer(telemetry, Map.of(Pipeline.METRIC, exemplars));
                ServerProcess varve = ServerProcess.server(directory.resolve("varve"))) {
            String features = "native-histograms,exemplar-storage";
            try (Peer peer = new Peer(program, features, server.port(), portOf(varve))) {
                peer.await("histogram_count(" + STAGE + "})");
                assertThat(peer.number("histogram_count(" + STAGE + "})")).isEqualTo(sorted.length);
                double sum = Arrays.stream(sorted).sum() * NANOS;
                assertThat(peer.number("histogram_sum(" + STAGE + "})")).isBetween(sum * 0.999_999, sum * 1.000_001);
                assertQuantile(peer, window.p50(), sorted, 0.5);
                assertQuantile(peer, window.p90(), sorted, 0.9);
                assertQuantile(peer, window.p95(), sorted, 0.95);
                assertQuantile(peer, window.p99(), sorted, 0.99);
                assertExemplar(peer.exemplars(STAGE + "}"), "t2", "r2", 0.345);
                peer.await("histogram_count(varve_http_request_duration_seconds{job=\"varve\",route=\"/metrics\"})");
                assertThat(peer.number("count(varve_health{job=\"varve\"})")).isPositive();
            }
        }
    }

    private static int portOf(ServerProcess varve) {
        return URI.create(varve.url()).getPort();
    }

    /** What Prometheus makes of the buckets, what the window says, and what was recorded, within the bounds stated. */
    private static void assertQuantile(Peer peer, double window, long[] sorted, double q)
            throws IOException, InterruptedException {
        double error = NativeHistograms.interpolationError(5, NANOS);
        double low = sorted[(int) Math.floor(q * (sorted.length - 1))] * NANOS;
        double high = sorted[(int) Math.min(sorted.length - 1, Math.ceil(q * sorted.length))] * NANOS;
        double shown = peer.number("histogram_quantile(" + q + ", " + STAGE + "})");
        assertThat(shown).as("quantile " + q).isBetween(low * (1 - error), high * (1 + error));
        assertThat(shown / window)
                .as("quantile " + q + " against the window's")
                .isBetween((1 - error) / (1 + WINDOW_ERROR), (1 + error) / (1 - WINDOW_ERROR));
    }

    private static void assertExemplar(JsonNode found, String trace, String request, double value) {
        JsonNode matching = null;
        for (JsonNode series : found) {
            for (JsonNode exemplar : series.path("exemplars")) {
                if (exemplar.at("/labels/trace_id").asText().equals(trace)) {
                    matching = exemplar;
                }
            }
        }
        assertThat(matching).as("exemplar " + trace + " among " + found).isNotNull();
        assertThat(matching.at("/labels/request_id").asText()).isEqualTo(request);
        assertThat(Double.parseDouble(matching.path("value").asText())).isEqualTo(value);
    }

    /** One exemplar at a place that OpenMetrics does not know would cost the whole scrape. */
    @Test
    void quantilesByOpenMetricsBesideExemplars() throws IOException, InterruptedException {
        Path program = PeerProgram.require("prometheus");
        recordDurations(telemetry.pipeline("pp", "enqueued", "done"));
        try (MetricsServer server = new MetricsServer(telemetry, Map.of(Pipeline.METRIC, exemplars));
                Peer peer = new Peer(program, "exemplar-storage", server.port(), server.port())) {
            peer.await("count(" + STAGE + ",quantile=\"0.99\"}) == 2");
            assertThat(peer.exemplars(Pipeline.METRIC)).isEmpty();
        }
    }

    /** A Prometheus that scrapes two ports each second. */
    private final class Peer implements AutoCloseable {

        private final Process process;
        private final String url;
        private final Path log = directory.resolve("prometheus.log");

        Peer(Path program, String features, int kit, int varve) throws IOException {
            int port = freePort();
            url = "http://127.0.0.1:" + port;
            Path config = directory.resolve("prometheus.yml");
            Files.writeString(
                    config,
                    """
                    global:
                      scrape_interval: 1s
                    scrape_configs:
                      - job_name: kit
                        static_configs: [{targets: ["127.0.0.1:%d"]}]
                      - job_name: varve
                        static_configs: [{targets: ["127.0.0.1:%d"]}]
                    """
                            .formatted(kit, varve));
            process = new ProcessBuilder(
                            program.toString(),
                            "--config.file=" + config,
                            "--storage.tsdb.path=" + directory.resolve("prometheus"),
                            "--web.listen-address=127.0.0.1:" + port,
                            "--enable-feature=" + features,
                            "--log.level=debug")
                    .redirectErrorStream(true)
                    .redirectOutput(new File(log.toString()))
                    .start();
        }

        private static int freePort() throws IOException {
            try (ServerSocket socket = new ServerSocket(0)) {
                return socket.getLocalPort();
            }
        }

        JsonNode ask(String path, String query, String more) throws IOException, InterruptedException {
            String target = url + "/api/v1/" + path + "?query=" + ServerProcess.encode(query) + more;
            String body = http.send(HttpRequest.newBuilder(URI.create(target)).build(), BodyHandlers.ofString())
                    .body();
            JsonNode answer = JSON.readTree(body);
            assertThat(answer.path("status").asText()).as(query + ": " + body).isEqualTo("success");
            return answer.path("data");
        }

        /** Waits until a query has a result. */
        void await(String query) throws IOException, InterruptedException {
            String last = "";
            for (int i = 0; i < 300; i++) {
                Thread.sleep(200);
                try {
                    if (!ask("query", query, "").path("result").isEmpty()) {
                        return;
                    }
                } catch (IOException | AssertionError e) {
                    last = e.toString(); // it is starting
                }
            }
            throw new AssertionError("Prometheus has nothing of " + query + ": " + last + "\n" + Files.readString(log));
        }

        double number(String query) throws IOException, InterruptedException {
            JsonNode result = ask("query", query, "").path("result");
            assertThat(result).as(query).hasSize(1);
            return Double.parseDouble(result.get(0).path("value").get(1).asText());
        }

        JsonNode exemplars(String query) throws IOException, InterruptedException {
            long seconds = now / 1_000_000_000L;
            return ask("query_exemplars", query, "&start=" + (seconds - 60) + "&end=" + (seconds + 3_600));
        }

        @Override
        public void close() {
            process.destroyForcibly();
            try {
                process.waitFor();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
