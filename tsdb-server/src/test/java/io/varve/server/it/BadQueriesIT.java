package io.varve.server.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.varve.server.it.WriteRequests.Sample;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Queries that would take all of a server: each ends within its budget with the right error, while other queries and
 * writes go on.
 */
class BadQueriesIT {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int SERIES = 100_000;
    private static final String[] FLAGS = {
        "--limits.query_samples", "90000", "--limits.query_bytes", "48m", "--limits.query_timeout", "60s"
    };

    private final long base = System.currentTimeMillis() / 1_000 * 1_000 - 60_000;
    private final AtomicBoolean over = new AtomicBoolean();

    /** A query, and how it ends: status 200 has no type of error, and a part of its answer as the message. */
    private record Hostile(String name, String path, String form, int status, String type, String message) {}

    private static String query(String expression) {
        return "query=" + ServerProcess.encode(expression);
    }

    private static Hostile instant(String name, String expression, int status, String type, String message) {
        return new Hostile(name, "/api/v1/query", query(expression), status, type, message);
    }

    private static List<Hostile> parsed() {
        String deep = "expression nested too deeply: limit=256";
        String large = "bad regular expression: regular expression too large: characters, repeats multiplied out=";
        return List.of(
                instant("parentheses", "(".repeat(10_000) + "1" + ")".repeat(10_000), 400, "bad_data", "1:257: "),
                instant("signs", "-".repeat(100_000) + "1", 400, "bad_data", deep),
                instant("calls", "abs(".repeat(10_000) + "m" + ")".repeat(10_000), 400, "bad_data", deep),
                instant("a megabyte of sums", "1" + "+1".repeat(524_287), 400, "bad_data", deep),
                instant(
                        "more than a megabyte",
                        "m".repeat((1 << 20) + 1),
                        400,
                        "bad_data",
                        "expression too long: characters=1048577, limit=1048576"),
                instant(
                        "a megabyte of expression",
                        "{v=~\"" + "a".repeat(1_000_000) + "\"}",
                        400,
                        "bad_data",
                        "regular expressions too large together: characters=1000000, limit=131072"),
                instant("a long expression", "{v=~\"" + "a+".repeat(50_000) + "\"}", 400, "bad_data", large),
                instant("repeats of repeats", "{v=~\"((a{1000}){1000}){1000}\"}", 400, "bad_data", large),
                instant(
                        "many expressions",
                        "{" + ("v=~\"" + "a".repeat(60_000) + "\",").repeat(3) + "}",
                        400,
                        "bad_data",
                        "regular expressions too large together"),
                instant(
                        "groups in an expression",
                        "{v=~\"" + "(".repeat(30_000) + "\"}",
                        400,
                        "bad_data",
                        "bad regular"),
                instant("a megabyte of value", "{v=\"" + "a".repeat(1_000_000) + "\"}", 200, "", "\"result\":[]"));
    }

    private static List<Hostile> evaluated() {
        String samples = "query would load too many samples: limit=90000";
        String memory = "query would take too much memory: limit=50331648";
        String nested = "max_over_time(max_over_time(max_over_time(%s[%s:1s])[%2$s:1s])[%2$s:1s])";
        String tenYears = "&start=1000000000&end=1315360000&step=";
        return List.of(
                instant("backtracking", "count(flood{v=~\"(a+)+$\"})", 200, "", "\"result\":[]"),
                instant("all that does not match", "count(flood{v!~\"(a+)+$\"})", 422, "execution", samples),
                instant("everything", "count({__name__=~\".+\"})", 422, "execution", samples),
                instant("subqueries of one", String.format(nested, "vector(1)", "1y"), 422, "execution", memory),
                instant("subqueries of all", String.format(nested, "flood", "1d"), 422, "execution", memory),
                instant("products", "flood * on () group_left () flood", 422, "execution", samples),
                instant(
                        "long labels",
                        "label_replace(flood, \"x\", \"" + "$0".repeat(50_000) + "\", \"v\", \".*\")",
                        422,
                        "execution",
                        memory),
                instant(
                        "an expression of labels",
                        "label_replace(small, \"x\", \"\", \"v\", \"((a{1000}){1000}){1000}\")",
                        422,
                        "execution",
                        "label_replace(): regular expression too large"),
                instant(
                        "nanoseconds of a subquery",
                        "count_over_time(vector(1)[10y:0.000000001])",
                        422,
                        "execution",
                        "step is shorter than the store's unit of time"),
                new Hostile(
                        "nanoseconds over ten years",
                        "/api/v1/query_range",
                        query("small") + tenYears + "0.000000001",
                        400,
                        "bad_data",
                        "zero or negative query resolution step widths are not accepted"),
                new Hostile(
                        "milliseconds over ten years",
                        "/api/v1/query_range",
                        query("small") + tenYears + "0.001",
                        400,
                        "bad_data",
                        "exceeded maximum resolution of 11,000 points per timeseries"),
                new Hostile(
                        "no time",
                        "/api/v1/query",
                        query("count(flood{v=~\".*(a|b)*c\"})") + "&timeout=0.000001",
                        503,
                        "timeout",
                        "query timed out: limit=PT0.000001S"));
    }

    @Test
    void hostile_queries_end_within_their_budget_while_all_else_goes_on(@TempDir Path directory) throws Exception {
        try (ServerProcess server = ServerProcess.server(directory, FLAGS)) {
            load(server);
            ExecutorService threads = Executors.newFixedThreadPool(6);
            try {
                Future<Integer> written = threads.submit(() -> write(server));
                Future<Integer> asked = threads.submit(() -> ask(server));
                Future<Double> held = threads.submit(() -> watch(server));
                List<Hostile> all = new ArrayList<>(parsed());
                all.addAll(evaluated());
                all.addAll(evaluated()); // some of them side by side
                List<Callable<Void>> sent = new ArrayList<>();
                all.forEach(hostile -> sent.add(() -> send(server, hostile)));
                List<String> wrong = new ArrayList<>();
                try {
                    for (Future<Void> one : threads.invokeAll(sent)) {
                        try {
                            one.get();
                        } catch (ExecutionException e) {
                            wrong.add(String.valueOf(e.getCause()));
                        }
                    }
                } finally {
                    over.set(true);
                }
                assertThat(wrong).as("answers").isEmpty();
                assertThat(asked.get()).as("small queries").isPositive();
                assertThat(held.get())
                        .as("memory of queries, as a part of its limit")
                        .isLessThanOrEqualTo(1);
                assertWritten(server, written.get());
            } finally {
                over.set(true);
                threads.shutdown();
                assertThat(threads.awaitTermination(2, TimeUnit.MINUTES)).isTrue();
            }
            assertHealthy(server);
        }
    }

    private void load(ServerProcess server) throws IOException, InterruptedException {
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < SERIES; i++) {
            lines.append("flood{v=\"aaaaaaaaaaaaaaaaaaaaaaaa")
                    .append(i)
                    .append("!\"} 1 ")
                    .append(base)
                    .append('\n');
        }
        for (int i = 1; i <= 3; i++) {
            lines.append("small{i=\"")
                    .append(i)
                    .append("\"} ")
                    .append(i)
                    .append(' ')
                    .append(base)
                    .append('\n');
        }
        assertThat(server.importText(lines.toString()).statusCode()).isEqualTo(204);
    }

    private Void send(ServerProcess server, Hostile hostile) throws IOException, InterruptedException {
        HttpResponse<String> answer = server.post(
                hostile.path(),
                "application/x-www-form-urlencoded",
                hostile.form().getBytes(StandardCharsets.US_ASCII));
        String shown = hostile.name() + ": "
                + answer.body().substring(0, Math.min(300, answer.body().length()));
        assertThat(answer.statusCode()).as(shown).isEqualTo(hostile.status());
        JsonNode body = JSON.readTree(answer.body());
        assertThat(body.path("errorType").asText()).as(shown).isEqualTo(hostile.type());
        assertThat(hostile.status() == 200 ? answer.body() : body.path("error").asText())
                .as(shown)
                .contains(hostile.message())
                .hasSizeLessThan(2_000);
        return null;
    }

    /** Writes 0, 1, 2, … and returns how many were acknowledged, which is all of them. */
    private int write(ServerProcess server) throws IOException, InterruptedException {
        int written = 0;
        while (!over.get()) {
            Sample sample = new Sample(List.of("__name__", "steady"), base + written, written);
            HttpResponse<String> answer = server.post(
                    "/api/v1/write",
                    WriteRequests.CONTENT_TYPE,
                    WriteRequests.encode(List.of(sample)),
                    WriteRequests.HEADERS);
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(204);
            written++;
        }
        return written;
    }

    private int ask(ServerProcess server) throws IOException, InterruptedException {
        int asked = 0;
        while (!over.get()) {
            JsonNode sum = server.query("sum(small)", String.valueOf(base / 1_000 + 60))
                    .path("result");
            assertThat(sum.path(0).path("value").path(1).asText()).isEqualTo("6");
            asked++;
        }
        return asked;
    }

    /** The most that queries held at once, as a part of what they may. */
    private double watch(ServerProcess server) throws IOException, InterruptedException {
        double most = 0;
        while (!over.get()) {
            most = Math.max(most, used(server, "queries_bytes"));
            TimeUnit.MILLISECONDS.sleep(20);
        }
        return most;
    }

    /** What queries hold when they had time to end: a client may have read an answer before its query is closed. */
    private static double lettingGo(ServerProcess server) throws IOException, InterruptedException {
        double used = used(server, "queries_bytes");
        for (int i = 0; i < 200 && used > 0; i++) {
            Thread.sleep(50);
            used = used(server, "queries_bytes");
        }
        return used;
    }

    private static double used(ServerProcess server, String limit) throws IOException, InterruptedException {
        String name = "varve_limit_used_ratio{limit=\"" + limit + "\"} ";
        return server.get("/metrics")
                .body()
                .lines()
                .filter(line -> line.startsWith(name))
                .mapToDouble(line -> Double.parseDouble(line.substring(name.length())))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no " + name));
    }

    private void assertWritten(ServerProcess server, int written) throws IOException, InterruptedException {
        assertThat(written).as("writes").isPositive();
        String time = String.valueOf(base / 1_000 + 1 + written / 1_000);
        for (String expression : List.of("count_over_time(steady[1h])", "max_over_time(steady[1h]) + 1")) {
            JsonNode result = server.query(expression, time).path("result");
            assertThat(result.path(0).path("value").path(1).asInt()).isEqualTo(written);
        }
    }

    private static void assertHealthy(ServerProcess server) throws IOException, InterruptedException {
        assertThat(server.get("/-/ready").statusCode()).isEqualTo(200);
        assertThat(server.get("/-/healthy").statusCode()).isEqualTo(200);
        assertThat(lettingGo(server)).as("memory that queries still hold").isZero();
        assertThat(ServerProcess.data(server.get("/api/v1/queries")).size())
                .as("queries that go on")
                .isZero();
        assertThat(server.terminate()).isIn(0, 143);
        assertThat(server.printed())
                .noneMatch(line -> line.contains("BUG")
                        || line.contains("FATAL")
                        || line.contains("OutOfMemory")
                        || line.contains("StackOverflow"));
    }
}
