package io.varve.server.it;

import com.fasterxml.jackson.databind.JsonNode;
import io.varve.core.Verification;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;

/**
 * The operator of a server that is killed again and again: seals, merges, writes snapshots, deletes and takes what is
 * deleted out of blocks, in random order and without a pause, so that a kill falls into one of them. What was
 * acknowledged as deleted stays away; a snapshot that has its name is whole.
 *
 * <p>Written by its own thread between {@link #work} and its end, read by the test otherwise.
 */
final class KillOperator {

    private static final String ADMIN = "/api/v1/admin/tsdb/";
    private static final List<String> WORK = List.of(
            "flush",
            "flush",
            "flush",
            "compact",
            "snapshot",
            "snapshot",
            "delete_series",
            "delete_series",
            "delete_series",
            "clean_tombstones");
    private static final int POINTS = 20;
    private static final int UNKNOWN = -1;

    private final Path directory;
    private final long baseMs;
    private final Random random;

    /** Samples that each series that is made to be deleted has; unknown while a call about it was in flight. */
    private final TreeMap<Integer, Integer> doomed = new TreeMap<>();

    /** Calls that were answered, and calls that a kill cut off, by their name. */
    private final Map<String, Integer> answered = new TreeMap<>();

    private final Map<String, Integer> cutOff = new TreeMap<>();

    private int snapshots;

    KillOperator(Path directory, long baseMs, long seed) {
        this.directory = directory;
        this.baseMs = baseMs;
        random = new Random(seed);
    }

    String summary() {
        return "answered " + answered + ", cut off by a kill " + cutOff + ", whole snapshots " + snapshots;
    }

    /** Works until the server is gone. */
    void work(ServerProcess server, AtomicBoolean killed) {
        String doing = "";
        try {
            while (true) {
                doing = WORK.get(random.nextInt(WORK.size()));
                if (doing.equals("delete_series")) {
                    delete(server);
                } else {
                    call(server, doing, "");
                }
                answered.merge(doing, 1, Integer::sum);
                Thread.sleep(random.nextInt(60)); // so that there is something to do
            }
        } catch (IOException e) {
            if (!killed.get()) {
                throw new AssertionError("the server went by itself", e);
            }
            cutOff.merge(doing, 1, Integer::sum);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static void call(ServerProcess server, String what, String form) throws IOException, InterruptedException {
        HttpResponse<String> answer =
                server.post(ADMIN + what, "application/x-www-form-urlencoded", form.getBytes(StandardCharsets.UTF_8));
        if (answer.statusCode() / 100 != 2) {
            throw new AssertionError(what + ": " + answer.statusCode() + ": " + answer.body());
        }
    }

    /** Writes a series and deletes it. */
    private void delete(ServerProcess server) throws IOException, InterruptedException {
        int number = doomed.size();
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < POINTS; i++) {
            lines.append("doomed{number=\"").append(number).append("\"} ").append(i);
            lines.append(' ').append(baseMs + i * 1_000L).append('\n');
        }
        doomed.put(number, UNKNOWN);
        if (server.importText(lines.toString()).statusCode() != 204) {
            throw new AssertionError("refused");
        }
        doomed.put(number, POINTS);
        if (number % 4 != 0) { // every fourth stays
            doomed.put(number, UNKNOWN);
            call(server, "delete_series", "match[]=doomed{number=\"" + number + "\"}");
            doomed.put(number, 0);
        }
    }

    /** What was deleted is away, what was not is there; what was in flight is as it was found from now on. */
    long wrong(ServerProcess server) throws IOException, InterruptedException {
        Map<Integer, Integer> found = new HashMap<>();
        JsonNode result = server.query("count_over_time(doomed[1h])", String.valueOf(baseMs / 1_000 + 1_800))
                .path("result");
        for (JsonNode series : result) {
            found.put(
                    Integer.parseInt(series.path("metric").path("number").asText()),
                    series.path("value").path(1).asInt());
        }
        long wrong = 0;
        for (Map.Entry<Integer, Integer> entry : doomed.entrySet()) {
            int count = found.getOrDefault(entry.getKey(), 0);
            if (entry.getValue() == UNKNOWN) {
                wrong += count == 0 || count == POINTS ? 0 : 1; // one batch, one deletion: whole or not at all
                entry.setValue(count);
            } else if (entry.getValue() != count) {
                wrong++;
            }
        }
        return wrong;
    }

    /** Samples that the series that were not deleted have. */
    long samples() {
        return doomed.values().stream().mapToInt(Integer::intValue).sum();
    }

    /** Reads every byte of the snapshots that have their name, and removes them; returns what is wrong with them. */
    List<String> checkSnapshots() throws IOException {
        Path folder = directory.resolve("snapshots");
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> entries = Files.list(folder)) {
            for (Path snapshot : entries.toList()) {
                if (!snapshot.toString().endsWith(".tmp")) {
                    List<String> findings = Verification.verify(snapshot).findings();
                    if (!findings.isEmpty()) {
                        return findings;
                    }
                    snapshots++;
                    remove(snapshot);
                }
            }
        }
        return List.of();
    }

    private static void remove(Path folder) throws IOException {
        try (Stream<Path> below = Files.walk(folder)) {
            for (Path path : below.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }

    /** The value of a series of {@code /metrics} that begins with a text. */
    static long metric(ServerProcess server, String series) throws IOException, InterruptedException {
        for (String line : server.get("/metrics").body().lines().toList()) {
            if (line.startsWith(series + " ")) {
                return (long) Double.parseDouble(line.substring(series.length() + 1));
            }
        }
        throw new AssertionError("no metric " + series);
    }
}
