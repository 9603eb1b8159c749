package io.varve.server;

import static io.varve.server.ServerUnderTest.json;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.varve.core.Repair;
import io.varve.server.cli.Programs;
import io.varve.server.cli.VarveCli;
import io.varve.server.config.ServerConfig;
import io.varve.server.demo.latency.LatencyOptions;
import io.varve.server.demo.latency.node.NodeSettings;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a query would read, asked of a whole server and by the command line. */
@Timeout(60)
final class ExplainOverHttpTest {

    private static final int HOSTS = 4;
    private static final int SAMPLES = 300;
    private static final String RATE = "sum by (host) (rate(m_total[5m]))";

    @TempDir
    private Path directory;

    private ServerUnderTest server;

    @BeforeEach
    void start() throws IOException {
        server = ServerUnderTest.start(directory, "");
        write(0, SAMPLES);
        assertThat(server.post("/api/v1/admin/tsdb/flush").statusCode()).isEqualTo(204);
        write(SAMPLES, 2 * SAMPLES);
    }

    private void write(int from, int to) throws IOException {
        StringBuilder text = new StringBuilder();
        for (int host = 0; host < HOSTS; host++) {
            for (int i = from; i < to; i++) {
                text.append("m_total{host=\"h" + host + "\"} " + (i * 17L + i * i % 13) + " " + 10_000L * i + "\n");
            }
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

    private JsonNode explained(String parameters) throws IOException {
        HttpResponse<String> answer = server.get("/api/v1/explain?" + parameters);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(json(answer).path("status").asText()).isEqualTo("success");
        return json(answer).path("data");
    }

    private static List<String> names(JsonNode node) {
        List<String> names = new ArrayList<>();
        node.fieldNames().forEachRemaining(names::add);
        return names;
    }

    @Test
    void theShapeOfARange() throws IOException {
        JsonNode data = explained("query=" + encoded(RATE) + "&start=600&end=6000&step=1m");
        assertThat(names(data))
                .containsExactly(
                        "query",
                        "start",
                        "end",
                        "step",
                        "steps",
                        "series",
                        "samples",
                        "bytes",
                        "memory_bytes",
                        "refused",
                        "refusals",
                        "plan");
        assertThat(data.path("query").asText()).isEqualTo(RATE);
        assertThat(data.path("step").asInt()).isEqualTo(60);
        assertThat(data.path("steps").asInt()).isEqualTo(91);
        assertThat(data.path("series").asInt()).isEqualTo(HOSTS);
        assertThat(data.path("samples").asInt()).isEqualTo(2 * HOSTS * SAMPLES);
        assertThat(data.path("memory_bytes").asLong()).isPositive();
        assertThat(data.path("refused").asBoolean()).isFalse();
        assertThat(data.path("refusals")).isEmpty();
        JsonNode root = data.path("plan");
        assertThat(names(root)).containsExactly("kind", "text", "position", "line", "column", "children");
        assertThat(root.path("text").asText()).isEqualTo("sum by (host)");
        JsonNode selector = root.at("/children/0/children/0");
        assertThat(selector.path("kind").asText()).isEqualTo("range_selector");
        assertThat(selector.path("text").asText()).isEqualTo("m_total[5m]");
        assertThat(selector.path("position").asInt()).isEqualTo(RATE.indexOf("m_total"));
        assertThat(selector.path("column").asInt()).isEqualTo(RATE.indexOf("m_total") + 1);
        JsonNode read = selector.at("/reads/0");
        assertThat(names(read))
                .containsExactly(
                        "matchers", "start", "end", "path", "series", "samples", "bytes", "postings_bytes", "sources");
        assertThat(read.path("matchers").toString())
                .isEqualTo("[{\"name\":\"__name__\",\"type\":\"=\",\"value\":\"m_total\"}]");
        assertThat(read.path("start").decimalValue()).isEqualByComparingTo("300.001");
        assertThat(read.path("end").asInt()).isEqualTo(6_000);
        assertThat(read.path("path").asText()).isEqualTo("decode");
        assertThat(read.path("bytes")).isEqualTo(data.path("bytes"));
        JsonNode head = read.at("/sources/0");
        JsonNode blocks = read.at("/sources/1");
        assertThat(head.path("source").asText()).isEqualTo("head");
        assertThat(blocks.path("source").asText()).isEqualTo("blocks");
        assertThat(blocks.path("pages").toString()).isEqualTo("{\"statistics\":0,\"decode\":" + HOSTS + "}");
        assertThat(read.path("postings_bytes").asLong()
                        + head.path("bytes").asLong()
                        + blocks.path("bytes").asLong())
                .isEqualTo(read.path("bytes").asLong());
    }

    @Test
    void bytesAreThoseThatAreReadThen() throws IOException {
        for (String query : List.of(RATE, "m_total", "sum_over_time(m_total[2h])", "m_total{host=\"h1\"}[1h]")) {
            String times = "query=" + encoded(query) + "&time=6000";
            long predicted = explained(times).path("bytes").asLong();
            JsonNode stats = json(server.get("/api/v1/query?stats=all&" + times))
                    .path("data")
                    .path("stats");
            assertThat(stats.path("bytesRead").asLong()).as(query).isPositive().isBetween(predicted / 2, predicted * 2);
            assertThat(stats.path("seriesRead").asLong())
                    .as(query)
                    .isEqualTo(explained(times).path("series").asLong());
        }
    }

    @Test
    void anInstantHasNoStep() throws IOException {
        JsonNode data = explained("query=" + encoded("absent(none) or 1 - m_total") + "&time=1970-01-01T00:10:00Z");
        assertThat(names(data)).doesNotContain("step");
        assertThat(data.path("start").asInt()).isEqualTo(600);
        assertThat(data.path("steps").asInt()).isEqualTo(1);
        assertThat(data.at("/plan/children/0/children/0/reads/0/path").asText()).isEqualTo("none");
        assertThat(data.at("/plan/children/1/children/0/kind").asText()).isEqualTo("number");
        HttpResponse<String> posted = server.send(
                "POST",
                "/api/v1/explain",
                "query=up&start=0&end=60&step=15".getBytes(StandardCharsets.UTF_8),
                "Content-Type",
                "application/x-www-form-urlencoded");
        assertThat(json(posted).at("/data/steps").asInt()).isEqualTo(5);
        assertThat(json(server.get("/self/api/v1/explain?query=up"))
                        .at("/data/plan/kind")
                        .asText())
                .isEqualTo("selector");
    }

    private void refuses(String parameters, int status, String type, String message) throws IOException {
        HttpResponse<String> answer = server.get("/api/v1/explain?" + parameters);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        assertThat(json(answer).path("errorType").asText()).isEqualTo(type);
        assertThat(json(answer).path("error").asText()).contains(message);
    }

    @Test
    void badInputIsRefusedAsThatOfAQuery() throws IOException {
        refuses("", 400, "bad_data", "invalid parameter \"query\"");
        refuses("query=" + encoded("sum(m_total"), 400, "bad_data", "1:12: parse error");
        refuses("query=" + encoded("rate(m_total)"), 400, "bad_data", "1:6");
        refuses("query=up&time=x", 400, "bad_data", "cannot parse \"x\" to a valid timestamp");
        refuses("query=up&start=1&end=2", 400, "bad_data", "invalid parameter \"step\"");
        refuses("query=up&end=2&step=1", 400, "bad_data", "invalid parameter \"start\"");
        refuses("query=up&start=2&end=1&step=1", 400, "bad_data", "must not be before start");
        refuses("query=up&start=1&end=2&step=0", 400, "bad_data", "zero or negative");
        refuses("query=up&start=1&end=2&step=1&time=1", 400, "bad_data", "invalid parameter \"time\"");
        refuses("query=up&start=0&end=12000&step=1", 400, "bad_data", "11,000 points");
        refuses("query=" + encoded("m_total[5m]") + "&start=1&end=2&step=1", 400, "bad_data", "range query");
        refuses("query=up&timeout=0", 503, "timeout", "query timed out");
        byte[] large = ("query=" + "(".repeat(1_100_000)).getBytes(StandardCharsets.UTF_8);
        assertThat(server.send("POST", "/api/v1/explain", large, "Content-Type", "application/x-www-form-urlencoded")
                        .statusCode())
                .isEqualTo(400);
        assertThat(server.send("DELETE", "/api/v1/explain", new byte[0]).statusCode())
                .isEqualTo(405);
    }

    @Test
    void limitsThatWouldBeExceededAreTold() throws IOException {
        server.configure("limits: {query_samples: 1000}\n");
        assertThat(server.post("/-/reload").statusCode()).isEqualTo(200);
        JsonNode data = explained("query=m_total&start=0&end=6000&step=10");
        assertThat(data.path("refused").asBoolean()).isTrue();
        assertThat(data.at("/refusals/0").asText())
                .startsWith("it would load 2,400 samples: limit=1,000")
                .contains("limits.query_samples");
        assertThat(server.get("/api/v1/query_range?query=m_total&start=0&end=6000&step=10")
                        .statusCode())
                .isEqualTo(422);
    }

    /** Runs nothing but what asks a server. */
    private static final class NoPrograms implements Programs {
        @Override
        public int serve(Supplier<ServerConfig> config) {
            return 9;
        }

        @Override
        public int demo(Supplier<ServerConfig> config) {
            return 9;
        }

        @Override
        public int latency(Supplier<ServerConfig> config, LatencyOptions options) {
            return 9;
        }

        @Override
        public int latencyNode(NodeSettings settings) {
            return 9;
        }

        @Override
        public int verify(Path directory) {
            return 9;
        }

        @Override
        public int restore(Path snapshot, Path directory) {
            return 9;
        }

        @Override
        public int repair(Path directory, Repair.Options options) {
            return 9;
        }
    }

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    private int run(String... arguments) {
        out.reset();
        err.reset();
        return new VarveCli(
                        new NoPrograms(),
                        "Varve",
                        1L << 30,
                        new PrintStream(out, true, StandardCharsets.UTF_8),
                        new PrintStream(err, true, StandardCharsets.UTF_8))
                .run(arguments);
    }

    @Test
    void theCommandLinePrintsATree() throws IOException {
        String url = server.server().url();
        assertThat(run("explain", "--url", url, "--start", "600", "--end", "6000", "--step", "60", RATE + " / 2"))
                .isZero();
        String[] lines = out.toString(StandardCharsets.UTF_8).split("\n", -1);
        assertThat(lines[0]).isEqualTo("/  (1:35)");
        assertThat(lines[1]).isEqualTo("├─ sum by (host)  (1:1)");
        assertThat(lines[2]).isEqualTo("│  └─ rate  (1:16)");
        assertThat(lines[3]).isEqualTo("│     └─ m_total[5m]  (1:21)");
        assertThat(lines[4])
                .startsWith("│           decode: 4 series, 2,400 samples, ")
                .endsWith(", from 1970-01-01T00:05:00.001Z to 1970-01-01T01:40:00Z");
        assertThat(lines[5]).startsWith("│             head (1): 4 pages by decode, ");
        assertThat(lines[6]).startsWith("│             blocks (1): 4 pages by decode, ");
        assertThat(lines[7]).isEqualTo("└─ 2  (1:37)");
        assertThat(lines[8]).isEmpty();
        assertThat(lines[9]).startsWith("91 steps, 4 series, 2,400 samples to decode, ");
        assertThat(err.toString(StandardCharsets.UTF_8)).isEmpty();
    }

    @Test
    void theCommandLinePrintsJsonAndTellsMistakes() {
        String url = server.server().url();
        assertThat(run("explain", "--url", url, "--time", "600", "--format", "json", "m_total"))
                .isZero();
        assertThat(out.toString(StandardCharsets.UTF_8))
                .startsWith("{\"status\":\"success\",\"data\":{\"query\":\"m_total\",\"start\":600,");
        assertThat(run("explain", "--url", url, "--format", "json", "sum(")).isEqualTo(1);
        assertThat(out.toString(StandardCharsets.UTF_8)).contains("\"errorType\":\"bad_data\"");
        assertThat(run("explain", "--url", url, "sum(")).isEqualTo(1);
        assertThat(err.toString(StandardCharsets.UTF_8))
                .contains("varve: bad_data: ")
                .contains("1:5: parse error");
        assertThat(run("explain", "--url", url, "--format", "xml", "up")).isEqualTo(2);
        assertThat(err.toString(StandardCharsets.UTF_8)).contains("--format is tree or json: xml");
        assertThat(run("explain", "--start", "1", "up")).isEqualTo(2);
        assertThat(err.toString(StandardCharsets.UTF_8)).contains("--start, --end and --step");
        assertThat(run("explain")).isEqualTo(2);
        assertThat(err.toString(StandardCharsets.UTF_8)).contains("Missing required parameter: 'EXPR'");
    }
}
