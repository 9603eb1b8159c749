package io.varve.benchmarks.load;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * What a tenant feels of another that asks for ten times what it may. A quiet tenant writes and asks at a fixed pace;
 * in turn it is alone, beside the client alone of the other, whose requests go to a server that does nothing, beside
 * the other that keeps to its quota, and beside the same at ten times that. Times are those from the moment at which a
 * request was due to the end of its answer, so that one that had to wait for the one before counts as late. Printed
 * are medians of the rounds, and their ratios.
 *
 * <pre>
 * NoisyTenant URL IDLE_URL ROUNDS SECONDS SAMPLES_PER_SECOND QUERIES
 *     IDLE_URL    of an IdleServer
 *     the last two are the quotas of the tenant "noisy"
 * </pre>
 */
public final class NoisyTenant {

    private static final int QUIET_SERIES = 500;
    private static final int NOISY_SERIES = 1_000;
    private static final int PACE = 25;
    private static final int WARM_SECONDS = 2;
    private static final int QUERY_SECONDS = 60;
    private static final int TIMES = 10;
    private static final int[] NOISE = {0, 1, 1, TIMES};
    private static final int CONTROL = 1;
    private static final String[] PHASES = {
        "alone", "beside the other's client alone", "beside one at its quota", "beside one at ten times its quota"
    };

    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(10))
            .build();
    private final String url;
    private final String idleUrl;
    private final int seconds;
    private final int quota;
    private final int queries;
    private final AtomicBoolean over = new AtomicBoolean();
    private final AtomicInteger accepted = new AtomicInteger();
    private final AtomicInteger refused = new AtomicInteger();
    private volatile String noisyUrl;

    /** Series of one name that count up. */
    private record Plain(String name, int seriesCount) implements Load {

        @Override
        public List<Map.Entry<String, String>> labels(int series) {
            return List.of(Map.entry("__name__", name), Map.entry("n", Integer.toString(series)));
        }

        @Override
        public void next(double[] values) {
            for (int i = 0; i < values.length; i++) {
                values[i] += i % 7 + 1;
            }
        }
    }

    /** What was measured of a kind of request, in nanoseconds; written by one thread. */
    private static final class Times {
        private final List<Long> nanos = new ArrayList<>();

        double millis(double quantile) {
            long[] sorted = nanos.stream().mapToLong(Long::longValue).sorted().toArray();
            return sorted[(int) Math.min(sorted.length - 1L, (long) (quantile * sorted.length))] / 1e6;
        }
    }

    /** A request that is repeated. */
    private interface Asking {
        /** @return status of the answer */
        int ask(int turn) throws IOException, InterruptedException;
    }

    private NoisyTenant(String url, String idleUrl, int seconds, int quota, int queries) {
        this.url = url;
        this.idleUrl = idleUrl;
        this.noisyUrl = url;
        this.seconds = seconds;
        this.quota = quota;
        this.queries = queries;
    }

    /** See the class. */
    public static void main(String[] args) throws IOException, InterruptedException {
        if (args.length != 6) {
            System.err.println("usage: NoisyTenant URL IDLE_URL ROUNDS SECONDS SAMPLES_PER_SECOND QUERIES");
            System.exit(2);
        }
        int rounds = Integer.parseInt(args[2]);
        NoisyTenant test = new NoisyTenant(
                args[0], args[1], Integer.parseInt(args[3]), Integer.parseInt(args[4]), Integer.parseInt(args[5]));
        double[][][] found = new double[PHASES.length][4][rounds];
        for (String tenant : List.of("quiet", "noisy")) { // both are there before anybody asks
            test.write(tenant, test.requests(new Plain(tenant, 1), 1, 1).get(0));
        }
        test.warm();
        for (int round = 0; round < rounds; round++) {
            for (int turn = 0; turn < PHASES.length; turn++) {
                int phase = (round + turn) % PHASES.length; // none is always behind another
                double[] one = test.round(phase);
                for (int i = 0; i < one.length; i++) {
                    found[phase][i][round] = one[i];
                }
            }
        }
        print(found);
    }

    /** Until the minute that queries read is full. */
    private void warm() throws IOException, InterruptedException {
        for (int warmed = 0; warmed <= QUERY_SECONDS; warmed += seconds + WARM_SECONDS) {
            round(PHASES.length - 1);
        }
    }

    private static void print(double[][][] found) {
        System.out.printf(
                Locale.ROOT,
                "%-36s %10s %10s %10s %10s%n",
                "ms, medians of the rounds",
                "write p50",
                "write p99",
                "query p50",
                "query p99");
        for (int phase = 0; phase < PHASES.length; phase++) {
            System.out.printf(Locale.ROOT, "%-36s", PHASES[phase]);
            for (int i = 0; i < 4; i++) {
                System.out.printf(Locale.ROOT, " %10.3f", median(found[phase][i]));
            }
            System.out.println();
        }
        int last = PHASES.length - 1;
        for (int base = 0; base < last; base++) {
            System.out.printf(Locale.ROOT, "%-36s", "ten times / " + PHASES[base].replace("beside ", ""));
            for (int i = 0; i < 4; i++) {
                double[] ratios = new double[found[0][i].length];
                for (int round = 0; round < ratios.length; round++) {
                    ratios[round] = found[last][i][round] / found[base][i][round];
                }
                System.out.printf(Locale.ROOT, " %10.3f", median(ratios));
            }
            System.out.println("   medians of the rounds' ratios");
        }
    }

    private static double median(double... values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    /** p50 and p99 of the quiet tenant's writes, then of its queries. */
    private double[] round(int phase) throws IOException, InterruptedException {
        over.set(false);
        accepted.set(0);
        refused.set(0);
        int total = seconds + WARM_SECONDS;
        List<byte[]> quiet = requests(new Plain("quiet", QUIET_SERIES), total * PACE, QUIET_SERIES);
        int noise = NOISE[phase];
        noisyUrl = phase == CONTROL ? idleUrl : url;
        int each = Math.min(NOISY_SERIES, Math.max(1, quota / 10));
        int pace = noise * Math.max(1, quota / each);
        List<byte[]> noisy =
                noise == 0 ? List.of() : requests(new Plain("noisy", each), Math.min(total * pace, 2_000), each);
        List<Thread> threads = new ArrayList<>();
        Times writes = new Times();
        Times asked = new Times();
        threads.add(thread("quiet-writes", () -> paced(PACE, writes, turn -> write("quiet", quiet.get(turn)))));
        threads.add(thread("quiet-asks", () -> paced(PACE, asked, turn -> ask("quiet", "sum(rate(quiet[1m]))"))));
        for (int i = 0; noise > 0 && i < Math.min(4, pace); i++) {
            int first = i;
            int step = Math.min(4, pace);
            threads.add(thread(
                    "noisy-writes",
                    () -> paced(
                            Math.max(1, pace / step),
                            null,
                            turn -> count(write("noisy", noisy.get((first + turn * step) % noisy.size()))))));
        }
        for (int i = 0; i < noise * queries; i++) {
            threads.add(thread("noisy-asks", this::unpaced));
        }
        threads.forEach(Thread::start);
        for (int i = 0; i < 2; i++) {
            threads.get(i).join();
        }
        over.set(true);
        for (Thread thread : threads) {
            thread.join();
        }
        double[] result = {writes.millis(0.5), writes.millis(0.99), asked.millis(0.5), asked.millis(0.99)};
        System.out.printf(
                Locale.ROOT,
                "%-36s %10.3f %10.3f %10.3f %10.3f   the other: %d accepted, %d refused%n",
                PHASES[phase],
                result[0],
                result[1],
                result[2],
                result[3],
                accepted.get(),
                refused.get());
        return result;
    }

    private static Thread thread(String name, Runnable work) {
        return new Thread(work, name);
    }

    /** Requests of one time each, a pace apart, that end about when they are all sent. */
    private List<byte[]> requests(Load load, int count, int each) throws IOException {
        List<byte[]> bodies = new ArrayList<>();
        long interval = 1_000L / PACE;
        RequestFile.generate(
                load, count, System.currentTimeMillis(), interval, each, request -> bodies.add(request.body()));
        return bodies;
    }

    /** Asks at a fixed pace, whatever the answers take; the first seconds are not measured. */
    private void paced(int perSecond, @Nullable Times times, Asking asking) {
        long period = 1_000_000_000L / perSecond;
        long start = System.nanoTime();
        int warm = WARM_SECONDS * perSecond;
        try {
            for (int turn = 0; turn < (seconds + WARM_SECONDS) * perSecond && !over.get(); turn++) {
                long due = start + turn * period;
                for (long left = due - System.nanoTime(); left > 0; left = due - System.nanoTime()) {
                    LockSupport.parkNanos(left);
                }
                int status = asking.ask(turn);
                if (times != null) {
                    if (status >= 300) {
                        throw new IllegalStateException("the quiet tenant was refused: status=" + status);
                    }
                    if (turn >= warm) {
                        times.nanos.add(System.nanoTime() - due);
                    }
                }
            }
        } catch (IOException e) {
            throw new IllegalStateException("the server does not answer", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Asks again as soon as there is an answer, a tenth of a second behind a refusal. */
    private void unpaced() {
        try {
            while (!over.get()) {
                if (count(ask("noisy", "sum(rate(noisy[1m]))")) >= 300) {
                    LockSupport.parkNanos(100_000_000L);
                }
            }
        } catch (IOException e) {
            throw new IllegalStateException("the server does not answer", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private int count(int status) {
        (status < 300 ? accepted : refused).incrementAndGet();
        return status;
    }

    private String urlOf(String tenant) {
        return tenant.equals("noisy") ? noisyUrl : url;
    }

    private int write(String tenant, byte[] body) throws IOException, InterruptedException {
        return send(HttpRequest.newBuilder(URI.create(urlOf(tenant) + "/api/v1/write"))
                .POST(BodyPublishers.ofByteArray(body))
                .header("Content-Type", "application/x-protobuf")
                .header("Content-Encoding", "snappy")
                .header("X-Scope-OrgID", tenant)
                .build());
    }

    private int ask(String tenant, String query) throws IOException, InterruptedException {
        long end = System.currentTimeMillis() / 1_000;
        return send(HttpRequest.newBuilder(URI.create(urlOf(tenant) + "/api/v1/query_range?query="
                        + java.net.URLEncoder.encode(query, StandardCharsets.UTF_8) + "&start=" + (end - QUERY_SECONDS)
                        + "&end="
                        + end + "&step=15"))
                .header("X-Scope-OrgID", tenant)
                .build());
    }

    private int send(HttpRequest request) throws IOException, InterruptedException {
        return client.send(request, BodyHandlers.ofByteArray()).statusCode();
    }
}
