package io.varve.server;

import static io.varve.server.ServerUnderTest.json;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Which series moved first, asked of a whole server. */
@Timeout(60)
final class CorrelateOverHttpTest {

    private static final int SAMPLES = 240;
    private static final String RANGE = "&start=0&end=2390";

    @TempDir
    private Path directory;

    private ServerUnderTest server;

    @BeforeEach
    void start() throws IOException {
        server = ServerUnderTest.start(directory, "");
        Random random = new Random(5);
        StringBuilder text = new StringBuilder();
        long count = 0;
        for (int i = 0; i < SAMPLES; i++) {
            long time = 10_000L * i;
            count += i >= 180 ? 50 : random.nextInt(3);
            text.append("errors_total{job=\"api\"} " + count + " " + time + "\n");
            text.append("disk_seconds{disk=\"a\"} " + ((i >= 178 ? 9 : 1) + random.nextDouble()) + " " + time + "\n");
            text.append("disk_seconds{disk=\"b\"} " + (1 + random.nextDouble()) + " " + time + "\n");
            text.append("retries{job=\"api\"} " + ((i >= 183 ? 20 : 2) + random.nextDouble()) + " " + time + "\n");
            text.append("memory_bytes " + (1_000 * i + random.nextInt(900)) + " " + time + "\n");
            text.append("up 1 " + time + "\n");
        }
        HttpResponse<String> written = server.importText(text.toString());
        assertThat(written.statusCode()).as(written.body()).isLessThan(300);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private JsonNode ask(String parameters) throws IOException {
        HttpResponse<String> answer = server.get("/api/v1/correlate?" + parameters);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(json(answer).path("status").asText()).isEqualTo("success");
        return json(answer);
    }

    private static List<String> metrics(JsonNode answer) {
        List<String> names = new ArrayList<>();
        answer.path("data")
                .forEach(
                        entry -> names.add(entry.path("metric").path("__name__").asText()));
        return names;
    }

    @Test
    void causesComeBeforeEffects() throws IOException {
        JsonNode answer = ask("query=" + encoded("rate(errors_total[30s])") + RANGE + "&step=10");
        assertThat(metrics(answer).subList(0, 2)).containsExactly("disk_seconds", "retries");
        assertThat(metrics(answer)).doesNotContain("up", "errors_total");
        JsonNode first = answer.path("data").get(0);
        List<String> fields = new ArrayList<>();
        first.fieldNames().forEachRemaining(fields::add);
        assertThat(fields).containsExactly("metric", "lag_seconds", "score", "samples", "correlation", "measure");
        assertThat(first.path("metric").path("disk").asText()).isEqualTo("a");
        assertThat(first.path("lag_seconds").isNumber()).isTrue();
        assertThat(first.path("lag_seconds").asDouble()).isPositive();
        assertThat(first.path("score").asDouble()).isBetween(0.5, 1.0);
        assertThat(first.path("samples").asInt()).isBetween(200, SAMPLES);
        assertThat(first.path("correlation").asDouble()).isGreaterThan(0.5);
        assertThat(first.path("measure").asText()).isEqualTo("value");
        assertThat(answer.path("data").get(1).path("lag_seconds").asDouble()).isNegative();
    }

    @Test
    void candidatesAndLimitsAreTheAskers() throws IOException {
        String query = "query=" + encoded("errors_total") + RANGE;
        assertThat(metrics(ask(query + "&limit=1"))).containsExactly("disk_seconds");
        assertThat(metrics(ask(query + "&candidates=retries&candidates=" + encoded("{disk=\"b\"}"))))
                .contains("retries")
                .doesNotContain("memory_bytes");
        assertThat(metrics(ask(query + "&candidates%5B%5D=nothing"))).isEmpty();
        JsonNode none = ask("query=nothing" + RANGE);
        assertThat(none.path("data")).isEmpty();
        assertThat(none.path("infos").get(0).asText()).isEqualTo("the query has no series in this range");
        assertThat(json(server.send(
                                "POST",
                                "/api/v1/correlate",
                                (query + "&limit=1").getBytes(StandardCharsets.UTF_8),
                                "Content-Type",
                                "application/x-www-form-urlencoded"))
                        .path("data"))
                .hasSize(1);
    }

    @Test
    void withoutTimesItIsTheLastHour() throws IOException {
        JsonNode answer = ask("query=errors_total");
        assertThat(answer.path("infos").get(0).asText()).isEqualTo("the query has no series in this range");
    }

    private void refused(String parameters, int status, String message) throws IOException {
        HttpResponse<String> answer = server.get("/api/v1/correlate?" + parameters);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        assertThat(json(answer).path("error").asText()).contains(message);
    }

    @Test
    void whatCannotBeAskedIsRefused() throws IOException {
        String query = "query=errors_total" + RANGE;
        refused("start=0", 400, "no expression found");
        refused("query=" + encoded("errors_total{") + RANGE, 400, "query");
        refused("query=1" + "&start=10&end=0", 400, "end timestamp must not be before start time");
        refused(query + "&candidate=up", 400, "unknown parameter \"candidate\"; did you mean \"candidates\"?");
        refused(query + "&candidates=" + encoded("rate(up[1m])"), 400, "invalid parameter \"candidates\"");
        refused(query + "&candidates=" + encoded("{}"), 400, "invalid parameter \"candidates\"");
        refused(query + "&candidates=up".repeat(101), 400, "more than 100 selectors");
        refused(query + "&limit=0", 400, "\"limit\": must lie from 1 to 1000");
        refused(query + "&limit=1001", 400, "\"limit\": must lie from 1 to 1000");
        refused(query + "&limit=x", 400, "not a whole number");
        refused(query + "&step=0", 400, "\"step\": must be above zero");
        refused(query + "&step=1", 400, "at most 1024 points are compared, and this range has 2391");
        refused("query=up&start=0&end=10", 400, "at least 16 points are needed");
        refused("query=up" + RANGE, 422, "all of them constant");
        refused("query=" + encoded("up[5m]") + RANGE, 400, "invalid expression type");
    }

    @Test
    void ownMetricsHaveTheDoorToo() throws IOException {
        HttpResponse<String> answer = server.get("/self/api/v1/correlate?query=nothing");
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    }
}
