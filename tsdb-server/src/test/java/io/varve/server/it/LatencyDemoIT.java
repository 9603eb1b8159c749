package io.varve.server.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The example that lives: each fault is seen in the windows of ten seconds within five, and two calls lead from there to
 * its cause: one for the windows and the clocks, one for the exemplars.
 */
@Timeout(300)
class LatencyDemoIT {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration SOON = Duration.ofSeconds(5);
    private static final Duration CALM = Duration.ofMinutes(2); // on a busy machine

    /** The first call: percentiles, rates and messages in flight of all steps, and what is known of the clocks. */
    private static final String WINDOWS = "{__name__=~\"varve_stage_duration_seconds.*\",window=\"10s\"}"
            + " or {__name__=~\"varve_clock_(offset|uncertainty)_seconds\"}";

    /** The second: the messages behind the percentiles. */
    private static final String EXEMPLARS = "varve_stage_duration_seconds{pipeline=\"pp_bifrost\"}";

    @TempDir
    private Path directory;

    private ServerProcess demo(String... more) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx400m",
                "-jar",
                System.getProperty("varve.jar"),
                "demo",
                "latency",
                "--listen",
                "127.0.0.1:0",
                "--data",
                directory.resolve("demo").toString()));
        command.addAll(List.of(more));
        return ServerProcess.start(command, Duration.ofMinutes(3));
    }

    @Test
    void aSlowDiskIsFound() throws IOException, InterruptedException {
        try (ServerProcess demo = demo()) {
            Walk walk = new Walk(demo);
            walk.awaitCalm();
            walk.awaitKeenEye(0.055);
            walk.set("slow-disk", true);
            walk.sees("p90 of the append", windows -> windows.step("arrived", "done", "0.9") > 0.055);
            JsonNode exemplar = walk.finds(labels -> labels.path("why").asText().equals("slow")
                    && labels.path("stage").asText().equals("arrived")
                    && Double.parseDouble(labels.path("dependency_disk")
                                    .asText("0 ms")
                                    .split(" ", -1)[0])
                            >= 60);
            assertThat(exemplar.path("node").asText()).isEqualTo("log");
            assertThat(exemplar.path("request_id").asText()).matches("inv-\\d{8,}");
            assertThat(exemplar.path("trace_id").asText()).matches("[0-9a-f]{32}");
            walk.set("slow-disk", false);
            walk.awaitCalm(); // what has left the window is gone
        }
    }

    @Test
    void aLostLeaderIsFound() throws IOException, InterruptedException {
        try (ServerProcess demo = demo()) {
            Walk walk = new Walk(demo);
            walk.awaitCalm();
            walk.set("lost-leader", true);
            walk.sees(
                    "errors and messages in flight",
                    windows -> windows.step("enqueued", "done", ":error_rate") > 10
                            && windows.step("enqueued", "done", ":in_flight") > 100);
            JsonNode exemplar = walk.finds(labels -> labels.path("why").asText().equals("failed"));
            assertThat(exemplar.path("outcome").asText()).isEqualTo("failed");
            assertThat(exemplar.path("failed_stage").asText()).isEqualTo("arrived");
            assertThat(exemplar.path("node").asText()).isEqualTo("log");
            assertThat(exemplar.path("request_id").asText()).matches("inv-\\d{8,}");
            assertThat(exemplar.path("dependency_leader").asText()).isEqualTo("none");
            walk.set("lost-leader", false);
            walk.awaitCalm();
        }
    }

    @Test
    void aClockThatIsOffIsFound() throws IOException, InterruptedException {
        try (ServerProcess demo = demo()) {
            Walk walk = new Walk(demo);
            walk.awaitCalm();
            walk.awaitKeenEye(0.024);
            walk.set("clock-off", true);
            Windows seen = walk.sees(
                    "the log's clock and the messages that it stepped over",
                    windows -> windows.isOff("log", "processor", -0.030)
                            && windows.isOff("processor", "log", 0.030)
                            && windows.step("dequeued", "arrived", "1") > 0.025);
            assertThat(seen.step("dequeued", "arrived", "0.5"))
                    .as("corrected")
                    .isGreaterThanOrEqualTo(0)
                    .isLessThan(0.015);
            JsonNode stepped =
                    walk.finds(labels -> labels.path("stage").asText().equals("dequeued")
                            && labels.path("nanos_dequeued").asLong() > 25_000_000);
            assertThat(stepped.path("node").asText()).isEqualTo("log");
            assertThat(stepped.path("request_id").asText()).matches("inv-\\d{8,}");
            JsonNode cause = walk.finds(labels ->
                    labels.path("dependency_clock_processor").asText().matches("-(29\\.|30\\.).* ms \\+- .* ms"));
            assertThat(cause.path("node").asText()).isEqualTo("log");
            walk.set("clock-off", false);
            walk.sees("the clock back", windows -> windows.isOff("log", "processor", 0));
            assertThat(walk.windows().values())
                    .as("latencies, rates and counts")
                    .allSatisfy((name, value) -> assertThat(name.startsWith("varve_clock_offset") || !(value < 0))
                            .as(name)
                            .isTrue());
        }
    }

    @Test
    void metricsHaveTheNamesOfRestate() throws IOException, InterruptedException {
        try (ServerProcess demo = demo()) {
            Walk walk = new Walk(demo);
            walk.awaitCalm();
            for (String operation : List.of("get", "get_version", "put", "delete")) {
                String name = "restate_metadata_server_" + operation;
                assertThat(walk.value(name + "_total{status=\"completed\",node=\"log\"}"))
                        .isPositive();
                assertThat(walk.value(name + "_duration{quantile=\"0.99\",window=\"10s\"}"))
                        .isPositive();
            }
            for (String name : List.of(
                    "restate_partition_record_committed_to_read_latency_seconds",
                    "restate_partition_apply_command_duration_seconds",
                    "restate_bifrost_sequencer_append_duration_seconds",
                    "restate_bifrost_sequencer_store_duration_seconds")) {
                assertThat(walk.value(name + "{quantile=\"0.5\",window=\"10s\"}"))
                        .as(name)
                        .isPositive();
            }
            assertThat(walk.value("restate_partition_applied_lsn_lag{node=\"processor\"}"))
                    .isNotNegative();
            assertThat(walk.value("restate_bifrost_sequencer_committed_records_total{node=\"log\"}"))
                    .isPositive();
            double seen = walk.value("restate_metadata_version{node=\"processor\"}");
            assertThat(walk.value("restate_metadata_version{node=\"log\"}")).isPositive();
            assertThat(seen).isPositive();
        }
    }

    @Test
    void nodesEndWithTheCommandHoweverItEnds() throws IOException, InterruptedException {
        try (ServerProcess demo = demo("--rate", "100")) {
            demo.awaitLine("the nodes run", Duration.ofMinutes(2));
            List<ProcessHandle> nodes = demo.process().toHandle().children().toList();
            assertThat(nodes).hasSize(2);
            demo.kill();
            awaitEnd(nodes);
        }
        try (ServerProcess demo = demo("--rate", "100", "--fault", "lost-leader", "--after", "0")) {
            for (int second = 0; second < 4; second++) {
                demo.awaitLine("lost-leader ON", Duration.ofMinutes(2));
            }
            List<ProcessHandle> nodes = demo.process().toHandle().children().toList();
            assertThat(demo.terminate()).isIn(0, 130, 143);
            awaitEnd(nodes);
            assertThat(String.join("\n", demo.printed())).contains("messages went the whole way, kit on");
        }
    }

    @Test
    void runsWithoutTheKitForSomeTime() throws IOException, InterruptedException {
        try (ServerProcess demo = demo("--rate", "full", "--kit", "off", "--for", "5")) {
            String rate = demo.awaitLine("messages went the whole way, kit off: ", Duration.ofMinutes(2));
            assertThat(Integer.parseInt(rate.split(" ", -1)[0])).isPositive();
            assertThat(demo.process().waitFor(60, TimeUnit.SECONDS)).isTrue();
            assertThat(demo.process().exitValue()).isZero();
        }
    }

    private static void awaitEnd(List<ProcessHandle> processes) throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (processes.stream().anyMatch(ProcessHandle::isAlive) && System.nanoTime() < end) {
            Thread.sleep(50);
        }
        assertThat(processes).noneMatch(ProcessHandle::isAlive);
    }

    /** Values by name and labels, as the first call answers them. */
    private record Windows(TreeMap<String, Double> values) {

        /** A quantile of a step, or what the name has behind it; NaN if it is not there. */
        double step(String from, String to, String what) {
            String suffix = what.startsWith(":") ? what : "";
            String quantile = suffix.isEmpty() ? what : "";
            return values.getOrDefault(
                    String.join("|", "varve_stage_duration_seconds" + suffix, from, to, quantile, "", ""), Double.NaN);
        }

        boolean isOff(String node, String peer, double seconds) {
            String place = String.join("|", "", "", "", "", peer, node);
            double offset = values.getOrDefault("varve_clock_offset_seconds" + place, Double.NaN);
            double uncertainty = values.getOrDefault("varve_clock_uncertainty_seconds" + place, Double.NaN);
            return Math.abs(offset - seconds) <= uncertainty + 0.002;
        }
    }

    /** Someone who looks for a cause. */
    private static final class Walk {

        private final ServerProcess demo;
        private long since;
        private double beganSeconds;

        Walk(ServerProcess demo) {
            this.demo = demo;
        }

        void set(String fault, boolean on) throws IOException, InterruptedException {
            since = System.nanoTime();
            beganSeconds = System.currentTimeMillis() / 1e3;
            String answer = demo.post(
                            "/demo/latency/faults",
                            "application/x-www-form-urlencoded",
                            ("fault=" + fault + "&on=" + on).getBytes(StandardCharsets.UTF_8))
                    .body();
            assertThat(JSON.readTree(answer).path("data").path(fault).asBoolean(!on))
                    .isEqualTo(on);
        }

        /** The first call. */
        Windows windows() throws IOException, InterruptedException {
            TreeMap<String, Double> values = new TreeMap<>();
            for (JsonNode series : demo.ask(WINDOWS).path("data").path("result")) {
                JsonNode labels = series.path("metric");
                String key = String.join(
                        "|",
                        labels.path("__name__").asText(),
                        labels.path("from").asText(),
                        labels.path("to").asText(),
                        labels.path("quantile").asText(),
                        labels.path("peer").asText(),
                        labels.path("node").asText());
                values.put(key, Double.parseDouble(series.path("value").path(1).asText()));
            }
            return new Windows(values);
        }

        /** Asks for the windows until a fault is seen in them, five seconds at most. */
        Windows sees(String what, Predicate<Windows> fault) throws IOException, InterruptedException {
            return await(what, fault, SOON);
        }

        /** Waits until nothing is to be seen in the windows. */
        void awaitCalm() throws IOException, InterruptedException {
            since = System.nanoTime();
            beganSeconds = System.currentTimeMillis() / 1e3;
            Windows calm = await(
                    "calm",
                    windows -> windows.step("arrived", "done", "0.9") < 0.015
                            && windows.step("enqueued", "done", ":error_rate") == 0
                            && windows.step("enqueued", "done", ":rate") > 1_500
                            && windows.step("dequeued", "arrived", "1") < 0.025
                            && windows.isOff("log", "processor", 0)
                            && windows.isOff("processor", "log", 0),
                    CALM);
            assertThat(calm.values()).isNotEmpty();
        }

        /**
         * Waits until messages of less than the faults take are kept as slow: what is slow is told by the last minute,
         * in which the machine may have been busy.
         */
        void awaitKeenEye(double seconds) throws IOException, InterruptedException {
            findsWithin(
                    CALM,
                    exemplar -> exemplar.path("labels").path("why").asText().equals("slow")
                            && exemplar.path("value").asDouble() < seconds
                            && exemplar.path("timestamp").asDouble() > System.currentTimeMillis() / 1e3 - 3);
        }

        private Windows await(String what, Predicate<Windows> condition, Duration patience)
                throws IOException, InterruptedException {
            Windows last = windows();
            while (!condition.test(last)) {
                if (System.nanoTime() - since > patience.toNanos()) {
                    throw new AssertionError("not seen within " + patience + ": " + what + " in " + last.values() + "\n"
                            + String.join("\n", demo.printed()));
                }
                Thread.sleep(100);
                last = windows();
            }
            return last;
        }

        /** The second call: the labels of a message that came since the fault and is as asked for. */
        JsonNode finds(Predicate<JsonNode> message) throws IOException, InterruptedException {
            return findsWithin(SOON, exemplar -> message.test(exemplar.path("labels")));
        }

        JsonNode findsWithin(Duration patience, Predicate<JsonNode> message) throws IOException, InterruptedException {
            List<JsonNode> seen = new ArrayList<>();
            do {
                seen.clear();
                JsonNode answer = JSON.readTree(demo.get("/api/v1/query_exemplars?query="
                                + ServerProcess.encode(EXEMPLARS) + "&start=" + beganSeconds + "&end="
                                + (beganSeconds + 600))
                        .body());
                for (JsonNode series : answer.path("data")) {
                    for (JsonNode exemplar : series.path("exemplars")) {
                        if (message.test(exemplar)) {
                            return exemplar.path("labels");
                        }
                        seen.add(exemplar);
                    }
                }
                Thread.sleep(100);
            } while (System.nanoTime() - since < patience.toNanos());
            throw new AssertionError("no such message within " + patience + ": " + seen);
        }

        double value(String expression) throws IOException, InterruptedException {
            return Double.parseDouble(demo.ask(expression)
                    .path("data")
                    .path("result")
                    .path(0)
                    .path("value")
                    .path(1)
                    .asText("NaN"));
        }
    }
}
