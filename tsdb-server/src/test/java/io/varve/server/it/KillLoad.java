package io.varve.server.it;

import com.fasterxml.jackson.databind.JsonNode;
import io.varve.server.it.WriteRequests.Sample;
import java.io.IOException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * One client of a server that is killed again and again: sends one batch after the other, each a sample of each of its
 * series, and after a kill the one in flight once more, as remote write does. Knows exactly what has to be there: all
 * acknowledged batches, and of the one in flight what was found after the kill.
 *
 * <p>Written by its own thread between {@link #send} and its end, read by the test otherwise.
 */
final class KillLoad {

    static final int SERIES = 40;

    /** Batches of which a final check asks at a time. */
    private static final int SLICE = 4_000;

    private final int writer;
    private final long baseMs;

    /** Acknowledged batches: 0 to this, less one. The next may have been in flight. */
    private int acknowledged;

    /** What has been compared in full before: batches below. */
    private int compared;

    private long lost;
    private long doubled;

    /** The first things that were found wrong. */
    private final List<String> wrong = new ArrayList<>();

    KillLoad(int writer, long baseMs) {
        this.writer = writer;
        this.baseMs = baseMs;
    }

    long acknowledgedSamples() {
        return (long) acknowledged * SERIES;
    }

    /** Acknowledged samples that an answer did not hold, over all checks. */
    long lost() {
        return lost;
    }

    /** Samples that an answer held twice, that were never sent, or with another value, over all checks. */
    long doubled() {
        return doubled;
    }

    /** What was found wrong, for a person to look at. */
    List<String> wrong() {
        return wrong;
    }

    private void note(String what) {
        if (wrong.size() < 8) {
            wrong.add("w" + writer + " with " + acknowledged + " batches: " + what);
        }
    }

    /** Every second client sends each four batches out of order. */
    private long timeOf(int batch) {
        return baseMs + (writer % 2 == 0 ? batch : batch ^ 3);
    }

    private double value(int series, long time) {
        return (time - baseMs) * 3.25 + series + writer * 1_000;
    }

    /** Sends until the server is gone. */
    void send(ServerProcess server, AtomicBoolean killed) {
        while (true) {
            long time = timeOf(acknowledged);
            List<Sample> samples = new ArrayList<>();
            for (int series = 0; series < SERIES; series++) {
                List<String> labels = List.of("__name__", "kill_test", "series", "s" + series, "writer", "w" + writer);
                samples.add(new Sample(labels, time, value(series, time)));
            }
            try {
                int status = server.post(
                                "/api/v1/write",
                                WriteRequests.CONTENT_TYPE,
                                WriteRequests.encode(samples),
                                WriteRequests.HEADERS)
                        .statusCode();
                if (status == 200 || status == 204) {
                    acknowledged++;
                } else if (status != 503) { // a retry is what 503 asks for
                    throw new AssertionError("refused: status=" + status + ", writer=" + writer);
                }
            } catch (IOException e) {
                if (!killed.get()) {
                    throw new AssertionError("the server went by itself", e);
                }
                return;
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        }
    }

    /** Compares what came since the last check sample for sample, and counts the rest. */
    void check(ServerProcess server) throws IOException, InterruptedException {
        int from = Math.max(0, compared - 8) & ~3;
        compare(server, from, acknowledged + 4);
        compared = acknowledged;
        JsonNode counts = ask(
                        server, "count_over_time(kill_test{writer=\"w" + writer + "\"}[12h])", baseMs + 36_000_000L)
                .path("result");
        for (JsonNode series : counts) {
            long count = series.path("value").path(1).asLong();
            if (count < acknowledged || count > acknowledged + 1) {
                note(series.path("metric").path("series").asText() + " has " + count + " in all");
            }
            lost += Math.max(0, acknowledged - count);
            doubled += Math.max(0, count - acknowledged - 1);
        }
        lost += (long) (acknowledged > 0 ? SERIES - counts.size() : 0) * acknowledged;
    }

    /** Compares all that was ever sent, sample for sample; returns how many there are. */
    long checkAll(ServerProcess server) throws IOException, InterruptedException {
        long found = 0;
        for (int from = 0; from < acknowledged + 4; from += SLICE) {
            found += compare(server, from, Math.min(from + SLICE, acknowledged + 4));
        }
        return found;
    }

    /** Compares batches {@code from}, a multiple of four, to {@code to}; returns how many samples the answer had. */
    private long compare(ServerProcess server, int from, int to) throws IOException, InterruptedException {
        BitSet due = new BitSet();
        for (int batch = from; batch < Math.min(to, acknowledged); batch++) {
            due.set((int) (timeOf(batch) - baseMs));
        }
        long inFlight = timeOf(acknowledged) - baseMs;
        long found = 0;
        JsonNode result = ask(
                        server,
                        "kill_test{writer=\"w" + writer + "\"}[" + (to - from + 8) + "ms]",
                        baseMs + (to | 3) + 1)
                .path("result");
        for (JsonNode series : result) {
            String name = series.path("metric").path("series").asText();
            int number = Integer.parseInt(name.substring(1));
            BitSet seen = new BitSet();
            for (JsonNode point : series.path("values")) {
                long time = point.path(0).decimalValue().movePointRight(3).longValueExact();
                int step = (int) (time - baseMs);
                if (step < from || step >= to) {
                    continue;
                }
                found++;
                boolean sent = due.get(step) || step == inFlight;
                boolean right = Double.parseDouble(point.path(1).asText()) == value(number, time);
                if (seen.get(step) || !sent || !right) {
                    doubled++;
                }
                seen.set(step);
            }
            BitSet missing = (BitSet) due.clone();
            missing.andNot(seen);
            if (!missing.isEmpty()) {
                note(name + " misses of [" + from + ", " + to + "): " + missing);
            }
            lost += missing.cardinality();
        }
        lost += (long) due.cardinality() * (SERIES - result.size());
        return found;
    }

    private static JsonNode ask(ServerProcess server, String expression, long timeMs)
            throws IOException, InterruptedException {
        return server.query(expression, timeMs / 1_000 + "." + String.format("%03d", timeMs % 1_000));
    }
}
