package io.varve.server.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The real server scrapes Debian's node exporter, and sees its end. */
@Tag("peer")
class NodeExporterIT {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    private Path directory;

    @Test
    void anExporterIsScrapedAndItsSeriesEndWithIt() throws IOException, InterruptedException {
        Path program = PeerProgram.require("prometheus-node-exporter");
        int port;
        try (ServerSocket socket = new ServerSocket(0)) {
            port = socket.getLocalPort();
        }
        Path config = directory.resolve("varve.yml");
        Files.writeString(
                config,
                """
                global: {scrape_interval: 500ms}
                scrape_configs:
                - job_name: node
                  static_configs: [{targets: ['127.0.0.1:%d'], labels: {site: a}}]
                """
                        .formatted(port));
        Process exporter = new ProcessBuilder(program.toString(), "--web.listen-address=127.0.0.1:" + port)
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("exporter.log").toFile())
                .start();
        try (ServerProcess varve = ServerProcess.server(directory.resolve("data"), "--config", config.toString())) {
            await(varve, "up{job=\"node\"} == 1");
            JsonNode series = await(varve, "count({site=\"a\"}) > 200");
            assertThat(series.path(0).path("value").path(1).asInt()).isGreaterThan(200);
            await(varve, "rate(node_cpu_seconds_total{mode=\"idle\"}[10s]) >= 0");
            assertThat(ServerProcess.data(varve.get("/api/v1/targets")).toString())
                    .contains("\"health\":\"up\"", "\"lastError\":\"\"");
            assertThat(varve.get("/api/v1/metadata?metric=node_load1").body()).contains("\"type\":\"gauge\"");
            exporter.destroyForcibly().waitFor();
            await(varve, "up{job=\"node\"} == 0");
            assertThat(varve.ask("node_load1").path("data").path("result").size())
                    .as("ended by its marker")
                    .isZero();
            assertThat(ServerProcess.data(varve.get("/api/v1/targets")).toString())
                    .contains("\"health\":\"down\"");
        } finally {
            exporter.destroyForcibly().waitFor();
        }
    }

    private static JsonNode await(ServerProcess varve, String query) throws IOException, InterruptedException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            JsonNode result = varve.ask(query).path("data").path("result");
            if (result.size() > 0) {
                return result;
            }
            assertThat(System.nanoTime()).as(query + ": " + varve.printed()).isLessThan(end);
            Thread.sleep(50);
        }
    }
}
