package io.varve.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.varve.core.fs.StoreLockedException;
import io.varve.core.model.Labels;
import io.varve.core.model.Matcher;
import io.varve.core.model.Resolution;
import io.varve.core.model.TimeRange;
import io.varve.core.storage.Appender;
import io.varve.core.storage.ColumnCursor;
import io.varve.core.storage.Commit;
import io.varve.core.storage.CommitException;
import io.varve.core.storage.Durability;
import io.varve.core.storage.Querier;
import io.varve.core.storage.SeriesSet;
import io.varve.core.storage.Verdict;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The library as an application uses it, on a real disk. */
class TsdbTest {

    private static final Labels SERIES = Labels.of("__name__", "m", "host", "a");
    private static final TsdbConfig CONFIG =
            TsdbConfig.defaults().ringBytes(64 * 1024).maxSeries(1_000);

    @TempDir
    private Path directory;

    private final long now = System.currentTimeMillis();

    private static Commit write(Tsdb db, Durability durability, Labels labels, long time, double value) {
        try (Appender appender = db.appender(durability)) {
            assertThat(appender.append(appender.series(labels), time, value)).isEqualTo(Verdict.ACCEPTED);
            return appender.commit();
        }
    }

    /** Time to bits of the value, of the one series that has these labels. */
    static SortedMap<Long, Long> read(Tsdb db, Labels labels) {
        SortedMap<Long, Long> samples = new TreeMap<>();
        try (Querier querier = db.querier(TimeRange.ALL);
                SeriesSet set = querier.select(Matcher.equal("__name__", labels.get("__name__")))) {
            while (set.next()) {
                if (!set.labels().equals(labels)) {
                    continue;
                }
                for (ColumnCursor columns = set.columns(); columns.nextPage(); ) {
                    for (int i = 0; i < columns.size(); i++) {
                        samples.put(columns.times()[i], Double.doubleToRawLongBits(columns.values()[i]));
                    }
                }
            }
            assertThat(set.holes()).isEmpty();
        }
        return samples;
    }

    private static long bits(double value) {
        return Double.doubleToRawLongBits(value);
    }

    @Test
    void theLogOfEarlierStartsCountsTowardsTheNextBlock() throws IOException, InterruptedException {
        TsdbConfig config = CONFIG.walBytes(256 * 1024);
        int written = 0;
        for (int start = 0; start < 40; start++) { // each logs far less than that
            try (Tsdb db = Tsdb.open(directory, config)) {
                try (Appender appender = db.appender(Durability.WRITTEN)) {
                    long ref = appender.series(SERIES);
                    for (int i = 0; i < 1_000; i++) {
                        assertThat(appender.append(ref, now - written * 3_571L, Math.sqrt(written)))
                                .isEqualTo(Verdict.ACCEPTED);
                        if (++written % 200 == 0) {
                            assertThat(appender.commit().accepted()).isEqualTo(200);
                        }
                    }
                }
                for (int wait = 0; start == 39 && db.status().blocks() == 0 && wait < 100; wait++) {
                    Thread.sleep(100);
                }
                if (db.status().blocks() > 0) {
                    assertThat(start).isGreaterThan(2);
                    assertThat(read(db, SERIES)).hasSize(written);
                    return;
                }
            }
        }
        throw new AssertionError("no block after " + written + " samples");
    }

    @Test
    void worksWithoutAnyFlag() throws IOException, InterruptedException {
        Process child = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        PlainJvm.class.getName(),
                        directory.toString())
                .redirectErrorStream(true)
                .start();
        String output = new String(child.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(child.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(child.exitValue()).as(output).isZero();
        assertThat(output).contains("kept 3 samples");
    }

    @Test
    void everyBitPatternSurvivesFlushCompactAndReopening() throws IOException {
        long[] patterns = {
            0x7ff8000000000000L, // NaN
            0x7ff0000000000002L, // the stale marker
            0x7ff0000000000001L, // a signalling NaN
            0x7ff8000000000001L,
            0x7fffffffffffffffL,
            0xfff8000000000000L,
            0xfff0000000000001L,
            0xffffffffffffffffL,
            0x7ff4dead0000beefL,
            bits(Double.POSITIVE_INFINITY),
            bits(Double.NEGATIVE_INFINITY),
            bits(0.0),
            bits(-0.0),
            bits(Double.MIN_VALUE),
            -1L >>> 12, // the largest subnormal
            bits(Double.MAX_VALUE),
            bits(-Double.MAX_VALUE),
            bits(0.1),
            bits(0.30000000000000004),
            1L
        };
        SortedMap<Long, Long> expected = new TreeMap<>();
        try (Tsdb db = Tsdb.open(directory, CONFIG)) {
            for (int part = 0; part < 2; part++) {
                try (Appender appender = db.appender(Durability.SYNCED)) {
                    long ref = appender.series(SERIES);
                    for (int i = 0; i < patterns.length; i++) {
                        long time = now + part * 1_000_000L + i * 7L;
                        expected.put(time, patterns[i]);
                        appender.append(ref, time, Double.longBitsToDouble(patterns[i]));
                    }
                    assertThat(appender.commit().accepted()).isEqualTo(patterns.length);
                }
                assertThat(read(db, SERIES)).isEqualTo(expected);
                db.flush();
                assertThat(read(db, SERIES)).isEqualTo(expected);
            }
            db.compact();
            assertThat(db.status().blocks()).isEqualTo(1);
            assertThat(read(db, SERIES)).isEqualTo(expected);
        }
        try (Tsdb db = Tsdb.open(directory, CONFIG)) {
            assertThat(read(db, SERIES)).isEqualTo(expected);
        }
    }

    @Test
    void repeatedAndLateSamplesAreMergedByTheOrderOfTheLog() throws IOException {
        Map<Long, Long> expected = Map.of(now, bits(9), now + 1, bits(2), now - 5_000, bits(5), now - 1_000, bits(6));
        try (Tsdb db = Tsdb.open(directory, CONFIG)) {
            write(db, Durability.SYNCED, SERIES, now, 1);
            assertThat(write(db, Durability.SYNCED, SERIES, now, 1).accepted())
                    .as("the same sample again is a success")
                    .isEqualTo(1);
            write(db, Durability.SYNCED, SERIES, now + 1, 2);
            write(db, Durability.SYNCED, SERIES, now - 5_000, 5);
            write(db, Durability.SYNCED, SERIES, now - 1_000, 5.5);
            write(db, Durability.SYNCED, SERIES, now, 9);
            double stale = Double.longBitsToDouble(0x7ff0000000000002L);
            write(db, Durability.SYNCED, SERIES, now + 1, stale); // never replaces a value
            db.flush();
            write(db, Durability.SYNCED, SERIES, now - 1_000, 6); // later than what lies in the block
            assertThat(read(db, SERIES)).isEqualTo(expected);
        }
        try (Tsdb db = Tsdb.open(directory, CONFIG)) {
            assertThat(read(db, SERIES)).isEqualTo(expected);
            db.flush();
            db.compact();
            assertThat(read(db, SERIES)).isEqualTo(expected);
        }
    }

    @Test
    void timesFarOffAreRefusedByReasonAndTheirNeighboursKept() throws IOException {
        try (Tsdb db = Tsdb.open(directory, CONFIG);
                Appender appender = db.appender(Durability.SYNCED)) {
            long ref = appender.series(SERIES);
            appender.append(ref, -1, 1);
            appender.append(ref, Long.MIN_VALUE, 1);
            appender.append(ref, Long.MAX_VALUE, 1);
            appender.append(ref, now + Duration.ofHours(25).toMillis(), 1);
            appender.append(ref, 0, 1);
            appender.append(ref, now + Duration.ofHours(23).toMillis(), 2);
            Commit commit = appender.commit();
            assertThat(commit.accepted()).isEqualTo(2);
            assertThat(commit.refused()).isEqualTo(4);
            assertThat(commit.firstRefusal()).isEqualTo(Verdict.BEFORE_EPOCH);
            assertThat(commit.refusals()).isEqualTo(Map.of(Verdict.BEFORE_EPOCH, 2, Verdict.TOO_FAR_AHEAD, 2));
            assertThat(read(db, SERIES))
                    .isEqualTo(Map.of(0L, bits(1), now + Duration.ofHours(23).toMillis(), bits(2)));
        }
    }

    @Test
    void twoStoresOfOneProcessKnowNothingOfEachOther() throws IOException {
        try (Tsdb one = Tsdb.open(directory.resolve("one"), CONFIG);
                Tsdb two = Tsdb.open(directory.resolve("two"), CONFIG.resolution(Resolution.NANOS))) {
            write(one, Durability.SYNCED, SERIES, now, 1);
            write(two, Durability.SYNCED, SERIES, now * 1_000_000L + 7, 2);
            assertThat(read(one, SERIES)).isEqualTo(Map.of(now, bits(1)));
            assertThat(read(two, SERIES)).isEqualTo(Map.of(now * 1_000_000L + 7, bits(2)));
        }
        assertThatThrownBy(() -> {
                    try (Tsdb one = Tsdb.open(directory.resolve("one"), CONFIG)) {
                        Tsdb.open(directory.resolve("one"), CONFIG).close();
                        assertThat(one).isNull();
                    }
                })
                .isInstanceOf(StoreLockedException.class)
                .hasMessage("cannot open " + directory.resolve("one") + ": locked by another store of this process ("
                        + ProcessHandle.current().pid() + "); close it or choose another directory");
    }

    @Test
    void theResolutionIsFixedAtCreation() throws IOException {
        Tsdb.open(directory, CONFIG.resolution(Resolution.MICROS)).close();
        assertThatThrownBy(() -> Tsdb.open(directory, CONFIG).close())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("the resolution is fixed when a store is created: directory=" + directory
                        + ", store=us, configured=ms");
        Tsdb.open(directory, CONFIG.resolution(Resolution.MICROS)).close();
    }

    @Test
    void everyDurabilityIsReadableOnceCommitted() throws IOException {
        try (Tsdb db = Tsdb.open(directory, CONFIG)) {
            for (Durability durability : Durability.values()) {
                Labels labels = SERIES.with("durability", durability.name());
                Commit commit = write(db, durability, labels, now, 1);
                assertThat(commit).isEqualTo(new Commit(1, 0, Verdict.ACCEPTED, durability));
                assertThat(read(db, labels)).isEqualTo(Map.of(now, bits(1)));
            }
        }
        try (Tsdb db = Tsdb.open(directory, CONFIG)) {
            for (Durability durability : Durability.values()) { // closing makes all of them durable
                assertThat(read(db, SERIES.with("durability", durability.name())))
                        .hasSize(1);
            }
        }
    }

    @Test
    void anAppenderKeepsItsRules() throws IOException {
        Tsdb db = Tsdb.open(directory, CONFIG);
        Appender appender = db.appender(Durability.WRITTEN);
        assertThatThrownBy(() -> appender.series(Labels.EMPTY))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("a series has at least one label: labels={}");
        assertThat(appender.commit()).isEqualTo(Commit.empty(Durability.WRITTEN));
        assertThat(appender.append(12_345, now, 1)).isEqualTo(Verdict.UNKNOWN_REF);
        assertThat(appender.append(-77, now, 1)).isEqualTo(Verdict.UNKNOWN_REF);
        assertThat(appender.pending()).isZero();

        long ref = appender.series(SERIES);
        int taken = 0;
        while (appender.append(ref, now + taken, taken) == Verdict.ACCEPTED) {
            taken++;
        }
        assertThat(appender.append(ref, now, 1)).isEqualTo(Verdict.BATCH_FULL);
        assertThat(appender.pending()).isEqualTo(taken).isPositive();
        assertThat(appender.commit().accepted()).isEqualTo(taken);
        assertThat(appender.append(ref, now + taken, taken))
                .as("a reference outlives its commit")
                .isEqualTo(Verdict.ACCEPTED);
        assertThat(appender.commit().accepted()).isEqualTo(1);
        assertThat(read(db, SERIES)).hasSize(taken + 1);

        appender.append(ref, now - 1, 1);
        appender.close();
        assertThat(read(db, SERIES)).as("what was not committed is dropped").hasSize(taken + 1);
        assertThatThrownBy(appender::commit)
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("an appender is not used after close");

        Appender late = db.appender(Durability.SYNCED);
        long lateRef = late.series(SERIES);
        late.append(lateRef, now - 2, 1);
        db.close();
        assertThatThrownBy(late::commit)
                .isInstanceOf(CommitException.class)
                .hasMessage("cannot commit: the store is closed");
        assertThatThrownBy(db::status)
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("a store is not used after close: directory=" + directory);
    }

    @Test
    void theLimitOfSeriesRefusesNewOnesAlone() throws IOException {
        try (Tsdb db = Tsdb.open(directory, CONFIG.maxSeries(2));
                Appender appender = db.appender(Durability.SYNCED)) {
            for (int i = 0; i < 4; i++) {
                appender.append(appender.series(SERIES.with("i", "n" + i)), now, i);
            }
            assertThat(appender.commit().refusals()).isEqualTo(Map.of(Verdict.SERIES_LIMIT, 2));
            appender.append(appender.series(SERIES.with("i", "n0")), now + 1, 5);
            assertThat(appender.commit().accepted()).isEqualTo(1);
        }
    }

    @Test
    void retentionDeletesOldBlocksOnly() throws IOException, InterruptedException {
        long old = now - Duration.ofDays(40).toMillis();
        try (Tsdb db = Tsdb.open(directory, CONFIG)) {
            write(db, Durability.SYNCED, SERIES, old, 1);
            db.flush();
            write(db, Durability.SYNCED, SERIES, now, 2);
            db.flush();
            write(db, Durability.SYNCED, SERIES, now + 1, 3); // in the head
            assertThat(db.status().blocks()).isEqualTo(2);
        }
        try (Tsdb db = Tsdb.open(directory, CONFIG.retention(Duration.ofDays(30)))) {
            for (int i = 0; i < 200 && db.status().blocks() > 1; i++) {
                Thread.sleep(20);
            }
            assertThat(db.status().blocks()).isEqualTo(1);
            assertThat(read(db, SERIES)).isEqualTo(Map.of(now, bits(2), now + 1, bits(3)));
        }
        try (var files = Files.list(directory.resolve("blocks"))) {
            assertThat(files).hasSize(1);
        }
    }

    @Test
    void statusCountsWhatIsThereAndAFlushLeavesLittleLog() throws IOException {
        try (Tsdb db = Tsdb.open(directory, CONFIG)) {
            TsdbStatus empty = db.status();
            assertThat(empty.samples()).isZero();
            assertThat(empty.oldestTime()).isEqualTo(Long.MAX_VALUE);
            assertThat(empty.newestTime()).isEqualTo(Long.MIN_VALUE);
            try (Appender appender = db.appender(Durability.WRITTEN)) {
                for (int step = 0; step < 3_000; step++) {
                    for (int i = 0; i < 20; i++) {
                        appender.append(appender.series(SERIES.with("i", "n" + i)), now + step, step * 1.7);
                    }
                    if (step % 10 == 9) {
                        appender.commit();
                    }
                }
            }
            TsdbStatus filled = db.status();
            assertThat(filled.ready()).isTrue();
            assertThat(filled.readOnly()).isNull();
            assertThat(List.of(filled.series(), filled.samples(), filled.blockSamples()))
                    .containsExactly(20L, 60_000L, 0L);
            assertThat(filled.walBytes()).isGreaterThan(256 << 10);
            assertThat(filled.oldestTime()).isEqualTo(now);
            assertThat(filled.newestTime()).isEqualTo(now + 2_999);
            db.flush();
            TsdbStatus flushed = db.status();
            assertThat(flushed.walBytes()).isLessThanOrEqualTo(256 << 10);
            assertThat(sizeOf(directory.resolve("wal"))).isEqualTo(flushed.walBytes());
            assertThat(sizeOf(directory.resolve("blocks"))).isEqualTo(flushed.blockBytes());
            assertThat(List.of(flushed.samples(), flushed.blockSamples())).containsExactly(60_000L, 60_000L);
            assertThat(flushed.blocks()).isEqualTo(1);
        }
        try (Tsdb db = Tsdb.open(directory, CONFIG)) {
            assertThat(db.status().samples()).isEqualTo(60_000);
        }
    }

    private static long sizeOf(Path folder) throws IOException {
        try (var files = Files.list(folder)) {
            return files.mapToLong(file -> file.toFile().length()).sum();
        }
    }

    /** What a newcomer's program does, in a JVM of its own. */
    static final class PlainJvm {

        private PlainJvm() {}

        public static void main(String[] args) throws IOException {
            try (Tsdb db = Tsdb.open(Path.of(args[0]), TsdbConfig.defaults())) {
                for (int i = 0; i < 3; i++) {
                    write(db, Durability.SYNCED, SERIES, 1_000L + i, i);
                }
                db.flush();
            }
            try (Tsdb db = Tsdb.open(Path.of(args[0]), TsdbConfig.defaults())) {
                System.out.println("kept " + read(db, SERIES).size() + " samples");
            }
        }
    }
}
