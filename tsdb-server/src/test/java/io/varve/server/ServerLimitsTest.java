package io.varve.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.google.protobuf.CodedOutputStream;
import io.varve.core.TsdbLimit;
import io.varve.server.config.ServerConfig;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.xerial.snappy.Snappy;

/** Every limit in force is told with its use, and moves with it. */
@Timeout(120)
class ServerLimitsTest {

    private static final String CONFIG =
            """
            self: {enabled: true}
            retention: {size: 1g}
            limits:
              body_bytes: 10k
              decompressed_bytes: 10k
              import_bytes: 20k
              line_bytes: 1k
              labels_per_series: 10
              label_name_bytes: 40
              label_value_bytes: 100
              series: 100
              new_series_per_minute: 50
              query_samples: 1000
              query_points: 100
              query_bytes: 1m
              query_timeout: 10s
              query_concurrency: 4
              write_concurrency: 8
              idle_timeout: 60s
            """;

    @TempDir
    private Path directory;

    @Test
    void no_key_below_limits_is_forgotten() throws IOException {
        try (ServerUnderTest server = ServerUnderTest.start(directory, CONFIG)) {
            List<String> keys = ServerConfig.keys().stream()
                    .filter(key -> key.startsWith("limits."))
                    .map(key -> key.substring("limits.".length()))
                    .toList();
            assertThat(keys).hasSizeGreaterThanOrEqualTo(16);
            assertThat(server.server().told().limits().declared())
                    .extracting(TsdbLimit::name)
                    .containsAll(keys)
                    .contains("disk", "head_memory", "series_memory", "ring", "log", "deletions", "exemplars")
                    .contains("retention_size", "metadata_names", "telemetry_label_sets", "http_threads", "heap")
                    .contains("self_series", "self_head_memory", "self_ring");
            for (TsdbLimit limit : server.server().told().limits().declared()) {
                assertThat(server.ratio(limit.name())).as(limit.name()).isBetween(0.0, 1.0);
            }
        }
    }

    @Test
    void writes_move_the_limits_of_writes() throws IOException {
        try (ServerUnderTest server = ServerUnderTest.start(directory, CONFIG)) {
            String line = "metric{" + "n".repeat(20) + "=\"" + "v".repeat(75) + "\",b=\"c\"} 1\n";
            String comment = "# TYPE metric gauge\n#" + "x".repeat(510) + "\n";
            String body = comment + line + "#\n".repeat(2_200);
            HttpResponse<String> answer = server.importText(body);
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(204);
            assertThat(server.ratio("body_bytes")).isCloseTo(body.length() / 10_240.0, within(1e-9));
            assertThat(server.ratio("import_bytes")).isCloseTo(body.length() / 20_480.0, within(1e-9));
            assertThat(server.ratio("line_bytes")).isCloseTo(511 / 1_024.0, within(1e-9));
            assertThat(server.ratio("labels_per_series")).isEqualTo(0.3);
            assertThat(server.ratio("label_name_bytes")).isEqualTo(0.5);
            assertThat(server.ratio("label_value_bytes")).isEqualTo(0.75);
            assertThat(server.ratio("series")).isEqualTo(0.01);
            assertThat(server.ratio("new_series_per_minute")).isCloseTo(0.02, within(0.02));
            assertThat(server.ratio("metadata_names")).isEqualTo(1 / 100_000.0);
            assertThat(server.ratio("log")).isPositive();
            assertThat(server.ratio("decompressed_bytes")).isZero();
            byte[] message = remoteWrite("metric", 1, server.millis());
            assertThat(server.send(
                                    "POST",
                                    "/api/v1/write",
                                    Snappy.compress(message),
                                    "Content-Type",
                                    "application/x-protobuf",
                                    "Content-Encoding",
                                    "snappy")
                            .statusCode())
                    .isEqualTo(204);
            assertThat(server.ratio("decompressed_bytes")).isCloseTo(message.length / 10_240.0, within(1e-9));
        }
    }

    @Test
    void what_is_refused_has_reached_its_limit() throws IOException {
        try (ServerUnderTest server = ServerUnderTest.start(directory, CONFIG)) {
            assertThat(server.importText("#".repeat(11_000)).statusCode()).isEqualTo(413);
            assertThat(server.ratio("body_bytes")).isEqualTo(1);
            assertThat(server.importText("m{a=\"" + "x".repeat(1_500) + "\"} 1\n")
                            .statusCode())
                    .isEqualTo(400);
            assertThat(server.ratio("line_bytes")).isEqualTo(1);
            assertThat(server.importText("m{a=\"" + "x".repeat(101) + "\"} 1\n").statusCode())
                    .isEqualTo(400);
            assertThat(server.ratio("label_value_bytes")).isEqualTo(1);
            byte[] large = Snappy.compress(new byte[11_000]);
            assertThat(server.send(
                                    "POST",
                                    "/api/v1/write",
                                    large,
                                    "Content-Type",
                                    "application/x-protobuf",
                                    "Content-Encoding",
                                    "snappy")
                            .statusCode())
                    .isEqualTo(413);
            assertThat(server.ratio("decompressed_bytes")).isEqualTo(1);
            assertThat(server.get("/api/v1/query_range?query=1&start=0&end=1000&step=1")
                            .statusCode())
                    .isEqualTo(400);
            assertThat(server.ratio("query_points")).isEqualTo(1);
        }
    }

    @Test
    void queries_move_the_limits_of_queries() throws IOException {
        try (ServerUnderTest server = ServerUnderTest.start(directory, CONFIG)) {
            long now = server.millis();
            StringBuilder text = new StringBuilder();
            for (int i = 0; i < 100; i++) {
                text.append("m 1 ").append(now - 100 + i).append('\n');
            }
            assertThat(server.importText(text.toString()).statusCode()).isEqualTo(204);
            assertThat(server.ratio("query_samples")).isZero();
            assertThat(server.get("/api/v1/query?query=count_over_time(m%5B1h%5D)")
                            .statusCode())
                    .isEqualTo(200);
            assertThat(server.ratio("query_samples")).isEqualTo(0.1);
            assertThat(server.ratio("query_bytes")).isPositive();
            assertThat(server.ratio("query_timeout")).isPositive().isLessThan(1);
            assertThat(server.get("/api/v1/query_range?query=m&start=0&end=49&step=1")
                            .statusCode())
                    .isEqualTo(200);
            assertThat(server.ratio("query_points")).isEqualTo(0.5);
        }
    }

    @Test
    void what_works_at_once_moves_the_limits_of_that() throws IOException {
        try (ServerUnderTest server = ServerUnderTest.start(directory, CONFIG)) {
            ServerUse use = server.server().use();
            assertThat(server.ratio("query_concurrency")).isZero();
            use.queries().enter();
            assertThat(server.ratio("query_concurrency")).isEqualTo(0.25);
            use.queries().leave();
            use.writes().enter();
            assertThat(server.ratio("write_concurrency")).isEqualTo(0.125);
            use.writes().leave();
            assertThat(server.ratio("http_threads")).isPositive();
            assertThat(server.ratio("disk")).isPositive();
            assertThat(server.ratio("heap")).isPositive();
            assertThat(server.ratio("telemetry_label_sets")).isZero();
            server.server().look();
            assertThat(server.ratio("telemetry_label_sets")).isPositive();
            double silent = server.ratio("idle_timeout");
            ServerUnderTest.await(() -> {
                try { // the client keeps the connection, which is silent between two requests
                    Thread.sleep(300);
                    server.server().url();
                    return server.server().told().limits().declared().stream()
                            .filter(limit -> limit.name().equals("idle_timeout"))
                            .anyMatch(limit -> limit.ratio() > silent);
                } catch (InterruptedException e) {
                    throw new AssertionError(e);
                }
            });
        }
    }

    @Test
    void pools_and_requests_in_flight_are_told() throws IOException {
        try (ServerUnderTest server = ServerUnderTest.start(directory, CONFIG)) {
            assertThat(server.metric("varve_http_requests_in_flight{route=\"/metrics\"}"))
                    .isEqualTo(1);
            assertThat(server.metric("varve_http_connections")).isEqualTo(1);
            assertThat(server.metric("varve_http_threads{state=\"busy\"}")).isPositive();
            assertThat(server.metric("varve_http_threads{state=\"idle\"}")).isNotNegative();
            assertThat(server.metric("varve_http_queued")).isNotNegative();
            assertThat(server.metric("varve_jvm_threads")).isGreaterThan(5);
            assertThat(server.metric("varve_jvm_memory_bytes{area=\"heap\"}")).isPositive();
            assertThat(server.metric("varve_jvm_memory_bytes{area=\"nonheap\"}"))
                    .isPositive();
        }
    }

    @Test
    void the_forecast_of_a_limit_that_grows_is_finite() throws IOException {
        try (ServerUnderTest server = ServerUnderTest.start(directory, CONFIG)) {
            String series = "varve_time_until_full_seconds{limit=\"series\"}";
            assertThat(server.metric(series)).isNaN();
            assertThat(server.get("/metrics").body())
                    .contains("varve_time_until_full_seconds{limit=\"disk\"}")
                    .contains("varve_time_until_full_seconds{limit=\"self_series\"}");
            long second = 1_000_000_000L;
            long start = server.server().runtime().clock().nanoTime();
            for (int i = 0; i < 6; i++) {
                assertThat(server.importText("m{i=\"" + i + "\"} 1\n").statusCode())
                        .isEqualTo(204);
                server.server().told().limits().look(start + 10L * i * second);
            }
            assertThat(server.metric(series)).isCloseTo(940, within(1e-6)); // 94 more, one in ten seconds
        }
    }

    private static byte[] remoteWrite(String name, double value, long millis) throws IOException {
        ByteArrayOutputStream label = new ByteArrayOutputStream();
        CodedOutputStream out = CodedOutputStream.newInstance(label);
        out.writeString(1, "__name__");
        out.writeString(2, name);
        out.flush();
        ByteArrayOutputStream point = new ByteArrayOutputStream();
        out = CodedOutputStream.newInstance(point);
        out.writeDouble(1, value);
        out.writeInt64(2, millis);
        out.flush();
        ByteArrayOutputStream series = new ByteArrayOutputStream();
        out = CodedOutputStream.newInstance(series);
        out.writeByteArray(1, label.toByteArray());
        out.writeByteArray(2, point.toByteArray());
        out.flush();
        ByteArrayOutputStream request = new ByteArrayOutputStream();
        out = CodedOutputStream.newInstance(request);
        out.writeByteArray(1, series.toByteArray());
        out.flush();
        assertThat(new String(request.toByteArray(), StandardCharsets.ISO_8859_1))
                .contains(name);
        return request.toByteArray();
    }
}
