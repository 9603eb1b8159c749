package io.varve.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.varve.core.fs.SimulatedFileSystem;
import io.varve.core.model.Labels;
import io.varve.core.model.Matcher;
import io.varve.core.model.RetentionRule;
import io.varve.core.model.RollupRule;
import io.varve.core.model.TimeRange;
import io.varve.core.storage.Appender;
import io.varve.core.storage.Durability;
import io.varve.core.storage.Querier;
import io.varve.core.storage.RollupSet;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** What has rollups, what they say, and what becomes of them. One sample a second; rollups of 10 s. */
class RollupTest {

    private static final long START = 1_700_000_000_000L;
    private static final long WIDTH = 10_000;
    private static final TsdbConfig KEEPS =
            TsdbConfig.defaults().ringBytes(1 << 16).blockSpan(Duration.ofSeconds(100));
    private static final RollupRule RULE = new RollupRule(Duration.ofMillis(WIDTH), Duration.ZERO, false);
    private static final TsdbConfig CONFIG =
            KEEPS.retention(Duration.ofSeconds(100)).rollups(List.of(RULE));

    private static final RollupRule FOR_200_S =
            new RollupRule(Duration.ofMillis(WIDTH), Duration.ofSeconds(200), false);

    private final SettableTime time = new SettableTime(START + 3_600_000L);
    private SimulatedFileSystem disk = new SimulatedFileSystem();

    private Tsdb open(TsdbConfig config) throws IOException {
        TsdbRuntime runtime = TsdbRuntime.create(time, new Random(1));
        return Tsdb.open(disk, config, runtime, "main", runtime);
    }

    private static Labels labels(String job) {
        return Labels.of("__name__", "m", "job", job);
    }

    private static void write(Tsdb db, String job, int fromSecond, int toSecond) {
        try (Appender appender = db.appender(Durability.SYNCED)) {
            long ref = appender.series(labels(job));
            for (int second = fromSecond; second < toSecond; second++) {
                appender.append(ref, START + 1_000L * second, second);
            }
            assertThat(appender.commit().refused()).isZero();
        }
    }

    private static void sealAndCompact(Tsdb db) throws IOException {
        db.flush();
        db.compact();
    }

    /** Numbers by end of bucket in seconds; negative if the bucket is not exact. */
    private static Map<Long, Long> read(Tsdb db, String job) {
        Map<Long, Long> found = new TreeMap<>();
        RollupModel.Series series = RollupModel.read(db, WIDTH).get(labels(job));
        if (series != null) {
            series.buckets()
                    .forEach((end, answer) -> found.put(
                            (end - START) / 1_000,
                            answer.exact()
                                    ? answer.bucket().numbers()
                                    : -answer.bucket().numbers()));
        }
        return found;
    }

    private static String covered(Tsdb db) {
        List<String> ranges = new ArrayList<>();
        for (TimeRange range : RollupModel.covered(db, WIDTH)) {
            ranges.add((range.from() - 1 - START) / 1_000 + "-" + (range.to() - START) / 1_000);
        }
        return String.join(" ", ranges);
    }

    @Test
    void outliveSamplesAndSayHowFarTheyReach() throws IOException {
        try (Tsdb db = open(CONFIG)) {
            write(db, "a", 1, 305);
            sealAndCompact(db);
            assertThat(covered(db)).isEqualTo("0-300");
            assertThat(read(db, "a")).hasSize(30).containsEntry(10L, 10L).containsEntry(300L, 10L);
            assertThat(db.status().oldestTime()).as("samples have gone").isGreaterThan(START + 190_000L);
            write(db, "a", 305, 320);
            assertThat(covered(db)).isEqualTo("0-300");
            try (Querier querier = db.querier(TimeRange.of(START + 25_000, START + 41_000))) {
                assertThat(querier.rollupWidths()).containsExactly(WIDTH);
                try (RollupSet set = querier.rollups(WIDTH, Matcher.equal("job", "a"))) {
                    assertThat(set.next()).isTrue();
                    assertThat(set.buckets().nextPage()).isTrue();
                    assertThat(set.covered()).containsExactly(TimeRange.of(START + 20_001, START + 300_000));
                    assertThat(set.next()).isFalse();
                }
                assertThat(querier.rollups(WIDTH + 1, Matcher.equal("job", "a")).next())
                        .isFalse();
                assertThatThrownBy(() -> querier.rollups(WIDTH)).isInstanceOf(IllegalArgumentException.class);
            }
        }
        assertThat(RollupModel.read(open(CONFIG), WIDTH)).containsKey(labels("a"));
    }

    @Test
    void onlySeriesWhoseSamplesTheyOutliveHaveSome() throws IOException {
        List<RetentionRule> rules = List.of(
                new RetentionRule(List.of(Matcher.equal("job", "ever")), Duration.ZERO),
                new RetentionRule(List.of(Matcher.equal("job", "long")), Duration.ofSeconds(500)));
        RollupRule some = new RollupRule(Duration.ofMillis(WIDTH), Duration.ofSeconds(500), false);
        try (Tsdb db = open(CONFIG.retentionRules(rules).rollups(List.of(some)))) {
            for (String job : List.of("a", "ever", "long")) {
                write(db, job, 1, 305);
            }
            sealAndCompact(db);
            assertThat(read(db, "a")).hasSize(30);
            assertThat(read(db, "ever")).isEmpty();
            assertThat(read(db, "long")).isEmpty();
        }
        disk = new SimulatedFileSystem();
        try (Tsdb db = open(KEEPS.rollups(List.of(RULE)))) {
            write(db, "a", 1, 305);
            sealAndCompact(db);
            assertThat(covered(db)).as("samples are kept for ever").isEmpty();
        }
    }

    @Test
    void lateSamplesShowAtOnceAndAreWorkedIn() throws IOException {
        try (Tsdb db = open(CONFIG)) {
            write(db, "a", 1, 240);
            write(db, "a", 250, 305);
            sealAndCompact(db);
            assertThat(read(db, "a")).hasSize(30).containsEntry(240L, 9L).containsEntry(250L, 1L);
            write(db, "a", 235, 245);
            write(db, "b", 251, 252); // a series that had nothing before
            assertThat(read(db, "a")).containsEntry(240L, -9L).containsEntry(230L, 10L);
            RollupModel.Series touched = RollupModel.read(db, WIDTH).get(labels("a"));
            assertThat(touched).isNotNull();
            assertThat(touched.touched()).containsExactly(TimeRange.of(START + 230_001, START + 250_000));
            assertThat(RollupModel.read(db, WIDTH)).containsKey(labels("b"));
            db.flush();
            assertThat(read(db, "a").get(240L)).as("settled or not").isIn(-9L, 10L);
            db.compact();
            assertThat(read(db, "a")).containsEntry(240L, 10L).containsEntry(250L, 5L);
            assertThat(read(db, "b")).containsExactly(Map.entry(260L, 1L));
        }
    }

    @Test
    void whatComesLaterThanSamplesLiveIsPartOfNothing() throws IOException {
        try (Tsdb db = open(CONFIG)) {
            write(db, "a", 1, 305);
            sealAndCompact(db);
            write(db, "b", 20, 30);
            sealAndCompact(db);
            assertThat(read(db, "b")).isEmpty();
            assertThat(read(db, "a")).hasSize(30).containsEntry(30L, 10L);
        }
    }

    @Test
    void deletionsHideWholeBucketsAndMarkOthers() throws IOException {
        try (Tsdb db = open(CONFIG)) {
            write(db, "a", 1, 305);
            write(db, "b", 1, 305);
            sealAndCompact(db);
            db.delete(List.of(Matcher.equal("job", "a")), TimeRange.of(START + 15_000, START + 40_000)); // expired
            db.delete(List.of(Matcher.equal("job", "a")), TimeRange.of(START + 255_000, START + 259_000));
            Map<Long, Long> atOnce = read(db, "a");
            assertThat(atOnce)
                    .containsEntry(20L, -10L)
                    .doesNotContainKeys(30L, 40L)
                    .containsEntry(50L, 10L);
            assertThat(atOnce).containsEntry(260L, -10L);
            db.flush();
            db.cleanTombstones();
            assertThat(db.liveDeletions()).isZero();
            Map<Long, Long> later = read(db, "a");
            assertThat(later)
                    .containsEntry(20L, -10L)
                    .doesNotContainKeys(30L, 40L)
                    .containsEntry(50L, 10L);
            assertThat(later).as("made again from samples").containsEntry(260L, 5L);
            assertThat(read(db, "b")).hasSize(30).doesNotContainValue(-10L);
        }
    }

    @Test
    void expireByTheirOwnAge() throws IOException {
        try (Tsdb db = open(CONFIG)) {
            write(db, "a", 1, 305);
            sealAndCompact(db);
            assertThat(read(db, "a")).as("kept for ever").hasSize(30);
        }
        try (Tsdb db = open(CONFIG.rollups(List.of(FOR_200_S)))) {
            assertThat(read(db, "a").keySet())
                    .as("those that reach beyond 304 - 200")
                    .containsExactlyElementsOf(ends(110, 300));
            db.compact();
            assertThat(read(db, "a").keySet()).containsExactlyElementsOf(ends(110, 300));
            time.pass(Duration.ofMinutes(10));
            write(db, "a", 600, 605);
            sealAndCompact(db);
            assertThat(read(db, "a")).containsExactly(Map.entry(600L, 1L));
        }
    }

    @Test
    void areNotMadeWhereTheyHaveBegunToExpire() throws IOException {
        try (Tsdb db = open(KEEPS)) {
            write(db, "a", 1, 305);
            db.flush();
        }
        try (Tsdb db = open(CONFIG.rollups(List.of(FOR_200_S)))) { // knows from the start what has expired
            db.compact();
            assertThat(read(db, "a").keySet())
                    .as("those that begin at 304 - 200 or later")
                    .containsExactlyElementsOf(ends(120, 300));
        }
    }

    /** Ends of buckets, in seconds. */
    private static List<Long> ends(long first, long last) {
        return LongStream.rangeClosed(first / 10, last / 10)
                .mapToObj(bucket -> bucket * 10)
                .toList();
    }

    @Test
    void aYearOfHoursIsFewFiles() throws IOException {
        TsdbConfig config = KEEPS.retention(Duration.ofDays(30)).rollups(List.of(RollupRule.hourly(Duration.ZERO)));
        int written = 0;
        for (int day = 1; day <= 120; day++) {
            time.pass(Duration.ofHours(22));
            try (Tsdb db = open(config)) {
                try (Appender appender = db.appender(Durability.SYNCED)) {
                    long ref = appender.series(labels("a"));
                    for (int i = 0; i < 24; i++) {
                        appender.append(ref, START + (day - 1) * 79_200_000L + i * 3_300_000L, i);
                    }
                    appender.commit();
                }
                db.flush();
                if (day % 10 == 0) {
                    db.compact();
                    written = disk.list("blocks").size();
                }
            }
        }
        assertThat(written).isLessThan(12);
    }

    @Test
    void goIntoSnapshots() throws IOException {
        SimulatedFileSystem other = new SimulatedFileSystem();
        try (Tsdb db = open(CONFIG)) {
            write(db, "a", 1, 305);
            sealAndCompact(db);
            db.snapshot(other, "snap");
        }
        Restore.restore(other, "snap/", disk, "restored");
        assertThat(disk.list("restored/blocks")).hasSize(2);
        for (String name : disk.list("restored/blocks")) {
            assertThat(disk.read("restored/blocks/" + name, 1 << 20)).isEqualTo(disk.read("blocks/" + name, 1 << 20));
        }
    }

    @Test
    void retentionBySizeTakesSamplesFirst() throws IOException {
        try (Tsdb db = open(CONFIG.retention(Duration.ofHours(10)))) {
            for (int second = 0; second < 3_000; second += 300) {
                write(db, "a", second + 1, second + 301);
                db.flush();
            }
            assertThat(db.status().blocks()).isGreaterThan(1);
        }
        try (Tsdb db = open(CONFIG.retention(Duration.ofHours(10)).retentionBytes(1))) {
            write(db, "a", 3_001, 3_305);
            sealAndCompact(db);
            db.compact();
            assertThat(db.status().oldestTime()).as("samples went").isGreaterThan(START + 2_000_000L);
            assertThat(read(db, "a")).as("rollups stay").hasSizeGreaterThan(290).containsEntry(10L, 10L);
        }
    }

    @Test
    void rulesAreChecked() {
        assertThatThrownBy(() -> new RollupRule(Duration.ofMillis(999), Duration.ZERO, false))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("width=PT0.999S");
        assertThatThrownBy(() -> new RollupRule(Duration.ofNanos(1_500_000_001), Duration.ZERO, false))
                .hasMessageContaining("whole milliseconds");
        assertThatThrownBy(() -> RollupRule.hourly(Duration.ofMinutes(60))).hasMessageContaining("longer than");
        assertThatThrownBy(() -> KEEPS.rollups(List.of(RULE, RULE))).hasMessageContaining("one rollup of a width");
        assertThat(RollupRule.hourly(Duration.ZERO).sketch()).isTrue();
        assertThat(RollupRule.fiveMinutes(Duration.ZERO).sketch()).isFalse();
    }
}
