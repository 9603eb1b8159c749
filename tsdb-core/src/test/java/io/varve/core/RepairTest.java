package io.varve.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.varve.core.Repair.Options;
import io.varve.core.fs.FileEnvelope;
import io.varve.core.fs.SimulatedCrash;
import io.varve.core.fs.SimulatedFileSystem;
import io.varve.core.fs.SimulatedFileSystem.Fault;
import io.varve.core.fs.StoreLockedException;
import io.varve.core.fs.UnsupportedFormatException;
import io.varve.core.model.Matcher;
import io.varve.core.model.TimeRange;
import io.varve.core.storage.Hole;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A repair keeps all that can be read, loses nothing that it does not name, and can be cut off anywhere. */
@ExtendWith(ExpectedCrashes.class)
class RepairTest {

    private static final Options REPAIR = new Options(false, false);
    private static final Options DRY = new Options(true, false);
    private static final Options ACCEPT = new Options(false, true);
    private static final String FIRST = "blocks/000000000001.varve";
    private static final String SECOND = "blocks/000000000002.varve";

    private static Repair.Report repair(SimulatedFileSystem files, Options options) throws IOException {
        TsdbRuntime runtime = TsdbRuntime.create(new SettableTime(SmallStore.START + 86_400_000L), new Random(1));
        return Repair.repair(files, options, runtime);
    }

    /** All files but the lock. */
    private static Map<String, List<Byte>> content(SimulatedFileSystem files) throws IOException {
        TreeMap<String, List<Byte>> content = new TreeMap<>();
        for (String folder : List.of("", "blocks/", "wal/", "quarantine/")) {
            for (String name : files.list(folder.isEmpty() ? "" : folder.substring(0, folder.length() - 1))) {
                if (!List.of("LOCK", "blocks", "wal", "quarantine").contains(name)) {
                    List<Byte> bytes = new ArrayList<>();
                    for (byte b : files.read(folder + name, 1 << 30)) {
                        bytes.add(b);
                    }
                    content.put(folder + name, bytes);
                }
            }
        }
        return content;
    }

    private static List<String> read(SimulatedFileSystem files, List<Hole> holes) throws IOException {
        try (Tsdb db = SmallStore.open(files)) {
            return SmallStore.read(db, holes);
        }
    }

    /** What was deleted, applied to blocks or not, does not come back with what is repaired; what came later stays. */
    @Test
    void deletionsHoldForWhatIsRepaired() throws IOException {
        for (boolean applied : new boolean[] {false, true}) {
            SimulatedFileSystem sound = SmallStore.filled();
            try (Tsdb db = SmallStore.open(sound)) {
                db.delete(
                        List.of(Matcher.equal("series", "s1")),
                        TimeRange.of(
                                SmallStore.START + 8_000,
                                SmallStore.START + 12_999)); // too little for upkeep to write two blocks anew
                SmallStore.write(db, 0); // after the deletion, with deleted times
                db.flush(); // a third block: too few to merge
                if (applied) {
                    db.cleanTombstones();
                }
                assertThat(db.liveDeletions() == 0).isEqualTo(applied);
            }
            List<String> expected = SmallStore.samples(0, 40).stream()
                    .filter(sample -> !sample.matches("s1 1[0-2] .*"))
                    .toList();
            for (String block : sound.list("blocks")) {
                int size = (int) sound.size("blocks/" + block);
                for (int at = 0; at < size; at += size / 12) {
                    SimulatedFileSystem disk = sound.durableCopy();
                    disk.damage("blocks/" + block, at, 0x10);
                    repairedHolds(disk, expected);
                }
            }
            sound.delete(Manifest.FILE);
            repairedHolds(sound, expected);
            try (Tsdb db = SmallStore.open(sound)) {
                assertThat(SmallStore.read(db))
                        .as("of the manifest alone nothing hangs")
                        .isEqualTo(expected);
            }
        }
    }

    private static void repairedHolds(SimulatedFileSystem disk, List<String> expected) throws IOException {
        TsdbRuntime runtime = TsdbRuntime.create(new SettableTime(SmallStore.START), new Random(1));
        Repair.repair(disk, new Repair.Options(false, false), runtime);
        for (int round = 0; round < 2; round++) {
            try (Tsdb db = SmallStore.open(disk)) {
                assertThat(expected).containsAll(SmallStore.read(db));
                db.compact();
                db.cleanTombstones();
                assertThat(expected).containsAll(SmallStore.read(db));
            }
        }
    }

    @Test
    void aSoundStoreIsLeftAlone() throws IOException {
        SimulatedFileSystem files = SmallStore.filled();
        Map<String, List<Byte>> before = content(files);
        assertThat(repair(files, REPAIR)).isEqualTo(new Repair.Report(List.of(), "nothing to repair"));
        assertThat(content(files)).isEqualTo(before);
        try (Tsdb db = SmallStore.open(files)) {
            assertThatThrownBy(() -> repair(files, REPAIR)).isInstanceOf(StoreLockedException.class);
            assertThat(SmallStore.read(db)).isEqualTo(SmallStore.samples(0, 40));
        }
    }

    @Test
    void aDamagedPageCostsItsSeries() throws IOException {
        SimulatedFileSystem files = SmallStore.filled();
        damagePage(files);
        List<Hole> holes = new ArrayList<>();
        List<String> left = read(files, holes);
        assertThat(holes).hasSize(3).allMatch(hole -> hole.series() == 1);
        Map<String, List<Byte>> before = content(files);
        Repair.Report planned = repair(files, DRY);
        assertThat(content(files)).as("a dry run changes nothing").isEqualTo(before);
        Repair.Report report = repair(files, REPAIR);
        assertThat(report.actions()).isEqualTo(planned.actions()).hasSize(2);
        assertThat(report.actions().get(1))
                .isEqualTo("lost: 3 series between 2023-11-14T22:13:30Z and 2023-11-14T22:13:49Z: " + SECOND
                        + ": pages damaged, set aside in quarantine");
        holes.clear();
        assertThat(read(files, holes)).isEqualTo(left);
        assertThat(holes)
                .containsExactly(new Hole(
                        3,
                        TimeRange.of(SmallStore.START + 10_000, SmallStore.START + 29_000),
                        SECOND + ": pages damaged, set aside in quarantine"));
        assertThat(files.list("quarantine")).containsExactly("000000000002.varve");
        assertThat(repair(files, REPAIR).actions()).isEmpty();
        assertThat(repair(files, ACCEPT).actions())
                .hasSize(1)
                .allMatch(action -> action.startsWith("accepted: 3 series"));
        holes.clear();
        assertThat(read(files, holes)).isEqualTo(left);
        assertThat(holes).isEmpty();
    }

    /** Flips a bit of the second block's values, which share a checksum. */
    private static void damagePage(SimulatedFileSystem files) {
        files.damage(SECOND, FileEnvelope.HEADER_BYTES + 14, 1);
    }

    @Test
    void whatNothingHangsOnIsRebuilt() throws IOException {
        int sound = 0;
        int size = (int) SmallStore.filled().size(SECOND);
        for (int at = 0; at < size; at++) {
            SimulatedFileSystem files = SmallStore.filled();
            files.damage(SECOND, at, 0x10);
            Repair.Report report = repair(files, REPAIR);
            assertThat(report.actions()).as("byte " + at).isNotEmpty();
            List<Hole> holes = new ArrayList<>();
            List<String> left = read(files, holes);
            assertThat(left).as("byte " + at).containsAll(SmallStore.samples(0, 10));
            assertThat(left).as("byte " + at).containsAll(SmallStore.samples(30, 40));
            if (left.size() == 120) {
                sound++;
                assertThat(holes).as("byte " + at).isEmpty();
            } else {
                assertThat(holes).as("byte " + at).hasSize(1).allMatch(hole -> hole.series() > 0);
            }
            assertThat(Verification.verify(files).findings()).as("byte " + at).hasSize(holes.size());
        }
        assertThat(sound).as("header, postings, statistics, copies").isGreaterThan(60);
    }

    @Test
    void aBlockThatCannotBeOpenedOrIsNotThere() throws IOException {
        SimulatedFileSystem files = SmallStore.filled();
        files.put(FIRST, Arrays.copyOf(files.read(FIRST, 1 << 20), 100));
        files.delete(SECOND);
        Repair.Report report = repair(files, REPAIR);
        assertThat(report.actions()).hasSize(2);
        assertThat(report.actions().get(0))
                .startsWith("lost: 3 series between 2023-11-14T22:13:20Z and 2023-11-14T22:13:29Z: " + FIRST
                        + ": set aside in quarantine: ");
        assertThat(report.actions().get(1)).endsWith(SECOND + ": missing");
        List<Hole> holes = new ArrayList<>();
        assertThat(read(files, holes)).isEqualTo(SmallStore.samples(30, 40));
        assertThat(holes).hasSize(2);
    }

    @Test
    void aManifestThatIsLostIsRebuilt() throws IOException {
        SimulatedFileSystem files = SmallStore.filled();
        files.delete(Manifest.FILE);
        assertThat(repair(files, DRY).actions()).containsExactly("MANIFEST: missing; rebuilt from the blocks");
        assertThat(files.exists(Manifest.FILE)).isFalse();
        repair(files, REPAIR);
        assertThat(Manifest.read(files).blocks()).hasSize(2);
        assertThat(read(files, new ArrayList<>())).isEqualTo(SmallStore.samples(0, 40));
    }

    @Test
    void aDamagedLogIsSealedAndItsLossRemembered() throws IOException {
        SimulatedFileSystem files = SmallStore.filled();
        String segment = "wal/" + files.list("wal").get(files.list("wal").size() - 1);
        files.damage(segment, 76, 1);
        Repair.Report report = repair(files, REPAIR);
        assertThat(report.actions())
                .hasSize(1)
                .allMatch(action -> action.startsWith("lost: acknowledged records of the log: " + segment));
        assertThat(files.list("quarantine")).containsExactly(segment.substring(4));
        List<Hole> holes = new ArrayList<>();
        assertThat(read(files, holes)).containsAll(SmallStore.samples(0, 30));
        assertThat(holes).hasSize(2);
        assertThat(holes.get(0).cause()).startsWith("damaged log: ");
        assertThat(holes.get(1).cause()).isEqualTo("30 samples of the log without their series");
        assertThat(repair(files, REPAIR).actions()).isEmpty();
    }

    @Test
    void aManifestAndASegmentThatWereExchanged() throws IOException {
        SimulatedFileSystem files = SmallStore.filled();
        String segment = "wal/" + files.list("wal").get(0);
        byte[] manifest = files.read(Manifest.FILE, 1 << 20);
        files.put(Manifest.FILE, files.read(segment, 1 << 20));
        files.put(segment, manifest);
        assertThat(Verification.verify(files).findings())
                .hasSize(2)
                .anyMatch(finding -> finding.contains(Manifest.FILE))
                .contains(segment + " at byte 0: segment header damaged");
        files.close();
        assertThat(repair(files, REPAIR).actions())
                .hasSize(2)
                .contains("lost: acknowledged records of the log: " + segment
                        + " at byte 0: segment header damaged; what can be read is sealed into a block");
        assertThat(files.read("quarantine/" + segment.substring(4), 1 << 20)).isEqualTo(manifest);
        List<Hole> holes = new ArrayList<>();
        assertThat(read(files, holes)).isEqualTo(SmallStore.samples(0, 30));
        assertThat(holes).hasSize(1);
        assertThat(repair(files, REPAIR).actions()).isEmpty();
    }

    @Test
    void newerFormatsAreRefusedAndNothingTouched() throws IOException {
        SimulatedFileSystem files = SmallStore.filled();
        byte[] block = files.read(FIRST, 1 << 20);
        FileEnvelope.Header header = new FileEnvelope.Header("BLCK", 2, "000000000001");
        byte[] newer = block.clone();
        byte[] end = Arrays.copyOfRange(block, block.length - FileEnvelope.FOOTER_BYTES, block.length);
        FileEnvelope.Footer footer = FileEnvelope.parseFooter(FIRST, "BLCK", 1, 1, end, block.length);
        byte[] newEnd = FileEnvelope.footer(
                new FileEnvelope.Footer(header, footer.fileLength(), footer.tailLength(), footer.tailCrc()));
        System.arraycopy(newEnd, 0, newer, newer.length - newEnd.length, newEnd.length);
        files.put(FIRST, newer);
        Map<String, List<Byte>> before = content(files);
        assertThatThrownBy(() -> repair(files, REPAIR))
                .isInstanceOf(UnsupportedFormatException.class)
                .hasMessage("cannot read " + FIRST + ": its format is too new: version=2, supported=1..1");
        assertThat(content(files)).isEqualTo(before);
        assertThatThrownBy(() -> SmallStore.open(files).close()).isInstanceOf(UnsupportedFormatException.class);
        assertThat(files.read(FIRST, 1 << 20)).isEqualTo(newer);
        files.put(FIRST, block);
        assertThat(read(files, new ArrayList<>())).isEqualTo(SmallStore.samples(0, 40));
    }

    @Test
    void aRepairCutOffAtAnyStepCanBeDoneAgain() throws IOException {
        SimulatedFileSystem all = SmallStore.filled();
        damagePage(all);
        List<String> left = read(all, new ArrayList<>());
        boolean finished = false;
        for (int step = 1; !finished; step++) {
            SimulatedFileSystem files = SmallStore.filled();
            damagePage(files);
            files.damage(FIRST, 3, 1); // the header, which nothing hangs on
            files.failAt(step, Fault.CRASH);
            finished = true;
            try {
                repair(files, REPAIR);
            } catch (IOException | SimulatedCrash e) {
                finished = false;
            }
            SimulatedFileSystem after = step % 2 == 0 ? files.crash(step) : files.killProcess();
            repair(after, REPAIR);
            List<Hole> holes = new ArrayList<>();
            assertThat(read(after, holes)).as("step " + step).isEqualTo(left);
            assertThat(holes).as("step " + step).isNotEmpty().allMatch(hole -> hole.series() == 3);
            assertThat(after.list("quarantine"))
                    .as("step " + step)
                    .contains("000000000001.varve", "000000000002.varve");
        }
    }
}
