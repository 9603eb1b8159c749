package io.varve.core;

import static org.assertj.core.api.Assertions.assertThat;

import io.varve.core.compact.Cutoffs;
import io.varve.core.fs.SimulatedFileSystem;
import io.varve.core.model.Histogram;
import io.varve.core.model.HistogramLayout;
import io.varve.core.model.Labels;
import io.varve.core.model.Matcher;
import io.varve.core.model.ResetHint;
import io.varve.core.model.RetentionRule;
import io.varve.core.model.RollupRule;
import io.varve.core.model.TimeRange;
import io.varve.core.storage.Appender;
import io.varve.core.storage.Durability;
import io.varve.core.storage.Querier;
import io.varve.core.storage.RollupCursor;
import io.varve.core.storage.RollupHistograms;
import io.varve.core.storage.RollupSet;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Blocks of rollups that are lost or damaged, and a manifest that is rebuilt beside them. */
class RollupDamageTest {

    private static final long START = 1_700_000_000_000L;
    private static final long WIDTH = 10_000;
    private static final TsdbConfig CONFIG = TsdbConfig.defaults()
            .ringBytes(1 << 16)
            .blockSpan(Duration.ofSeconds(100))
            .retention(Duration.ofSeconds(100))
            .rollups(List.of(new RollupRule(Duration.ofMillis(WIDTH), Duration.ZERO, true)));

    private static final Histogram HISTOGRAM = Histogram.integer(
            HistogramLayout.exponential(3, false, 0, new int[] {2, 2}, new int[0]), ResetHint.UNKNOWN, 0, 3, 4.5, 1, 2);

    private final SettableTime time = new SettableTime(START + 3_600_000L);

    private Tsdb open(SimulatedFileSystem disk, TsdbConfig config) throws IOException {
        TsdbRuntime runtime = TsdbRuntime.create(time, new Random(1));
        return Tsdb.open(disk, config, runtime, "main", runtime);
    }

    /** Seconds 1 to 304, of which samples from 190 on are there; the rollup covers 0 to 300. */
    private SimulatedFileSystem filled(TsdbConfig config) throws IOException {
        SimulatedFileSystem disk = new SimulatedFileSystem();
        try (Tsdb db = open(disk, config)) {
            try (Appender appender = db.appender(Durability.SYNCED)) {
                long ref = appender.series(Labels.of("__name__", "m"));
                for (int second = 1; second < 305; second++) {
                    appender.append(ref, START + 1_000L * second, second % 7);
                    if (second % 100 == 0) { // a batch is an eighth of the ring at most
                        appender.commit();
                    }
                    if (second % 10 == 5) {
                        appender.append(ref, START + 1_000L * second + 500, HISTOGRAM);
                    }
                }
                appender.commit();
            }
            db.flush();
            db.compact();
        }
        return disk;
    }

    private static String rollup(SimulatedFileSystem disk) throws IOException {
        for (Manifest.Block block : Manifest.read(disk).blocks()) {
            if (block.rollup() != null) {
                return Store.blockPath(block.id());
            }
        }
        throw new AssertionError("no rollup");
    }

    /** Ends of buckets in seconds, those that are not exact negative, then what is missing. */
    private static List<String> read(Tsdb db) {
        List<String> found = new ArrayList<>();
        try (Querier querier = db.querier(TimeRange.ALL);
                RollupSet set = querier.rollups(WIDTH, Matcher.equal("__name__", "m"))) {
            while (set.next()) {
                for (RollupCursor cursor = set.buckets(); cursor.nextPage(); ) {
                    for (int i = 0; i < cursor.size(); i++) {
                        long second = (cursor.ends()[i] - START) / 1_000;
                        RollupHistograms histograms = cursor.histograms(i);
                        if (cursor.isExact(i)) {
                            assertThat(histograms).isNotNull();
                            assertThat(histograms.first()).isEqualTo(HISTOGRAM);
                            assertThat(histograms.sum()).isEqualTo(HISTOGRAM);
                        }
                        found.add(cursor.isExact(i) ? "" + second : "-" + second);
                    }
                }
            }
            set.holes().forEach(hole -> found.add("hole"));
            assertThat(querier.losses()).as("samples miss nothing").isEmpty();
        }
        return found;
    }

    private static List<String> ends(int from, int to) {
        List<String> ends = new ArrayList<>();
        for (int end = from; end <= to; end += 10) {
            ends.add("" + end);
        }
        return ends;
    }

    @Test
    void aLostBlockIsMadeAgainAsFarAsSamplesAreThere() throws IOException {
        SimulatedFileSystem disk = filled(CONFIG);
        disk.delete(rollup(disk));
        try (Tsdb db = open(disk, CONFIG)) {
            assertThat(read(db)).containsExactly("hole");
            db.compact();
            List<String> found = read(db);
            assertThat(found).containsAll(ends(220, 300)).contains("hole").doesNotContain("10", "100");
        }
    }

    @Test
    void aLostBlockOfWhichAllSamplesAreThereIsMadeAgainWhole() throws IOException {
        TsdbConfig all = CONFIG.retention(Duration.ofHours(1));
        SimulatedFileSystem disk = filled(all);
        disk.damage(rollup(disk), disk.size(rollup(disk)) - 30, 1);
        try (Tsdb db = open(disk, all)) {
            db.compact();
            assertThat(read(db)).isEqualTo(ends(10, 300));
        }
        try (Tsdb db = open(disk, all)) {
            assertThat(read(db)).as("and is not missed any more").isEqualTo(ends(10, 300));
        }
    }

    @Test
    void aDamagedPageIsAHoleAndIsMarkedByRepair() throws IOException {
        SimulatedFileSystem disk = filled(CONFIG);
        String path = rollup(disk);
        disk.damage(path, 70, 4);
        try (Tsdb db = open(disk, CONFIG)) {
            assertThat(read(db)).containsExactly("hole");
        }
        assertThat(Verification.verify(disk).findings()).isNotEmpty();
        disk = disk.killProcess();
        Repair.Report report =
                Repair.repair(disk, new Repair.Options(false, false), TsdbRuntime.create(time, new Random(1)));
        assertThat(report.actions()).anyMatch(action -> action.contains("rollups"));
        try (Tsdb db = open(disk, CONFIG)) {
            assertThat(read(db)).hasSize(30).allMatch(end -> end.startsWith("-"));
        }
        assertThat(Verification.verify(disk).findings()).isEmpty();
    }

    @Test
    void aRebuiltManifestKeepsThemAndTrustsNoSamplesThatAreLeft() throws IOException {
        SimulatedFileSystem disk = filled(CONFIG);
        disk.delete(Manifest.FILE);
        try (Tsdb db = open(disk, CONFIG)) {
            assertThat(read(db)).isEqualTo(ends(10, 300));
            db.flush();
            db.compact();
            assertThat(read(db)).isEqualTo(ends(10, 300));
        }
    }

    @Test
    void linesOfTheManifestComeBack() throws IOException {
        SimulatedFileSystem disk = filled(CONFIG);
        Manifest manifest = Manifest.read(disk);
        assertThat(Manifest.parse(manifest.toBytes()).toBytes()).isEqualTo(manifest.toBytes());
        assertThat(manifest.floors().lowest()).isGreaterThan(START);
        assertThat(manifest.blocks()).anyMatch(block -> block.rollup() != null);
        RetentionRule rule = new RetentionRule(
                List.of(Matcher.notRegex("a b", "x/ y|%"), Matcher.equal("c", "")), Duration.ofDays(1));
        Manifest more =
                manifest.withFloors(manifest.floors().with(new Cutoffs(7, List.of(rule), new long[] {Long.MIN_VALUE})));
        Manifest back = Manifest.parse(more.toBytes());
        assertThat(back.toBytes()).isEqualTo(more.toBytes());
        assertThat(back.floors().entries()).hasSize(2);
        assertThat(back.floors().entries().get(1).rules().get(0).match()).isEqualTo(rule.match());
    }
}
