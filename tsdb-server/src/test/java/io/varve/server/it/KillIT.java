package io.varve.server.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/**
 * kill -9 at random moments, under load through HTTP, while an operator seals, merges, deletes and writes snapshots, and
 * now and then during a start: what was acknowledged as synced is there, once, with its value; what was deleted is not;
 * a snapshot is whole or none. A few rounds by default; {@code .ci/long/kill} runs a hundred, with so many series that
 * sealing takes a while and the registry has checkpoints.
 */
class KillIT {

    private static final int ROUNDS = Integer.getInteger("varve.kill.rounds", 4);
    private static final int CROWD = Integer.getInteger("varve.kill.crowd", 500);
    private static final long SEED = Long.getLong("varve.kill.seed", 11);

    /** Rounds after which the crowd sends again: a registry has checkpoints only while it knows many series. */
    private static final int CROWD_EVERY = 5;

    /** A start that takes longer says what it did. */
    private static final long SLOW_MILLIS = 5_000;

    /** Stays if the test fails. */
    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    private Path directory;

    private final long base = System.currentTimeMillis() / 1_000 * 1_000 - 10 * 3_600_000L;
    private final Random random = new Random(SEED);
    private final List<Long> readyMillis = new ArrayList<>();
    private final List<Long> readyCpuMillis = new ArrayList<>();
    private int killedStarts;
    private int checkpoints;
    private long crowdSamples;

    @Test
    void nothingAcknowledgedIsLostOrDoubled() throws IOException, InterruptedException {
        KillOperator operator = new KillOperator(directory, base, SEED);
        List<KillLoad> clients = List.of(new KillLoad(0, base), new KillLoad(1, base));
        long wrong = 0;
        for (int round = 0; round < ROUNDS; round++) {
            try (ServerProcess server = start()) {
                for (KillLoad client : clients) {
                    client.check(server);
                }
                wrong += operator.wrong(server) + wrongCrowd(server);
                assertThat(List.of(lost(clients), doubled(clients), wrong))
                        .as(
                                "lost, doubled, wrong deletions; seed %d, round %d, %s: %s %s",
                                SEED,
                                round,
                                directory,
                                clients.get(0).wrong(),
                                clients.get(1).wrong())
                        .containsOnly(0L);
                assertThat(operator.checkSnapshots()).isEmpty();
                if (round % CROWD_EVERY == 0) {
                    sendCrowd(server, round / CROWD_EVERY);
                }
                underLoad(server, clients, operator);
            }
            say(round + 1, clients, wrong, operator);
        }
        finish(clients, operator);
    }

    private static long lost(List<KillLoad> clients) {
        return clients.stream().mapToLong(KillLoad::lost).sum();
    }

    private static long doubled(List<KillLoad> clients) {
        return clients.stream().mapToLong(KillLoad::doubled).sum();
    }

    private void say(int rounds, List<KillLoad> clients, long wrong, KillOperator operator) {
        if (rounds % 10 != 0 && rounds != ROUNDS) {
            return;
        }
        System.out.printf(
                Locale.ROOT,
                "KILL rounds %d, and %d during a start, %d with a checkpoint · acknowledged samples %,d · lost %d · doubled %d"
                        + " · wrong deletions %d · ready after %s ms, CPU %s ms · seed %d%n"
                        + "KILL operator: %s%n",
                rounds,
                killedStarts,
                checkpoints,
                clients.stream().mapToLong(KillLoad::acknowledgedSamples).sum() + crowdSamples,
                lost(clients),
                doubled(clients),
                wrong,
                medianAndMax(readyMillis),
                medianAndMax(readyCpuMillis),
                SEED,
                operator.summary());
    }

    private static String medianAndMax(List<Long> values) {
        List<Long> sorted = new ArrayList<>(values);
        Collections.sort(sorted);
        return "median " + sorted.get(sorted.size() / 2) + ", max " + sorted.get(sorted.size() - 1);
    }

    /** Starts the server, sometimes after a start that is killed, and waits until it is ready. */
    private ServerProcess start() throws IOException, InterruptedException {
        if (random.nextInt(6) == 0) {
            killedStarts++;
            ServerProcess.killedAfter(directory, 150 + random.nextInt(1_200));
        }
        String[] log = directory.resolve("wal").toFile().list((folder, name) -> name.endsWith(".series"));
        checkpoints += log != null && log.length > 0 ? 1 : 0;
        long begun = System.nanoTime();
        ServerProcess server = ServerProcess.server(directory, "--web.enable-admin-api", "--self.interval", "200ms");
        while (server.get("/-/ready").statusCode() != 200) {
            Thread.sleep(5);
        }
        long millis = (System.nanoTime() - begun) / 1_000_000;
        readyMillis.add(millis);
        readyCpuMillis.add(
                server.process().info().totalCpuDuration().orElse(Duration.ZERO).toMillis());
        if (millis > SLOW_MILLIS) {
            System.out.println("KILL slow start, " + millis + " ms: " + server.printed());
        }
        return server;
    }

    private void underLoad(ServerProcess server, List<KillLoad> clients, KillOperator operator)
            throws InterruptedException {
        AtomicBoolean killed = new AtomicBoolean();
        List<CompletableFuture<Void>> work = new ArrayList<>();
        for (KillLoad client : clients) {
            work.add(inThread(() -> client.send(server, killed)));
        }
        work.add(inThread(() -> operator.work(server, killed)));
        Thread.sleep(150 + random.nextInt(2_500));
        killed.set(true);
        server.kill();
        work.forEach(CompletableFuture::join);
    }

    private static CompletableFuture<Void> inThread(Runnable work) {
        return CompletableFuture.runAsync(work, task -> new Thread(task, "kill-client").start());
    }

    /** Many series with a sample each, which a checkpoint of the registry is worth. */
    private void sendCrowd(ServerProcess server, int turn) throws IOException, InterruptedException {
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < CROWD; i++) {
            lines.append("crowd{number=\"")
                    .append(i)
                    .append("\",region=\"region-")
                    .append(i % 7);
            lines.append("\"} ")
                    .append(i + turn)
                    .append(' ')
                    .append(base + turn * 1_000L)
                    .append('\n');
        }
        assertThat(server.post(
                                "/api/v1/import/prometheus",
                                "text/plain",
                                lines.toString().getBytes(StandardCharsets.UTF_8))
                        .statusCode())
                .isEqualTo(204);
        crowdSamples += CROWD;
    }

    /** Samples of the crowd that are missing or too many. */
    private long wrongCrowd(ServerProcess server) throws IOException, InterruptedException {
        String at = String.valueOf(base / 1_000 + 1_800);
        long samples = server.query("sum(count_over_time(crowd[1h]))", at)
                .path("result")
                .path(0)
                .path("value")
                .path(1)
                .asLong();
        return Math.abs(samples - crowdSamples);
    }

    /** All of it once more, sample for sample; then sealed and merged, so that blocks have no sample twice either. */
    private void finish(List<KillLoad> clients, KillOperator operator) throws IOException, InterruptedException {
        try (ServerProcess server = start()) {
            assertThat(operator.wrong(server) + wrongCrowd(server)).isZero();
            long samples = operator.samples() + crowdSamples;
            for (KillLoad client : clients) {
                client.check(server);
                samples += client.checkAll(server);
            }
            for (String call : List.of("flush", "compact", "clean_tombstones")) {
                assertThat(server.post("/api/v1/admin/tsdb/" + call, "text/plain", new byte[0])
                                .statusCode())
                        .isEqualTo(204);
            }
            assertThat(List.of(lost(clients), doubled(clients))).containsOnly(0L);
            assertThat(KillOperator.metric(server, "varve_samples{store=\"main\"}"))
                    .as("samples in blocks, and in answers")
                    .isEqualTo(samples);
            assertThat(server.terminate()).isIn(0, 143);
        }
    }
}
