package io.varve.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.varve.core.fs.SimulatedFileSystem;
import io.varve.core.model.Exemplar;
import io.varve.core.model.Histogram;
import io.varve.core.model.HistogramLayout;
import io.varve.core.model.Labels;
import io.varve.core.model.Matcher;
import io.varve.core.model.Metadata;
import io.varve.core.model.ResetHint;
import io.varve.core.model.SampleKind;
import io.varve.core.model.StaleMarker;
import io.varve.core.model.StartTime;
import io.varve.core.model.TimeRange;
import io.varve.core.model.TimeSource;
import io.varve.core.storage.Appender;
import io.varve.core.storage.ColumnCursor;
import io.varve.core.storage.Commit;
import io.varve.core.storage.Durability;
import io.varve.core.storage.Querier;
import io.varve.core.storage.ReadBudget;
import io.varve.core.storage.SeriesExemplars;
import io.varve.core.storage.SeriesSet;
import io.varve.core.storage.SeriesStarts;
import io.varve.core.storage.Verdict;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Histograms, exemplars, metadata and start times as an application uses them. */
class KindsTest {

    private static final Labels SERIES = Labels.of("__name__", "h", "job", "a");
    private static final Labels OTHER = Labels.of("__name__", "h", "job", "b");
    private static final Matcher ALL = Matcher.equal("__name__", "h");
    private static final TsdbConfig CONFIG = TsdbConfig.defaults().ringBytes(1 << 16);

    private final SimulatedFileSystem disk = new SimulatedFileSystem();

    private Tsdb open(TsdbConfig config) throws IOException {
        TsdbRuntime runtime = TsdbRuntime.create(TimeSource.system(), new Random(1));
        return Tsdb.open(disk, config, runtime, "main", runtime);
    }

    private static Histogram histogram(long... buckets) {
        HistogramLayout layout =
                HistogramLayout.exponential(3, false, 0x1p-128, new int[] {-1, buckets.length}, new int[0]);
        long count = Arrays.stream(buckets).sum();
        return Histogram.integer(layout, ResetHint.UNKNOWN, 0, count, count * 0.5, buckets);
    }

    private interface Filling {
        void fill(Appender appender, long ref);
    }

    private static Commit commit(Tsdb db, Filling filling) {
        try (Appender appender = db.appender(Durability.SYNCED)) {
            filling.fill(appender, appender.series(SERIES));
            return appender.commit();
        }
    }

    /** Time to sample, of the one series. */
    private static Map<Long, Object> read(Tsdb db) {
        Map<Long, Object> found = new TreeMap<>();
        try (Querier querier = db.querier(TimeRange.ALL);
                SeriesSet set = querier.select(ALL)) {
            while (set.next()) {
                assertThat(set.labels()).isEqualTo(SERIES);
                for (ColumnCursor columns = set.columns(); columns.nextPage(); ) {
                    for (int i = 0; i < columns.size(); i++) {
                        found.put(
                                columns.times()[i],
                                columns.kind() == SampleKind.HISTOGRAM
                                        ? columns.histogram(i)
                                        : (Object) columns.values()[i]);
                    }
                }
            }
        }
        return found;
    }

    private void everywhere(Tsdb db, Map<Long, Object> expected) throws IOException {
        assertThat(read(db)).isEqualTo(expected);
        db.flush();
        assertThat(read(db)).isEqualTo(expected);
        db.compact();
        assertThat(read(db)).isEqualTo(expected);
    }

    @Test
    void aSeriesHasFloatsAndHistogramsAtDifferentTimes() throws IOException {
        try (Tsdb db = open(CONFIG)) {
            commit(db, (appender, ref) -> {
                appender.append(ref, 1_000, 1.5);
                appender.append(ref, 2_000, histogram(1, 2));
                appender.append(ref, 3_000, histogram(2, 2));
                appender.append(ref, 4_000, 2.5);
            });
            everywhere(db, Map.of(1_000L, 1.5, 2_000L, histogram(1, 2), 3_000L, histogram(2, 2), 4_000L, 2.5));
        }
    }

    @Test
    void atOneTimeTheLaterPositionWinsWhateverItsKind() throws IOException {
        try (Tsdb db = open(CONFIG)) {
            commit(db, (appender, ref) -> appender.append(ref, 1_000, 1.5));
            commit(db, (appender, ref) -> appender.append(ref, 1_000, histogram(1)));
            assertThat(read(db)).isEqualTo(Map.of(1_000L, histogram(1)));
            commit(db, (appender, ref) -> appender.append(ref, 1_000, 1.5));
            assertThat(read(db)).isEqualTo(Map.of(1_000L, 1.5));
            commit(db, (appender, ref) -> appender.append(ref, 1_000, histogram(1)));
            commit(db, (appender, ref) -> appender.append(ref, 1_000, StaleMarker.VALUE));
            everywhere(db, Map.of(1_000L, histogram(1)));
            commit(db, (appender, ref) -> appender.append(ref, 1_000, Histogram.stale(false)));
            commit(db, (appender, ref) -> appender.append(ref, 1_000, 7));
            commit(db, (appender, ref) -> appender.append(ref, 1_000, Histogram.stale(true)));
            everywhere(db, Map.of(1_000L, 7.0));
        }
    }

    @Test
    void ofOneBatchTheHistogramWins() throws IOException {
        try (Tsdb db = open(CONFIG)) {
            commit(db, (appender, ref) -> {
                appender.append(ref, 1_000, histogram(3));
                appender.append(ref, 1_000, 1.5);
            });
            everywhere(db, Map.of(1_000L, histogram(3)));
        }
        try (Tsdb db = open(CONFIG)) {
            everywhere(db, Map.of(1_000L, histogram(3)));
        }
    }

    @Test
    void aRepeatedBatchIsKeptOnce() throws IOException {
        Filling filling = (appender, ref) -> {
            appender.append(ref, 1_000, histogram(1));
            appender.append(ref, 900, histogram(2));
            appender.exemplar(ref, new Exemplar(Labels.of("trace_id", "x"), 990, 0.5));
            appender.startTime(ref, 1_000, 400);
            appender.metadata("h", new Metadata(Metadata.Type.HISTOGRAM, "help", "seconds"));
        };
        try (Tsdb db = open(CONFIG)) {
            commit(db, filling);
            long log = db.status().walBytes();
            for (int i = 0; i < 2_000; i++) {
                Commit again = commit(db, filling);
                assertThat(again.accepted()).isEqualTo(5);
                assertThat(again.accepted(SampleKind.START_TIME)).isEqualTo(1);
                assertThat(again.accepted(SampleKind.METADATA)).isEqualTo(1);
            }
            assertThat(db.status().walBytes()).as("nothing is logged twice").isEqualTo(log);
            assertThat(db.status().samples()).isEqualTo(2);
        }
    }

    @Test
    void onePoisonedSampleCostsItselfAlone() throws IOException {
        try (Tsdb db = open(CONFIG.outOfOrderWindow(Duration.ofSeconds(60)))) {
            commit(db, (appender, ref) -> appender.append(ref, 1_000_000, histogram(1)));
            long future = System.currentTimeMillis() + 2 * 86_400_000L;
            Commit commit = commit(db, (appender, ref) -> {
                appender.append(ref, -1, histogram(1));
                appender.append(ref, future, histogram(1));
                appender.append(ref, 1_000, histogram(1));
                appender.append(ref, 1_001_000, histogram(2));
                appender.exemplar(ref, new Exemplar(Labels.EMPTY, -5, 1));
                appender.exemplar(ref, new Exemplar(Labels.EMPTY, 1_001_000, 1));
                appender.startTime(ref, 1_001_000, -3);
                appender.startTime(ref, 1_001_000, 3);
                assertThat(appender.startTime(ref, 1_000, 1_000)).isEqualTo(Verdict.START_NOT_BEFORE);
                assertThat(appender.append(99, 1_000, histogram(1))).isEqualTo(Verdict.UNKNOWN_REF);
                assertThat(appender.exemplar(99, new Exemplar(Labels.EMPTY, 1, 1)))
                        .isEqualTo(Verdict.UNKNOWN_REF);
                assertThat(appender.startTime(99, 5, 1)).isEqualTo(Verdict.UNKNOWN_REF);
                assertThatThrownBy(() -> appender.metadata("", new Metadata(Metadata.Type.INFO, "", "")))
                        .isInstanceOf(IllegalArgumentException.class);
            });
            assertThat(commit.accepted()).isEqualTo(3);
            assertThat(commit.refusals())
                    .isEqualTo(Map.of(Verdict.BEFORE_EPOCH, 3, Verdict.TOO_FAR_AHEAD, 1, Verdict.OUT_OF_WINDOW, 1));
            assertThat(read(db)).isEqualTo(Map.of(1_000_000L, histogram(1), 1_001_000L, histogram(2)));
        }
    }

    @Test
    void newSeriesBeyondTheLimitAreRefusedByWhateverKind() throws IOException {
        try (Tsdb db = open(CONFIG.maxSeries(1))) {
            commit(db, (appender, ref) -> appender.append(ref, 1_000, histogram(1)));
            Commit commit = commit(db, (appender, ref) -> {
                long other = appender.series(OTHER);
                appender.append(other, 1_000, histogram(1));
                appender.exemplar(other, new Exemplar(Labels.EMPTY, 1_000, 1));
                appender.append(ref, 2_000, histogram(1));
                appender.metadata("a", new Metadata(Metadata.Type.GAUGE, "", ""));
            });
            assertThat(commit.refusals()).isEqualTo(Map.of(Verdict.SERIES_LIMIT, 2));
            assertThat(commit.accepted()).isEqualTo(2);
            Commit more =
                    commit(db, (appender, ref) -> appender.metadata("b", new Metadata(Metadata.Type.INFO, "", "")));
            assertThat(more.firstRefusal()).isEqualTo(Verdict.SERIES_LIMIT);
        }
    }

    @Test
    void aBatchIsFullAndAHistogramCanBeTooLarge() throws IOException {
        try (Tsdb db = open(CONFIG);
                Appender appender = db.appender(Durability.WRITTEN)) {
            long ref = appender.series(SERIES);
            long[] buckets = new long[8_000];
            Arrays.setAll(buckets, i -> i % 2 == 0 ? 1L << 40 : 0);
            assertThat(appender.append(ref, 1_000, histogram(buckets))).isEqualTo(Verdict.TOO_LARGE);
            assertThat(appender.pending()).isZero();
            int kept = 0;
            while (appender.append(ref, 1_000 + kept, histogram(1, 2, 3)) == Verdict.ACCEPTED) {
                kept++;
            }
            assertThat(appender.append(ref, 1, histogram(1, 2, 3))).isEqualTo(Verdict.BATCH_FULL);
            assertThat(appender.pending()).isEqualTo(kept).isPositive();
            assertThat(appender.commit().accepted(SampleKind.HISTOGRAM)).isEqualTo(kept);
            assertThat(appender.append(ref, 1, 1.0)).isEqualTo(Verdict.ACCEPTED);
            int floats = 1;
            while (appender.append(ref, 1 + floats, 1.0) == Verdict.ACCEPTED) {
                floats++;
            }
            assertThat(appender.append(ref, 5_000_000, histogram(1))).isEqualTo(Verdict.BATCH_FULL);
            assertThat(appender.commit().accepted(SampleKind.FLOAT)).isEqualTo(floats);
        }
    }

    private static List<Exemplar> exemplars(Tsdb db, TimeRange range) {
        try (Querier querier = db.querier(range)) {
            List<SeriesExemplars> found = querier.exemplars(ALL).found();
            return found.isEmpty() ? List.of() : found.get(0).exemplars();
        }
    }

    private static Exemplar exemplar(long time) {
        return new Exemplar(Labels.of("trace_id", "t" + time), time, time / 4.0);
    }

    @Test
    void exemplarsOfASeriesAreBoundedOldestOut() throws IOException {
        try (Tsdb db = open(CONFIG)) {
            for (int i = 0; i < 200; i++) {
                long time = 1_000L + i;
                commit(db, (appender, ref) -> appender.exemplar(ref, exemplar(time)));
            }
            assertThat(exemplars(db, TimeRange.ALL)).hasSize(128).startsWith(exemplar(1_072));
            assertThat(exemplars(db, TimeRange.of(1_190, 1_192)))
                    .containsExactly(exemplar(1_190), exemplar(1_191), exemplar(1_192));
        }
        try (Tsdb db = open(CONFIG)) {
            assertThat(exemplars(db, TimeRange.ALL)).as("replayed").hasSize(128).startsWith(exemplar(1_072));
            db.flush();
            assertThat(exemplars(db, TimeRange.ALL)).as("without samples").hasSize(128);
        }
    }

    @Test
    void anExemplarWithAWholeStoryIsKeptAsItIs() throws IOException {
        String wide = "\ud83d\ude00".repeat(100);
        Labels labels = Labels.of("trace_id", "t".repeat(300), "node", "n".repeat(50), "why", wide);
        Exemplar story = new Exemplar(labels, 1_000, 0.5);
        try (Tsdb db = open(CONFIG)) {
            commit(db, (appender, ref) -> appender.exemplar(ref, story));
            assertThat(exemplars(db, TimeRange.ALL)).containsExactly(story);
        }
        try (Tsdb db = open(CONFIG)) {
            assertThat(exemplars(db, TimeRange.ALL)).as("replayed").containsExactly(story);
            db.flush();
            assertThat(exemplars(db, TimeRange.ALL)).as("of a block").containsExactly(story);
        }
    }

    @Test
    void exemplarsHaveARetentionOfTheirOwn() throws IOException {
        long hour = 3_600_000L;
        TsdbConfig config = CONFIG.exemplarRetention(Duration.ofHours(1));
        try (Tsdb db = open(config)) {
            commit(db, (appender, ref) -> {
                appender.append(ref, hour, 1.0);
                appender.exemplar(ref, exemplar(hour));
            });
            db.flush();
            assertThat(exemplars(db, TimeRange.ALL)).containsExactly(exemplar(hour));
            commit(db, (appender, ref) -> {
                appender.append(ref, 2 * hour + 5, 1.0);
                appender.exemplar(ref, exemplar(2 * hour));
            });
            assertThat(exemplars(db, TimeRange.ALL)).containsExactly(exemplar(2 * hour));
            db.flush();
        }
        try (Tsdb db = open(CONFIG)) {
            assertThat(exemplars(db, TimeRange.ALL)).as("still there").hasSize(2);
        }
        try (Tsdb db = open(config)) {
            db.compact();
        }
        try (Tsdb db = open(CONFIG)) {
            assertThat(exemplars(db, TimeRange.ALL)).as("gone with the merge").containsExactly(exemplar(2 * hour));
            assertThat(read(db)).hasSize(2);
        }
    }

    @Test
    void startTimesAreKeptOnceAndAnsweredForTheRange() throws IOException {
        try (Tsdb db = open(CONFIG)) {
            commit(db, (appender, ref) -> {
                appender.startTime(ref, 1_000, 500);
                appender.startTime(ref, 2_000, 500);
                appender.startTime(ref, 5_000, 4_000);
            });
            commit(db, (appender, ref) -> appender.startTime(ref, 900, 500));
            for (int round = 0; round < 2; round++) {
                assertThat(starts(db, TimeRange.ALL))
                        .containsExactly(new StartTime(500, 900), new StartTime(4_000, 5_000));
                assertThat(starts(db, TimeRange.of(4_500, 6_000))).containsExactly(new StartTime(4_000, 5_000));
                assertThat(starts(db, TimeRange.of(3_000, 3_500))).containsExactly(new StartTime(500, 900));
                assertThat(starts(db, TimeRange.of(0, 499))).isEmpty();
                db.flush();
            }
            commit(db, (appender, ref) -> appender.startTime(ref, 800, 500));
            db.flush();
            db.compact();
            assertThat(starts(db, TimeRange.ALL)).containsExactly(new StartTime(500, 800), new StartTime(4_000, 5_000));
        }
    }

    private static List<StartTime> starts(Tsdb db, TimeRange range) {
        try (Querier querier = db.querier(range)) {
            List<SeriesStarts> found = querier.startTimes(ALL).found();
            return found.isEmpty() ? List.of() : found.get(0).starts();
        }
    }

    @Test
    void ofMetadataTheLastWordWins() throws IOException {
        Metadata first = new Metadata(Metadata.Type.COUNTER, "first", "");
        Metadata second = new Metadata(Metadata.Type.HISTOGRAM, "second", "seconds");
        try (Tsdb db = open(CONFIG)) {
            commit(db, (appender, ref) -> {
                appender.append(ref, 1_000, 1.0);
                appender.metadata("h", second);
            });
            db.flush();
            commit(db, (appender, ref) -> {
                appender.append(ref, 2_000, 1.0);
                appender.metadata("h", first);
                appender.metadata("g", first);
            });
            db.flush();
            commit(db, (appender, ref) -> appender.metadata("h", second));
            db.compact();
            db.flush(); // metadata alone stay in the log
        }
        try (Tsdb db = open(CONFIG);
                Querier querier = db.querier(TimeRange.of(5, 6))) {
            assertThat(querier.metadata("").found()).isEqualTo(Map.of("g", first, "h", second));
            assertThat(querier.metadata("h").found()).isEqualTo(Map.of("h", second));
            assertThat(querier.metadata("x").found()).isEmpty();
        }
    }

    @Test
    void readsAreChargedAndMistakesAreNamed() throws IOException {
        try (Tsdb db = open(CONFIG)) {
            commit(db, (appender, ref) -> {
                appender.append(ref, 1_000, histogram(1));
                appender.append(ref, 2_000, histogram(2));
                appender.exemplar(ref, exemplar(1_000));
            });
            for (int round = 0; round < 2; round++) {
                List<Long> charged = new ArrayList<>();
                ReadBudget budget = (samples, bytes) -> charged.add(samples);
                try (Querier querier = db.querier(TimeRange.ALL, budget);
                        SeriesSet set = querier.select(ALL)) {
                    assertThat(set.next()).isTrue();
                    assertThat(charged.stream().mapToLong(Long::longValue).sum())
                            .isEqualTo(2);
                    assertThat(querier.exemplars(ALL).found()).hasSize(1);
                    assertThat(charged.stream().mapToLong(Long::longValue).sum())
                            .isEqualTo(3);
                    assertThatThrownBy(querier::exemplars).isInstanceOf(IllegalArgumentException.class);
                    ColumnCursor columns = set.columns();
                    assertThat(columns.nextPage()).isTrue();
                    assertThatThrownBy(() -> columns.histogram(2)).isInstanceOf(IndexOutOfBoundsException.class);
                }
                db.flush();
            }
        }
    }
}
