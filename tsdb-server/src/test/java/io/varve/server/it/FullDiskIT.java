package io.varve.server.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A disk that is really full: a small tmpfs, which needs the right to mount. Without it the test does not run and says so; in
 * CI that is a failure. The simulated full disk of the engine's crash tests needs no right.
 */
class FullDiskIT {

    private static final int SERIES = 2_000;

    @TempDir
    private Path directory;

    private final long base = System.currentTimeMillis() / 1_000 * 1_000 - 600_000;
    private int acknowledged;

    @Test
    void refusesWithoutDamageAndResumesByItself() throws IOException, InterruptedException {
        Path disk = Files.createDirectory(directory.resolve("disk"));
        requireMount(disk);
        try {
            Path data = disk.resolve("data");
            Path filler = disk.resolve("filler");
            try (ServerProcess server = start(data)) {
                fillUp(filler);
                assertRefusesWrites(server);
                HttpResponse<String> flush = server.post("/api/v1/admin/tsdb/flush", "text/plain", new byte[0]);
                assertThat(flush.statusCode()).isEqualTo(500);
                assertThat(flush.body())
                        .isEqualTo(
                                "{\"status\":\"error\",\"errorType\":\"internal\",\"error\":\"cannot flush the store:"
                                        + " No space left on device; nothing is lost\"}");
                assertAllThere(server);
                server.kill();
            }
            assertThat(ServerProcess.refused(
                            List.of(),
                            "server",
                            "--listen",
                            "127.0.0.1:0",
                            "--self.enabled",
                            "false",
                            "--data",
                            "" + data))
                    .isEqualTo(new ServerProcess.Ended(
                            1,
                            "varve: cannot open " + data
                                    + ": No space left on device: make room or repair it, or choose"
                                    + " another directory with --data"));
            Files.delete(filler);
            try (ServerProcess server = start(data)) {
                assertAllThere(server);
                fillUp(filler);
                assertRefusesWrites(server);
                Files.delete(filler);
                assertThat(server.importText(batch()).statusCode()).isEqualTo(204);
                acknowledged++;
                assertThat(server.get("/api/v1/status/tsdb?limit=0").body()).contains("\"readOnly\":null");
                assertThat(server.post("/api/v1/admin/tsdb/flush", "text/plain", new byte[0])
                                .statusCode())
                        .isEqualTo(204);
                assertAllThere(server);
                assertThat(server.terminate()).isIn(0, 143);
            }
            try (ServerProcess server = start(data)) {
                assertAllThere(server);
            }
        } finally {
            assertThat(run("umount", disk.toString())).isZero();
        }
    }

    private static ServerProcess start(Path data) throws IOException, InterruptedException {
        return ServerProcess.server(data, "--self.enabled", "false", "--web.enable-admin-api");
    }

    private static void requireMount(Path disk) throws IOException, InterruptedException {
        if (run("mount", "-t", "tmpfs", "-o", "size=6m", "tmpfs", disk.toString()) == 0) {
            return;
        }
        String message = "NOT RUN: a full disk needs the right to mount a tmpfs (run as root)";
        System.out.println(message);
        if (Boolean.parseBoolean(System.getenv("CI"))) {
            throw new AssertionError(message + "; in CI it must be there");
        }
        assumeTrue(false, message);
    }

    private static int run(String... command) throws IOException, InterruptedException {
        try {
            return new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start()
                    .waitFor();
        } catch (IOException e) {
            return -1; // no such program
        }
    }

    private static void fillUp(Path filler) throws IOException {
        try (FileChannel channel = FileChannel.open(filler, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            while (true) {
                channel.write(ByteBuffer.allocate(4_096));
            }
        } catch (IOException e) {
            assertThat(e).hasMessage("No space left on device");
        }
    }

    /** One more sample of every series. */
    private String batch() {
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < SERIES; i++) {
            lines.append("m{i=\"").append(i).append("\"} ").append(acknowledged).append(' ');
            lines.append(base + acknowledged).append('\n');
        }
        return lines.toString();
    }

    /** Writes until the log's own room is used up, which must be soon, and a little longer. */
    private void assertRefusesWrites(ServerProcess server) throws IOException, InterruptedException {
        HttpResponse<String> answer = server.importText(batch());
        while (answer.statusCode() == 204) {
            acknowledged++;
            assertThat(acknowledged).isLessThan(200);
            answer = server.importText(batch());
        }
        for (int i = 0; i < 3; i++) {
            assertThat(answer.statusCode()).isEqualTo(503);
            assertThat(answer.headers().firstValue("Retry-After")).contains("10");
            assertThat(answer.body())
                    .isEqualTo(
                            "{\"status\":\"error\",\"errorType\":\"unavailable\",\"error\":\"read only: cannot extend the"
                                    + " log: No space left on device\"}");
            answer = server.importText(batch());
        }
        assertThat(server.get("/api/v1/status/tsdb?limit=0").body())
                .contains("\"readOnly\":\"cannot extend the log: No space left on device\"");
        assertThat(server.get("/api/v1/status/health").body())
                .contains("{\"name\":\"log\",\"state\":\"failed\",\"reason\":"
                        + "\"cannot extend the log: No space left on device\"")
                .contains("{\"name\":\"disk\",\"state\":\"failed\"");
        assertAllThere(server);
    }

    private void assertAllThere(ServerProcess server) throws IOException, InterruptedException {
        assertThat(server.get("/-/ready").statusCode()).isEqualTo(200);
        String counts = server.query("sum(count_over_time(m[1h]))", String.valueOf(base / 1_000 + 600))
                .toString();
        assertThat(counts).contains("\"" + (long) acknowledged * SERIES + "\"]");
    }
}
