package io.varve.server.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The way of an operator, with the real jar: snapshot, verify, restore, serve; damage, repair, accept. */
class BackupIT {

    private static final String ALL = "count(last_over_time(m[3h]))";
    private static final String BLOCK = "blocks/000000000001.varve";

    @TempDir
    private Path directory;

    private static ServerProcess open(Path store) throws IOException, InterruptedException {
        return ServerProcess.server(store, "--web.enable-admin-api", "--self.enabled", "false");
    }

    private static String line(int i) {
        return "m{i=\"" + i + "\"} " + i + " " + (System.currentTimeMillis() - 60_000) + "\n";
    }

    private static ServerProcess.Ended run(String... arguments) throws IOException, InterruptedException {
        return ServerProcess.refused(List.of(), arguments);
    }

    @Test
    void fromSnapshotToRestoredServer() throws IOException, InterruptedException {
        Path store = directory.resolve("store");
        String name;
        try (ServerProcess server = open(store)) {
            for (int i = 0; i < 20; i++) {
                assertThat(server.importText(line(i)).statusCode()).isEqualTo(204);
            }
            var answer = ServerProcess.data(server.post("/api/v1/admin/tsdb/snapshot", "text/plain", new byte[0]));
            name = answer.path("name").asText();
            assertThat(server.importText(line(20)).statusCode()).isEqualTo(204);
            server.terminate();
        }
        Path snapshot = store.resolve("snapshots").resolve(name);
        assertThat(run("verify", snapshot.toString()).output())
                .matches("snapshot, 3 hashes right: 1 blocks \\(20 samples, [0-9,]+ bytes\\) and 1 log segments \\(0"
                        + " samples\\): sound");
        Path restored = directory.resolve("restored");
        assertThat(run("restore", snapshot.toString(), restored.toString()))
                .isEqualTo(new ServerProcess.Ended(0, "1 blocks of 3 files restored, every hash right"));
        assertThat(run("restore", snapshot.toString(), restored.toString()))
                .isEqualTo(new ServerProcess.Ended(
                        1,
                        "varve: cannot restore " + snapshot + " to " + restored
                                + ": it is there and not empty: choose another directory"));
        try (ServerProcess server = open(restored)) {
            assertThat(server.ask(ALL).path("data").toString()).contains("\"20\"]");
            server.terminate();
        }
        byte[] block = Files.readAllBytes(snapshot.resolve(BLOCK));
        block[99] ^= 1;
        Files.delete(snapshot.resolve(BLOCK)); // a link: its bytes are the store's
        Files.write(snapshot.resolve(BLOCK), block);
        ServerProcess.Ended refused =
                run("restore", snapshot.toString(), directory.resolve("other").toString());
        assertThat(refused.code()).isEqualTo(1);
        assertThat(refused.output()).contains("corrupt file: path=" + BLOCK, "expected SHA-256 ");
        assertThat(directory.resolve("other")).doesNotExist();
    }

    @Test
    void aRepairedStoreGoesOnSayingWhatIsLost() throws IOException, InterruptedException {
        Path store = directory.resolve("store");
        try (ServerProcess server = open(store)) {
            for (int i = 0; i < 20; i++) {
                server.importText(line(i));
            }
            server.post("/api/v1/admin/tsdb/flush", "text/plain", new byte[0]);
            server.terminate();
        }
        byte[] block = Files.readAllBytes(store.resolve(BLOCK));
        block[60] ^= 1;
        Files.write(store.resolve(BLOCK), block);
        assertThat(run("repair", "--dry-run", store.toString()).output()).contains("nothing was changed");
        assertThat(store.resolve("quarantine")).doesNotExist();
        ServerProcess.Ended repaired = run("repair", store.toString());
        assertThat(repaired.code()).isZero();
        assertThat(repaired.output()).contains("lost: ", " series between ", "set aside in quarantine");
        try (ServerProcess server = open(store)) {
            assertThat(server.ask(ALL).path("warnings").path(0).asText())
                    .matches("answer misses data of \\d+ series between .*Z and .*Z: blocks/000000000001\\.varve: pages"
                            + " damaged, set aside in quarantine");
            for (String path : List.of("labels", "label/i/values", "series?match[]=m")) {
                assertThat(server.get("/api/v1/" + path.replace("[]", "%5B%5D")).body())
                        .as(path)
                        .contains("\"warnings\":[\"answer misses data of ");
            }
            server.terminate();
        }
        assertThat(run("repair", "--accept-losses", store.toString()).output()).contains("accepted: ");
        try (ServerProcess server = open(store)) {
            assertThat(server.ask(ALL).has("warnings")).isFalse();
            server.terminate();
        }
        assertThat(run("verify", store.toString()).code()).isZero();
    }
}
