package io.varve.query.exec;

import io.varve.core.Tsdb;
import io.varve.core.TsdbConfig;
import io.varve.core.model.Histogram;
import io.varve.core.model.HistogramLayout;
import io.varve.core.model.Labels;
import io.varve.core.model.Matcher;
import io.varve.core.model.ResetHint;
import io.varve.core.model.StaleMarker;
import io.varve.core.model.TimeRange;
import io.varve.core.storage.Appender;
import io.varve.core.storage.Durability;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

/**
 * Stores of random samples: several shards, blocks that overlap, late samples, deletions, NaN, markers, resets,
 * histograms beside floats, series that begin late, and damage in blocks. To be closed with the directory.
 */
final class SampleStores implements AutoCloseable {

    /** Ticks that samples lie in. */
    static final long SPAN = 4_000_000;

    private static final List<String> NAMES = List.of("m_total", "n_total", "h");
    private static final int ROUNDS = 5;

    private final Path directory;
    private final Random random;
    private Tsdb db;

    SampleStores(long seed) throws IOException {
        this.random = new Random(seed);
        this.directory = Files.createTempDirectory("varve-samples");
        TsdbConfig config = TsdbConfig.defaults().ringBytes(1 << 20).shards(1 + random.nextInt(3));
        this.db = Tsdb.open(directory, config);
        for (int round = 0; round < ROUNDS; round++) {
            change(round);
        }
        if (random.nextInt(3) == 0) {
            db.close();
            damage();
            db = Tsdb.open(directory, config);
        }
    }

    Tsdb db() {
        return db;
    }

    private void change(int round) throws IOException {
        try (Appender appender = db.appender(Durability.WRITTEN)) {
            for (String name : NAMES) {
                for (int host = 0; host < 17; host++) {
                    if (random.nextInt(5) > 0) {
                        write(appender, name, host, round);
                    }
                }
            }
            appender.commit();
        }
        if (random.nextInt(4) > 0) {
            db.flush();
        }
        if (random.nextInt(4) == 0) {
            long from = (long) (random.nextDouble() * SPAN);
            db.delete(
                    List.of(Matcher.equal("host", "h" + random.nextInt(17))),
                    TimeRange.of(from, from + random.nextInt(400_000)));
        }
    }

    private void write(Appender appender, String name, int host, int round) {
        Labels labels = Labels.of("__name__", name, "host", "h" + host, "zone", "z" + host % 3);
        long ref = appender.series(labels);
        long from = random.nextInt(12) == 0 ? random.nextInt((int) SPAN) : round * SPAN / ROUNDS;
        boolean histograms = name.equals("h") || random.nextInt(20) == 0;
        double value = random.nextInt(100);
        for (int i = 0; i < random.nextInt(130); i++) {
            value = random.nextInt(60) == 0 ? 0 : value + random.nextInt(4_000) / 4.0;
            long time = from + 10_000L * i + random.nextInt(3);
            int draw = random.nextInt(60);
            if (draw == 0) {
                appender.append(ref, time, random.nextBoolean() ? Double.NaN : StaleMarker.VALUE);
            } else if (histograms && draw > 2) {
                appender.append(ref, time, histogram());
            } else {
                appender.append(ref, time, value);
            }
        }
    }

    private Histogram histogram() {
        long[] counts = new long[1 + random.nextInt(3)];
        long count = 0;
        for (int i = 0; i < counts.length; i++) {
            counts[i] = random.nextInt(50);
            count += counts[i];
        }
        HistogramLayout layout =
                HistogramLayout.exponential(random.nextInt(3), false, 0, new int[] {1, counts.length}, new int[0]);
        return Histogram.integer(layout, ResetHint.UNKNOWN, 0, count, 3.5 * count, counts);
    }

    /** Turns some bits over in the first half of a block, where pages are. */
    private void damage() throws IOException {
        List<Path> blocks;
        try (Stream<Path> files = Files.walk(directory)) {
            blocks = files.filter(file -> file.toString().endsWith(".varve"))
                    .sorted()
                    .toList();
        }
        if (blocks.isEmpty()) {
            return;
        }
        Path block = blocks.get(random.nextInt(blocks.size()));
        try (RandomAccessFile file = new RandomAccessFile(block.toFile(), "rw")) {
            for (int i = 0; i < 4; i++) {
                long at = 64 + (long) (random.nextDouble() * (file.length() / 2 - 64));
                file.seek(at);
                int old = file.read();
                file.seek(at);
                file.write(old ^ 1 << random.nextInt(8));
            }
        }
    }

    @Override
    public void close() throws IOException {
        db.close();
        try (Stream<Path> files = Files.walk(directory)) {
            files.sorted(Comparator.reverseOrder())
                    .forEach(file -> file.toFile().delete());
        }
    }
}
