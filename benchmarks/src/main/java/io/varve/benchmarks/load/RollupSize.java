package io.varve.benchmarks.load;

import io.varve.core.Tsdb;
import io.varve.core.TsdbConfig;
import io.varve.core.block.BlockReader;
import io.varve.core.fs.DiskFileSystem;
import io.varve.core.fs.FileSystem;
import io.varve.core.model.Labels;
import io.varve.core.model.RollupRule;
import io.varve.core.storage.Appender;
import io.varve.core.storage.Durability;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * What rollups take beside the samples that they are made from: twenty days of series of a shape every ten seconds.
 * Takes a directory that is not there yet.
 */
public final class RollupSize {

    private static final int SERIES = 20;
    private static final int DAYS = 20;
    private static final long STEP = 10_000;
    private static final long START = 1_700_000_000_000L;

    private RollupSize() {}

    private enum Shape {
        WALK,
        COUNTER,
        LATENCY,
        CPU;

        double next(double before, Random random) {
            return switch (this) {
                case WALK -> Math.rint(100 * (before + random.nextGaussian() / 4)) / 100;
                case COUNTER -> before + random.nextInt(300);
                case LATENCY -> Math.rint(1e6 * 0.01 * Math.exp(random.nextGaussian())) / 1e6;
                case CPU -> Math.max(0, Math.min(100, Math.rint(before + 5 * random.nextGaussian())));
            };
        }
    }

    /** Runs it. */
    public static void main(String[] args) throws IOException {
        Path directory = Path.of(args[0]);
        System.out.println("| shape | raw B/sample | 1h + sketch | 1h | 5m + sketch | 5m |");
        for (Shape shape : Shape.values()) {
            StringBuilder line = new StringBuilder();
            long samples = (long) SERIES * DAYS * 86_400_000 / STEP;
            double raw = bytes(directory.resolve(shape + "-raw"), shape, null);
            line.append(String.format(Locale.ROOT, "| %s | %.3f |", shape, raw / samples));
            for (int minutes : new int[] {60, 5}) {
                for (boolean sketch : new boolean[] {true, false}) {
                    RollupRule rule = new RollupRule(Duration.ofMinutes(minutes), Duration.ZERO, sketch);
                    double rollups = bytes(directory.resolve(shape + "-" + minutes + sketch), shape, rule);
                    line.append(
                            String.format(Locale.ROOT, " %.3f (%.0f %%) |", rollups / samples, 100 * rollups / raw));
                }
            }
            System.out.println(line);
        }
    }

    /** Bytes of raw blocks without a rule, else those of rollups. */
    private static long bytes(Path directory, Shape shape, @Nullable RollupRule rule) throws IOException {
        TsdbConfig config = TsdbConfig.defaults();
        if (rule != null) {
            config = config.retention(Duration.ofDays(2)).rollups(List.of(rule));
        }
        try (Tsdb db = Tsdb.open(directory, config)) {
            write(db, shape);
            db.flush();
            db.compact();
        }
        long bytes = 0;
        try (FileSystem files = DiskFileSystem.open(directory)) {
            for (String name : files.list("blocks")) {
                BlockReader block = BlockReader.open(files, "blocks/" + name);
                boolean rollup = block.meta().header().rollup() != null;
                bytes += rollup == (rule != null) ? block.meta().bytes() : 0;
                block.release();
            }
        }
        return bytes;
    }

    private static void write(Tsdb db, Shape shape) {
        Random random = new Random(1);
        double[] values = new double[SERIES];
        Arrays.fill(values, 50);
        try (Appender appender = db.appender(Durability.WRITTEN)) {
            long[] refs = new long[SERIES];
            for (long time = START; time < START + DAYS * 86_400_000L; time += STEP) {
                for (int i = 0; i < SERIES; i++) {
                    if (refs[i] == 0) {
                        refs[i] = appender.series(Labels.of("__name__", "m", "host", "h" + i));
                    }
                    values[i] = shape.next(values[i], random);
                    appender.append(refs[i], time, values[i]);
                }
                if ((time - START) / STEP % 50 == 49) {
                    appender.commit();
                }
            }
            appender.commit();
        }
    }
}
