package io.varve.core;

import static org.assertj.core.api.Assertions.assertThat;

import io.varve.core.fs.SimulatedFileSystem;
import io.varve.core.model.Labels;
import io.varve.core.model.Matcher;
import io.varve.core.model.TimeRange;
import io.varve.core.model.TimeSource;
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
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Series come, die, return and are limited; whoever writes or reads them does not notice, and none is taken for another. */
class SeriesLifeTest {

    private static final TsdbConfig CONFIG =
            TsdbConfig.defaults().ringBytes(1 << 16).seriesIdle(Duration.ZERO);

    private static Tsdb open(SimulatedFileSystem disk, TsdbConfig config, TimeSource clock) throws IOException {
        TsdbRuntime runtime = TsdbRuntime.create(clock, new Random(1));
        return Tsdb.open(disk, config, runtime, "main", runtime);
    }

    private static Tsdb open(TsdbConfig config) throws IOException {
        return open(new SimulatedFileSystem(), config, TimeSource.system());
    }

    private static Labels labels(int id) {
        return Labels.of("__name__", "m", "id", "i" + id, "job", "test");
    }

    private static void waitUntil(String what, BooleanSupplier condition) {
        long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("waiting until %s", what).isLessThan(end);
            Thread.onSpinWait();
        }
    }

    /** Seals, and waits until nothing is left of the series that have samples in blocks alone. */
    private static void sealAndForget(Tsdb db) throws IOException {
        db.flush();
        waitUntil("all series are dead", () -> db.status().series() == 0);
    }

    private static Commit write(Appender appender, long ref, long time, double value) {
        assertThat(appender.append(ref, time, value)).isEqualTo(Verdict.ACCEPTED);
        return appender.commit();
    }

    /** Times and values by the id of their series. */
    private static Map<String, Map<Long, Double>> all(Querier querier, Matcher matcher) {
        Map<String, Map<Long, Double>> found = new TreeMap<>();
        try (SeriesSet set = querier.select(matcher)) {
            while (set.next()) {
                Map<Long, Double> samples = new TreeMap<>();
                for (ColumnCursor columns = set.columns(); columns.nextPage(); ) {
                    for (int i = 0; i < columns.size(); i++) {
                        samples.put(columns.times()[i], columns.values()[i]);
                    }
                }
                assertThat(found.put(String.valueOf(set.labels().get("id")), samples))
                        .isNull();
            }
        }
        return found;
    }

    private static Map<String, Map<Long, Double>> all(Tsdb db) {
        try (Querier querier = db.querier(TimeRange.ALL)) {
            return all(querier, Matcher.equal("job", "test"));
        }
    }

    @Test
    void aSeriesDiesAndReturnsUnderTheSameHandle() throws IOException {
        try (Tsdb db = open(CONFIG);
                Appender appender = db.appender(Durability.SYNCED)) {
            long first = appender.series(labels(1));
            long second = appender.series(labels(2));
            write(appender, first, 1, 1);
            write(appender, second, 1, 2);
            for (long time = 2; time < 8; time++) {
                sealAndForget(db);
                assertThat(db.status().headBytes()).isLessThan(2_000_000);
                assertThat(write(appender, time % 2 == 0 ? first : second, time, 3)
                                .refused())
                        .isZero();
                assertThat(db.status().series()).isEqualTo(1);
            }
            assertThat(all(db))
                    .isEqualTo(Map.of(
                            "i1", Map.of(1L, 1.0, 2L, 3.0, 4L, 3.0, 6L, 3.0),
                            "i2", Map.of(1L, 2.0, 3L, 3.0, 5L, 3.0, 7L, 3.0)));
        }
    }

    /** Numbers are freed and given to others while batches wait that nobody knows whether they will come. */
    @Test
    void aBatchThatWaitsWhileItsSeriesDiesTwiceIsKept() throws IOException {
        HeldTime clock = new HeldTime();
        try (Tsdb db = open(new SimulatedFileSystem(), CONFIG, clock);
                Appender waiting = db.appender(Durability.SYNCED);
                Appender other = db.appender(Durability.SYNCED)) {
            write(waiting, waiting.series(labels(1)), 1, 1);
            write(other, other.series(labels(2)), 1, 2);
            waiting.append(waiting.series(labels(1)), 9, 9); // known when it is added
            for (int time = 2; time < 6; time++) {
                db.flush();
                waitUntil("all series are dead", () -> {
                    clock.nanos.addAndGet(Duration.ofMinutes(1).toNanos());
                    return db.status().series() == 0;
                });
                write(other, other.series(labels(10 + time)), time, 5);
                waiting.append(waiting.series(labels(1)), 10 + time, time);
            }
            assertThat(waiting.commit().refusals()).isEmpty();
            assertThat(all(db).get("i1")).isEqualTo(Map.of(1L, 1.0, 9L, 9.0, 12L, 2.0, 13L, 3.0, 14L, 4.0, 15L, 5.0));
        }
    }

    @Test
    void aReferenceOfTheBatchIsGoodUntilItsCommit() throws IOException {
        byte[] wire = "i7".getBytes(StandardCharsets.US_ASCII);
        try (Tsdb db = open(CONFIG);
                Appender appender = db.appender(Durability.SYNCED);
                Appender other = db.appender(Durability.SYNCED)) {
            write(appender, appender.series(wire, 0, 2, (bytes, offset, length) -> labels(7)), 1, 1);
            long ref = appender.series(wire, 0, 2, (bytes, offset, length) -> Labels.EMPTY);
            sealAndForget(db);
            for (int time = 2; time < 6; time++) { // its number would be another's if the batch did not keep it
                appender.append(ref, time, time);
                write(other, other.series(labels(time)), time, 1);
                db.flush();
            }
            assertThat(appender.commit().refusals()).isEmpty();
            assertThat(all(db).get("i7")).isEqualTo(Map.of(1L, 1.0, 2L, 2.0, 3L, 3.0, 4L, 4.0, 5L, 5.0));
        }
    }

    /** Series die at every seal while threads write to all of them, by handles and by bytes, and none is refused. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void noBatchOnItsWayIsRefusedForADeath(int shards) throws Exception {
        AtomicBoolean ending = new AtomicBoolean();
        AtomicInteger written = new AtomicInteger();
        try (Tsdb db = open(CONFIG.shards(shards).ringBytes(1 << 17))) {
            List<CompletableFuture<Integer>> writers = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                int writer = i;
                writers.add(CompletableFuture.supplyAsync(() -> writeUntil(ending, written, db, writer)));
            }
            boolean running = true;
            for (int round = 0; running && (round < 300 || written.get() <= 50); round++) {
                db.flush();
                running = writers.stream().noneMatch(CompletableFuture::isDone);
            }
            ending.set(true);
            int batches = 0;
            for (CompletableFuture<Integer> writer : writers) {
                batches += writer.get();
            }
            assertThat(batches).isGreaterThan(50);
            assertThat(all(db).values().stream().mapToInt(Map::size).sum()).isEqualTo(batches * 3);
        }
    }

    /** How many batches of three samples were written. */
    private static int writeUntil(AtomicBoolean ending, AtomicInteger written, Tsdb db, int writer) {
        Random random = new Random(writer);
        int batches = 0;
        try (Appender appender = db.appender(Durability.WRITTEN)) {
            while (!ending.get()) {
                long time = 4L * ++batches + writer;
                for (int first = random.nextInt(5), i = first; i < first + 3; i++) {
                    Labels labels = labels(i);
                    byte[] wire = {(byte) i};
                    long ref = random.nextBoolean()
                            ? appender.series(labels)
                            : appender.series(wire, 0, 1, (bytes, offset, length) -> labels);
                    if (random.nextInt(8) == 0) {
                        Thread.onSpinWait();
                    }
                    assertThat(appender.append(ref, time, i)).isEqualTo(Verdict.ACCEPTED);
                }
                assertThat(appender.commit().refusals()).isEmpty();
                written.incrementAndGet();
            }
        }
        return batches;
    }

    @Test
    void labelBytesOfADeadSeriesMakeItAnew() throws IOException {
        byte[] wire = "i7".getBytes(StandardCharsets.US_ASCII);
        try (Tsdb db = open(CONFIG);
                Appender appender = db.appender(Durability.SYNCED)) {
            for (long time = 1; time < 5; time++) {
                long ref = appender.series(wire, 0, 2, (bytes, offset, length) -> labels(7));
                assertThat(write(appender, ref, time, 1).accepted()).isEqualTo(1);
                long again = appender.series(wire, 0, 2, (bytes, offset, length) -> {
                    throw new AssertionError("a known series is not decoded");
                });
                assertThat(write(appender, again, time + 100, 1).accepted()).isEqualTo(1);
                sealAndForget(db);
            }
            assertThat(all(db).get("i7")).hasSize(8);
        }
    }

    @Test
    void aReaderKeepsWhatItPinned() throws IOException {
        try (Tsdb db = open(CONFIG);
                Appender appender = db.appender(Durability.SYNCED)) {
            write(appender, appender.series(labels(1)), 1, 1);
            Querier pinned = db.querier(TimeRange.ALL);
            db.flush();
            for (int i = 2; i < 30; i++) { // would take the number if it were free
                write(appender, appender.series(labels(i)), i, i);
                db.flush();
            }
            assertThat(all(pinned, Matcher.equal("job", "test"))).isEqualTo(Map.of("i1", Map.of(1L, 1.0)));
            assertThat(all(pinned, Matcher.equal("id", "i1"))).isEqualTo(Map.of("i1", Map.of(1L, 1.0)));
            assertThat(db.status().series()).isEqualTo(29);
            pinned.close();
            waitUntil("all series are dead", () -> db.status().series() == 0);
            assertThat(all(db)).hasSize(29);
        }
    }

    @Test
    void churnTakesNoMoreMemoryThanWhatLives() throws IOException {
        try (Tsdb db = open(CONFIG);
                Appender appender = db.appender(Durability.SYNCED)) {
            long most = 0;
            for (int round = 0; round < 60; round++) {
                try (Appender fresh = db.appender(Durability.SYNCED)) {
                    for (int i = 0; i < 100; i++) {
                        fresh.append(fresh.series(labels(round * 100 + i)), round + 1, i);
                    }
                    assertThat(fresh.commit().accepted()).isEqualTo(100);
                }
                assertThat(db.status().series()).isEqualTo(100);
                if (round == 3) {
                    most = db.status().headBytes();
                }
                sealAndForget(db);
            }
            assertThat(most).isPositive();
            write(appender, appender.series(labels(1)), 100, 1);
            assertThat(db.status().headBytes()).isLessThan(most * 2);
            assertThat(all(db)).hasSize(6_000);
        }
    }

    @Test
    void readersNeverTakeASeriesForAnother() throws Exception {
        AtomicBoolean ending = new AtomicBoolean();
        try (Tsdb db = open(CONFIG)) {
            CompletableFuture<Integer> reader = CompletableFuture.supplyAsync(() -> {
                int reads = 0;
                while (!ending.get()) {
                    try (Querier querier = db.querier(TimeRange.ALL)) {
                        int wanted = reads % 7;
                        check(all(querier, Matcher.equal("seventh", "s" + wanted)), wanted);
                        check(all(querier, Matcher.notEqual("seventh", "s" + wanted)), -1);
                    }
                    reads++;
                }
                return reads;
            });
            Random random = new Random(4);
            for (int round = 1; round <= 150; round++) {
                try (Appender appender = db.appender(Durability.WRITTEN)) {
                    for (int i = 0; i < 30; i++) {
                        int id = random.nextInt(300);
                        Labels labels =
                                Labels.of("__name__", "m", "id", "i" + id, "job", "test", "seventh", "s" + id % 7);
                        appender.append(appender.series(labels), round, id);
                    }
                    assertThat(appender.commit().refused()).isZero();
                }
                db.flush();
                if (round % 10 == 0) {
                    db.compact();
                }
            }
            ending.set(true);
            assertThat(reader.get()).isPositive();
        }
    }

    private static void check(Map<String, Map<Long, Double>> found, int seventh) {
        found.forEach((id, samples) -> {
            int number = Integer.parseInt(id.substring(1));
            if (seventh >= 0) {
                assertThat(number % 7).isEqualTo(seventh);
            }
            assertThat(samples.values()).as("values of %s", id).containsOnly((double) number);
        });
    }

    @Test
    void newSeriesAreLimitedByNumberWhileKnownOnesGoOn() throws IOException {
        try (Tsdb db = open(CONFIG.maxSeries(5).seriesIdle(Duration.ofHours(1)));
                Appender appender = db.appender(Durability.SYNCED)) {
            for (int i = 0; i < 20; i++) {
                appender.append(appender.series(labels(i)), 1, i);
            }
            Commit commit = appender.commit();
            assertThat(commit.refusals()).isEqualTo(Map.of(Verdict.SERIES_LIMIT, 15));
            for (int i = 0; i < 20; i++) {
                appender.append(appender.series(labels(i)), 2, i);
            }
            assertThat(appender.commit().accepted()).isEqualTo(5);
            assertThat(all(db).keySet()).containsExactly("i0", "i1", "i2", "i3", "i4");
        }
    }

    /** A clock that stands still until it is told to go on. */
    private static final class HeldTime implements TimeSource {

        private final AtomicLong nanos = new AtomicLong(1_000_000_000_000L);

        @Override
        public long nanoTime() {
            return nanos.get();
        }

        @Override
        public long epochNanos() {
            return nanos.get();
        }
    }

    @Test
    void newSeriesAreLimitedByRateWhileKnownOnesGoOn() throws IOException {
        HeldTime clock = new HeldTime();
        TsdbConfig config = CONFIG.newSeriesPerMinute(60).seriesIdle(Duration.ofHours(1));
        try (Tsdb db = open(new SimulatedFileSystem(), config, clock);
                Appender appender = db.appender(Durability.SYNCED)) {
            assertThat(writeMany(appender, 100, 1).refusals()).isEqualTo(Map.of(Verdict.SERIES_RATE, 40));
            assertThat(writeMany(appender, 100, 2).refusals()).isEqualTo(Map.of(Verdict.SERIES_RATE, 40));
            clock.nanos.addAndGet(Duration.ofSeconds(10).toNanos());
            assertThat(writeMany(appender, 100, 3).refusals()).isEqualTo(Map.of(Verdict.SERIES_RATE, 30));
            clock.nanos.addAndGet(Duration.ofMinutes(5).toNanos());
            assertThat(writeMany(appender, 200, 4).refusals()).isEqualTo(Map.of(Verdict.SERIES_RATE, 70));
            assertThat(db.status().series()).isEqualTo(130);
        }
    }

    private static Commit writeMany(Appender appender, int series, long time) {
        for (int i = 0; i < series; i++) {
            appender.append(appender.series(labels(i)), time, i);
        }
        return appender.commit();
    }

    @Test
    void aSeriesOfRefusedSamplesLeavesNothingBehind() throws IOException {
        try (Tsdb db = open(CONFIG.maxSeries(3).newSeriesPerMinute(3));
                Appender appender = db.appender(Durability.SYNCED)) {
            long headBytes = db.status().headBytes();
            for (int i = 0; i < 50; i++) {
                appender.append(appender.series(labels(i)), Long.MAX_VALUE, i);
                appender.append(appender.series(labels(100 + i)), -5, i);
            }
            assertThat(appender.commit().refusals())
                    .isEqualTo(Map.of(Verdict.TOO_FAR_AHEAD, 50, Verdict.BEFORE_EPOCH, 50));
            assertThat(db.status().series()).isZero();
            assertThat(db.status().headBytes()).isEqualTo(headBytes);
            try (Querier querier = db.querier(TimeRange.ALL)) {
                assertThat(querier.labelNames()).isEmpty();
                assertThat(querier.labelValues("id")).isEmpty();
            }
            assertThat(writeMany(appender, 3, 1).accepted()).isEqualTo(3); // neither limit was used up
        }
    }

    @Test
    void aSeriesOfABatchWithoutRoomLeavesNothingBehind() throws IOException {
        SimulatedFileSystem disk = new SimulatedFileSystem();
        try (Tsdb db = open(disk, CONFIG, TimeSource.system());
                Appender appender = db.appender(Durability.SYNCED)) {
            writeMany(appender, 3, 1);
            disk.setFreeBytes(0);
            List<Integer> refused = new ArrayList<>();
            for (int i = 0; i < 400; i++) {
                StringBuilder value = new StringBuilder("v").append(i);
                value.append("x".repeat(1_000));
                appender.append(appender.series(Labels.of("id", "" + value, "job", "test")), 1, 1);
                try {
                    appender.commit();
                } catch (CommitException e) {
                    assertThat(e.reason()).isEqualTo(CommitException.Reason.READ_ONLY);
                    refused.add(i);
                }
            }
            assertThat(refused).hasSizeGreaterThan(100);
            assertThat(db.status().series()).isEqualTo(403 - refused.size());
            disk.setFreeBytes(64 << 20);
            waitUntil("there is room", () -> db.status().readOnly() == null);
            assertThat(writeMany(appender, 10, 2).accepted()).isEqualTo(10);
            assertThat(all(db)).hasSize(410 - refused.size());
        }
    }

    @Test
    void referencesAreReservedBeforeTheyAreGivenOut() throws IOException {
        SimulatedFileSystem disk = new SimulatedFileSystem();
        long before = 0;
        for (int opening = 0; opening < 3; opening++) {
            try (Tsdb db = open(disk, CONFIG, TimeSource.system())) {
                long reserved = Manifest.read(disk).epoch();
                assertThat(reserved).isEqualTo(before + Store.EPOCHS);
                before = reserved;
                try (Appender appender = db.appender(Durability.SYNCED)) {
                    writeMany(appender, 3, opening + 1);
                }
            }
        }
    }
}
