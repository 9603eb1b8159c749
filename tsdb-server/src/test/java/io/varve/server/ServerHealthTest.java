package io.varve.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a server says of its health, well and under faults of a real disk and of the clock. */
@Timeout(120)
class ServerHealthTest {

    @TempDir
    private Path directory;

    @Test
    void each_part_is_told_with_its_state_and_since_when() throws IOException {
        Instant before = Instant.now();
        try (ServerUnderTest server = ServerUnderTest.start(directory, "")) {
            HttpResponse<String> answer = server.get("/api/v1/status/health");
            assertThat(answer.statusCode()).isEqualTo(200);
            JsonNode data = ServerUnderTest.json(answer).path("data");
            assertThat(data.path("ready").asBoolean()).isTrue();
            List<String> names = new ArrayList<>();
            for (JsonNode component : data.path("components")) {
                names.add(component.path("name").asText());
                assertThat(component.path("since").asText()).isNotBlank();
                assertThat(Instant.parse(component.path("since").asText())).isBetween(before, Instant.now());
                if (!component.path("name").asText().equals("disk")) { // the machine's own
                    assertThat(component.path("state").asText()).isEqualTo("ok");
                    assertThat(component.path("reason").isNull()).isTrue();
                }
            }
            assertThat(names)
                    .containsExactly(
                            "writing", "log", "disk", "upkeep", "retention", "memory", "shard 0", "self", "tenants");
        }
    }

    @Test
    void probes_get_a_line_and_who_asks_for_json_gets_the_parts() throws IOException {
        try (ServerUnderTest server = ServerUnderTest.start(directory, "")) {
            assertThat(server.get("/-/healthy").body()).isEqualTo("Varve is healthy.\n");
            assertThat(server.get("/-/ready").body()).isEqualTo("Varve is ready.\n");
            for (String path : List.of("/-/healthy", "/-/ready")) {
                HttpResponse<String> answer = server.get(path, "Accept", "application/json");
                assertThat(answer.statusCode()).isEqualTo(200);
                assertThat(answer.headers().firstValue("Content-Type")).contains("application/json");
                assertThat(ServerUnderTest.json(answer)
                                .at("/data/components/0/name")
                                .asText())
                        .isEqualTo("writing");
            }
        }
    }

    @Test
    void a_directory_that_went_away_fails_writing_log_and_disk_until_it_is_back() throws IOException {
        try (ServerUnderTest server = ServerUnderTest.start(directory, "self: {enabled: false}")) {
            assertThat(server.importText("m 1\n").statusCode()).isEqualTo(204);
            String well = server.component("log").path("since").asText();
            Path data = directory.resolve("data");
            Path aside = directory.resolve("aside");
            Files.move(data, aside);
            server.send(
                    "POST",
                    "/api/v1/import/prometheus",
                    "m 2\n".getBytes(java.nio.charset.StandardCharsets.UTF_8),
                    "Varve-Durability",
                    "memory");
            ServerUnderTest.await(() -> server.state("log").equals("failed"));
            assertThat(server.component("log").path("reason").asText()).startsWith("cannot write the log: ");
            assertThat(server.component("log").path("since").asText()).isGreaterThan(well);
            assertThat(server.state("writing")).isEqualTo("failed");
            assertThat(server.state("disk")).isEqualTo("failed");
            assertThat(server.component("shard 0").path("reason").asText()).contains("log: cannot write the log: ");
            assertThat(server.get("/-/healthy").body()).startsWith("Varve answers and takes no writes: ");
            assertThat(ServerUnderTest.json(server.get("/-/healthy", "Accept", "application/json"))
                            .at("/data/state")
                            .asText())
                    .isEqualTo("failed");
            ServerUnderTest.await(() -> metric(server, "log") == 2);
            Files.move(aside, data);
            ServerUnderTest.await(() -> server.state("log").equals("ok"));
            ServerUnderTest.await(() -> server.state("writing").equals("ok"));
            ServerUnderTest.await(() -> metric(server, "log") == 0);
            assertThat(server.importText("m 3\n").statusCode()).isEqualTo(204);
        }
    }

    private static double metric(ServerUnderTest server, String component) {
        try {
            return server.metric("varve_health{component=\"" + component + "\"}");
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void blocks_that_cannot_be_written_degrade_upkeep() throws IOException {
        try (ServerUnderTest server = ServerUnderTest.start(directory, "self: {enabled: false}")) {
            assertThat(server.importText("m 1\n").statusCode()).isEqualTo(204);
            Path blocks = directory.resolve("data/blocks");
            Files.deleteIfExists(blocks);
            Files.writeString(blocks, "in the way");
            assertThat(server.post("/api/v1/admin/tsdb/flush").statusCode()).isEqualTo(500);
            ServerUnderTest.await(() -> server.state("upkeep").equals("degraded"));
            assertThat(server.component("upkeep").path("reason").asText())
                    .startsWith("cannot seal or merge: ")
                    .endsWith("; it is tried again every second");
            assertThat(server.state("writing")).isEqualTo("ok");
            Files.delete(blocks);
            Files.createDirectory(blocks);
            ServerUnderTest.await(() -> server.state("upkeep").equals("ok"));
        }
    }

    @Test
    void a_clock_that_jumps_degrades_retention_until_it_is_confirmed() throws IOException {
        try (ServerUnderTest server =
                ServerUnderTest.start(directory, "retention: {time: 30d}\nself: {enabled: false}")) {
            assertThat(server.importText("m 1\n").statusCode()).isEqualTo(204);
            assertThat(server.post("/api/v1/admin/tsdb/compact").statusCode()).isEqualTo(204);
            assertThat(server.state("retention")).isEqualTo("ok");
            server.jump(Duration.ofDays(300));
            assertThat(server.importText("m 2\n").statusCode()).isEqualTo(204);
            assertThat(server.post("/api/v1/admin/tsdb/compact").statusCode()).isEqualTo(204);
            assertThat(server.state("retention")).isEqualTo("degraded");
            assertThat(server.component("retention").path("reason").asText())
                    .startsWith("clock and samples jumped from ");
            assertThat(metric(server, "retention")).isEqualTo(1);
            assertThat(server.post("/api/v1/admin/tsdb/confirm_clock").statusCode())
                    .isEqualTo(204);
            assertThat(server.state("retention")).isEqualTo("ok");
        }
    }
}
