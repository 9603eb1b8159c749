package io.varve.benchmarks.library;

import io.varve.core.Tsdb;
import io.varve.core.TsdbConfig;
import io.varve.core.storage.Appender;
import io.varve.core.storage.Commit;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.stream.Stream;

/**
 * Prints how many samples the engine takes a CPU second of the whole process, sealing and merging included, after a
 * warm-up that is not counted.
 *
 * <pre>
 * --series 10000 --warm-up 40000000 --samples 100000000 --batch 1000 --in-flight 8
 * --durability memory|written|synced --dir DIR
 * </pre>
 */
public final class AppendThroughput {

    private static final Set<String> KEYS =
            Set.of("series", "warm-up", "samples", "batch", "in-flight", "durability", "dir");
    private static final long START_MS = 1_763_780_400_000L;

    private final ArrayDeque<CompletionStage<Commit>> inFlight = new ArrayDeque<>();
    private final Appender appender;
    private final SteadyLoad load;
    private final int batch;
    private final int most;

    private AppendThroughput(Appender appender, Options options) {
        this.appender = appender;
        batch = options.number("batch", 1_000);
        most = options.number("in-flight", 8);
        load = new SteadyLoad(appender, options.number("series", 10_000), START_MS);
    }

    /** See the class. */
    public static void main(String[] args) throws IOException {
        Options options = new Options(KEYS, args);
        Path folder = options.folder();
        // Room for some fifty samples a series between two seals.
        long series = options.number("series", 10_000);
        TsdbConfig config = TsdbConfig.defaults()
                .headBytes(Math.max(256L << 20, series * 1_500))
                .walBytes(Math.max(64L << 20, series * 256));
        try (Tsdb db = Tsdb.open(folder, config);
                Appender appender = db.appender(options.durability())) {
            AppendThroughput run = new AppendThroughput(appender, options);
            int samples = options.number("samples", 100_000_000);
            run.send(options.number("warm-up", 40_000_000));
            long cpu = cpuNanos();
            long begin = System.nanoTime();
            run.send(samples);
            double seconds = (System.nanoTime() - begin) / 1e9;
            double cpuSeconds = (cpuNanos() - cpu) / 1e9;
            System.out.printf(
                    Locale.ROOT,
                    "durability=%s samples=%d seconds=%.2f cpu_seconds=%.2f samples_per_second=%.0f"
                            + " samples_per_cpu_second=%.0f%n",
                    options.durability(),
                    samples,
                    seconds,
                    cpuSeconds,
                    samples / seconds,
                    samples / cpuSeconds);
        } finally {
            delete(folder);
        }
    }

    private void send(int samples) {
        for (int sent = 0; sent < samples; sent += batch) {
            load.append(batch);
            inFlight.add(appender.commitAsync());
            while (inFlight.size() >= most) {
                await();
            }
        }
        while (!inFlight.isEmpty()) {
            await();
        }
    }

    private void await() {
        Commit commit = inFlight.remove().toCompletableFuture().join();
        if (commit.accepted() != batch) {
            throw new IllegalStateException("a batch was not taken whole: " + commit);
        }
    }

    private static long cpuNanos() {
        return ((com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
                .getProcessCpuTime();
    }

    static void delete(Path folder) throws IOException {
        try (Stream<Path> paths = Files.walk(folder)) {
            for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}
