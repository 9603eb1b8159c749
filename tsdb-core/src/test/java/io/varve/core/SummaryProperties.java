package io.varve.core;

import static org.assertj.core.api.Assertions.assertThat;

import io.varve.core.block.PageStatistics;
import io.varve.core.fs.SimulatedFileSystem;
import io.varve.core.model.Labels;
import io.varve.core.model.Matcher;
import io.varve.core.model.StaleMarker;
import io.varve.core.model.TimeRange;
import io.varve.core.model.TimeSource;
import io.varve.core.storage.Appender;
import io.varve.core.storage.ColumnCursor;
import io.varve.core.storage.Durability;
import io.varve.core.storage.PageSummary;
import io.varve.core.storage.Querier;
import io.varve.core.storage.SeriesSet;
import io.varve.core.storage.SummaryRule;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/**
 * A page that is told by its summary says what its samples would have said, in stores whose blocks overlap, with late
 * samples, deletions, markers, NaN and resets.
 */
class SummaryProperties {

    private static final int SERIES = 3;
    private static final int SPAN = 12_000;
    private static final Matcher ALL = Matcher.equal("__name__", "m");

    private int summaries;

    /** Pages between edges, as a window has them. */
    private record Edges(long edge, boolean picky) implements SummaryRule {

        @Override
        public boolean fits(long firstTime, long lastTime) {
            return edge < firstTime || lastTime <= edge;
        }

        @Override
        public boolean suffices(PageSummary summary) {
            return !picky || summary.stales() == 0;
        }
    }

    @Property(tries = 40)
    void summariesSayWhatSamplesSay(@ForAll Random random) throws IOException {
        TsdbRuntime runtime = TsdbRuntime.create(TimeSource.system(), new Random(1));
        try (Tsdb db = Tsdb.open(
                new SimulatedFileSystem(), TsdbConfig.defaults().ringBytes(1 << 20), runtime, "main", runtime)) {
            for (int round = 0; round < 14; round++) {
                change(db, round, random);
            }
            if (random.nextBoolean()) {
                db.flush();
            }
            for (int reading = 0; reading < 6; reading++) {
                long from = random.nextBoolean() ? Long.MIN_VALUE : random.nextInt(SPAN);
                TimeRange range = TimeRange.of(from, Math.max(from, random.nextInt(2 * SPAN)));
                compare(db, range, new Edges(random.nextInt(3 * SPAN), random.nextBoolean()), random);
            }
        }
    }

    private static void change(Tsdb db, int round, Random random) throws IOException {
        int what = random.nextInt(10);
        if (what < 5) {
            try (Appender appender = db.appender(Durability.WRITTEN)) {
                int from = random.nextInt(4) == 0 ? random.nextInt(SPAN) : round * SPAN / 14;
                for (int series = 0; series < SERIES; series++) {
                    write(appender, series, from, random);
                }
                appender.commit();
            }
        } else if (what < 9) {
            db.flush();
        } else {
            int from = random.nextInt(2 * SPAN);
            db.delete(
                    List.of(Matcher.equal("host", "h" + random.nextInt(SERIES))),
                    TimeRange.of(from, from + random.nextInt(SPAN / 16)));
        }
    }

    private static void write(Appender appender, int series, int from, Random random) {
        long ref = appender.series(Labels.of("__name__", "m", "host", "h" + series));
        int count = random.nextInt(600);
        double value = random.nextInt(100);
        int odd = random.nextInt(3) == 0 ? 50 : Integer.MAX_VALUE;
        for (int i = 0; i < count; i++) {
            value = random.nextInt(80) == 0 ? 0 : value + random.nextInt(20) / 4.0;
            double shown = value;
            if (random.nextInt(odd) == 7) {
                shown = random.nextBoolean() ? Double.NaN : Double.longBitsToDouble(StaleMarker.BITS);
            }
            appender.append(ref, from + 2L * i + random.nextInt(2), shown);
        }
    }

    private void compare(Tsdb db, TimeRange range, Edges rule, Random random) {
        Map<Labels, TreeMap<Long, Double>> plain = new TreeMap<>();
        try (Querier querier = db.querier(range);
                SeriesSet set = querier.select(ALL)) {
            while (set.next()) {
                TreeMap<Long, Double> samples = new TreeMap<>();
                boolean last = false;
                for (ColumnCursor columns = set.columns(); columns.nextPage(); ) {
                    assertThat(last).as("a page behind the last one").isFalse();
                    last = columns.isLast();
                    for (int i = 0; i < columns.size(); i++) {
                        assertThat(!columns.isFinite() || Double.isFinite(columns.values()[i]))
                                .as("finite")
                                .isTrue();
                        samples.put(columns.times()[i], columns.values()[i]);
                    }
                }
                plain.put(set.labels(), samples);
            }
        }
        try (Querier querier = db.querier(range);
                SeriesSet set = querier.select(rule, ALL)) {
            while (set.next()) {
                TreeMap<Long, Double> left = plain.remove(set.labels());
                assertThat(left).isNotNull();
                boolean last = false;
                for (ColumnCursor columns = set.columns(); columns.nextPage(); ) {
                    assertThat(last).as("a page behind the last one").isFalse();
                    last = columns.isLast();
                    take(columns, left, rule, random.nextInt(4) == 0);
                }
                assertThat(left).isEmpty();
            }
        }
        assertThat(plain).isEmpty();
    }

    /** Takes the samples of a page away from those that a plain reading found. */
    private void take(ColumnCursor columns, Map<Long, Double> left, Edges rule, boolean decode) {
        int size = columns.size();
        double[] expected = new double[size];
        for (int i = 0; i < size; i++) {
            Double value = left.remove(columns.times()[i]);
            assertThat(value).isNotNull();
            expected[i] = value;
        }
        PageSummary summary = columns.summary();
        if (summary != null) {
            summaries++;
            assertThat(rule.fits(columns.times()[0], columns.times()[size - 1])).isTrue();
            assertThat(rule.suffices(summary)).isTrue();
            assertThat(summary).isEqualTo(PageStatistics.of(expected, 0, size));
            if (!decode) {
                return;
            }
            assertThat(columns.decode()).isTrue();
            assertThat(columns.summary()).isNull();
        }
        for (int i = 0; i < size; i++) {
            assertThat(Double.doubleToRawLongBits(columns.values()[i]))
                    .isEqualTo(Double.doubleToRawLongBits(expected[i]));
        }
    }

    /** There are pages that are told by summaries, so that the property says something. */
    @Property(tries = 1)
    void thereAreSummaries() throws IOException {
        for (int seed = 0; seed < 10; seed++) {
            summariesSayWhatSamplesSay(new Random(seed));
        }
        assertThat(summaries).isGreaterThan(50);
    }
}
