package io.varve.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.varve.core.fs.SimulatedFileSystem;
import io.varve.core.model.Labels;
import io.varve.core.model.Matcher;
import io.varve.core.model.TimeRange;
import io.varve.core.storage.Appender;
import io.varve.core.storage.ColumnCursor;
import io.varve.core.storage.Commit;
import io.varve.core.storage.CommitException;
import io.varve.core.storage.Durability;
import io.varve.core.storage.Querier;
import io.varve.core.storage.SeriesSet;
import io.varve.core.storage.Verdict;
import io.varve.core.telemetry.MetricSnapshot;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Several shards in one directory: created together, opened together, and none missed in silence. */
class ShardsTest {

    static final int SERIES = 8;
    private static final String SHARD = "shards/01/";
    static final TsdbConfig CONFIG = TsdbConfig.defaults().shards(2).ringBytes(1 << 17);

    static Tsdb open(SimulatedFileSystem files) throws IOException {
        return open(files, CONFIG);
    }

    static Tsdb open(SimulatedFileSystem files, TsdbConfig config) throws IOException {
        return SmallStore.open(files, config, new SettableTime(SmallStore.START + 86_400_000L));
    }

    private static Labels labels(int series) {
        return Labels.of("__name__", "m", "series", "s" + series);
    }

    /** A sample a second of each series. */
    static void write(Tsdb db, int from, int to) {
        try (Appender appender = db.appender(Durability.SYNCED)) {
            for (int series = 0; series < SERIES; series++) {
                long ref = appender.series(labels(series));
                for (int second = from; second < to; second++) {
                    appender.append(ref, SmallStore.START + 1_000L * second, second + series / 8.0);
                }
            }
            assertThat(appender.commit().accepted()).isEqualTo(SERIES * (to - from));
        }
    }

    static List<String> samples(int from, int to) {
        TreeSet<String> expected = new TreeSet<>();
        for (int series = 0; series < SERIES; series++) {
            for (int second = from; second < to; second++) {
                expected.add("s" + series + " " + second + " " + (second + series / 8.0));
            }
        }
        return List.copyOf(expected);
    }

    static List<String> read(Tsdb db) {
        return SmallStore.read(db);
    }

    /** Two blocks a shard (seconds 0 to 9 and 10 to 19), and logs (20 to 29), closed. */
    static SimulatedFileSystem filled() throws IOException {
        SimulatedFileSystem files = new SimulatedFileSystem();
        try (Tsdb db = open(files)) {
            write(db, 0, 10);
            db.flush();
            write(db, 10, 20);
            db.flush();
            write(db, 20, 30);
        }
        return files;
    }

    /** The samples of series that live in the first shard, and how many series do not. */
    private static List<String> ofFirst(int from, int to) throws IOException {
        SimulatedFileSystem files = filled();
        ShardsDamageTest.loseSecond(files);
        try (Tsdb db = open(files)) {
            return read(db).stream().filter(samples(from, to)::contains).toList();
        }
    }

    @Test
    void seriesAreSpreadAndFound() throws IOException {
        SimulatedFileSystem files = filled();
        assertThat(Manifest.read(files).place()).isEqualTo(new ShardPlace(2, 0));
        assertThat(files.list("shards")).containsExactly("01");
        for (String shard : List.of("", SHARD)) {
            assertThat(files.list(shard + "blocks")).as(shard).hasSize(2);
        }
        try (Tsdb db = open(files, CONFIG.shards(0))) {
            assertThat(read(db)).isEqualTo(samples(0, 30));
            TsdbStatus status = db.status();
            assertThat(status.samples()).isEqualTo(SERIES * 30L);
            assertThat(status.blocks()).isEqualTo(4);
            assertThat(status.series()).isEqualTo(SERIES);
            assertThat(status.oldestTime()).isEqualTo(SmallStore.START);
            assertThat(status.newestTime()).isEqualTo(SmallStore.START + 29_000L);
            try (Querier querier = db.querier(TimeRange.ALL);
                    SeriesSet set = querier.select(Matcher.equal("__name__", "m"))) {
                List<Labels> order = new ArrayList<>();
                while (set.next()) {
                    order.add(set.labels());
                }
                assertThat(order).isSorted().hasSize(SERIES);
                assertThat(querier.labelValues("series")).hasSize(SERIES).isSorted();
            }
        }
        assertThat(ofFirst(0, 30)).hasSizeBetween(30, 30 * (SERIES - 1));
    }

    @Test
    void anotherCountIsRefused() throws IOException {
        SimulatedFileSystem files = filled();
        for (int other : new int[] {1, 3}) {
            assertThatThrownBy(() -> open(files, CONFIG.shards(other)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("the number of shards is fixed when a store is created: directory=(simulated), store=2,"
                            + " configured=" + other + "; ask for 2, or for 0 to take what is there");
        }
        for (int none : new int[] {-1, 65}) {
            assertThatThrownBy(() -> open(files, CONFIG.shards(none)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("shards=" + none);
        }
        SimulatedFileSystem one = SmallStore.filled();
        assertThatThrownBy(() -> open(one, CONFIG.shards(2)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("store=1, configured=2");
        try (Tsdb db = open(files)) {
            assertThat(read(db)).isEqualTo(samples(0, 30));
        }
    }

    @Test
    void aMachineGetsOneShardForFourCores() {
        assertThat(ShardCount.standard(1)).isEqualTo(1);
        assertThat(ShardCount.standard(4)).isEqualTo(1);
        assertThat(ShardCount.standard(7)).isEqualTo(1);
        assertThat(ShardCount.standard(8)).isEqualTo(2);
        assertThat(ShardCount.standard(32)).isEqualTo(8);
        assertThat(ShardCount.standard(1_000)).isEqualTo(64);
    }

    @Test
    void partsOfTheConfigurationAreShared() {
        TsdbConfig whole =
                TsdbConfig.defaults().ringBytes(8 << 20).headBytes(300).walBytes(90);
        TsdbConfig part = new ShardPlace(3, 1).share(whole);
        assertThat(part.headBytes()).isEqualTo(100);
        assertThat(part.walBytes()).isEqualTo(30);
        assertThat(part.ringBytes()).isEqualTo(2 << 20);
        assertThat(part.maxSeries()).isEqualTo(whole.maxSeries());
        assertThat(ShardPlace.ONLY.share(whole)).isSameAs(whole);
        assertThat(new ShardPlace(64, 1).share(whole.ringBytes(1 << 16)).ringBytes())
                .isEqualTo(1 << 16);
    }

    @Test
    void aKnownSeriesOfAClientIsNotDecodedAgain() throws IOException {
        try (Tsdb db = open(new SimulatedFileSystem());
                Appender appender = db.appender(Durability.MEMORY)) {
            AtomicInteger decoded = new AtomicInteger();
            long[] first = new long[SERIES];
            for (int round = 0; round < 3; round++) {
                for (int series = 0; series < SERIES; series++) {
                    byte[] wire = ("s" + series).getBytes(StandardCharsets.UTF_8);
                    Labels labels = labels(series);
                    long ref = appender.series(wire, 0, wire.length, (bytes, offset, length) -> {
                        decoded.incrementAndGet();
                        return labels;
                    });
                    assertThat(ref < 0).isEqualTo(round == 0);
                    if (round == 1) {
                        first[series] = ref;
                        assertThat(first).contains(ref);
                    } else if (round == 2) {
                        assertThat(ref).isEqualTo(first[series]);
                    }
                    assertThat(appender.append(ref, SmallStore.START + round, 1))
                            .isEqualTo(Verdict.ACCEPTED);
                }
                assertThat(appender.pending()).isEqualTo(SERIES);
                assertThat(appender.commit().accepted()).isEqualTo(SERIES);
            }
            assertThat(decoded.get()).isEqualTo(SERIES);
            assertThat(new TreeSet<>(java.util.Arrays.stream(first).boxed().toList()))
                    .hasSize(SERIES);
            assertThatThrownBy(() -> appender.series(new byte[] {9}, 0, 1, (bytes, offset, length) -> Labels.EMPTY))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void aReferenceOfNoSeriesIsRefused() throws IOException {
        try (Tsdb db = open(new SimulatedFileSystem());
                Appender appender = db.appender(Durability.MEMORY)) {
            for (long ref : new long[] {
                0,
                1,
                Long.MAX_VALUE,
                -1,
                -2,
                Long.MIN_VALUE,
                1L << 32,
                1L << 32 | 1 << 26,
                1L << 32 | 63 << 26,
                -(1L << 40)
            }) {
                assertThat(appender.append(ref, 1, 1)).as("ref " + ref).isEqualTo(Verdict.UNKNOWN_REF);
            }
            assertThat(appender.pending()).isZero();
            assertThat(appender.commit()).isEqualTo(Commit.empty(Durability.MEMORY));
        }
    }

    @Test
    void refusalsAreJoined() throws IOException {
        try (Tsdb db = open(new SimulatedFileSystem());
                Appender appender = db.appender(Durability.SYNCED)) {
            for (int series = 0; series < SERIES; series++) {
                long ref = appender.series(labels(series));
                appender.append(ref, SmallStore.START, 1);
                appender.append(ref, -1, 1);
                appender.append(ref, Long.MAX_VALUE, 1);
            }
            Commit commit = appender.commit();
            assertThat(commit.accepted()).isEqualTo(SERIES);
            assertThat(commit.refused()).isEqualTo(2 * SERIES);
            assertThat(commit.firstRefusal()).isEqualTo(Verdict.BEFORE_EPOCH);
            assertThat(commit.refusals())
                    .containsEntry(Verdict.BEFORE_EPOCH, SERIES)
                    .containsEntry(Verdict.TOO_FAR_AHEAD, SERIES)
                    .hasSize(2);
        }
    }

    @Test
    void aPartThatIsRefusedRefusesTheBatchAndSendingItAgainIsSafe() throws IOException {
        SimulatedFileSystem files = new SimulatedFileSystem();
        try (Tsdb db = open(files, CONFIG.diskPatience(Duration.ofMillis(200)))) {
            write(db, 0, 10);
            files.refuse(call -> call.contains(SHARD + "wal"), "No space left on device");
            assertThatThrownBy(() -> write(db, 10, 20))
                    .isInstanceOf(CommitException.class)
                    .hasMessageContaining("a part of the batch was not acknowledged");
            assertThat(db.status().readOnly()).isNotNull();
            files.failNoMore();
            long end = System.nanoTime() + 20_000_000_000L;
            while (db.status().readOnly() != null) {
                assertThat(System.nanoTime()).as(db.status().readOnly()).isLessThan(end);
                Thread.onSpinWait();
            }
            write(db, 10, 20);
            assertThat(read(db)).isEqualTo(samples(0, 20));
        }
        try (Tsdb db = open(files)) {
            assertThat(read(db)).isEqualTo(samples(0, 20));
        }
    }

    @Test
    void limitsOfSeriesAreThoseOfTheStore() throws IOException {
        try (Tsdb db = open(new SimulatedFileSystem(), CONFIG.maxSeries(5));
                Appender appender = db.appender(Durability.MEMORY)) {
            int accepted = 0;
            for (int series = 0; series < SERIES; series++) { // one a commit: shards race otherwise
                appender.append(appender.series(labels(series)), SmallStore.START, 1);
                accepted += appender.commit().accepted();
            }
            assertThat(accepted).isEqualTo(5);
            assertThat(db.status().series()).isEqualTo(5);
        }
        try (Tsdb db = open(new SimulatedFileSystem(), CONFIG.newSeriesPerMinute(3));
                Appender appender = db.appender(Durability.MEMORY)) {
            for (int series = 0; series < SERIES; series++) {
                appender.append(appender.series(labels(series)), SmallStore.START, 1);
            }
            Commit commit = appender.commit();
            assertThat(commit.accepted()).isEqualTo(3);
            assertThat(commit.refusals()).containsEntry(Verdict.SERIES_RATE, SERIES - 3);
        }
    }

    @Test
    void retentionBySizeTakesTheOldestOfAllShards() throws IOException {
        SimulatedFileSystem files = new SimulatedFileSystem();
        int rounds = 3;
        long span = 10_000L * 1_000;
        long blockBytes;
        long others;
        try (Tsdb db = open(files)) {
            Random random = new Random(1);
            for (int round = 0; round < rounds; round++) { // blocks beside which the log is small
                try (Appender appender = db.appender(Durability.SYNCED)) {
                    for (int i = 0; i < 60_000; i++) {
                        long time = SmallStore.START + span * round + i / 12 * 1_000L;
                        appender.append(appender.series(labels(i % 12)), time, random.nextDouble());
                        if (i % 1_000 == 999) {
                            assertThat(appender.commit().refused()).isZero();
                        }
                    }
                }
                db.flush();
            }
            blockBytes = db.status().blockBytes();
            others = db.status().walBytes();
            assertThat(db.status().blocks()).isEqualTo(2 * rounds);
        }
        try (Tsdb db = open(files, CONFIG.retentionBytes(others + blockBytes * 5 / 12))) {
            long end = System.nanoTime() + 20_000_000_000L;
            while (db.status().blocks() > 2) { // each shard deletes its own
                db.compact();
                assertThat(System.nanoTime()).isLessThan(end);
            }
            assertThat(db.status().blocks()).isPositive();
            assertThat(db.status().oldestTime()).isGreaterThanOrEqualTo(SmallStore.START + span * (rounds - 1));
        }
    }

    @Test
    void ageIsCountedFromTheNewestSampleOfAllShards() throws IOException {
        SimulatedFileSystem files = new SimulatedFileSystem();
        TsdbConfig config = CONFIG.retention(Duration.ofHours(1));
        long late = SmallStore.START + 7_200_000L;
        try (Tsdb db = open(files, config)) {
            write(db, 0, 10);
            db.flush();
            try (Appender appender = db.appender(Durability.SYNCED)) { // one series, so one shard
                appender.append(appender.series(labels(0)), late, 1);
                appender.commit();
            }
            db.compact();
            try (Querier querier = db.querier(TimeRange.ALL);
                    SeriesSet set = querier.select(Matcher.equal("__name__", "m"))) {
                assertThat(set.next()).isTrue();
                ColumnCursor columns = set.columns();
                assertThat(columns.nextPage()).isTrue();
                assertThat(columns.times()[0]).isEqualTo(late);
                assertThat(set.next()).isFalse();
            }
            assertThat(db.status().blocks()).isZero();
        }
    }

    @Test
    void metricsAreThoseOfTheWholeStore() throws IOException {
        TsdbRuntime runtime = TsdbRuntime.create(new SettableTime(SmallStore.START + 86_400_000L), new Random(1));
        try (Tsdb db = Tsdb.open(new SimulatedFileSystem(), CONFIG, runtime, "main", runtime)) {
            write(db, 0, 10);
            db.delete(List.of(Matcher.equal("series", "s1")), TimeRange.ALL);
            assertThat(value(runtime, "varve_samples_accepted_total")).isEqualTo(SERIES * 10.0);
            assertThat(value(runtime, "varve_head_series")).isEqualTo(SERIES);
            assertThat(value(runtime, "varve_deletions")).isEqualTo(1);
            assertThat(value(runtime, "varve_retention_waiting")).isZero();
        }
    }

    private static double value(TsdbRuntime runtime, String name) {
        List<MetricSnapshot.Point> points = runtime.telemetry().snapshot().stream()
                .filter(metric -> metric.name().equals(name))
                .flatMap(metric -> metric.points().stream())
                .toList();
        assertThat(points).as(name).hasSize(1);
        return ((MetricSnapshot.Value) points.get(0)).value();
    }
}
