package io.varve.server.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.varve.server.it.WriteRequests.Sample;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The process stands still under load, as it does when a machine is suspended or a container frozen: it goes on as if
 * nothing had been, and what was acknowledged before and after is there. Five seconds by default;
 * {@code -Dvarve.pause.seconds=30} for longer.
 */
class PauseIT {

    private static final int WRITERS = 2;
    private static final int SERIES = 40;

    @TempDir
    private Path directory;

    private final long base = System.currentTimeMillis() / 1_000 * 1_000 - 3_600_000;

    @Test
    void goesOnAfterItStoodStill() throws Exception {
        long seconds = Long.getLong("varve.pause.seconds", 5);
        List<Long> steps = new ArrayList<>();
        try (ServerProcess server = ServerProcess.server(directory, "--self.enabled", "false")) {
            AtomicBoolean ending = new AtomicBoolean();
            List<CompletableFuture<Long>> writers = new ArrayList<>();
            for (int writer = 0; writer < WRITERS; writer++) {
                int number = writer;
                writers.add(CompletableFuture.supplyAsync(() -> write(server, number, ending)));
            }
            Thread.sleep(500);
            signal(server, "STOP");
            Thread.sleep(seconds * 1_000);
            signal(server, "CONT");
            Thread.sleep(1_000);
            ending.set(true);
            for (CompletableFuture<Long> writer : writers) {
                steps.add(writer.get());
            }
            assertThat(server.get("/api/v1/status/tsdb?limit=0").body()).contains("\"readOnly\":null");
            verify(server, steps);
            server.kill();
        }
        try (ServerProcess server = ServerProcess.server(directory, "--self.enabled", "false")) {
            verify(server, steps);
            assertThat(server.terminate()).isIn(0, 143);
        }
    }

    private static void signal(ServerProcess server, String name) throws IOException, InterruptedException {
        long pid = server.process().pid();
        assertThat(new ProcessBuilder("kill", "-" + name, Long.toString(pid))
                        .start()
                        .waitFor())
                .isZero();
    }

    /** Writes one step after the other; returns how many were acknowledged, which all have to be. */
    private long write(ServerProcess server, int writer, AtomicBoolean ending) {
        long step = 0;
        while (!ending.get()) {
            List<Sample> samples = new ArrayList<>();
            for (int series = 0; series < SERIES; series++) {
                samples.add(new Sample(
                        List.of("__name__", "pause_test", "series", "s" + series, "writer", "w" + writer),
                        base + step,
                        step));
            }
            try {
                int status = server.post(
                                "/api/v1/write",
                                WriteRequests.CONTENT_TYPE,
                                WriteRequests.encode(samples),
                                WriteRequests.HEADERS)
                        .statusCode();
                assertThat(status).isIn(200, 204);
            } catch (IOException | InterruptedException e) {
                throw new AssertionError(e);
            }
            step++;
        }
        return step;
    }

    private void verify(ServerProcess server, List<Long> steps) throws IOException, InterruptedException {
        assertThat(server.get("/-/ready").statusCode()).isEqualTo(200);
        JsonNode result = server.query("count_over_time(pause_test[3h])", String.valueOf(base / 1_000 + 7_200))
                .path("result");
        assertThat(result.size()).isEqualTo(WRITERS * SERIES);
        for (JsonNode series : result) {
            int writer = Integer.parseInt(
                    series.path("metric").path("writer").asText().substring(1));
            assertThat(series.path("value").get(1).asText()).isEqualTo(String.valueOf(steps.get(writer)));
        }
    }
}
