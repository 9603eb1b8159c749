package io.varve.query.exec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.varve.core.Tsdb;
import io.varve.core.TsdbConfig;
import io.varve.core.model.Labels;
import io.varve.core.model.Matcher;
import io.varve.core.model.RollupRule;
import io.varve.core.model.StaleMarker;
import io.varve.core.model.TimeRange;
import io.varve.core.storage.Appender;
import io.varve.core.storage.Durability;
import io.varve.query.QueryEngine;
import io.varve.query.QueryLimits;
import io.varve.query.QueryOptions;
import io.varve.query.QueryRequest;
import io.varve.query.QueryResult;
import io.varve.query.QueryWatch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;

/**
 * The same questions before and after samples have expired: one store keeps all, the other rolls up and forgets.
 * Samples about every second for ten minutes, with gaps, NaN, markers, resets, late ones and deletions; rollups of ten
 * and sixty seconds, of which the wider are kept for longer.
 */
class RolledProperties {

    private static final long START = 1_700_000_040_000L;
    private static final long WIDTH = 10_000;
    private static final int SECONDS = 600;
    private static final long LOOKBACK = 3_000;
    private static final List<String> EXACT = List.of(
            "min_over_time",
            "max_over_time",
            "count_over_time",
            "first_over_time",
            "last_over_time",
            "present_over_time",
            "absent_over_time",
            "resets");
    private static final List<String> ROUNDED = List.of("sum_over_time", "avg_over_time", "rate", "increase", "delta");

    private Random random = new Random(0);
    private final Map<Labels, NavigableMap<Long, Double>> model = new TreeMap<>();
    private int rolledUp;
    private int compared;

    private void write(Tsdb all, Tsdb some, int series, int from, int to, int sparse) {
        Labels labels = Labels.of("__name__", "m_total", "host", "h" + series);
        try (Appender one = all.appender(Durability.WRITTEN);
                Appender other = some.appender(Durability.WRITTEN)) {
            long ref = one.series(labels);
            long otherRef = other.series(labels);
            double value = random.nextInt(100);
            for (int second = from; second < to; second++) {
                value = random.nextInt(40) == 0 ? 1 : value + random.nextInt(400) / 4.0;
                if (random.nextInt(sparse) > 0 || second % 97 < 20 && series == 1) {
                    continue;
                }
                long time = START + 1_000L * second + random.nextInt(1_000);
                double sample =
                        random.nextInt(60) == 0 ? (random.nextBoolean() ? Double.NaN : StaleMarker.VALUE) : value;
                one.append(ref, time, sample);
                other.append(otherRef, time, sample);
                model.computeIfAbsent(labels.without(Labels.NAME), l -> new TreeMap<>())
                        .put(time, sample);
            }
            assertThat(one.commit().refused()).isZero();
            assertThat(other.commit().refused()).isZero();
        }
    }

    private void delete(Tsdb all, Tsdb some) {
        int from = random.nextInt(SECONDS);
        TimeRange range = TimeRange.of(START + 1_000L * from, START + 1_000L * (from + random.nextInt(60)));
        Matcher[] host = {Matcher.equal("host", "h" + random.nextInt(3))};
        all.delete(List.of(host), range);
        some.delete(List.of(host), range);
        NavigableMap<Long, Double> samples = model.get(Labels.of("host", host[0].value()));
        if (samples != null) {
            samples.subMap(range.from(), true, range.to(), true).clear();
        }
    }

    @Property(tries = 30, shrinking = ShrinkingMode.OFF)
    void answersAreTheSame(@ForAll long seed) throws IOException {
        random = new Random(seed);
        model.clear();
        Path directory = Files.createTempDirectory("varve-rolled");
        TsdbConfig config = TsdbConfig.defaults().ringBytes(1 << 18).blockSpan(Duration.ofSeconds(100));
        boolean twoWidths = random.nextBoolean();
        RollupRule narrow = new RollupRule(
                Duration.ofMillis(WIDTH), twoWidths ? Duration.ofSeconds(400) : Duration.ZERO, random.nextInt(4) > 0);
        RollupRule wide = new RollupRule(Duration.ofMillis(6 * WIDTH), Duration.ZERO, true);
        TsdbConfig forgetful = config.retention(Duration.ofSeconds(100 + random.nextInt(200)))
                .rollups(twoWidths ? List.of(narrow, wide) : List.of(narrow));
        try (Tsdb all = Tsdb.open(directory.resolve("all"), config);
                Tsdb some = Tsdb.open(directory.resolve("some"), forgetful)) {
            fill(all, some);
            QueryOptions options = QueryOptions.defaults().statistics(random.nextBoolean());
            QueryEngine before = QueryEngine.over(all, QueryLimits.defaults(), options, QueryWatch.NONE);
            QueryEngine after = QueryEngine.over(some, QueryLimits.defaults(), options, QueryWatch.NONE);
            for (int question = 0; question < 20; question++) {
                askWindows(before, after);
                askQuantile(before, after);
                askNewest(before, after);
            }
        } finally {
            try (Stream<Path> files = Files.walk(directory)) {
                files.sorted(Comparator.reverseOrder())
                        .forEach(file -> file.toFile().delete());
            }
        }
    }

    /** Rollups are used, so that the property says something. */
    @Property(tries = 1)
    void rollupsAnswer() throws IOException {
        for (int seed = 0; seed < 6; seed++) {
            answersAreTheSame(seed);
        }
        assertThat(rolledUp).isGreaterThan(100);
        assertThat(compared).isGreaterThan(50);
    }

    private void fill(Tsdb all, Tsdb some) throws IOException {
        int flushes = 1 + random.nextInt(3);
        for (int part = 0; part < flushes; part++) {
            for (int series = 0; series < 3; series++) {
                write(
                        all,
                        some,
                        series,
                        SECONDS * part / flushes,
                        SECONDS * (part + 1) / flushes,
                        1 + random.nextInt(3));
            }
            some.flush();
            some.compact();
        }
        if (random.nextInt(3) == 0) {
            write(all, some, random.nextInt(3), SECONDS - 40, SECONDS, 3);
        }
        if (random.nextInt(3) == 0) {
            delete(all, some);
        }
        if (random.nextBoolean()) {
            some.flush();
            some.compact();
        }
        all.flush();
    }

    private QueryRequest request(String function, String parameter) {
        boolean aligned = random.nextInt(3) > 0;
        long unit = aligned ? 6 * WIDTH : 1_000;
        long window = aligned ? unit * (1 + random.nextInt(6)) : unit * (1 + random.nextInt(200));
        String at = random.nextInt(8) == 0 ? " @ " + (START + unit * random.nextInt(9)) / 1_000 : "";
        String expression = function + "(" + parameter + "m_total[" + window / 1_000 + "s]" + at + ")";
        long start = START + unit * random.nextInt((int) (SECONDS * 1_000 / unit));
        long step = aligned ? unit : 1_000L * (1 + random.nextInt(60));
        return random.nextInt(3) == 0
                ? QueryRequest.instant(expression, start)
                : QueryRequest.range(expression, start, start + 300_000, step);
    }

    private void askWindows(QueryEngine before, QueryEngine after) {
        List<String> functions = random.nextBoolean() ? EXACT : ROUNDED;
        String function = functions.get(random.nextInt(functions.size()));
        QueryRequest request = request(function, "");
        QueryResult expected = before.query(request);
        QueryResult found = after.query(request);
        if (isComparable(found)) {
            compare(request, expected, found, EXACT.contains(function) ? 0 : 1e-9);
        }
    }

    private void askQuantile(QueryEngine before, QueryEngine after) {
        double q = List.of(0.0, 0.5, 0.9, 0.99, 1.0).get(random.nextInt(5));
        QueryRequest request = request("quantile_over_time", q + ", ");
        QueryResult expected = before.query(request);
        QueryResult found = after.query(request);
        if (isComparable(found)) {
            boolean sketched = found.infos().stream().anyMatch(text -> text.contains("their sketches to within"));
            compare(request, expected, found, sketched ? 0.011 : 1e-12);
        }
    }

    /** Whether an answer of rollups is to be that of the samples: it says so where it is not. */
    private boolean isComparable(QueryResult found) {
        rolledUp += mentions(found.infos(), "samples have expired: rollups of") ? 1 : 0;
        boolean comparable = !mentions(found.infos(), "windows that cut buckets")
                && !mentions(found.infos(), "windows are shorter")
                && !mentions(found.infos(), "rollups have no sketches")
                && !mentions(found.infos(), "they leave out a part of windows")
                && !mentions(found.warnings(), "came late");
        compared += comparable && mentions(found.infos(), "samples have expired: rollups of") ? 1 : 0;
        return comparable;
    }

    private static boolean mentions(List<String> texts, String what) {
        return texts.stream().anyMatch(text -> text.contains(what));
    }

    /** The newest sample is one of the series', no older than the lookback or the bucket. */
    private void askNewest(QueryEngine before, QueryEngine after) {
        long start = START + 1_000L * random.nextInt(SECONDS) + random.nextInt(3);
        String offset = random.nextInt(4) == 0 ? " offset 10s" : "";
        QueryRequest value = QueryRequest.range("m_total" + offset, start, start + 200_000, 7_000)
                .withLookback(LOOKBACK);
        QueryRequest time = QueryRequest.range("timestamp(m_total" + offset + ")", start, start + 200_000, 7_000)
                .withLookback(LOOKBACK);
        QueryResult found = after.query(value);
        if (mentions(found.warnings(), "came late")) {
            return;
        }
        boolean rolled = mentions(found.infos(), "samples have expired");
        if (!rolled) {
            compare(value, before.query(value), found, 0);
            return;
        }
        long shift = offset.isEmpty() ? 0 : 10_000;
        Map<Labels, QueryResult.Series> times = new TreeMap<>();
        ((QueryResult.Matrix) after.query(time).value()).series().forEach(one -> times.put(one.labels(), one));
        for (QueryResult.Series series : ((QueryResult.Matrix) found.value()).series()) {
            Labels host = series.labels().without(Labels.NAME);
            QueryResult.Series at = Objects.requireNonNull(times.get(host));
            Map<Long, Double> stored = Objects.requireNonNull(model.get(host));
            assertThat(at.times()).as(value.toString()).isEqualTo(series.times());
            for (int i = 0; i < series.times().length; i++) {
                long sampled = Math.round(1_000 * at.values()[i]);
                assertThat(stored).as(value + " " + series.times()[i]).containsKey(sampled);
                assertThat(Double.doubleToRawLongBits(series.values()[i]))
                        .as(value + " " + series.times()[i])
                        .isEqualTo(Double.doubleToRawLongBits(stored.getOrDefault(sampled, 0.0)));
                assertThat(series.times()[i] - shift - sampled).isBetween(0L, 6 * WIDTH - 1);
            }
        }
    }

    private static void compare(QueryRequest request, QueryResult expected, QueryResult found, double relative) {
        String about = request + " " + found.infos() + found.warnings();
        if (expected.value() instanceof QueryResult.Vector vector) {
            List<QueryResult.Sample> samples = ((QueryResult.Vector) found.value()).samples();
            assertThat(samples).as(about).hasSameSizeAs(vector.samples());
            for (int i = 0; i < samples.size(); i++) {
                assertThat(samples.get(i).labels())
                        .isEqualTo(vector.samples().get(i).labels());
                same(about, vector.samples().get(i).value(), samples.get(i).value(), relative);
            }
            return;
        }
        List<QueryResult.Series> series = ((QueryResult.Matrix) found.value()).series();
        List<QueryResult.Series> wanted = ((QueryResult.Matrix) expected.value()).series();
        assertThat(series).as(about).hasSameSizeAs(wanted);
        for (int i = 0; i < series.size(); i++) {
            assertThat(series.get(i).labels()).as(about).isEqualTo(wanted.get(i).labels());
            assertThat(series.get(i).times()).as(about).isEqualTo(wanted.get(i).times());
            for (int point = 0; point < series.get(i).times().length; point++) {
                String at = about + " " + series.get(i).labels() + " at "
                        + series.get(i).times()[point];
                same(at, wanted.get(i).values()[point], series.get(i).values()[point], relative);
            }
        }
    }

    private static void same(String about, double expected, double found, double relative) {
        if (relative == 0 || Double.isNaN(expected)) {
            assertThat(Double.doubleToLongBits(found)).as(about).isEqualTo(Double.doubleToLongBits(expected));
        } else {
            assertThat(found).as(about).isCloseTo(expected, within(relative * Math.abs(expected) + 1e-9));
        }
    }
}
