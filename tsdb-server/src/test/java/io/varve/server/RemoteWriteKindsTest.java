package io.varve.server;

import static io.varve.server.ServerUnderTest.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import io.varve.core.model.Exemplar;
import io.varve.core.model.Histogram;
import io.varve.core.model.HistogramLayout;
import io.varve.core.model.Labels;
import io.varve.core.model.Matcher;
import io.varve.core.model.ResetHint;
import io.varve.core.model.SampleKind;
import io.varve.core.model.StaleMarker;
import io.varve.core.model.TimeRange;
import io.varve.core.storage.ColumnCursor;
import io.varve.core.storage.Querier;
import io.varve.core.storage.SeriesSet;
import io.varve.server.write.remote.HistogramOracle;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.xerial.snappy.Snappy;

/** All that remote write 1.0 carries, over HTTP into a store and back, before and after it is sealed. */
@Timeout(120)
class RemoteWriteKindsTest {

    private static final Histogram INTEGERS = Histogram.integer(
            HistogramLayout.exponential(8, false, 0x1p-128, new int[] {-5, 2, 3, 1}, new int[] {0, 1}),
            ResetHint.UNKNOWN,
            2,
            17,
            12.5,
            1,
            2,
            4,
            8);
    private static final Histogram GAUGE = Histogram.floating(
            HistogramLayout.exponential(-4, true, 0, new int[] {0, 2}, new int[0]),
            ResetHint.GAUGE,
            0,
            1.75,
            3,
            1,
            0.75);
    private static final Histogram CUSTOM = Histogram.integer(
            HistogramLayout.custom(false, new int[] {0, 2, 1, 1}, 0.1, 1, 10), ResetHint.RESET, 0, 6, 9, 1, 2, 3);

    @TempDir
    private Path directory;

    private static HttpResponse<String> write(ServerUnderTest server, byte[]... requests) throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream(); // messages one behind the other are one message
        for (byte[] request : requests) {
            all.write(request);
        }
        return server.send(
                "POST",
                "/api/v1/write",
                Snappy.compress(all.toByteArray()),
                "Content-Type",
                "application/x-protobuf",
                "Content-Encoding",
                "snappy");
    }

    private static Map<Long, Histogram> histograms(ServerUnderTest server, String name) {
        Map<Long, Histogram> found = new LinkedHashMap<>();
        try (Querier querier = server.server().store().querier(TimeRange.ALL);
                SeriesSet set = querier.select(Matcher.equal("__name__", name))) {
            while (set.next()) {
                for (ColumnCursor cursor = set.columns(); cursor.nextPage(); ) {
                    for (int i = 0; cursor.kind() == SampleKind.HISTOGRAM && i < cursor.size(); i++) {
                        found.put(cursor.times()[i], cursor.histogram(i));
                    }
                }
            }
        }
        return found;
    }

    @Test
    void histogramsOfEveryKindBeforeAndAfterTheyAreSealed() throws IOException {
        try (ServerUnderTest server = ServerUnderTest.start(directory, "")) {
            long now = server.millis() - 10_000;
            List<Histogram> sent = List.of(INTEGERS, GAUGE, CUSTOM, Histogram.stale(false), INTEGERS);
            byte[] request = HistogramOracle.request(List.of("__name__", "h", "job", "x"), now, sent, List.of());
            assertThat(write(server, request).statusCode()).isEqualTo(204);
            Map<Long, Histogram> expected = new LinkedHashMap<>();
            for (int i = 0; i < sent.size(); i++) {
                expected.put(now + i, sent.get(i));
            }
            assertThat(histograms(server, "h")).isEqualTo(expected);
            assertThat(server.post("/api/v1/admin/tsdb/flush").statusCode()).isEqualTo(204);
            assertThat(histograms(server, "h")).isEqualTo(expected);
            assertThat(server.metric("varve_write_samples_total{door=\"remote_write\"}"))
                    .isEqualTo(5);
        }
    }

    @Test
    void whatIsNoHistogramCostsItselfAlone() throws IOException {
        try (ServerUnderTest server =
                ServerUnderTest.start(directory, "limits: {histogram_buckets: 10, histograms_per_request: 4}")) {
            long now = server.millis();
            Histogram large = Histogram.integer(
                    HistogramLayout.exponential(0, false, 0, new int[] {0, 11}, new int[0]),
                    ResetHint.UNKNOWN,
                    0,
                    0,
                    0,
                    new long[11]);
            byte[] request = HistogramOracle.request(
                    List.of("__name__", "h"), now, List.of(INTEGERS, large, CUSTOM, GAUGE, GAUGE), List.of());
            HttpResponse<String> answer = write(server, request);
            assertThat(answer.statusCode()).isEqualTo(400);
            assertThat(json(answer).path("error").asText())
                    .isEqualTo("refused 2 of 5 samples (histogram_buckets=1, histograms_per_request=1), the others are"
                            + " kept; first: native histogram with more buckets than the limit: buckets=11, limit=10");
            assertThat(histograms(server, "h")).hasSize(3);
            assertThat(server.metric("varve_write_refused_total{door=\"remote_write\",reason=\"histogram_buckets\"}"))
                    .isEqualTo(1);
            assertThat(server.ratio("histogram_buckets")).isEqualTo(1);
            assertThat(server.ratio("histograms_per_request")).isEqualTo(1);
        }
    }

    @Test
    void useOfTheLimitsOfHistograms() throws IOException {
        try (ServerUnderTest server =
                ServerUnderTest.start(directory, "limits: {histogram_buckets: 8, histograms_per_request: 10}")) {
            write(
                    server,
                    HistogramOracle.request(List.of("__name__", "h"), server.millis(), List.of(INTEGERS), List.of()));
            assertThat(server.ratio("histogram_buckets")).isCloseTo(0.5, within(1e-9));
            assertThat(server.ratio("histograms_per_request")).isCloseTo(0.1, within(1e-9));
        }
    }

    @Test
    void exemplarsAndMetadataAreAnswered() throws IOException {
        try (ServerUnderTest server = ServerUnderTest.start(directory, "")) {
            long now = server.millis();
            Exemplar exemplar = new Exemplar(Labels.of("trace_id", "t1"), now, 0.25);
            byte[] series =
                    HistogramOracle.request(List.of("__name__", "h"), now, List.of(INTEGERS), List.of(exemplar));
            byte[] metadata = HistogramOracle.metadata(3, "h", "What it took.", "seconds");
            assertThat(write(server, series, metadata).statusCode()).isEqualTo(204);
            for (int look = 0; look < 2; look++) {
                String range = "&start=" + (now / 1_000 - 5) + "&end=" + (now / 1_000 + 5);
                JsonNode found = json(server.get("/api/v1/query_exemplars?query=h" + range))
                        .path("data");
                assertThat(found).hasSize(1);
                assertThat(found.get(0).at("/seriesLabels/__name__").asText()).isEqualTo("h");
                assertThat(found.get(0).at("/exemplars/0/labels/trace_id").asText())
                        .isEqualTo("t1");
                assertThat(found.get(0).at("/exemplars/0/value").asText()).isEqualTo("0.25");
                assertThat(json(server.get("/api/v1/metadata?metric=h"))
                                .path("data")
                                .path("h")
                                .toString())
                        .isEqualTo("[{\"type\":\"histogram\",\"help\":\"What it took.\",\"unit\":\"seconds\"}]");
                server.post("/api/v1/admin/tsdb/flush");
            }
        }
    }

    @Test
    void aFloatStaleMarkerEndsItsSeries() throws IOException {
        try (ServerUnderTest server = ServerUnderTest.start(directory, "")) {
            long now = server.millis() / 1_000 * 1_000 - 60_000;
            byte[] request =
                    HistogramOracle.floats(List.of("__name__", "m"), now, 1.5, 2.5, StaleMarker.VALUE, Double.NaN);
            assertThat(write(server, request).statusCode()).isEqualTo(204);
            for (int look = 0; look < 2; look++) {
                assertThat(value(server, "m", now + 1)).isEqualTo("2.5");
                assertThat(value(server, "m", now + 2)).as("stale").isEmpty();
                assertThat(value(server, "m", now + 3)).isEqualTo("NaN");
                assertThat(value(server, "count_over_time(m[1m])", now + 3)).isEqualTo("3");
                server.post("/api/v1/admin/tsdb/flush");
            }
        }
    }

    private static String value(ServerUnderTest server, String query, long millis) throws IOException {
        JsonNode result = json(server.get(
                        "/api/v1/query?query=" + query.replace("[", "%5B").replace("]", "%5D") + "&time="
                                + millis / 1_000 + "." + String.format("%03d", millis % 1_000)))
                .at("/data/result");
        return result.isEmpty() ? "" : result.get(0).at("/value/1").asText();
    }
}
