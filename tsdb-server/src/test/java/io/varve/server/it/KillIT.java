package io.varve.server.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.varve.server.it.WriteRequests.Sample;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** kill -9 under load, through HTTP: what was acknowledged as synced is there, once, with its value. */
class KillIT {

    private static final int WRITERS = 2;
    private static final int SERIES = 40;
    private static final int ROUNDS = 4;

    @TempDir
    private Path directory;

    private final Map<Integer, Long> acknowledged = new ConcurrentHashMap<>();
    private final long base = System.currentTimeMillis() / 1_000 * 1_000 - 3_600_000;

    @Test
    void nothingAcknowledgedIsLostOrDoubled() throws IOException, InterruptedException {
        Random random = new Random(11);
        long[] next = new long[WRITERS];
        for (int round = 0; round < ROUNDS; round++) {
            try (ServerProcess server = ServerProcess.server(directory, "--web.enable-admin-api")) {
                verify(server, round);
                AtomicBoolean killed = new AtomicBoolean();
                List<Thread> writers = new ArrayList<>();
                for (int w = 0; w < WRITERS; w++) {
                    int writer = w;
                    Thread thread = new Thread(() -> next[writer] = write(server, writer, next[writer], killed));
                    thread.start();
                    writers.add(thread);
                }
                Thread.sleep(500 + random.nextInt(1_500));
                if (round == 1) { // so that blocks are part of what is recovered
                    assertThat(server.post("/api/v1/admin/tsdb/flush", "text/plain", new byte[0])
                                    .statusCode())
                            .isIn(200, 204);
                }
                killed.set(true);
                server.kill();
                for (Thread thread : writers) {
                    thread.join();
                }
            }
        }
        try (ServerProcess server = ServerProcess.server(directory)) {
            verify(server, ROUNDS);
            assertThat(server.terminate()).isIn(0, 143);
        }
    }

    /** Writes steps until the server is gone; returns the next step, which no request has sent. */
    private long write(ServerProcess server, int writer, long from, AtomicBoolean killed) {
        long step = from;
        while (true) {
            List<Sample> samples = new ArrayList<>();
            for (int series = 0; series < SERIES; series++) {
                samples.add(new Sample(
                        List.of("__name__", "kill_test", "series", "s" + series, "writer", "w" + writer),
                        base + step,
                        value(writer, series, step)));
            }
            try {
                int status = server.post(
                                "/api/v1/write",
                                WriteRequests.CONTENT_TYPE,
                                WriteRequests.encode(samples),
                                WriteRequests.HEADERS)
                        .statusCode();
                assertThat(status).isIn(200, 204);
                acknowledged.put(writer, step);
                step++;
            } catch (IOException e) {
                assertThat(killed).isTrue();
                return step + 1; // the one in flight may or may not be there
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        }
    }

    private static double value(int writer, int series, long step) {
        return step * 3.25 + series + writer * 1_000;
    }

    private void verify(ServerProcess server, int round) throws IOException, InterruptedException {
        assertThat(server.get("/-/ready").statusCode()).isEqualTo(200);
        if (acknowledged.isEmpty()) {
            return;
        }
        JsonNode result = server.query("kill_test[3h]", String.valueOf(base / 1_000 + 7_200))
                .path("result");
        assertThat(result.size()).isEqualTo(WRITERS * SERIES);
        for (JsonNode series : result) {
            int writer = Integer.parseInt(
                    series.path("metric").path("writer").asText().substring(1));
            int number = Integer.parseInt(
                    series.path("metric").path("series").asText().substring(1));
            List<Long> found = new ArrayList<>();
            for (JsonNode point : series.path("values")) {
                long step = point.get(0).decimalValue().movePointRight(3).longValueExact() - base;
                found.add(step);
                assertThat(Double.parseDouble(point.get(1).asText()))
                        .as("round %d, step %d", round, step)
                        .isEqualTo(value(writer, number, step));
            }
            assertThat(found).isSorted().doesNotHaveDuplicates();
            long last = acknowledged.getOrDefault(writer, -1L);
            assertThat(found).contains(last);
            long gaps = last + 1 - found.stream().filter(step -> step <= last).count();
            assertThat(gaps).as("steps that were never acknowledged").isLessThanOrEqualTo(round);
        }
    }
}
