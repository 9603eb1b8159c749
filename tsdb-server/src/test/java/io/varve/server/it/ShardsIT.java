package io.varve.server.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.varve.server.it.WriteRequests.Sample;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A server of two shards with the real jar: write, query, kill -9, snapshot, another count. */
class ShardsIT {

    private static final int SERIES = 60;

    @TempDir
    private Path directory;

    private Path yaml(int shards) throws IOException {
        return Files.writeString(directory.resolve("varve.yml"), "shards: " + shards + "\nself: {enabled: false}\n");
    }

    private ServerProcess serve(int shards) throws IOException, InterruptedException {
        return ServerProcess.server(
                directory.resolve("data"), "--config", yaml(shards).toString(), "--web.enable-admin-api");
    }

    private static int write(ServerProcess server, long time) throws IOException, InterruptedException {
        List<Sample> samples = new ArrayList<>();
        for (int i = 0; i < SERIES; i++) {
            samples.add(new Sample(List.of("__name__", "m", "i", "i" + i), time, i));
        }
        return server.post(
                        "/api/v1/write",
                        WriteRequests.CONTENT_TYPE,
                        WriteRequests.encode(samples),
                        WriteRequests.HEADERS)
                .statusCode();
    }

    private static void holdsAll(ServerProcess server, long time, int each) throws IOException, InterruptedException {
        String at = Long.toString(time / 1_000);
        assertThat(server.query("count(m)", at).toString()).contains("\"" + SERIES + "\"]");
        assertThat(server.query("sum(m)", at).toString()).contains("\"" + SERIES * (SERIES - 1) / 2 + "\"]");
        assertThat(server.query("sum(count_over_time(m[10m]))", at).toString()).contains("\"" + SERIES * each + "\"]");
        assertThat(ServerProcess.data(server.get("/api/v1/label/i/values"))).hasSize(SERIES);
        assertThat(ServerProcess.data(server.get("/api/v1/series?match[]=m"))).hasSize(SERIES);
    }

    @Test
    void writesQueriesAndSurvivesAKill() throws IOException, InterruptedException {
        long time = System.currentTimeMillis() / 1_000 * 1_000 - 60_000;
        try (ServerProcess server = serve(2)) {
            assertThat(write(server, time - 2_000)).isEqualTo(204);
            assertThat(server.post("/api/v1/admin/tsdb/flush", "text/plain", new byte[0])
                            .statusCode())
                    .isIn(200, 204);
            assertThat(write(server, time - 1_000)).isEqualTo(204);
            assertThat(write(server, time)).isEqualTo(204);
            holdsAll(server, time, 3);
            server.kill();
        }
        Path data = directory.resolve("data");
        for (Path shard : List.of(data, data.resolve("shards/01"))) {
            assertThat(shard.resolve("MANIFEST")).exists();
            assertThat(shard.resolve("wal")).isNotEmptyDirectory();
            assertThat(shard.resolve("blocks")).isNotEmptyDirectory();
        }
        assertThat(data.resolve("shards/02")).doesNotExist();
        ServerProcess.Ended refused = ServerProcess.refused(
                List.of(),
                "server",
                "--listen",
                "127.0.0.1:0",
                "--data",
                data.toString(),
                "--config",
                yaml(3).toString());
        assertThat(refused.code()).isEqualTo(1);
        assertThat(refused.output())
                .contains(
                        "the number of shards is fixed when a store is created", "store=2, configured=3", "ask for 2");
        try (ServerProcess server = serve(0)) {
            holdsAll(server, time, 3);
            assertThat(server.post("/api/v1/admin/tsdb/snapshot", "text/plain", new byte[0])
                            .statusCode())
                    .isEqualTo(200);
            assertThat(server.terminate()).isIn(0, 143);
        }
        Path snapshot;
        try (var names = Files.list(data.resolve("snapshots"))) {
            snapshot = names.findFirst().orElseThrow();
        }
        assertThat(ServerProcess.refused(List.of(), "verify", snapshot.toString())
                        .output())
                .contains("2 shards", ": sound");
        assertThat(ServerProcess.refused(List.of(), "verify", data.toString()).output())
                .contains("2 shards", ": sound");
    }
}
