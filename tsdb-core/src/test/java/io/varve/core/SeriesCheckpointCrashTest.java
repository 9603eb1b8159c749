package io.varve.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.varve.core.fs.SimulatedCrash;
import io.varve.core.fs.SimulatedFileSystem;
import io.varve.core.model.Labels;
import io.varve.core.model.Matcher;
import io.varve.core.model.TimeRange;
import io.varve.core.model.TimeSource;
import io.varve.core.storage.Appender;
import io.varve.core.storage.ColumnCursor;
import io.varve.core.storage.Durability;
import io.varve.core.storage.Hole;
import io.varve.core.storage.Querier;
import io.varve.core.storage.SeriesSet;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Where logging all labels again costs too much, a generation builds on labels that a checkpoint of the registry keeps: a
 * restart finds them there, once or after damage to one of its two files.
 */
class SeriesCheckpointCrashTest {

    private static final int SERIES = 400;

    /** Labels of all series would fill more than an eighth of this log. */
    private static final TsdbConfig CONFIG =
            TsdbConfig.defaults().ringBytes(1 << 20).walBytes(200_000);

    @BeforeEach
    void expectCrashes() {
        Thread.setDefaultUncaughtExceptionHandler((thread, error) -> {
            if (!(error instanceof SimulatedCrash)) {
                error.printStackTrace();
            }
        });
    }

    @AfterEach
    void expectNoCrashes() {
        Thread.setDefaultUncaughtExceptionHandler(null);
    }

    private static Tsdb open(SimulatedFileSystem disk) throws IOException {
        TsdbRuntime runtime = TsdbRuntime.create(TimeSource.system(), new Random(1));
        return Tsdb.open(disk, CONFIG, runtime, "main", runtime);
    }

    private static Labels labels(int series) {
        return Labels.of("__name__", "m" + series % 3, "job", "test", "pod", "pod-" + series, "zone", "z" + series % 5);
    }

    private static void write(Tsdb db, int from, int to, long time) {
        try (Appender appender = db.appender(Durability.SYNCED)) {
            for (int series = from; series < to; series++) {
                appender.append(appender.series(labels(series)), time, series);
            }
            assertThat(appender.commit().accepted()).isEqualTo(to - from);
        }
    }

    /** Number of samples by series; every value is its series' number. */
    private static Map<Labels, Integer> read(Tsdb db, List<Hole> holes) {
        Map<Labels, Integer> found = new TreeMap<>();
        try (Querier querier = db.querier(TimeRange.ALL);
                SeriesSet set = querier.select(Matcher.equal("job", "test"))) {
            while (set.next()) {
                int series =
                        Integer.parseInt(String.valueOf(set.labels().get("pod")).substring(4));
                assertThat(set.labels()).isEqualTo(labels(series));
                int samples = 0;
                for (ColumnCursor columns = set.columns(); columns.nextPage(); ) {
                    for (int i = 0; i < columns.size(); i++) {
                        assertThat(columns.values()[i]).isEqualTo(series);
                        samples++;
                    }
                }
                found.put(set.labels(), samples);
            }
            holes.addAll(set.holes());
        }
        return found;
    }

    private static void assertAllThere(SimulatedFileSystem disk, int samples) throws IOException {
        try (Tsdb db = open(disk)) {
            List<Hole> holes = new ArrayList<>();
            Map<Labels, Integer> found = read(db, holes);
            assertThat(holes).isEmpty();
            assertThat(found).hasSize(SERIES);
            assertThat(found.values()).containsOnly(samples);
        }
    }

    private static List<String> checkpoints(SimulatedFileSystem disk) throws IOException {
        return disk.list("wal").stream()
                .filter(name -> name.endsWith(".series"))
                .toList();
    }

    /** A disk whose log names series without their labels. */
    private static SimulatedFileSystem sealedAndWrittenTo() throws IOException {
        SimulatedFileSystem disk = new SimulatedFileSystem();
        Tsdb db = open(disk);
        write(db, 0, SERIES, 1);
        db.flush();
        assertThat(checkpoints(disk)).hasSize(2);
        long before = db.status().walBytes();
        write(db, 0, SERIES, 2);
        write(db, 0, SERIES, 3);
        assertThat(db.status().walBytes()).as("labels are not logged again").isEqualTo(before);
        return disk.killProcess();
    }

    @Test
    void labelsComeFromTheCheckpoint() throws IOException {
        SimulatedFileSystem disk = sealedAndWrittenTo();
        assertAllThere(disk, 3);
        try (Tsdb db = open(disk)) {
            write(db, 0, SERIES, 4); // with references of this opening, beside those of the one before
            write(db, 0, SERIES, 5);
        }
        assertAllThere(disk, 5);
        try (Tsdb db = open(disk)) {
            write(db, 0, SERIES, 6);
            db.flush();
            write(db, 0, SERIES, 7);
            assertThat(checkpoints(disk))
                    .as("the older one has gone with its log")
                    .hasSize(2);
        }
        assertAllThere(disk, 7);
    }

    /** A later process seals what a generation builds on; labels of the earlier one's references must outlive that. */
    @Test
    void labelsSurviveTheSealingOfAnEarlierProcessesGeneration() throws IOException {
        SimulatedFileSystem disk = new SimulatedFileSystem();
        disk.refuse(call -> call.startsWith("create blocks/"), "Input/output error");
        Tsdb first = open(disk);
        write(first, 0, SERIES, 1);
        assertThatThrownBy(first::flush).hasMessageContaining("Input/output error"); // frozen, and not sealed
        write(first, 0, SERIES, 2);
        SimulatedFileSystem after = disk.killProcess();
        Tsdb second = open(after);
        for (int i = 0; i < 1_000 && second.status().blocks() == 0; i++) {
            LockSupport.parkNanos(10_000_000L);
        }
        assertThat(second.status().blocks()).as("the first generation alone").isEqualTo(1);
        write(second, 0, SERIES, 3);
        SimulatedFileSystem again = after.killProcess();
        assertAllThere(again, 3);
        assertThat(Verification.verify(again).findings()).isEmpty();
    }

    /**
     * A store that is killed before a frozen generation is sealed has two in its log, of which the later one has no
     * labels of its own. The next opening seals the first: the labels have to stay, under the references of the opening
     * before.
     */
    @Test
    void labelsStayWhenALaterOpeningSealsWhatAnEarlierOneFroze() throws IOException, InterruptedException {
        for (int openings = 1; openings < 3; openings++) {
            SimulatedFileSystem disk = sealedAndWrittenTo();
            int time = 3;
            for (int opening = 0; opening < openings; opening++) {
                disk.refuse(call -> call.startsWith("create blocks/"), "no block now");
                Tsdb db = open(disk);
                write(db, 0, SERIES, ++time);
                assertThatThrownBy(db::flush).isInstanceOf(IOException.class);
                write(db, 0, SERIES, ++time);
                disk = disk.killProcess();
            }
            long last = disk.list("wal").stream()
                    .filter(name -> name.endsWith(".seg"))
                    .mapToLong(name -> Long.parseLong(name.substring(0, 6)))
                    .max()
                    .orElseThrow();
            open(disk);
            while (Manifest.read(disk).logStart() < last << 32) { // upkeep seals what it finds frozen
                Thread.sleep(1);
            }
            disk = disk.killProcess();
            assertAllThere(disk, time);
        }
    }

    @Test
    void oneDamagedOrMissingFileCostsNothing() throws IOException {
        for (int which = 0; which < 2; which++) {
            SimulatedFileSystem damaged = sealedAndWrittenTo();
            String path = "wal/" + checkpoints(damaged).get(which);
            damaged.damage(path, damaged.size(path) / 2, 0x04);
            assertThat(Verification.verify(damaged).findings()).anyMatch(finding -> finding.contains(path));
            damaged.close();
            assertAllThere(damaged, 3);

            SimulatedFileSystem without = sealedAndWrittenTo();
            without.delete("wal/" + checkpoints(without).get(which));
            assertAllThere(without, 3);
        }
    }

    @Test
    void everyFlippedByteIsNoticed() throws IOException {
        SimulatedFileSystem disk = sealedAndWrittenTo();
        List<String> names = checkpoints(disk);
        long size = disk.size("wal/" + names.get(0));
        disk.delete("wal/" + names.get(1));
        byte[] sound = disk.read("wal/" + names.get(0), 1 << 20);
        for (int at = 0; at < size; at += 7) {
            byte[] bytes = sound.clone();
            bytes[at] ^= 0x20;
            disk.put("wal/" + names.get(0), bytes);
            Verification.Report report = Verification.verify(disk);
            disk.close();
            assertThat(report.findings()).as("flipped byte %d", at).hasSizeGreaterThanOrEqualTo(2);
        }
    }

    @Test
    void bothDamagedIsReportedAndCostsWhatHangsOnIt() throws IOException {
        SimulatedFileSystem disk = sealedAndWrittenTo();
        for (String name : checkpoints(disk)) {
            disk.damage("wal/" + name, 60, 0x04);
        }
        try (Tsdb db = open(disk)) {
            List<Hole> holes = new ArrayList<>();
            Map<Labels, Integer> found = read(db, holes);
            assertThat(found).as("what lies in the block").hasSize(SERIES);
            assertThat(holes).anyMatch(hole -> hole.toString().contains("checkpoints of the registry"));
            assertThat(holes).anyMatch(hole -> hole.toString().contains("800 samples of the log"));
            write(db, 0, SERIES, 9);
        }
    }

    @Test
    void seriesThatComeAndGoWhileGenerationsBuildOnEachOther() throws IOException {
        SimulatedFileSystem disk = new SimulatedFileSystem();
        Random random = new Random(3);
        Map<Labels, Integer> expected = new TreeMap<>();
        TsdbConfig config = CONFIG.seriesIdle(Duration.ZERO);
        for (int opening = 0; opening < 6; opening++) {
            TsdbRuntime runtime = TsdbRuntime.create(TimeSource.system(), new Random(1));
            Tsdb db = Tsdb.open(disk, config, runtime, "main", runtime);
            assertThat(read(db, new ArrayList<>())).isEqualTo(expected);
            for (int round = 0; round < 6; round++) {
                int from = random.nextInt(SERIES);
                int to = Math.min(SERIES, from + 120);
                write(db, from, to, opening * 10L + round + 1);
                for (int series = from; series < to; series++) {
                    expected.merge(labels(series), 1, Integer::sum);
                }
                if (random.nextBoolean()) {
                    db.flush();
                }
            }
            disk = random.nextBoolean() ? disk.killProcess() : disk.crash(opening);
        }
        try (Tsdb db = open(disk)) {
            List<Hole> holes = new ArrayList<>();
            assertThat(read(db, holes)).isEqualTo(expected);
            assertThat(holes).isEmpty();
        }
    }
}
