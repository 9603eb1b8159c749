package io.varve.query.percentile;

import static org.assertj.core.api.Assertions.assertThat;

import io.varve.core.Tsdb;
import io.varve.core.TsdbConfig;
import io.varve.core.model.Labels;
import io.varve.core.model.Matcher;
import io.varve.core.model.RollupRule;
import io.varve.core.model.StaleMarker;
import io.varve.core.model.TimeRange;
import io.varve.core.storage.Appender;
import io.varve.core.storage.Durability;
import io.varve.core.storage.Querier;
import io.varve.core.storage.RollupSet;
import io.varve.core.storage.Verdict;
import io.varve.query.Percentiles;
import io.varve.query.PercentilesRequest;
import io.varve.query.PercentilesRequest.Grouping;
import io.varve.query.QueryEngine;
import io.varve.query.kernel.Quantiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.constraints.IntRange;

/**
 * Whatever was written, came late or was deleted, and whatever of it has expired: the exact answer lies in the interval
 * that is given, and values grow with q. Samples every second for ten minutes, rollups of ten seconds.
 */
class RollupPercentilesProperties {

    private static final long START = 1_700_000_000_000L;
    private static final long WIDTH = 10_000;
    private static final int SECONDS = 600;
    private static final List<Double> QUANTILES = List.of(0.0, 0.1, 0.5, 0.9, 0.99, 1.0);
    private static final String INEXACT = "intervals may miss the exact answer";

    /** A shape whose values lie within five powers of two, so that sketches keep their schema. */
    private static final int NARROW = 7;

    private final Map<Labels, TreeMap<Long, Double>> model = new TreeMap<>();
    private Random random = new Random(0);
    private int shape;

    private double value() {
        if (random.nextInt(60) == 0) {
            return random.nextBoolean() ? Double.NaN : StaleMarker.VALUE;
        }
        return switch (shape) {
            case 0 -> Math.exp(3 * random.nextGaussian());
            case 1 -> random.nextBoolean() ? 1 + random.nextGaussian() / 100 : 1_000 + random.nextGaussian();
            case 2 -> 42.5;
            case 3 -> -Math.exp(random.nextGaussian());
            case 4 -> 100 * random.nextGaussian();
            case 5 -> random.nextInt(5) - 2;
            case NARROW -> 10 * Math.exp(Math.max(-1.5, Math.min(1.5, 0.4 * random.nextGaussian())));
            default -> random.nextInt(4) == 0 ? 0 : Math.rint(1_000 * random.nextDouble());
        };
    }

    private static Labels labels(int series) {
        return Labels.of("__name__", "m", "host", "h" + series);
    }

    private void write(Tsdb db, int series, int fromSecond, int toSecond, int sparse) {
        try (Appender appender = db.appender(Durability.WRITTEN)) {
            long ref = appender.series(labels(series));
            for (int second = fromSecond; second < toSecond; second++) {
                if (random.nextInt(sparse) == 0) {
                    long time = START + 1_000L * second + random.nextInt(1_000);
                    double value = value();
                    assertThat(appender.append(ref, time, value)).isEqualTo(Verdict.ACCEPTED);
                    model.computeIfAbsent(labels(series), l -> new TreeMap<>()).put(time, value);
                }
            }
            assertThat(appender.commit().refused()).isZero();
        }
    }

    private void delete(Tsdb db, int series, int fromSecond, int toSecond) {
        TimeRange range = TimeRange.of(START + 1_000L * fromSecond, START + 1_000L * toSecond);
        db.delete(List.of(Matcher.equal("__name__", "m"), Matcher.equal("host", "h" + series)), range);
        TreeMap<Long, Double> samples = model.get(labels(series));
        if (samples != null) {
            samples.subMap(range.from(), true, range.to(), true).clear();
        }
    }

    @Property(tries = 40, shrinking = ShrinkingMode.OFF)
    void intervalsContainTheExactAnswer(@ForAll long seed, @ForAll @IntRange(max = NARROW) int ofShape)
            throws IOException {
        random = new Random(seed);
        shape = ofShape;
        model.clear();
        Path directory = Files.createTempDirectory("varve-percentiles");
        TsdbConfig config = TsdbConfig.defaults()
                .ringBytes(1 << 18)
                .blockSpan(Duration.ofSeconds(100))
                .retention(Duration.ofSeconds(50 + random.nextInt(400)))
                .rollups(List.of(new RollupRule(Duration.ofMillis(WIDTH), Duration.ZERO, true)));
        try (Tsdb db = Tsdb.open(directory, config)) {
            fill(db);
            for (int i = 0; i < 8; i++) {
                ask(db);
            }
        } finally {
            try (Stream<Path> files = Files.walk(directory)) {
                files.sorted(Comparator.reverseOrder())
                        .forEach(file -> file.toFile().delete());
            }
        }
    }

    private void fill(Tsdb db) throws IOException {
        int series = 1 + random.nextInt(3);
        int flushes = 1 + random.nextInt(3);
        for (int part = 0; part < flushes; part++) {
            for (int s = 0; s < series; s++) {
                write(db, s, SECONDS * part / flushes, SECONDS * (part + 1) / flushes, 1 + random.nextInt(3));
            }
            db.flush();
            db.compact();
        }
        if (random.nextBoolean()) {
            write(db, random.nextInt(series), SECONDS - 40, SECONDS, 3);
        }
        if (random.nextBoolean()) {
            int from = random.nextInt(SECONDS);
            delete(db, random.nextInt(series), from, from + random.nextInt(60));
        }
        if (random.nextBoolean()) {
            db.flush();
            db.compact();
        }
    }

    private void ask(Tsdb db) {
        boolean aligned = random.nextBoolean();
        long unit = aligned ? WIDTH : 1_000;
        long window = WIDTH + unit * random.nextInt(aligned ? 12 : 120);
        long step =
                random.nextInt(3) == 0 ? 0 : aligned ? WIDTH * (1 + random.nextInt(6)) : 50 + random.nextInt(60_000);
        long base = START / WIDTH * WIDTH;
        long start = base + unit * random.nextInt(SECONDS * 1_000 / (int) unit);
        long end = start + random.nextInt(300_000);
        Grouping grouping = random.nextInt(3) == 0 ? null : new Grouping(false, List.of());
        PercentilesRequest request = new PercentilesRequest(
                List.of(List.of(Matcher.equal("__name__", "m"))), QUANTILES, start, end, step, window, grouping);
        Percentiles answer = QueryEngine.over(db).percentiles(request, () -> false);
        boolean exact = answer.warnings().stream().noneMatch(text -> text.contains(INEXACT));
        Map<Labels, List<NavigableMap<Long, Double>>> groups = new TreeMap<>();
        model.forEach((labels, samples) -> groups.computeIfAbsent(
                        grouping == null ? labels : Labels.EMPTY, g -> new ArrayList<>())
                .add(samples));
        String context = request + " " + answer.warnings() + answer.infos() + rollups(db);
        groups.forEach((labels, members) -> {
            Map<Long, Percentiles.Point> points = new TreeMap<>();
            answer.result().stream()
                    .filter(group -> group.labels().equals(labels))
                    .flatMap(group -> group.points().stream())
                    .forEach(point -> points.put(point.time(), point));
            for (long time = step == 0 ? end : start; time <= end; time += Math.max(1, step)) {
                check(context + " " + labels + " at " + time, points.get(time), exact(members, time, window), exact);
            }
        });
    }

    /** What a failure is to say of the store. */
    private static String rollups(Tsdb db) {
        StringBuilder text = new StringBuilder();
        try (Querier querier = db.querier(TimeRange.ALL)) {
            for (long width : querier.rollupWidths()) {
                try (RollupSet set = querier.rollups(width, Matcher.equal("__name__", "m"))) {
                    text.append(" covered=").append(set.covered());
                    while (set.next()) {
                        text.append(' ').append(set.labels().get("host")).append(" touched=");
                        text.append(set.touched()).append(" samplesFrom=").append(set.samplesFrom());
                    }
                }
            }
        }
        return text.toString();
    }

    /** The values of a window in order. */
    private static double[] exact(List<NavigableMap<Long, Double>> members, long time, long window) {
        double[] values = members.stream()
                .flatMap(samples -> samples.subMap(time - window, false, time, true).values().stream())
                .mapToDouble(Double::doubleValue)
                .filter(value -> !StaleMarker.is(value))
                .toArray();
        Quantiles.sort(values, values.length);
        return values;
    }

    private void check(
            String context,
            Percentiles.@org.jspecify.annotations.Nullable Point point,
            double[] sorted,
            boolean isExact) {
        if (point == null) {
            assertThat(sorted).as(context).isEmpty();
            return;
        }
        boolean cut = context.contains("windows cut buckets");
        if (isExact && !cut) {
            assertThat(point.count()).as(context).isEqualTo(sorted.length);
        }
        double before = Double.NEGATIVE_INFINITY;
        for (int i = 0; i < QUANTILES.size(); i++) {
            Percentiles.Bounded bounded = point.values().get(i);
            String at = context + " q=" + QUANTILES.get(i) + " " + point;
            if (!Double.isNaN(bounded.value())) {
                assertThat(bounded.value()).as(at).isBetween(bounded.low(), bounded.high());
                assertThat(bounded.value()).as(at).isGreaterThanOrEqualTo(before);
                before = bounded.value();
            }
            if (isExact && sorted.length > 0) {
                double exact = Quantiles.ofSorted(sorted, sorted.length, QUANTILES.get(i));
                if (Double.isNaN(exact)) {
                    assertThat(Double.isNaN(bounded.value()) || Double.isInfinite(bounded.low()))
                            .as(at)
                            .isTrue();
                } else {
                    double rounding = Math.ulp(exact);
                    assertThat(exact).as(at).isBetween(bounded.low() - rounding, bounded.high() + rounding);
                }
                if (point.source() == Percentiles.Source.RAW && !Double.isNaN(exact)) {
                    assertThat(Math.abs(bounded.value() - exact)).as(at).isLessThanOrEqualTo(Math.ulp(exact));
                }
                if (shape == NARROW && !cut && !Double.isNaN(exact)) {
                    assertThat(Math.abs(bounded.value() - exact) / exact).as(at).isLessThan(0.011);
                }
            }
        }
    }
}
