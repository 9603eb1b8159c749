package io.varve.core;

import static org.assertj.core.api.Assertions.assertThat;

import io.varve.core.fs.SimulatedFileSystem;
import io.varve.core.model.Labels;
import io.varve.core.model.Matcher;
import io.varve.core.model.Metadata;
import io.varve.core.model.RetentionRule;
import io.varve.core.model.TimeRange;
import io.varve.core.model.TimeSource;
import io.varve.core.storage.Appender;
import io.varve.core.storage.ColumnCursor;
import io.varve.core.storage.Durability;
import io.varve.core.storage.Querier;
import io.varve.core.storage.SeriesSet;
import io.varve.core.telemetry.MetricSnapshot;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What retention takes, when, and what it must leave. */
class RetentionTest {

    private static final long DAY = 86_400_000L;
    private static final TsdbConfig KEEPS =
            TsdbConfig.defaults().ringBytes(1 << 16).blockSpan(Duration.ofMinutes(1));
    private static final TsdbConfig MONTH = KEEPS.retention(Duration.ofDays(30));

    private final SettableTime time = new SettableTime(1_700_000_000_000L);
    private final SimulatedFileSystem disk = new SimulatedFileSystem();
    private TsdbRuntime runtime = TsdbRuntime.create(time, new Random(1));

    private Tsdb open(TsdbConfig config) throws IOException {
        runtime = TsdbRuntime.create(time, new Random(1));
        return Tsdb.open(disk, config, runtime, "main", runtime);
    }

    private static Labels series(String job) {
        return Labels.of("__name__", "m", "job", job);
    }

    private static void write(Tsdb db, String job, long at) {
        try (Appender appender = db.appender(Durability.SYNCED)) {
            appender.append(appender.series(series(job)), at, 1);
            assertThat(appender.commit().accepted()).isEqualTo(1);
        }
    }

    /** Number of samples by job. */
    private static Map<String, Integer> read(Tsdb db) {
        Map<String, Integer> found = new TreeMap<>();
        try (Querier querier = db.querier(TimeRange.ALL);
                SeriesSet set = querier.select(Matcher.equal("__name__", "m"))) {
            while (set.next()) {
                int count = 0;
                for (ColumnCursor columns = set.columns(); columns.nextPage(); ) {
                    count += columns.size();
                }
                found.put(String.valueOf(set.labels().get("job")), count);
            }
        }
        return found;
    }

    private long counted(String metric, String reason) {
        return runtime.telemetry().snapshot().stream()
                .filter(family -> family.name().equals(metric))
                .flatMap(family -> family.points().stream())
                .filter(point ->
                        point.labels().stream().anyMatch(label -> label.value().equals(reason)))
                .mapToLong(point -> (long) ((MetricSnapshot.Value) point).value())
                .sum();
    }

    /** Ten blocks, one for each of the last forty days' fours, of jobs a and b. */
    private void fill() throws IOException {
        try (Tsdb db = open(KEEPS)) {
            for (int day = 40; day >= 4; day -= 4) {
                write(db, "a", time.millis() - day * DAY);
                write(db, "b", time.millis() - day * DAY + 1);
                db.flush();
            }
            write(db, "a", time.millis());
            assertThat(db.status().blocks()).as("too far apart to merge").isEqualTo(10);
        }
    }

    @Test
    void ageDeletesBlocksAndCounts() throws IOException {
        fill();
        try (Tsdb db = open(MONTH)) {
            assertThat(read(db)).as("at once, before any block went").isEqualTo(Map.of("a", 8, "b", 7));
            assertThat(db.status().samples()).isBetween(15L, 21L);
            db.compact();
            assertThat(read(db)).isEqualTo(Map.of("a", 8, "b", 7));
            assertThat(db.status().samples()).isEqualTo(15);
            assertThat(counted("varve_retention_deleted_blocks_total", "age")).isEqualTo(3);
            assertThat(counted("varve_retention_deleted_samples_total", "age")).isEqualTo(6);
            assertThat(counted("varve_retention_deleted_bytes_total", "age")).isPositive();
        }
    }

    /** Metadata carry no time: a block of nothing else stands for the clock, which samples need not have reached. */
    @Test
    void metadataAloneAreNoNewestSample() throws IOException {
        TsdbConfig hour = KEEPS.retention(Duration.ofHours(1)).exemplarRetention(Duration.ofMinutes(30));
        long newest = time.millis();
        try (Tsdb db = open(hour)) {
            write(db, "a", newest);
            db.flush();
            time.pass(Duration.ofHours(6));
            try (Appender appender = db.appender(Durability.SYNCED)) {
                appender.metadata("m", new Metadata(Metadata.Type.GAUGE, "a metric", ""));
                appender.commit();
            }
            db.flush();
            assertThat(db.status().blocks()).isEqualTo(2);
            assertThat(db.status().newestTime()).isEqualTo(newest);
            db.compact();
            assertThat(read(db)).isEqualTo(Map.of("a", 1));
        }
        try (Tsdb db = open(hour)) {
            db.compact();
            assertThat(read(db)).as("after a restart").isEqualTo(Map.of("a", 1));
        }
    }

    @Test
    void agePerMatcher() throws IOException {
        fill();
        List<RetentionRule> rules = List.of(
                new RetentionRule(List.of(Matcher.equal("job", "b")), Duration.ofDays(10)),
                new RetentionRule(List.of(Matcher.regex("job", "a|b")), Duration.ZERO));
        try (Tsdb db = open(MONTH.retentionRules(rules))) {
            assertThat(read(db)).isEqualTo(Map.of("a", 11, "b", 2));
            try (Querier old = db.querier(TimeRange.of(0, time.millis() - 11 * DAY))) {
                assertThat(old.labelValues("job")).containsExactly("a");
                assertThat(old.labelValues("job", Matcher.equal("job", "b"))).isEmpty();
                assertThat(old.labelNames(Matcher.equal("job", "b"))).isEmpty();
            }
            db.compact();
            assertThat(read(db)).isEqualTo(Map.of("a", 11, "b", 2));
            assertThat(db.status().samples()).isEqualTo(13);
            assertThat(counted("varve_retention_deleted_samples_total", "age")).isEqualTo(8);
        }
        try (Tsdb db = open(KEEPS)) {
            assertThat(read(db)).as("gone from the disk").isEqualTo(Map.of("a", 11, "b", 2));
        }
    }

    @Test
    void sizeDeletesTheOldestFirst() throws IOException {
        fill();
        long all = 0;
        long[] log = new long[3];
        for (int i = 0; i < log.length; i++) {
            try (Tsdb db = open(KEEPS)) {
                all = db.status().blockBytes();
                log[i] = db.status().walBytes();
            }
        }
        long logThen = 2 * log[2] - log[1]; // each start begins a segment
        try (Tsdb db = open(KEEPS.retentionBytes(logThen + all - all / 5))) {
            for (int i = 0; i < 500 && db.status().blocks() > 8; i++) {
                pause();
            }
            assertThat(db.status().blocks()).isEqualTo(8);
            assertThat(read(db)).isEqualTo(Map.of("a", 9, "b", 8));
            assertThat(counted("varve_retention_deleted_blocks_total", "size")).isEqualTo(2);
        }
        try (Tsdb db = open(KEEPS.retentionBytes(1))) {
            db.compact();
            assertThat(read(db)).as("the newest block stays").isEqualTo(Map.of("a", 2, "b", 1));
        }
    }

    private static void pause() {
        try {
            Thread.sleep(10);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void neverPastTheNewestSample() throws IOException {
        fill();
        time.pass(Duration.ofDays(500)); // nobody wrote
        try (Tsdb db = open(MONTH)) {
            db.compact();
            assertThat(read(db)).isEqualTo(Map.of("a", 8, "b", 7));
            assertThat(db.status().retentionWaits()).isNull();
        }
    }

    @Test
    void aClockThatJumpedWaitsForSomebodyToConfirmIt() throws IOException {
        fill();
        try (Tsdb db = open(MONTH)) {
            db.compact();
            time.jump(Duration.ofDays(365));
            write(db, "a", time.millis());
            db.compact();
            assertThat(read(db)).isEqualTo(Map.of("a", 9, "b", 7));
            assertThat(db.status().retentionWaits())
                    .startsWith("clock and samples jumped from 2023-11-14T")
                    .contains(" to 2024-11-13T");
        }
        try (Tsdb db = open(MONTH)) {
            db.compact();
            assertThat(db.status().retentionWaits()).as("still after a restart").isNotNull();
            assertThat(read(db)).isEqualTo(Map.of("a", 9, "b", 7));
            db.confirmClock();
            assertThat(db.status().retentionWaits()).isNull();
            db.compact();
            assertThat(read(db)).isEqualTo(Map.of("a", 1));
            assertThat(db.status().samples())
                    .as("what expired in the head goes with its block")
                    .isEqualTo(2);
        }
    }

    @Test
    void aClockThatJumpsAnHourEitherWayChangesNothing() throws IOException {
        fill();
        try (Tsdb db = open(MONTH)) {
            db.compact();
            Map<String, Integer> before = read(db);
            for (int hours : new int[] {1, -1, -1, 1}) {
                time.jump(Duration.ofHours(hours));
                write(db, "c", time.millis());
                db.flush();
                db.compact();
                assertThat(db.status().retentionWaits()).isNull();
            }
            before.put("c", 4);
            assertThat(read(db)).isEqualTo(before);
        }
    }

    /** A sample that comes when the clock has been set back is not measured by the hand as it stood before. */
    @Test
    void aClockThatIsSetBackWhileItIsReadChangesNothing() throws IOException {
        AtomicReference<@Nullable Runnable> afterReading = new AtomicReference<>();
        TimeSource hand = new TimeSource() {
            @Override
            public long epochNanos() {
                long now = time.epochNanos();
                if (Thread.currentThread().getName().contains("upkeep")) {
                    Runnable once = afterReading.getAndSet(null);
                    if (once != null) {
                        once.run();
                    }
                }
                return now;
            }

            @Override
            public long nanoTime() {
                return time.nanoTime();
            }
        };
        TsdbRuntime readsSlowly = TsdbRuntime.create(hand, new Random(1));
        long first = time.millis();
        TsdbConfig hour = KEEPS.retention(Duration.ofHours(1));
        try (Tsdb db = Tsdb.open(disk, hour, readsSlowly, "main", readsSlowly)) {
            write(db, "a", first);
            time.pass(Duration.ofHours(2));
            afterReading.set(() -> {
                time.jump(Duration.ofHours(-2));
                write(db, "a", first + Duration.ofHours(2).toMillis());
            });
            db.compact();
            assertThat(afterReading.get()).as("what is still to happen").isNull();
            assertThat(read(db)).isEqualTo(Map.of("a", 2));
        }
    }

    @Test
    void aRebuiltManifestTrustsNoClock() throws IOException {
        fill();
        disk.delete(Manifest.FILE);
        try (Tsdb db = open(MONTH)) {
            db.compact();
            assertThat(read(db)).isEqualTo(Map.of("a", 11, "b", 10));
            assertThat(db.status().retentionWaits()).isNotNull();
            db.confirmClock();
            db.compact();
            assertThat(read(db)).isEqualTo(Map.of("a", 8, "b", 7));
        }
    }
}
