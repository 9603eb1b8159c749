package io.varve.server.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
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
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Rules of the real server, whose alerts come to Debian's Alertmanager and end there. */
@Tag("peer")
class AlertmanagerIT {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    private Path directory;

    private final HttpClient http = HttpClient.newHttpClient();

    @Test
    void alertsAreFiredToldOfAndEnded() throws IOException, InterruptedException {
        Path program = PeerProgram.require("prometheus-alertmanager");
        int port = freePort();
        Files.writeString(
                directory.resolve("rules.yml"),
                """
                groups:
                - name: g
                  interval: 200ms
                  rules:
                  - record: load:max
                    expr: max(load)
                  - alert: High
                    expr: load:max > 1
                    for: 400ms
                    labels: {severity: page}
                    annotations: {summary: 'load is {{ $value | printf "%.1f" }}'}
                """);
        Path config = directory.resolve("varve.yml");
        Files.writeString(
                config,
                """
                global: {external_labels: {site: a}}
                rule_files: ['rules*.yml']
                alerting:
                  alertmanagers:
                  - static_configs: [{targets: ['127.0.0.1:%d']}]
                """
                        .formatted(port));
        Process alertmanager = alertmanager(program, port);
        try (ServerProcess varve = ServerProcess.serverThatHearsHangUps(
                directory.resolve("data"), "--config", config.toString(), "--web.enable-admin-api")) {
            varve.importText("load{host=\"x\"} 3\n");
            JsonNode alert = awaitAlerts(port, 1).get(0);
            assertThat(alert.path("labels").toString())
                    .isEqualTo("{\"alertname\":\"High\",\"severity\":\"page\",\"site\":\"a\"}");
            assertThat(alert.path("annotations").path("summary").asText()).isEqualTo("load is 3.0");
            assertThat(alert.path("generatorURL").asText())
                    .isEqualTo(varve.url() + "/graph?g0.expr=load%3Amax+%3E+1&g0.tab=1");
            assertThat(alert.path("status").path("state").asText()).isEqualTo("active");

            JsonNode rules = ServerProcess.data(varve.get("/api/v1/rules")).path("groups");
            assertThat(rules.path(0).path("rules").path(1).path("state").asText())
                    .isEqualTo("firing");
            assertThat(rules.path(0).path("rules").path(0).path("health").asText())
                    .isEqualTo("ok");
            JsonNode shown = ServerProcess.data(varve.get("/api/v1/alerts")).path("alerts");
            assertThat(shown.path(0).path("value").asText()).isEqualTo("3e+00");
            assertThat(ServerProcess.data(varve.get("/api/v1/alertmanagers")).toString())
                    .contains("http://127.0.0.1:" + port + "/api/v2/alerts");
            assertThat(varve.get("/metrics").body()).contains("varve_notifications_sent_total{receiver=\"http://");

            varve.importText("load{host=\"x\"} 0\n");
            awaitAlerts(port, 0);
            reloads(varve);
        } finally {
            alertmanager.destroyForcibly().waitFor();
        }
    }

    /** A bad file changes nothing and is told, by request and by signal; a good one is in force at once. */
    private void reloads(ServerProcess varve) throws IOException, InterruptedException {
        Path rules = directory.resolve("rules.yml");
        String good = Files.readString(rules);
        Files.writeString(rules, good.replace("max(load)", "max(load"));
        assertThat(varve.post("/-/reload", "text/plain", new byte[0]).body()).contains("rules.yml: line 6");
        assertThat(varve.get("/api/v1/rules").body()).contains("\"query\":\"max(load)\"");
        Files.writeString(rules, good.replace("max(load)", "min(load)"));
        new ProcessBuilder("kill", "-HUP", Long.toString(varve.process().pid()))
                .start()
                .waitFor();
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!varve.get("/api/v1/rules").body().contains("\"query\":\"min(load)\"")) {
            assertThat(System.nanoTime())
                    .as("reloaded by SIGHUP: " + varve.printed())
                    .isLessThan(end);
            Thread.sleep(20);
        }
        assertThat(varve.process().isAlive()).isTrue();
    }

    private JsonNode awaitAlerts(int port, int count) throws IOException, InterruptedException {
        URI uri = URI.create("http://127.0.0.1:" + port + "/api/v2/alerts?active=true");
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            JsonNode alerts = JSON.createArrayNode();
            try {
                alerts = JSON.readTree(http.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString())
                        .body());
            } catch (IOException e) {
                Thread.sleep(50); // it is starting
            }
            if (alerts.isArray() && alerts.size() == count) {
                return alerts;
            }
            assertThat(System.nanoTime())
                    .as("alerts at the Alertmanager: %s", alerts)
                    .isLessThan(end);
            Thread.sleep(20);
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    private Process alertmanager(Path program, int port) throws IOException {
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
