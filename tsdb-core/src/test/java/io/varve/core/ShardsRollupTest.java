package io.varve.core;

import static org.assertj.core.api.Assertions.assertThat;

import io.varve.core.fs.SimulatedFileSystem;
import io.varve.core.model.Histogram;
import io.varve.core.model.HistogramLayout;
import io.varve.core.model.Labels;
import io.varve.core.model.Matcher;
import io.varve.core.model.ResetHint;
import io.varve.core.model.RollupRule;
import io.varve.core.model.TimeRange;
import io.varve.core.storage.Appender;
import io.varve.core.storage.Durability;
import io.varve.core.storage.Querier;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Rollups of several shards are those of a single one. One sample a second; rollups of 10 s. */
class ShardsRollupTest {

    private static final long START = 1_700_000_000_000L;
    private static final long WIDTH = 10_000;
    private static final int SERIES = 12;
    private static final String SNAPSHOT = "snapshots/20231114T221320Z";
    private static final HistogramLayout LAYOUT =
            HistogramLayout.exponential(3, false, 0, new int[] {0, 2}, new int[0]);

    private static Tsdb open(SimulatedFileSystem disk, int shards) throws IOException {
        TsdbConfig config = TsdbConfig.defaults()
                .ringBytes(1 << 16)
                .blockSpan(Duration.ofSeconds(100))
                .retention(Duration.ofSeconds(100))
                .rollups(List.of(new RollupRule(Duration.ofMillis(WIDTH), Duration.ZERO, true)))
                .shards(shards);
        TsdbRuntime runtime = TsdbRuntime.create(new SettableTime(START + 3_600_000L), new Random(1));
        return Tsdb.open(disk, config, runtime, "main", runtime);
    }

    private static void write(Tsdb db, int fromSecond, int toSecond) {
        try (Appender appender = db.appender(Durability.SYNCED)) {
            for (int i = 0; i < SERIES; i++) {
                long ref = appender.series(Labels.of("__name__", "m", "series", "s" + i));
                for (int second = fromSecond; second < toSecond; second++) {
                    long time = START + 1_000L * second;
                    if (i % 3 == 0) {
                        long count = second % 70; // begins anew
                        appender.append(
                                ref,
                                time,
                                Histogram.integer(LAYOUT, ResetHint.UNKNOWN, 0, 2 * count, count / 4.0, count, count));
                    } else {
                        appender.append(ref, time, second * i % 37);
                    }
                    if (second % 50 == 0) {
                        assertThat(appender.commit().accepted()).isEqualTo(50);
                    }
                }
            }
        }
    }

    /** Buckets of all series as text, but for those that only say that samples touch them. */
    private static Map<String, String> rollups(Tsdb db) {
        Map<String, String> found = new TreeMap<>();
        RollupModel.read(db, WIDTH).forEach((labels, series) -> series.buckets().forEach((end, answer) -> {
            String sketch = answer.sketch() == null
                    ? "none"
                    : answer.sketch().count() + " " + answer.sketch().sum();
            found.put(
                    labels + " " + (end - START) / 1_000,
                    answer.bucket() + " " + answer.sum() + " " + answer.correction() + " " + sketch + " "
                            + answer.histograms());
        }));
        return found;
    }

    private static boolean hasSamplesBefore(Tsdb db, int second) {
        try (Querier querier = db.querier(TimeRange.of(START, START + 1_000L * second - 1))) {
            return querier.select(Matcher.equal("__name__", "m")).next();
        }
    }

    private static void assertSame(Map<Integer, Map<String, String>> answers, int buckets) {
        assertThat(answers.get(2)).hasSize(SERIES * buckets).isEqualTo(answers.get(1));
    }

    @Test
    void answersAreThoseOfOneShardBeforeAndAfterSamplesHaveExpiredAndAfterRestartAndRestore() throws IOException {
        Map<Integer, Map<String, String>> fresh = new TreeMap<>();
        Map<Integer, Map<String, String>> expired = new TreeMap<>();
        Map<Integer, Map<String, String>> restarted = new TreeMap<>();
        Map<Integer, Map<String, String>> restored = new TreeMap<>();
        for (int shards : List.of(1, 2)) {
            SimulatedFileSystem disk = new SimulatedFileSystem();
            try (Tsdb db = open(disk, shards)) {
                write(db, 1, 101);
                db.flush();
                db.compact();
                fresh.put(shards, rollups(db));
                write(db, 101, 401);
                db.flush();
                db.compact();
                db.compact();
                assertThat(hasSamplesBefore(db, 200)).isFalse();
                expired.put(shards, rollups(db));
            }
            try (Tsdb db = open(disk, shards)) {
                restarted.put(shards, rollups(db));
                db.snapshot(disk, SNAPSHOT);
            }
            SimulatedFileSystem elsewhere = new SimulatedFileSystem();
            Restore.restore(disk, SNAPSHOT + "/", elsewhere, "store");
            try (Tsdb db = open(ShardsDamageTest.below(elsewhere, "store"), shards)) {
                restored.put(shards, rollups(db));
            }
        }
        assertSame(fresh, 10);
        assertSame(expired, 40);
        assertThat(restarted).isEqualTo(expired);
        assertThat(restored).isEqualTo(expired);
    }
}
