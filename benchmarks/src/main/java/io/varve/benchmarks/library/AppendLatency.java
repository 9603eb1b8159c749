package io.varve.benchmarks.library;

import io.varve.core.Tsdb;
import io.varve.core.TsdbConfig;
import io.varve.core.storage.Appender;
import io.varve.core.storage.Durability;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.Histogram;

/**
 * Prints how long commits take while blocks are merged. Batches are due at a fixed rate and a latency counts from when
 * its batch was due, so that a stall counts for all that it holds up. In each round some blocks are written, then
 * merged while commits are measured.
 *
 * <pre>
 * --series 10000 --rounds 5 --blocks 6 --samples 2000000 --batch 1000 --rate 200 --durability written|synced --dir DIR
 * </pre>
 */
public final class AppendLatency {

    private static final Set<String> KEYS =
            Set.of("series", "rounds", "blocks", "samples", "batch", "rate", "durability", "dir");
    private static final long START_MS = 1_763_780_400_000L;
    private static final long MOST_MICROS = 60_000_000;

    private final Tsdb db;
    private final Appender appender;
    private final SteadyLoad load;
    private final Options options;
    private final Histogram latencies = new Histogram(MOST_MICROS, 3);

    private AppendLatency(Tsdb db, Appender appender, Options options) {
        this.db = db;
        this.appender = appender;
        this.options = options;
        load = new SteadyLoad(appender, options.number("series", 10_000), START_MS);
    }

    /** See the class. */
    public static void main(String[] args) throws IOException {
        Options options = new Options(KEYS, args);
        Path folder = options.folder();
        Durability durability = options.durability();
        try (Tsdb db = Tsdb.open(folder, TsdbConfig.defaults());
                Appender appender = db.appender(durability)) {
            AppendLatency run = new AppendLatency(db, appender, options);
            run.round(); // a warm-up
            run.latencies.reset();
            double seconds = 0;
            for (int i = 0; i < options.number("rounds", 5); i++) {
                seconds += run.round();
            }
            Histogram found = run.latencies;
            System.out.printf(
                    Locale.ROOT,
                    "durability=%s commits=%d merging_seconds=%.1f p50_ms=%.2f p99_ms=%.2f p99.9_ms=%.2f max_ms=%.2f%n",
                    durability,
                    found.getTotalCount(),
                    seconds,
                    found.getValueAtPercentile(50) / 1e3,
                    found.getValueAtPercentile(99) / 1e3,
                    found.getValueAtPercentile(99.9) / 1e3,
                    found.getMaxValue() / 1e3);
        } finally {
            AppendThroughput.delete(folder);
        }
    }

    /** Writes some blocks and measures while they are merged; how many seconds that took. */
    private double round() throws IOException {
        int batch = options.number("batch", 1_000);
        for (int block = 0; block < options.number("blocks", 6); block++) {
            for (int sent = 0; sent < options.number("samples", 2_000_000); sent += batch) {
                load.append(batch);
                appender.commit();
            }
            db.flush();
        }
        long interval = 1_000_000_000L / options.number("rate", 200);
        long begin = System.nanoTime();
        CompletableFuture<Void> merging = CompletableFuture.runAsync(this::compact);
        for (long due = begin; !merging.isDone(); due += interval) {
            for (long wait = due - System.nanoTime(); wait > 0; wait = due - System.nanoTime()) {
                LockSupport.parkNanos(wait);
            }
            load.append(batch);
            appender.commit();
            latencies.recordValue(Math.min(MOST_MICROS, (System.nanoTime() - due) / 1_000));
        }
        merging.join();
        return (System.nanoTime() - begin) / 1e9;
    }

    private void compact() {
        try {
            db.compact();
        } catch (IOException e) {
            throw new IllegalStateException("cannot merge", e);
        }
    }
}
