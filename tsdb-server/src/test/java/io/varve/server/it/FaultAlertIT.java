package io.varve.server.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.varve.server.rules.ShippedRules;
import java.io.File;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * From a fault of the example that lives to its alert at Debian's Alertmanager, by the rules that ship with it, which name
 * no stage and no node: the annotations do. How soon that is, {@code benchmarks/faults} measures.
 */
@Tag("peer")
@Timeout(600)
class FaultAlertIT {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    @TempDir
    private Path directory;

    private final HttpClient http = HttpClient.newHttpClient();
    private int port;

    @Test
    void eachFaultComesWithItsPlace() throws IOException, InterruptedException {
        Path program = PeerProgram.require("prometheus-alertmanager");
        port = freePort();
        Files.writeString(directory.resolve("latency.yml"), ShippedRules.LATENCY.text());
        Path config = directory.resolve("varve.yml");
        Files.writeString(
                config,
                "rule_files: [latency.yml]\nalerting: {alertmanagers: [{static_configs: [{targets: ['127.0.0.1:" + port
                        + "']}]}]}\n");
        Process alertmanager = alertmanager(program);
        List<String> command = List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx400m",
                "-jar",
                System.getProperty("varve.jar"),
                "demo",
                "latency",
                "--listen",
                "127.0.0.1:0",
                "--data",
                directory.resolve("demo").toString(),
                "--config",
                config.toString());
        try (ServerProcess demo = ServerProcess.start(command, Duration.ofMinutes(3))) {
            await("quiet", "");
            set(demo, "slow-disk", true);
            JsonNode slow = await("slow", "MessagesSlow");
            assertThat(slow.path("stage").asText()).isEqualTo("arrived → done");
            assertThat(slow.path("node").asText()).isEqualTo("log");
            assertThat(slow.path("where").asText()).isEqualTo("arrived → done on log");
            assertThat(slow.path("exemplars").asText()).matches("inv-\\d{8,}(, inv-\\d{8,}){0,2}");
            set(demo, "slow-disk", false);
            await("quiet again", "");
            set(demo, "lost-leader", true);
            JsonNode fails = await("fails", "MessagesFail");
            assertThat(fails.path("stage").asText()).isEqualTo("arrived → done");
            assertThat(fails.path("node").asText()).isEqualTo("log");
            assertThat(fails.path("exemplars").asText()).matches("inv-\\d{8,}(, inv-\\d{8,}){0,2}");
            set(demo, "lost-leader", false);
            await("quiet again", "");
            set(demo, "clock-off", true);
            assertThat(await("off", "ClockOff").path("node").asText()).isEqualTo("log");
        } finally {
            alertmanager.destroyForcibly().waitFor();
        }
    }

    private static void set(ServerProcess demo, String fault, boolean on) throws IOException, InterruptedException {
        byte[] form = ("fault=" + fault + "&on=" + on).getBytes(StandardCharsets.UTF_8);
        demo.post("/demo/latency/faults", "application/x-www-form-urlencoded", form);
    }

    /** The annotations of an alert with all of its place, or nothing once no alert is active if none is asked for. */
    private JsonNode await(String what, String name) throws IOException, InterruptedException {
        URI uri = URI.create("http://127.0.0.1:" + port + "/api/v2/alerts?active=true");
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            JsonNode alerts = JSON.createObjectNode();
            try {
                HttpRequest request = HttpRequest.newBuilder(uri).build();
                alerts = JSON.readTree(
                        http.send(request, BodyHandlers.ofString()).body());
            } catch (IOException e) {
                Thread.sleep(50); // it is starting
            }
            if (name.isEmpty() && alerts.isArray() && alerts.isEmpty()) {
                return alerts;
            }
            for (JsonNode alert : alerts) {
                JsonNode annotations = alert.path("annotations");
                if (alert.path("labels").path("alertname").asText().equals(name)
                        && annotations.has("node")
                        && (annotations.has("exemplars") || name.equals("ClockOff"))) {
                    return annotations;
                }
            }
            assertThat(System.nanoTime()).as("%s: %s", what, alerts).isLessThan(end);
            Thread.sleep(50);
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    private Process alertmanager(Path program) throws IOException {
        Path config = directory.resolve("alertmanager.yml");
        Files.writeString(config, "route: {receiver: none}\nreceivers: [{name: none}]\n");
        return new ProcessBuilder(
                        program.toString(),
                        "--config.file=" + config,
                        "--storage.path=" + directory.resolve("alertmanager"),
                        "--web.listen-address=127.0.0.1:" + port,
                        "--cluster.listen-address=")
                .redirectErrorStream(true)
                .redirectOutput(new File(directory.toFile(), "alertmanager.log"))
                .start();
    }
}
