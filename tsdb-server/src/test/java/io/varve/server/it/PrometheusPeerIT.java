package io.varve.server.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.File;
import java.io.IOException;
import java.math.BigDecimal;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Real traffic: a Prometheus scrapes itself and the Varve server, writes all of it to Varve by remote write, and both
 * answer the same questions. That Prometheus' windows are closed on the left, so the times asked for lie where no
 * sample is on an edge.
 */
@Tag("peer")
class PrometheusPeerIT {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int SECONDS_OF_DATA = 40;

    /** Durations of windows and steps are whole seconds, as is the scrape interval: one free offset serves all. */
    private static final List<String> QUERIES = List.of(
            "up",
            "go_goroutines",
            "{job=\"varve\",__name__=~\"varve_.+\"}",
            "go_memstats_alloc_bytes{job!=\"varve\"} / 1024 / 1024",
            "process_cpu_seconds_total > 0",
            "rate(prometheus_http_requests_total[10s])",
            "increase(prometheus_tsdb_head_samples_appended_total[20s])",
            "irate(process_cpu_seconds_total[10s])",
            "delta(go_goroutines[15s])",
            "sum(rate(varve_samples_accepted_total[10s]))",
            "sum by (job) (scrape_samples_scraped)",
            "avg without (instance) (scrape_duration_seconds)",
            "count by (__name__) ({job=\"prometheus\"})",
            "min(go_goroutines) by (instance)",
            "max(scrape_duration_seconds)",
            "avg_over_time(scrape_duration_seconds[10s])",
            "sum_over_time(up[30s])",
            "min_over_time(go_goroutines[10s])",
            "max_over_time(go_goroutines[10s])",
            "count_over_time({job=\"prometheus\",__name__=~\"go_.*\"}[10s])", // an error of the same type in both
            "count_over_time({job=\"prometheus\",__name__=~\"go_goroutines|up\"}[10s])",
            "last_over_time(go_memstats_heap_objects[10s])",
            "quantile_over_time(0.9, scrape_duration_seconds[20s])",
            "histogram_quantile(0.9, sum by (le) (rate(prometheus_http_request_duration_seconds_bucket[20s])))",
            "histogram_quantile(0.5, prometheus_tsdb_compaction_chunk_size_bytes_bucket)",
            "absent(no_such_metric{a=\"b\"})",
            "absent(up)",
            "abs(-up)",
            "ceil(scrape_duration_seconds * 1000)",
            "round(scrape_duration_seconds, 0.001)",
            "go_memstats_alloc_bytes offset 10s",
            "scrape_samples_scraped - on (instance, job) scrape_samples_post_metric_relabeling",
            "up == bool 1",
            "go_goroutines and on (job) up",
            "topk(3, go_memstats_mspan_sys_bytes)",
            "time() - timestamp(up)",
            "1 + 2 * 3 ^ 2 % 5",
            "vector(1)");

    @TempDir
    private Path directory;

    private final HttpClient http = HttpClient.newHttpClient();

    @Test
    void answersAsThePrometheusThatWritesToIt() throws IOException, InterruptedException {
        Path program = PeerProgram.require("prometheus");
        try (ServerProcess varve = ServerProcess.server(directory.resolve("varve"))) {
            int port = freePort();
            Process prometheus = prometheus(program, port, varve.url());
            try {
                String peer = "http://127.0.0.1:" + port;
                awaitSeconds(varve);
                BigDecimal end = quietTime(varve);
                awaitCaughtUp(varve, end);
                compareAll(varve.url(), peer, end);
                assertThat(varve.get("/metrics").body())
                        .as("nothing was refused")
                        .doesNotContain("varve_samples_refused_total{store=\"main\",reason=\"out_of_window\"} 1");
            } finally {
                prometheus.destroyForcibly().waitFor();
            }
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    private Process prometheus(Path program, int port, String varve) throws IOException {
        String target = varve.substring("http://".length());
        Path config = directory.resolve("prometheus.yml");
        Files.writeString(
                config,
                """
                global:
                  scrape_interval: 1s
                scrape_configs:
                  - job_name: prometheus
                    static_configs: [{targets: ["127.0.0.1:%d"]}]
                  - job_name: varve
                    static_configs: [{targets: ["%s"]}]
                remote_write:
                  - url: %s/api/v1/write
                    queue_config: {batch_send_deadline: 500ms, max_shards: 2}
                    metadata_config: {send_interval: 1s}
                """
                        .formatted(port, target, varve));
        return new ProcessBuilder(
                        program.toString(),
                        "--config.file=" + config,
                        "--storage.tsdb.path=" + directory.resolve("prometheus"),
                        "--web.listen-address=127.0.0.1:" + port,
                        "--log.level=warn")
                .redirectErrorStream(true)
                .redirectOutput(new File(directory.toFile(), "prometheus.log"))
                .start();
    }

    private void awaitSeconds(ServerProcess varve) throws IOException, InterruptedException {
        for (int second = 0; second < 4 * SECONDS_OF_DATA; second++) {
            Thread.sleep(1_000);
            JsonNode result =
                    varve.query("min(count_over_time(up[10m]))", now()).path("result");
            if (!result.isEmpty()
                    && Double.parseDouble(result.get(0).path("value").get(1).asText()) >= SECONDS_OF_DATA) {
                return;
            }
        }
        throw new AssertionError("no steady flow of samples: " + Files.readString(directory.resolve("prometheus.log"))
                + varve.printed());
    }

    private static String now() {
        return String.format(Locale.ROOT, "%.3f", System.currentTimeMillis() / 1e3);
    }

    /** A time, a few seconds ago, whose fraction of a second is far from every sample's. */
    private static BigDecimal quietTime(ServerProcess varve) throws IOException, InterruptedException {
        String now = now();
        TreeSet<Integer> fractions = new TreeSet<>();
        for (JsonNode series : varve.query("up[1m]", now).path("result")) {
            for (JsonNode point : series.path("values")) {
                fractions.add(point.get(0)
                                .decimalValue()
                                .movePointRight(3)
                                .toBigInteger()
                                .intValue()
                        % 1_000);
            }
        }
        assertThat(fractions).isNotEmpty();
        List<Integer> ring = new ArrayList<>(fractions);
        ring.add(ring.get(0) + 1_000);
        int best = 0;
        for (int i = 1; i < ring.size(); i++) {
            if (ring.get(i) - ring.get(i - 1) > ring.get(best + 1) - ring.get(best)) {
                best = i - 1;
            }
        }
        int quiet = (ring.get(best) + ring.get(best + 1)) / 2 % 1_000;
        long second = new BigDecimal(now).longValue() - 3;
        return new BigDecimal(second * 1_000 + quiet).movePointLeft(3);
    }

    /** Waits until every target has a sample behind a time: everything before has arrived then. */
    private static void awaitCaughtUp(ServerProcess varve, BigDecimal time) throws IOException, InterruptedException {
        for (int i = 0; i < 60; i++) {
            JsonNode result = varve.query("min(timestamp(up))", now()).path("result");
            if (Double.parseDouble(result.get(0).path("value").get(1).asText()) > time.doubleValue() + 1) {
                return;
            }
            Thread.sleep(500);
        }
        throw new AssertionError("remote write does not catch up");
    }

    private void compareAll(String varve, String peer, BigDecimal end) throws IOException, InterruptedException {
        List<String> differences = new ArrayList<>();
        for (String query : QUERIES) {
            String instant = "/api/v1/query?query=" + ServerProcess.encode(query) + "&time=" + end;
            differences.addAll(compare(query + " at " + end, ask(varve + instant), ask(peer + instant)));
            String range = "/api/v1/query_range?query=" + ServerProcess.encode(query) + "&start="
                    + end.subtract(BigDecimal.valueOf(15)) + "&end=" + end + "&step=1";
            if (!query.startsWith("topk")) { // which of equal values it keeps may differ from step to step
                differences.addAll(compare(query + " until " + end, ask(varve + range), ask(peer + range)));
            }
        }
        assertThat(differences).isEmpty();
    }

    private JsonNode ask(String url) throws IOException, InterruptedException {
        String body = http.send(HttpRequest.newBuilder(URI.create(url)).build(), BodyHandlers.ofString())
                .body();
        return JSON.readTree(body);
    }

    private static List<String> compare(String query, JsonNode varve, JsonNode peer) {
        String status = peer.path("status").asText();
        boolean bothFail = status.equals("error")
                && varve.path("errorType")
                        .asText()
                        .equals(peer.path("errorType").asText());
        if (bothFail) {
            return List.of();
        }
        if (!status.equals("success") || !varve.path("status").asText().equals("success")) {
            return List.of(query + ": varve " + shortened(varve) + ", peer " + shortened(peer));
        }
        if (!varve.path("data").path("resultType").equals(peer.path("data").path("resultType"))) {
            return List.of(query + ": result types differ");
        }
        Map<String, List<JsonNode>> found = points(varve.path("data").path("result"));
        Map<String, List<JsonNode>> expected = points(peer.path("data").path("result"));
        if (!found.keySet().equals(expected.keySet())) {
            return List.of(query + ": series differ: varve " + found.keySet().size() + ", peer "
                    + expected.keySet().size() + ": " + onlyIn(found, expected) + " / " + onlyIn(expected, found));
        }
        List<String> differences = new ArrayList<>();
        expected.forEach((series, points) -> {
            List<JsonNode> ours = found.getOrDefault(series, Collections.emptyList());
            boolean same = ours.size() == points.size();
            for (int i = 0; same && i < points.size(); i++) {
                same = samePoint(ours.get(i), points.get(i));
            }
            if (!same) {
                differences.add(query + ": " + series + ": varve " + ours + ", peer " + points);
            }
        });
        return differences;
    }

    private static String shortened(JsonNode answer) {
        String text = answer.toString();
        return text.substring(0, Math.min(300, text.length()));
    }

    private static String onlyIn(Map<String, ?> these, Map<String, ?> those) {
        return these.keySet().stream()
                .filter(key -> !those.containsKey(key))
                .limit(3)
                .toList()
                .toString();
    }

    private static Map<String, List<JsonNode>> points(JsonNode result) {
        Map<String, List<JsonNode>> points = new TreeMap<>();
        if (!result.isEmpty() && !result.get(0).isObject()) {
            points.put("scalar", List.of(result));
            return points;
        }
        for (JsonNode series : result) {
            Map<String, String> labels = new TreeMap<>();
            series.path("metric")
                    .properties()
                    .forEach(
                            label -> labels.put(label.getKey(), label.getValue().asText()));
            List<JsonNode> values = new ArrayList<>();
            if (series.has("value")) {
                values.add(series.path("value"));
            }
            series.path("values").forEach(values::add);
            points.put(labels.toString(), values);
        }
        return points;
    }

    private static boolean samePoint(JsonNode ours, JsonNode theirs) {
        if (ours.get(0).decimalValue().compareTo(theirs.get(0).decimalValue()) != 0) {
            return false;
        }
        String a = ours.get(1).asText();
        String b = theirs.get(1).asText();
        if (a.equals(b)) {
            return true;
        }
        double x = number(a);
        double y = number(b);
        return Math.abs(x - y) <= 1e-12 * Math.max(Math.abs(x), Math.abs(y));
    }

    private static double number(String text) {
        return switch (text) {
            case "+Inf" -> Double.POSITIVE_INFINITY;
            case "-Inf" -> Double.NEGATIVE_INFINITY;
            default -> Double.parseDouble(text);
        };
    }
}
