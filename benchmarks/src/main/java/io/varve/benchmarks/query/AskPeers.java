package io.varve.benchmarks.query;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Asks the queries of a load of several servers in turn, round by round over one connection each, and prints median and
 * 95th percentile of the milliseconds from sending a query to the last byte of its answer.
 *
 * <pre>
 * AskPeers LOAD START END ROUNDS NAME=URL [NAME=URL ...]      times in seconds since 1970; the first is the one that
 *                                                             the others are compared with
 * </pre>
 */
public final class AskPeers {

    /** A server is warm for a query when it was asked so often, as a JVM compiles what ran often, or so long. */
    private static final int WARM_ROUNDS = 3_000;

    private static final long WARM_NANOS = 1_500_000_000L;

    /** Of slow queries fewer rounds do: all rounds of one server take at most so long. */
    private static final long MOST_NANOS = 20_000_000_000L;

    private static final long REFUSED = -1;

    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(10))
            .build();
    private final List<Server> servers = new ArrayList<>();
    private final int rounds;

    private record Server(String name, String url) {}

    private AskPeers(int rounds) {
        this.rounds = rounds;
    }

    /** See the class. */
    public static void main(String[] args) throws IOException, InterruptedException {
        if (args.length < 5) {
            System.err.println("usage: AskPeers devops|k8s|card START END ROUNDS NAME=URL [NAME=URL ...]");
            System.exit(2);
        }
        AskPeers peers = new AskPeers(Integer.parseInt(args[3]));
        for (String server : Arrays.asList(args).subList(4, args.length)) {
            int split = server.indexOf('=');
            peers.servers.add(new Server(server.substring(0, split), server.substring(split + 1)));
        }
        peers.ask(args[0], new AskedQuery.Span(Long.parseLong(args[1]), Long.parseLong(args[2])));
    }

    private void ask(String load, AskedQuery.Span span) throws IOException, InterruptedException {
        Server first = servers.get(0);
        List<AskedQuery> queries =
                switch (load) {
                    case "devops" -> AskedQuery.devops(span, metrics(first, span));
                    case "k8s" -> AskedQuery.k8s(span);
                    case "card" -> AskedQuery.card(span);
                    default -> throw new IllegalArgumentException("load is devops, k8s or card: load=" + load);
                };
        System.out.printf(Locale.ROOT, "%-76s", "p50 / p95 in ms");
        servers.forEach(server -> System.out.printf(Locale.ROOT, " %20s", server.name()));
        System.out.println("   of the best other");
        AskedQuery healthy = new AskedQuery("/-/healthy", List.of("/-/healthy"));
        print(healthy, measure(healthy, List.of(first)));
        for (AskedQuery query : queries) {
            print(query, measure(query, servers));
        }
    }

    private List<String> metrics(Server server, AskedQuery.Span span) throws IOException, InterruptedException {
        HttpResponse<byte[]> answer =
                get(server.url() + "/api/v1/label/__name__/values?start=" + span.start() + "&end=" + span.end());
        return Pattern.compile('"' + AskedQuery.DEVOPS_METRICS.replace(".+", "[a-z0-9_]+") + '"')
                .matcher(new String(answer.body(), StandardCharsets.UTF_8))
                .results()
                .map(result -> result.group().replace("\"", ""))
                .toList();
    }

    private HttpResponse<byte[]> get(String url) throws IOException, InterruptedException {
        return client.send(HttpRequest.newBuilder(URI.create(url)).build(), BodyHandlers.ofByteArray());
    }

    /** Milliseconds of the rounds of each server, sorted; none of one that refuses. */
    private List<double[]> measure(AskedQuery query, List<Server> asked) throws IOException, InterruptedException {
        int count = asked.size();
        double[][] times = new double[count][0];
        long[] used = new long[count];
        for (int i = 0; i < count; i++) {
            used[i] = warm(query, asked.get(i)) ? 0 : REFUSED;
        }
        for (int round = 0; round < rounds; round++) {
            for (int i = 0; i < count; i++) {
                if (used[i] == REFUSED || used[i] > MOST_NANOS) {
                    continue;
                }
                long nanos = time(query, asked.get(i));
                used[i] = nanos == REFUSED ? REFUSED : used[i] + nanos;
                if (nanos != REFUSED) {
                    times[i] = Arrays.copyOf(times[i], times[i].length + 1);
                    times[i][times[i].length - 1] = nanos / 1e6;
                }
            }
        }
        for (double[] of : times) {
            Arrays.sort(of);
        }
        return List.of(times);
    }

    /** Whether a server answers; it is warm then. */
    private boolean warm(AskedQuery query, Server server) throws IOException, InterruptedException {
        long all = 0;
        for (int round = 0; round < WARM_ROUNDS && all < WARM_NANOS; round++) {
            long nanos = time(query, server);
            if (nanos == REFUSED) {
                return false;
            }
            all += nanos;
        }
        return true;
    }

    /** Nanoseconds, or {@link #REFUSED}. */
    private long time(AskedQuery query, Server server) throws IOException, InterruptedException {
        long begin = System.nanoTime();
        for (String path : query.paths()) {
            if (get(server.url() + path).statusCode() != 200) {
                return REFUSED;
            }
        }
        return System.nanoTime() - begin;
    }

    private static void print(AskedQuery query, List<double[]> times) {
        System.out.printf(Locale.ROOT, "%-76s", query.name());
        double best = Double.POSITIVE_INFINITY;
        double own = Double.NaN;
        for (double[] sorted : times) {
            if (sorted.length == 0) {
                System.out.printf(Locale.ROOT, " %20s", "refused");
                continue;
            }
            double median = sorted[sorted.length / 2];
            System.out.printf(
                    Locale.ROOT,
                    " %20s",
                    String.format(Locale.ROOT, "%.2f / %.2f", median, sorted[sorted.length * 95 / 100]));
            if (sorted == times.get(0)) {
                own = median;
            } else {
                best = Math.min(best, median);
            }
        }
        System.out.println(Double.isInfinite(best) ? "" : String.format(Locale.ROOT, "   %.2f", own / best));
    }
}
