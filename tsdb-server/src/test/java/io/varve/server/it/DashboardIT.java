package io.varve.server.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The dashboard for Grafana is well formed, and a live server answers each of its queries with something. */
@Timeout(300)
class DashboardIT {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String SOURCE = "${datasource}";

    @TempDir
    private Path directory;

    private static JsonNode dashboard() throws IOException {
        return JSON.readTree(
                Files.readString(Path.of(System.getProperty("varve.root")).resolve("deploy/grafana/varve.json")));
    }

    /** Every query with its variables replaced, by panel and letter. */
    private static Map<String, String> queries() throws IOException {
        Map<String, String> queries = new TreeMap<>();
        for (JsonNode panel : dashboard().path("panels")) {
            for (JsonNode target : panel.path("targets")) {
                String expression = target.path("expr")
                        .asText()
                        .replace("$__rate_interval", "1m")
                        .replace("$__interval", "15s");
                assertThat(expression).as("all variables are replaced").doesNotContain("$");
                queries.put(
                        panel.path("title").asText() + " "
                                + target.path("refId").asText(),
                        expression);
            }
        }
        return queries;
    }

    @Test
    void theFileIsWhatGrafanaOpens() throws IOException {
        JsonNode dashboard = dashboard();
        assertThat(dashboard.path("schemaVersion").asInt()).isGreaterThanOrEqualTo(38); // of Grafana 10
        assertThat(dashboard.path("title").asText()).isEqualTo("Varve");
        assertThat(dashboard.path("uid").asText()).matches("[a-zA-Z0-9_-]{1,40}");
        JsonNode variable = dashboard.at("/templating/list/0");
        assertThat(variable.path("name").asText()).isEqualTo("datasource");
        assertThat(variable.path("type").asText()).isEqualTo("datasource");
        assertThat(variable.path("query").asText()).isEqualTo("prometheus");
        Set<Integer> ids = new HashSet<>();
        Set<String> places = new HashSet<>();
        Set<String> titles = new HashSet<>();
        int drawn = 0;
        for (JsonNode panel : dashboard.path("panels")) {
            String title = panel.path("title").asText();
            assertThat(ids.add(panel.path("id").asInt())).as(title).isTrue();
            assertThat(titles.add(title)).as(title).isTrue();
            takePlaces(panel, places);
            if (panel.path("type").asText().equals("row")) {
                continue;
            }
            drawn++;
            assertThat(panel.path("type").asText()).as(title).isIn("timeseries", "stat", "bargauge");
            assertThat(panel.path("description").asText()).as(title).isNotBlank();
            assertThat(panel.at("/fieldConfig/defaults/unit").asText())
                    .as(title)
                    .isNotBlank();
            assertThat(panel.at("/datasource/uid").asText()).as(title).isEqualTo(SOURCE);
            Set<String> letters = new HashSet<>();
            assertThat(panel.path("targets")).as(title).isNotEmpty();
            for (JsonNode target : panel.path("targets")) {
                assertThat(letters.add(target.path("refId").asText())).as(title).isTrue();
                assertThat(target.at("/datasource/uid").asText()).as(title).isEqualTo(SOURCE);
                assertThat(target.at("/datasource/type").asText()).as(title).isEqualTo("prometheus");
                assertThat(target.path("legendFormat").asText()).as(title).isNotBlank();
            }
        }
        assertThat(drawn).isGreaterThan(30);
    }

    /** Panels do not lie on each other, nor beyond the 24 columns. */
    private static void takePlaces(JsonNode panel, Set<String> taken) {
        JsonNode place = panel.path("gridPos");
        assertThat(place.path("x").asInt() + place.path("w").asInt()).isBetween(1, 24);
        for (int x = 0; x < place.path("w").asInt(); x++) {
            for (int y = 0; y < place.path("h").asInt(); y++) {
                assertThat(taken.add((place.path("x").asInt() + x) + ","
                                + (place.path("y").asInt() + y)))
                        .as(panel.path("title").asText())
                        .isTrue();
            }
        }
    }

    @Test
    void aLiveServerAnswersEachQuery() throws IOException, InterruptedException {
        try (ServerProcess server =
                ServerProcess.server(directory.resolve("data"), "--web.enable-admin-api", "--self.interval", "200ms")) {
            Map<String, String> waiting = queries();
            assertThat(waiting).hasSizeGreaterThan(40);
            Map<String, String> answers = new TreeMap<>();
            for (int round = 0; round < 200 && !waiting.isEmpty(); round++) {
                work(server, round);
                Map<String, String> left = new TreeMap<>();
                for (Map.Entry<String, String> query : waiting.entrySet()) {
                    String instant = ask(server, "query?query=", query.getValue(), "");
                    long now = System.currentTimeMillis() / 1_000;
                    String range = ask(
                            server,
                            "query_range?query=",
                            query.getValue(),
                            "&start=" + (now - 10) + "&end=" + now + "&step=1");
                    if (instant.isEmpty() || range.isEmpty()) {
                        left.put(query.getKey(), query.getValue());
                    } else {
                        answers.put(query.getKey(), instant);
                    }
                }
                waiting = left;
                Thread.sleep(200);
            }
            assertThat(waiting).as("without an answer").isEmpty();
            assertThat(answers.get("Health A")).contains("\"writing\"", "\"disk\"", "\"shard 0\"", "\"self\"");
            assertThat(answers.get("Use against limits A"))
                    .contains("\"query_samples\"", "\"self_series\"", "\"disk\"");
            assertThat(answers.get("Time until full A")).contains("\"disk\"", "\"series\"");
            String operations = "";
            for (int round = 0; round < 100 && !operations.contains("\"merge\""); round++) {
                work(server, 5 * round); // two blocks at least
                Thread.sleep(200);
                operations = ask(server, "query?query=", queries().getOrDefault("Operations a second A", ""), "");
            }
            assertThat(operations).contains("\"seal\"", "\"merge\"", "\"retention\"");
            assertOwnMetricsAreApart(server);
        }
    }

    /** Whatever the metrics are about: writes, refused ones, queries, errors, seals, merges, reloads. */
    private static void work(ServerProcess server, int round) throws IOException, InterruptedException {
        for (int i = 0; i < 5; i++) {
            assertThat(server.importText("m{i=\"" + i + "\"} " + round + "\n").statusCode())
                    .isEqualTo(204);
        }
        assertThat(server.importText("m{ 1\n").statusCode()).isEqualTo(400);
        assertThat(server.get("/api/v1/query?query=m").statusCode()).isEqualTo(200);
        assertThat(server.get("/api/v1/query?query=(").statusCode()).isEqualTo(400);
        if (round % 5 == 0) {
            assertThat(server.post("/api/v1/admin/tsdb/flush", "text/plain", new byte[0])
                            .statusCode())
                    .isEqualTo(204);
            assertThat(server.post("/api/v1/admin/tsdb/compact", "text/plain", new byte[0])
                            .statusCode())
                    .isEqualTo(204);
            assertThat(server.post("/-/reload", "text/plain", new byte[0]).statusCode())
                    .isEqualTo(200);
        }
    }

    /** The result of a query over the server's own metrics, empty if there is none. */
    private static String ask(ServerProcess server, String path, String expression, String more)
            throws IOException, InterruptedException {
        HttpResponse<String> response = server.get("/self/api/v1/" + path + ServerProcess.encode(expression) + more);
        assertThat(response.statusCode())
                .as(expression + ": " + response.body())
                .isEqualTo(200);
        JsonNode answer = JSON.readTree(response.body());
        assertThat(answer.path("status").asText()).as(expression).isEqualTo("success");
        assertThat(answer.path("warnings")).as(expression).isEmpty();
        JsonNode result = answer.at("/data/result");
        return result.isEmpty() ? "" : result.toString();
    }

    /** They are in their own store, with what is known of them, and in no user's query. */
    private static void assertOwnMetricsAreApart(ServerProcess server) throws IOException, InterruptedException {
        assertThat(server.ask("varve_health").at("/data/result")).isEmpty();
        assertThat(ask(server, "query?query=", "m", "")).isEmpty();
        JsonNode metadata = JSON.readTree(server.get("/self/api/v1/metadata?metric=varve_limit_used_ratio")
                .body());
        assertThat(metadata.at("/data/varve_limit_used_ratio/0/type").asText()).isEqualTo("gauge");
        List<String> names = new ArrayList<>();
        JSON.readTree(server.get("/self/api/v1/label/__name__/values").body())
                .path("data")
                .forEach(name -> names.add(name.asText()));
        assertThat(names).contains("varve_limit_used_ratio", "varve_http_requests_total");
        Set<String> shown = new TreeSet<>(queries().values());
        assertThat(String.join("\n", shown)).contains("varve_memory_bytes", "varve_label_cache_hits_total");
    }
}
