package io.varve.benchmarks.load;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Sends the devops load (or k8s) by remote write 1.0 and says how fast the server took it: first request to last
 * answer.
 *
 * <pre>
 * --prepare FILE          writes the requests to a file and ends
 * --replay FILE --url U   sends a prepared file
 * --url U                 prepares in --dir, sends, deletes
 * --dry-run               generates and compresses alone, to know the generator's speed; with --replay reads alone
 * --entropy               prints the entropy floor of the devops load
 * --load devops|k8s       --hosts are k8s' targets of 200 series; every 10 s or every 15 s
 * --steps N               instead of --hours
 * --hours 12 --hosts 100 --interval SECONDS --seed 1 --start EPOCH_SECONDS --samples 2000 --connections 2
 * --dir DIR --durability memory|written|synced
 * </pre>
 */
public final class RemoteWriteLoad {

    private static final Set<String> KEYS = Set.of(
            "prepare",
            "replay",
            "url",
            "load",
            "hours",
            "steps",
            "hosts",
            "interval",
            "seed",
            "start",
            "samples",
            "connections",
            "dir",
            "durability");
    private static final Set<String> SWITCHES = Set.of("dry-run", "entropy");
    private static final Duration RETRY_PAUSE = Duration.ofMillis(50);
    private static final int RETRIES = 1_200;

    private final Map<String, String> options;
    private final AtomicLong sentBytes = new AtomicLong();
    private final AtomicLong sentSamples = new AtomicLong();
    private final AtomicLong retries = new AtomicLong();
    private final AtomicLong errors = new AtomicLong();
    private final AtomicLong firstError = new AtomicLong();

    private RemoteWriteLoad(Map<String, String> options) {
        this.options = options;
    }

    /** See the class. Ends with 1 when a request was refused for good. */
    public static void main(String[] args) throws IOException, InterruptedException {
        RemoteWriteLoad load = new RemoteWriteLoad(parse(args));
        load.run();
        if (load.errors.get() > 0) {
            System.exit(1);
        }
    }

    private static Map<String, String> parse(String... args) {
        Map<String, String> options = new HashMap<>();
        for (int i = 0; i < args.length; i++) {
            String key = args[i].startsWith("--") ? args[i].substring(2) : "";
            if (SWITCHES.contains(key)) {
                options.put(key, "true");
            } else if (KEYS.contains(key) && i + 1 < args.length) {
                options.put(key, args[++i]);
            } else {
                throw new IllegalArgumentException("unknown option, or its value is missing: option=" + args[i]);
            }
        }
        return options;
    }

    private void run() throws IOException, InterruptedException {
        @Nullable String prepare = options.get("prepare");
        @Nullable String replay = options.get("replay");
        if (options.containsKey("entropy")) {
            EntropyFloor.print(number("seed", 1), (int) number("hosts", 10), steps());
        } else if (options.containsKey("dry-run") && replay == null) {
            dryRun();
        } else if (prepare != null) {
            prepare(Path.of(prepare));
        } else if (replay != null) {
            replay(Path.of(replay));
        } else {
            Path folder = options.containsKey("dir")
                    ? Files.createDirectories(Path.of(text("dir", "")))
                    : Path.of(System.getProperty("java.io.tmpdir"));
            Path file = Files.createTempFile(folder, "devops", ".requests");
            try {
                prepare(file);
                replay(file);
            } finally {
                Files.deleteIfExists(file);
            }
        }
    }

    private void prepare(Path file) throws IOException {
        long begin = System.nanoTime();
        Load load = load();
        RequestFile.prepare(file, load, steps(), start(), interval(), (int) number("samples", 2_000));
        report("prepared", (long) steps() * load.seriesCount(), System.nanoTime() - begin, Files.size(file));
    }

    private void dryRun() throws IOException {
        long begin = System.nanoTime();
        Load load = load();
        RequestFile.generate(load, steps(), start(), interval(), (int) number("samples", 2_000), request -> {
            sentSamples.addAndGet(request.samples());
            sentBytes.addAndGet(request.body().length);
        });
        report("generated", sentSamples.get(), System.nanoTime() - begin, sentBytes.get());
    }

    private void replay(Path path) throws IOException, InterruptedException {
        try (RequestFile file = RequestFile.open(path)) {
            List<Thread> threads = new ArrayList<>();
            long begin = System.nanoTime();
            for (int i = 0; i < (int) number("connections", 2); i++) {
                Thread thread = new Thread(() -> drain(file), "connection-" + i);
                thread.start();
                threads.add(thread);
            }
            for (Thread thread : threads) {
                thread.join();
            }
            report("sent", sentSamples.get(), System.nanoTime() - begin, sentBytes.get());
            System.out.printf(
                    "prepared_samples=%d first_time=%d last_time=%d%n",
                    file.samples(), file.firstTime() / 1_000, file.lastTime() / 1_000);
        }
    }

    private void drain(RequestFile file) {
        String headers =
                options.containsKey("durability") ? "Varve-Durability: " + options.get("durability") + "\r\n" : "";
        boolean dry = options.containsKey("dry-run");
        try (Connection connection = new Connection(URI.create(text("url", "http://127.0.0.1:1/")), headers)) {
            for (RequestFile.Request request = file.next(); request != null; request = file.next()) {
                if (dry || connection.deliver(request)) {
                    sentSamples.addAndGet(request.samples());
                    sentBytes.addAndGet(request.body().length);
                }
            }
        } catch (IOException | InterruptedException e) {
            errors.incrementAndGet();
            System.err.println("cannot send load: " + e.getMessage());
        }
    }

    private void report(String what, long samples, long nanos, long bytes) {
        double seconds = nanos / 1e9;
        double cpu = ProcessHandle.current()
                        .info()
                        .totalCpuDuration()
                        .orElse(Duration.ZERO)
                        .toMillis()
                / 1e3;
        System.out.printf(
                Locale.ROOT,
                "%s samples=%d seconds=%.3f samples_per_second=%.0f bytes=%d bytes_per_sample=%.1f retries=%d errors=%d"
                        + " first_error_status=%d client_cpu_seconds=%.2f%n",
                what,
                samples,
                seconds,
                samples / seconds,
                bytes,
                (double) bytes / Math.max(1, samples),
                retries.get(),
                errors.get(),
                firstError.get(),
                cpu);
    }

    private Load load() {
        int hosts = (int) number("hosts", 100);
        return isK8s() ? new K8sLoad(number("seed", 1), hosts) : new DevopsLoad(number("seed", 1), hosts);
    }

    private boolean isK8s() {
        String name = text("load", "devops");
        if (!name.equals("devops") && !name.equals("k8s")) {
            throw new IllegalArgumentException("a load is devops or k8s: load=" + name);
        }
        return name.equals("k8s");
    }

    private int steps() {
        if (options.containsKey("steps")) {
            return (int) number("steps", 1);
        }
        return (int) Math.round(Double.parseDouble(text("hours", "12")) * 3_600_000 / interval());
    }

    private long interval() {
        return number("interval", isK8s() ? 15 : 10) * 1_000;
    }

    /** By default the load ends at the last full hour, since servers refuse what is old or far ahead. */
    private long start() {
        long hour = 3_600_000;
        long end = System.currentTimeMillis() / hour * hour;
        return options.containsKey("start") ? number("start", 0) * 1_000 : end - steps() * interval();
    }

    private long number(String key, long otherwise) {
        return Long.parseLong(text(key, String.valueOf(otherwise)));
    }

    private String text(String key, String otherwise) {
        return options.getOrDefault(key, otherwise);
    }

    /** A connection that is opened when it is first needed, and again when it broke. */
    private final class Connection implements AutoCloseable {

        private final URI url;
        private final String headers;
        private @Nullable HttpSender sender;

        Connection(URI url, String headers) {
            this.url = url;
            this.headers = headers;
        }

        /** Whether the server took the request in the end; 429 and 503 mean later. */
        boolean deliver(RequestFile.Request request) throws IOException, InterruptedException {
            for (int attempt = 0; attempt < RETRIES; attempt++) {
                HttpSender open = sender;
                if (open == null) {
                    open = new HttpSender(url, headers);
                    sender = open;
                }
                int status = open.post(request.body());
                if (status / 100 == 2) {
                    return true;
                }
                if (status != 429 && status != 503) {
                    firstError.compareAndSet(0, status);
                    errors.incrementAndGet();
                    return false;
                }
                retries.incrementAndGet();
                Thread.sleep(RETRY_PAUSE.toMillis());
            }
            errors.incrementAndGet();
            return false;
        }

        @Override
        public void close() throws IOException {
            if (sender != null) {
                sender.close();
            }
        }
    }
}
