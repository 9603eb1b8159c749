package io.varve.query.exec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.varve.core.Tsdb;
import io.varve.core.TsdbConfig;
import io.varve.core.model.Histogram;
import io.varve.core.model.Labels;
import io.varve.core.model.Matcher;
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
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;

/**
 * Statistics of pages answer as samples do: the same questions with them and without, of a store whose blocks overlap,
 * with late samples, deletions, NaN, markers, resets and histograms in between.
 */
class StatisticsProperties {

    private static final int SERIES = 4;
    private static final int ROUNDS = 12;
    private static final int SPAN_SECONDS = 12_000;
    private static final List<String> EXACT = List.of(
            "min_over_time",
            "max_over_time",
            "count_over_time",
            "first_over_time",
            "last_over_time",
            "present_over_time",
            "resets");
    private static final List<String> ROUNDED = List.of("sum_over_time", "avg_over_time", "rate", "increase", "delta");

    private long read;
    private long readWithout;

    @Property(tries = 25, shrinking = ShrinkingMode.OFF)
    void answersAreTheSame(@ForAll long seed) throws IOException {
        Random random = new Random(seed);
        Path directory = Files.createTempDirectory("varve-statistics");
        try (Tsdb db = Tsdb.open(directory, TsdbConfig.defaults().ringBytes(1 << 20))) {
            for (int round = 0; round < ROUNDS; round++) {
                change(db, round, random);
            }
            QueryEngine with = engine(db, true);
            QueryEngine without = engine(db, false);
            for (int question = 0; question < 24; question++) {
                QueryRequest request = request(random);
                QueryResult expected = without.query(request);
                QueryResult found = with.query(request);
                compare(request, expected, found);
                if (request.isInstant()) { // the windows of steps begin and end within most pages
                    read += found.samplesRead();
                    readWithout += expected.samplesRead();
                }
            }
        } finally {
            try (Stream<Path> files = Files.walk(directory)) {
                files.sorted(Comparator.reverseOrder())
                        .forEach(file -> file.toFile().delete());
            }
        }
    }

    /** Statistics are used, so that the property says something. */
    @Property(tries = 1)
    void fewerSamplesAreRead() throws IOException {
        for (int seed = 0; seed < 8; seed++) {
            answersAreTheSame(seed);
        }
        assertThat(read).isLessThan(readWithout * 19 / 20);
    }

    private static QueryEngine engine(Tsdb db, boolean statistics) {
        QueryOptions options = QueryOptions.defaults().statistics(statistics);
        return QueryEngine.over(db, QueryLimits.defaults(), options, QueryWatch.NONE);
    }

    private static void change(Tsdb db, int round, Random random) throws IOException {
        try (Appender appender = db.appender(Durability.WRITTEN)) {
            int from = random.nextInt(12) == 0 ? random.nextInt(SPAN_SECONDS) : round * SPAN_SECONDS / ROUNDS;
            for (int series = 0; series < SERIES; series++) {
                write(appender, series, from, random);
            }
            appender.commit();
        }
        if (random.nextInt(6) > 0) {
            db.flush();
        }
        if (random.nextInt(6) == 0) {
            int from = random.nextInt(SPAN_SECONDS);
            db.delete(
                    List.of(Matcher.equal("host", "h" + random.nextInt(SERIES))),
                    TimeRange.of(1_000L * from, 1_000L * (from + random.nextInt(1_000))));
        }
    }

    private static void write(Appender appender, int series, int from, Random random) {
        long ref = appender.series(Labels.of("__name__", "m_total", "host", "h" + series));
        int count = random.nextInt(330); // rounds overlap where one is late
        double value = random.nextInt(100);
        int odd = random.nextInt(4) == 0 ? 60 : Integer.MAX_VALUE;
        for (int i = 0; i < count; i++) {
            value = random.nextInt(90) == 0 ? 0 : value + random.nextInt(4_000) / 4.0;
            long time = 1_000L * (from + 3L * i) + random.nextInt(3);
            int draw = random.nextInt(odd);
            if (draw == 7) {
                appender.append(ref, time, Double.NaN);
            } else if (draw == 8) {
                appender.append(ref, time, StaleMarker.VALUE);
            } else if (draw == 9 && series == 0) {
                appender.append(ref, time, Histogram.stale(false));
            } else {
                appender.append(ref, time, value);
            }
        }
    }

    private static QueryRequest request(Random random) {
        List<String> functions = random.nextBoolean() ? EXACT : ROUNDED;
        String function = functions.get(random.nextInt(functions.size()));
        int range = 1 + random.nextInt(random.nextBoolean() ? 2 * SPAN_SECONDS : 600);
        String at = random.nextInt(6) == 0 ? " @ " + random.nextInt(SPAN_SECONDS) : "";
        String offset = random.nextInt(4) == 0 ? " offset " + random.nextInt(500) + "s" : "";
        String expression = function + "(m_total[" + range + "s]" + at + offset + ")";
        long start = 1_000L * random.nextInt(SPAN_SECONDS) + random.nextInt(3);
        return random.nextBoolean()
                ? QueryRequest.instant(expression, start)
                : QueryRequest.range(expression, start, start + 10_000_000L, 1_000L * (1 + random.nextInt(4_000)));
    }

    private static void compare(QueryRequest request, QueryResult expected, QueryResult found) {
        String about = request.toString();
        assertThat(found.warnings()).as(about).isEqualTo(expected.warnings());
        if (expected.value() instanceof QueryResult.Vector vector) {
            List<QueryResult.Sample> samples = ((QueryResult.Vector) found.value()).samples();
            assertThat(samples).as(about).hasSameSizeAs(vector.samples());
            for (int i = 0; i < samples.size(); i++) {
                assertThat(samples.get(i).labels())
                        .isEqualTo(vector.samples().get(i).labels());
                same(request, vector.samples().get(i).value(), samples.get(i).value());
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
                same(request, wanted.get(i).values()[point], series.get(i).values()[point]);
            }
        }
    }

    private static void same(QueryRequest request, double expected, double found) {
        boolean exact = EXACT.stream().anyMatch(name -> request.expression().startsWith(name));
        if (exact || Double.isNaN(expected)) {
            assertThat(Double.doubleToLongBits(found))
                    .as(request.toString())
                    .isEqualTo(Double.doubleToLongBits(expected));
        } else {
            assertThat(found).as(request.toString()).isCloseTo(expected, within(1e-12 * Math.abs(expected) + 1e-9));
        }
    }
}
