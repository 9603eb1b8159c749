package io.varve.benchmarks.query;

import io.varve.core.Tsdb;
import io.varve.core.TsdbConfig;
import io.varve.core.model.Labels;
import io.varve.core.model.Matcher;
import io.varve.core.model.RollupRule;
import io.varve.core.storage.Appender;
import io.varve.core.storage.Durability;
import io.varve.query.Percentiles;
import io.varve.query.PercentilesRequest;
import io.varve.query.PercentilesRequest.Grouping;
import io.varve.query.QueryEngine;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;

/**
 * P50, P90 and P99 of all of 1,000 series of samples every 15 s together, over 30 days, by hour, from rollups: samples
 * are kept for two days. Takes a directory: a store of each shape is built in it once and then asked again and again.
 */
public final class RollupPercentiles {

    private static final int SERIES = 1_000;
    private static final int DAYS = 30;
    private static final int KEPT_DAYS = 2;
    private static final long STEP = 15_000;
    private static final long HOUR = 3_600_000;
    private static final long START = 1_700_000_000_000L / HOUR * HOUR;
    private static final long END = START + (DAYS + KEPT_DAYS) * 24 * HOUR;
    private static final TsdbConfig CONFIG = TsdbConfig.defaults()
            .retention(Duration.ofDays(KEPT_DAYS))
            .rollups(List.of(RollupRule.hourly(Duration.ZERO)));

    private RollupPercentiles() {}

    private enum Shape {
        WALK,
        LATENCY,
        CPU;

        double next(double before, Random random) {
            return switch (this) {
                case WALK -> Math.rint(100 * (before + random.nextGaussian() / 4)) / 100;
                case LATENCY -> Math.rint(1e6 * 0.01 * Math.exp(random.nextGaussian())) / 1e6;
                case CPU -> Math.max(0, Math.min(100, Math.rint(before + 5 * random.nextGaussian())));
            };
        }
    }

    /** Runs it: {@code DIR [ROUNDS [SHAPE...]]}. */
    public static void main(String[] args) throws IOException {
        Path directory = Path.of(args[0]);
        int rounds = args.length > 1 ? Integer.parseInt(args[1]) : 30;
        List<String> shapes = args.length > 2
                ? Arrays.asList(args).subList(2, args.length)
                : Arrays.stream(Shape.values()).map(Shape::name).toList();
        System.out.println("| shape | first, ms | p50, ms | p95, ms | CPU, ms | widest bound, % |");
        for (String name : shapes) {
            Shape shape = Shape.valueOf(name);
            Path store = directory.resolve(name);
            if (!Files.exists(store.resolve("built"))) {
                build(store, shape);
                Files.createFile(store.resolve("built"));
            }
            try (Tsdb db = Tsdb.open(store.resolve("data"), CONFIG)) {
                ask(db, shape, rounds);
            }
        }
    }

    private static void build(Path store, Shape shape) throws IOException {
        Random random = new Random(1);
        double[] values = new double[SERIES];
        Arrays.fill(values, 50);
        try (Tsdb db = Tsdb.open(store.resolve("data"), CONFIG);
                Appender appender = db.appender(Durability.WRITTEN)) {
            long[] refs = new long[SERIES];
            for (long time = START + STEP; time <= END; time += STEP) {
                for (int i = 0; i < SERIES; i++) {
                    if (refs[i] == 0) {
                        refs[i] = appender.series(Labels.of("__name__", "m", "host", "h" + i));
                    }
                    values[i] = shape.next(values[i], random);
                    appender.append(refs[i], time, values[i]);
                }
                appender.commit();
                if ((time - START) % (2 * HOUR) == 0) {
                    db.flush(); // the head would fill up where sealing is slower than this
                }
                if ((time - START) % (24 * HOUR) == 0) {
                    System.err.println(shape + ": day " + (time - START) / (24 * HOUR) + " of " + (DAYS + KEPT_DAYS));
                }
            }
            db.flush();
            db.compact();
        }
    }

    private static void ask(Tsdb db, Shape shape, int rounds) {
        QueryEngine engine = QueryEngine.over(db);
        long last = END - KEPT_DAYS * 24 * HOUR; // what is newer are samples
        PercentilesRequest request = new PercentilesRequest(
                List.of(List.of(Matcher.equal("__name__", "m"))),
                List.of(0.5, 0.9, 0.99),
                last - DAYS * 24 * HOUR + HOUR,
                last,
                HOUR,
                HOUR,
                new Grouping(false, List.of()));
        double[] millis = new double[rounds];
        double first = 0;
        double cpu = 0;
        double bound = 0;
        com.sun.management.OperatingSystemMXBean system =
                (com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        for (int round = -rounds; round < rounds; round++) {
            long began = System.nanoTime();
            long cpuBegan = system.getProcessCpuTime();
            Percentiles answer = engine.percentiles(request, () -> false);
            double took = (System.nanoTime() - began) / 1e6;
            if (round == -rounds) {
                first = took;
                bound = widest(answer);
            }
            if (round >= 0) {
                millis[round] = took;
                cpu += (system.getProcessCpuTime() - cpuBegan) / 1e6 / rounds;
            }
        }
        Arrays.sort(millis);
        System.out.printf(
                Locale.ROOT,
                "| %s | %.0f | %.0f | %.0f | %.0f | %.2f |%n",
                shape,
                first,
                millis[rounds / 2],
                millis[rounds * 95 / 100],
                cpu,
                100 * bound);
    }

    /** The largest distance of a value from an end of its interval, relative to it. */
    private static double widest(Percentiles answer) {
        double widest = 0;
        long points = 0;
        for (Percentiles.Point point : answer.result().get(0).points()) {
            points++;
            if (point.source() != Percentiles.Source.ROLLUP) {
                throw new IllegalStateException("not from rollups: " + point);
            }
            for (Percentiles.Bounded value : point.values()) {
                double far = Math.max(value.high() - value.value(), value.value() - value.low());
                widest = Math.max(widest, far == 0 ? 0 : far / Math.abs(value.value()));
            }
        }
        System.err.println(points + " points " + answer.warnings() + answer.infos());
        return widest;
    }
}
