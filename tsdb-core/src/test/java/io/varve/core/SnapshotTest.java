package io.varve.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.varve.core.fs.CorruptFileException;
import io.varve.core.fs.FileEnvelope;
import io.varve.core.fs.SimulatedCrash;
import io.varve.core.fs.SimulatedFileSystem;
import io.varve.core.fs.SimulatedFileSystem.Fault;
import io.varve.core.fs.UnsupportedFormatException;
import io.varve.core.model.Matcher;
import io.varve.core.model.TimeRange;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** A snapshot is all that was acknowledged before, or none; what is restored is all of a snapshot, or nothing. */
@ExtendWith(ExpectedCrashes.class)
class SnapshotTest {

    private static final String NAME = "snapshots/one";

    @TempDir
    private Path directory;

    /** Opens a directory of a simulated disk as the root of another. */
    static SimulatedFileSystem below(SimulatedFileSystem files, String path) throws IOException {
        SimulatedFileSystem root = new SimulatedFileSystem();
        for (String folder : List.of("", "/blocks", "/wal")) {
            root.createDirectories(folder.isEmpty() ? "" : folder.substring(1));
            for (String name : files.list(path + folder)) {
                if (!files.list(path + folder + "/" + name).isEmpty() || name.equals("blocks") || name.equals("wal")) {
                    continue;
                }
                String inRoot = (folder + "/" + name).substring(1);
                root.put(inRoot, files.read(path + folder + "/" + name, 1 << 30));
            }
        }
        return root;
    }

    private static List<String> readBelow(SimulatedFileSystem files, String path) throws IOException {
        try (Tsdb db = SmallStore.open(below(files, path))) {
            return SmallStore.read(db);
        }
    }

    @Test
    void holdsWhatWasWrittenBeforeAndOpensAsAStore() throws IOException {
        SimulatedFileSystem files = SmallStore.filled();
        try (Tsdb db = SmallStore.open(files)) {
            db.snapshot(files, NAME);
            SmallStore.write(db, 40);
            db.flush();
            db.compact(); // the linked blocks go
            assertThat(SmallStore.read(db)).isEqualTo(SmallStore.samples(0, 50));
        }
        assertThat(readBelow(files, NAME)).isEqualTo(SmallStore.samples(0, 40));
        assertThat(Verification.verify(below(files, NAME)).findings()).isEmpty();
        Restore.restore(files, NAME + "/", files, "restored");
        SimulatedFileSystem restored = below(files, "restored");
        assertThat(restored.list("")).containsExactly("MANIFEST", "blocks", "wal");
        try (Tsdb db = SmallStore.open(restored)) { // later samples win over those of the snapshot's blocks
            SmallStore.write(db, 5);
            assertThat(SmallStore.read(db)).contains("s0 5 5.0", "s0 4 0.5").doesNotContain("s0 5 0.625");
            db.flush();
            restored.delete(Manifest.FILE);
        }
        try (Tsdb db = SmallStore.open(restored)) {
            assertThat(SmallStore.read(db)).contains("s0 5 5.0").doesNotContain("s0 5 0.625");
        }
    }

    @Test
    void deletionsAreInASnapshotAndHoldForWhatIsRestored() throws IOException {
        SimulatedFileSystem files = SmallStore.filled();
        try (Tsdb db = SmallStore.open(files)) {
            db.delete(
                    List.of(Matcher.equal("__name__", "m")),
                    TimeRange.of(
                            SmallStore.START + 9_000,
                            SmallStore.START + 11_999)); // too little of two blocks for upkeep to write them anew
            SmallStore.write(db, 0); // and again
            db.snapshot(files, NAME); // with a third block: too few to merge
            assertThat(db.liveDeletions()).isPositive();
            db.delete(List.of(Matcher.equal("__name__", "m")), TimeRange.ALL); // of no concern to the snapshot
        }
        List<String> expected = new ArrayList<>(SmallStore.samples(0, 10));
        expected.addAll(SmallStore.samples(12, 40));
        expected.sort(null);
        assertThat(files.list(NAME)).containsAll(DeletionFile.FILES);
        assertThat(Verification.verify(below(files, NAME)).findings()).isEmpty();
        assertThat(readBelow(files, NAME)).isEqualTo(expected);
        SimulatedFileSystem elsewhere = new SimulatedFileSystem();
        Restore.restore(files, NAME + "/", elsewhere, "store");
        SimulatedFileSystem restored = below(elsewhere, "store");
        for (int round = 0; round < 2; round++) {
            try (Tsdb db = SmallStore.open(restored)) {
                assertThat(SmallStore.read(db)).isEqualTo(expected);
                db.cleanTombstones();
                assertThat(SmallStore.read(db)).isEqualTo(expected);
            }
        }
        files.damage(NAME + "/DELETIONS", 60, 1);
        assertThatThrownBy(() -> Restore.restore(files, NAME + "/", elsewhere, "other"))
                .isInstanceOf(CorruptFileException.class)
                .hasMessageContaining("DELETIONS");
    }

    @Test
    void copiesWhereNothingCanBeLinked() throws IOException {
        SimulatedFileSystem files = SmallStore.filled();
        files.refuseLinks();
        try (Tsdb db = SmallStore.open(files)) {
            db.snapshot(files, NAME);
        }
        assertThat(readBelow(files, NAME)).isEqualTo(SmallStore.samples(0, 40));
    }

    @Test
    void onARealDiskBesideAndBelowTheStore() throws IOException {
        Path store = directory.resolve("store");
        Path copy = directory.resolve("backup/first");
        try (Tsdb db = Tsdb.open(store, SmallStore.CONFIG)) {
            SmallStore.write(db, 0);
            String name = db.snapshot();
            assertThat(name).matches("[0-9]{8}T[0-9]{6}Z-[0-9a-f]{16}");
            db.snapshot(copy);
            assertThatThrownBy(() -> db.snapshot(copy)).isInstanceOf(FileAlreadyExistsException.class);
            assertThat(store.resolve("snapshots/" + name + "/SHA256SUMS")).exists();
            assertThat(Files.getAttribute(copy.resolve("blocks/000000000001.varve"), "unix:nlink"))
                    .isEqualTo(3);
            SmallStore.write(db, 10);
        }
        assertThat(Verification.verify(copy).summary()).startsWith("snapshot, 3 hashes right: 1 blocks (30 samples");
        Path restored = directory.resolve("restored");
        assertThat(Restore.restore(copy, restored)).isEqualTo("1 blocks of 3 files restored, every hash right");
        try (Tsdb db = Tsdb.open(restored, SmallStore.CONFIG)) {
            assertThat(SmallStore.read(db)).isEqualTo(SmallStore.samples(0, 10));
        }
        assertThatThrownBy(() -> Restore.restore(copy, restored)).isInstanceOf(FileAlreadyExistsException.class);
        assertThatThrownBy(() -> Restore.restore(directory.resolve("none"), directory.resolve("x")))
                .isInstanceOf(NoSuchFileException.class);
        assertThatThrownBy(() -> Restore.restore(store, directory.resolve("x")))
                .isInstanceOf(NoSuchFileException.class)
                .hasMessageContaining("not a whole snapshot");
        Files.createDirectory(directory.resolve("empty"));
        Restore.restore(copy, directory.resolve("empty"));
    }

    @Test
    void aSnapshotCutOffAtAnyStepIsNone() throws IOException {
        boolean finished = false;
        for (int step = 1; !finished; step++) {
            SimulatedFileSystem files = SmallStore.filled();
            Tsdb db = SmallStore.open(files);
            files.failAt(step, Fault.CRASH);
            finished = true;
            try {
                db.snapshot(files, NAME);
                db.close();
            } catch (IOException | SimulatedCrash e) {
                finished = false;
            }
            SimulatedFileSystem after = step % 2 == 0 ? files.crash(step) : files.killProcess();
            if (after.exists(NAME)) {
                assertThat(readBelow(after, NAME)).as("step " + step).isEqualTo(SmallStore.samples(0, 40));
                Restore.check(after, NAME + "/");
            }
            try (Tsdb again = SmallStore.open(after)) {
                assertThat(SmallStore.read(again)).as("step " + step).isEqualTo(SmallStore.samples(0, 40));
                assertThat(after.list("snapshots")).noneMatch(name -> name.endsWith(".tmp"));
                again.snapshot(after, "snapshots/two");
                assertThat(readBelow(after, "snapshots/two")).isEqualTo(SmallStore.samples(0, 40));
            }
        }
    }

    @Test
    void anErrorAtAnyStepLeavesNothing() throws IOException {
        boolean finished = false;
        for (int step = 1; !finished; step++) {
            SimulatedFileSystem files = SmallStore.filled();
            try (Tsdb db = SmallStore.open(files)) {
                db.flush();
                files.failAt(step, Fault.IO_ERROR);
                finished = true;
                try {
                    Restore.check(files, snapshot(db, files));
                } catch (IOException e) {
                    finished = false;
                }
                files.failNoMore();
                if (!finished && files.exists(NAME)) {
                    Restore.check(files, NAME + "/"); // only the last force failed
                } else if (!finished) {
                    db.snapshot(files, NAME);
                }
                assertThat(SmallStore.read(db)).isEqualTo(SmallStore.samples(0, 40));
            }
            assertThat(readBelow(files, NAME)).as("step " + step).isEqualTo(SmallStore.samples(0, 40));
        }
    }

    private static String snapshot(Tsdb db, SimulatedFileSystem files) throws IOException {
        db.snapshot(files, NAME);
        return NAME + "/";
    }

    private static SimulatedFileSystem withSnapshot() throws IOException {
        SimulatedFileSystem files = SmallStore.filled();
        try (Tsdb db = SmallStore.open(files)) {
            db.snapshot(files, NAME);
        }
        return files;
    }

    @Test
    void aRestoreCutOffAtAnyStepIsNone() throws IOException {
        boolean finished = false;
        for (int step = 1; !finished; step++) {
            SimulatedFileSystem files = withSnapshot();
            files.failAt(step, Fault.CRASH);
            finished = true;
            try {
                Restore.restore(files, NAME + "/", files, "restored");
            } catch (IOException | SimulatedCrash e) {
                finished = false;
            }
            SimulatedFileSystem after = step % 2 == 0 ? files.crash(step) : files.killProcess();
            if (!after.list("restored").isEmpty()) {
                assertThat(readBelow(after, "restored")).as("step " + step).isEqualTo(SmallStore.samples(0, 40));
            } else {
                Restore.restore(after, NAME + "/", after, "restored");
                assertThat(readBelow(after, "restored")).isEqualTo(SmallStore.samples(0, 40));
                assertThat(after.list("")).doesNotContain("restored.restoring");
            }
        }
    }

    @Test
    void nothingIsTakenOfADamagedSnapshot() throws IOException {
        SimulatedFileSystem sound = withSnapshot();
        List<String> paths = List.of(
                "MANIFEST",
                "SHA256SUMS",
                "blocks/" + sound.list(NAME + "/blocks").get(0),
                "blocks/" + sound.list(NAME + "/blocks").get(1),
                "wal/" + sound.list(NAME + "/wal").get(0));
        for (String path : paths) {
            byte[] bytes = sound.read(NAME + "/" + path, 1 << 20);
            byte[] other = sound.read(NAME + "/" + paths.get(path.equals(paths.get(2)) ? 3 : 2), 1 << 20);
            byte[] flipped = bytes.clone();
            flipped[bytes.length / 2] ^= 4;
            for (byte[] damaged : List.of(
                    flipped,
                    Arrays.copyOf(bytes, bytes.length - 1),
                    Arrays.copyOf(bytes, bytes.length + 1),
                    new byte[0],
                    other)) {
                SimulatedFileSystem files = withSnapshot();
                files.put(NAME + "/" + path, damaged);
                refuses(files, path);
            }
            SimulatedFileSystem files = withSnapshot();
            files.delete(NAME + "/" + path);
            refuses(files, path);
        }
        SimulatedFileSystem files = withSnapshot();
        String lines = new String(files.read(NAME + "/SHA256SUMS", 1 << 20), StandardCharsets.UTF_8);
        String aLineLess = lines.replaceFirst("[0-9a-f]+  blocks/[^\n]*\n", "");
        files.put(NAME + "/SHA256SUMS", aLineLess.getBytes(StandardCharsets.UTF_8));
        refuses(files, "a block that the list does not name");
        String leading = lines.replaceFirst("blocks/[^\n]*\n", "../../etc/passwd\n");
        files.put(NAME + "/SHA256SUMS", leading.getBytes(StandardCharsets.UTF_8));
        refuses(files, "a path that leads out");
    }

    private static void refuses(SimulatedFileSystem files, String what) throws IOException {
        assertThatThrownBy(() -> Restore.restore(files, NAME + "/", files, "restored"))
                .as(what)
                .isInstanceOfAny(CorruptFileException.class, NoSuchFileException.class);
        assertThat(files.list("")).as(what).doesNotContain("restored", "restored.restoring");
    }

    @Test
    void aNewerManifestIsRefusedByName() throws IOException {
        SimulatedFileSystem files = withSnapshot();
        byte[] manifest = files.read(NAME + "/MANIFEST", 1 << 20);
        byte[] payload = FileEnvelope.unwrap("MANIFEST", "MANI", 1, 1, manifest);
        byte[] newer = FileEnvelope.wrap("MANI", 2, "store", payload);
        String lines = new String(files.read(NAME + "/SHA256SUMS", 1 << 20), StandardCharsets.UTF_8);
        files.put(NAME + "/MANIFEST", newer);
        files.put(
                NAME + "/SHA256SUMS",
                lines.replaceFirst("[0-9a-f]+  MANIFEST", io.varve.core.fs.FileCopy.sha256(newer) + "  MANIFEST")
                        .getBytes(StandardCharsets.UTF_8));
        assertThatThrownBy(() -> Restore.restore(files, NAME + "/", files, "restored"))
                .isInstanceOf(UnsupportedFormatException.class)
                .hasMessageContaining("too new");
    }
}
