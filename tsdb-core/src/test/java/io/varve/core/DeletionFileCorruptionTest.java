package io.varve.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.varve.core.fs.FileEnvelope;
import io.varve.core.fs.SimulatedFileSystem;
import io.varve.core.fs.UnsupportedFormatException;
import io.varve.core.model.Deletion;
import io.varve.core.model.Labels;
import io.varve.core.model.Matcher;
import io.varve.core.model.TimeRange;
import io.varve.core.model.TimeSource;
import io.varve.core.storage.Appender;
import io.varve.core.storage.Durability;
import io.varve.core.storage.Hole;
import io.varve.core.storage.Querier;
import io.varve.core.storage.SeriesSet;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** What was deleted does not come back because a file is damaged, or not without saying so in every answer. */
class DeletionFileCorruptionTest {

    private static final Labels GONE = Labels.of("__name__", "m", "host", "gone");
    private static final Labels KEPT = Labels.of("__name__", "m", "host", "kept");
    private static final List<Matcher> THE_GONE = List.of(Matcher.equal("host", "gone"));

    private static final DeletionFile LIST = new DeletionFile(
            7,
            false,
            List.of(
                    new Deletion(4_711, THE_GONE, TimeRange.ALL),
                    new Deletion(4_712, List.of(Matcher.regex("a", "b+")), TimeRange.of(3, 4))));

    private static Tsdb open(SimulatedFileSystem files) throws IOException {
        TsdbRuntime runtime = TsdbRuntime.create(TimeSource.system(), new Random(1));
        return Tsdb.open(files, TsdbConfig.defaults().ringBytes(1 << 16), runtime, "main", runtime);
    }

    private static SimulatedFileSystem withList() throws IOException {
        SimulatedFileSystem disk = new SimulatedFileSystem();
        LIST.write(disk);
        return disk;
    }

    @Test
    void everyFlippedByteOfOneCopyIsNoticedAndTheOtherCounts() throws IOException {
        byte[] sound = withList().read("DELETIONS", 1 << 20);
        for (String path : DeletionFile.FILES) {
            for (int at = 0; at < sound.length; at++) {
                SimulatedFileSystem disk = withList();
                disk.damage(path, at, 1 << at % 8);
                DeletionFile.Found found = DeletionFile.read(disk, 7);
                assertThat(found.content()).as("%s, byte %d", path, at).isEqualTo(LIST);
                assertThat(found.faults()).as("%s, byte %d", path, at).hasSize(1);
                DeletionFile.repaired(disk, found);
                assertThat(DeletionFile.read(disk, 7).faults()).isEmpty();
                assertThat(disk.read(path, 1 << 20)).isEqualTo(sound);
            }
        }
    }

    @Test
    void everyShorterFileIsNoticed() throws IOException {
        byte[] sound = withList().read("DELETIONS", 1 << 20);
        for (int length = 0; length < sound.length; length++) {
            SimulatedFileSystem disk = withList();
            disk.put("DELETIONS", Arrays.copyOf(sound, length));
            DeletionFile.Found found = DeletionFile.read(disk, 7);
            assertThat(found.content()).as("%d bytes", length).isEqualTo(LIST);
            assertThat(found.faults()).hasSize(1);
        }
    }

    @Test
    void payloadsThatLieInsideASoundEnvelopeAreCorrupt() throws IOException {
        byte[] sound = FileEnvelope.unwrap("f", "DELE", 1, 1, withList().read("DELETIONS", 1 << 20));
        Random random = new Random(5);
        int refused = 0;
        for (int round = 0; round < 5_000; round++) {
            byte[] payload = Arrays.copyOf(sound, random.nextInt(3) == 0 ? random.nextInt(200) : sound.length);
            for (int flips = random.nextInt(3); flips >= 0 && payload.length > 0; flips--) {
                payload[random.nextInt(payload.length)] ^= (byte) (1 << random.nextInt(8));
            }
            SimulatedFileSystem disk = new SimulatedFileSystem();
            for (String path : DeletionFile.FILES) {
                disk.put(path, FileEnvelope.wrap("DELE", 1, "deletions", payload));
            }
            refused += DeletionFile.read(disk, 0).content().lost() ? 1 : 0; // and nothing else is thrown
        }
        assertThat(refused).isGreaterThan(1_000);
    }

    @Test
    void bothCopiesGoneDamagedOrOldIsALoss() throws IOException {
        SimulatedFileSystem gone = new SimulatedFileSystem();
        assertThat(DeletionFile.read(gone, 7).content()).isEqualTo(new DeletionFile(7, true, List.of()));
        assertThat(DeletionFile.read(gone, 7).faults()).hasSize(2);
        assertThat(DeletionFile.read(gone, 0)).isEqualTo(new DeletionFile.Found(DeletionFile.NONE, List.of()));
        SimulatedFileSystem damaged = withList();
        DeletionFile.FILES.forEach(path -> damaged.damage(path, 60, 1));
        assertThat(DeletionFile.read(damaged, 7).content().lost()).isTrue();
        assertThat(DeletionFile.read(damaged, 0).content().lost()).isTrue();
        SimulatedFileSystem old = withList();
        assertThat(DeletionFile.read(old, 8).content()).isEqualTo(new DeletionFile(8, true, LIST.deletions()));
        assertThat(DeletionFile.read(old, 6).content()).isEqualTo(LIST);
    }

    @Test
    void aNewerFormatIsRefusedByName() throws IOException {
        SimulatedFileSystem disk = withList();
        disk.put("DELETIONS", FileEnvelope.wrap("DELE", 2, "deletions", new byte[20]));
        assertThatThrownBy(() -> DeletionFile.read(disk, 7))
                .isInstanceOf(UnsupportedFormatException.class)
                .hasMessageContaining("DELETIONS");
    }

    /** A store with a block that holds both series, one of them deleted, and a log that no longer says so. */
    private static SimulatedFileSystem stored() throws IOException {
        SimulatedFileSystem disk = new SimulatedFileSystem();
        try (Tsdb db = open(disk)) {
            try (Appender appender = db.appender(Durability.SYNCED)) {
                for (int i = 0; i < 10; i++) {
                    appender.append(appender.series(KEPT), 1_000 + i, i);
                    appender.append(appender.series(GONE), 1_000 + i, i);
                }
                assertThat(appender.commit().accepted()).isEqualTo(20);
            }
            db.flush();
            db.delete(THE_GONE, TimeRange.of(1_000, 1_000)); // too little for the block to be written anew
            db.flush();
            assertThat(disk.exists("DELETIONS") && disk.exists("DELETIONS.copy"))
                    .isTrue();
        }
        return disk;
    }

    private record Answer(TreeMap<Labels, Integer> samples, List<Hole> holes) {}

    private static Answer ask(Tsdb db) {
        TreeMap<Labels, Integer> samples = new TreeMap<>();
        try (Querier querier = db.querier(TimeRange.ALL);
                SeriesSet set = querier.select(Matcher.equal("__name__", "m"))) {
            while (set.next()) {
                int count = 0;
                for (var columns = set.columns(); columns.nextPage(); ) {
                    count += columns.size();
                }
                samples.put(set.labels(), count);
            }
            return new Answer(samples, set.holes());
        }
    }

    @Test
    void oneDamagedCopyChangesNoAnswer() throws IOException {
        SimulatedFileSystem disk = stored();
        disk.damage("DELETIONS", 70, 4);
        try (Tsdb db = open(disk)) {
            assertThat(ask(db).samples()).containsEntry(GONE, 9).containsEntry(KEPT, 10);
            assertThat(ask(db).holes()).isEmpty();
        }
        assertThat(DeletionFile.read(disk, 1).faults()).isEmpty();
    }

    @Test
    void aLostListIsToldInEveryAnswerUntilItsDeletionsAreRepeated() throws IOException {
        SimulatedFileSystem disk = stored();
        disk.damage("DELETIONS", 70, 4);
        disk.delete("DELETIONS.copy");
        assertThat(Verification.verify(disk).findings()).hasSize(2);
        disk.close();
        for (int start = 0; start < 3; start++) {
            try (Tsdb db = open(disk)) {
                assertThat(ask(db).samples()).containsEntry(GONE, 10); // it is back
                assertThat(ask(db).holes()).hasSize(1);
                assertThat(ask(db).holes().get(0).cause()).contains("deletions was lost");
                db.flush();
                db.compact();
            }
        }
        try (Tsdb db = open(disk)) {
            db.delete(THE_GONE, TimeRange.of(1_000, 1_000));
            assertThat(ask(db).holes()).hasSize(1);
            db.cleanTombstones();
            assertThat(ask(db).holes()).isEmpty();
            assertThat(ask(db).samples()).containsEntry(GONE, 9);
        }
        try (Tsdb db = open(disk)) {
            assertThat(ask(db).holes()).isEmpty();
            assertThat(ask(db).samples()).containsEntry(GONE, 9).containsEntry(KEPT, 10);
        }
    }

    @Test
    void aRebuiltManifestKeepsWhatWasDeletedAway() throws IOException {
        SimulatedFileSystem disk = stored();
        disk.damage("MANIFEST", 50, 1);
        try (Tsdb db = open(disk)) {
            assertThat(ask(db).samples()).containsEntry(GONE, 9).containsEntry(KEPT, 10);
            assertThat(ask(db).holes()).isEmpty();
        }
    }

    @Test
    void aDeletionWaitsForABlockThatIsPutBack() throws IOException {
        SimulatedFileSystem disk = stored();
        String block = disk.list("blocks").get(0);
        byte[] bytes = disk.read("blocks/" + block, 1 << 20);
        disk.delete("blocks/" + block);
        try (Tsdb db = open(disk)) {
            assertThat(ask(db).samples()).isEmpty();
            db.flush();
            db.cleanTombstones();
        }
        disk.put("blocks/" + block, bytes);
        try (Tsdb db = open(disk)) {
            assertThat(ask(db).samples()).containsEntry(GONE, 9).containsEntry(KEPT, 10);
        }
    }

    @Test
    void positionsGrowThoughTheLogWasLost() throws IOException {
        SimulatedFileSystem disk = stored();
        for (String segment : disk.list("wal")) {
            disk.delete("wal/" + segment);
        }
        try (Tsdb db = open(disk)) {
            db.delete(THE_GONE, TimeRange.ALL);
            assertThat(ask(db).samples()).containsOnlyKeys(KEPT);
        }
        try (Tsdb db = open(disk)) {
            assertThat(ask(db).samples()).containsOnlyKeys(KEPT);
        }
    }
}
