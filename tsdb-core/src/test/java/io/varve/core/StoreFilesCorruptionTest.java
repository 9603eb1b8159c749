package io.varve.core;

import static org.assertj.core.api.Assertions.assertThat;

import io.varve.core.fs.SimulatedFileSystem;
import io.varve.core.model.Labels;
import io.varve.core.model.Matcher;
import io.varve.core.model.TimeRange;
import io.varve.core.storage.Appender;
import io.varve.core.storage.ColumnCursor;
import io.varve.core.storage.Durability;
import io.varve.core.storage.Hole;
import io.varve.core.storage.Querier;
import io.varve.core.storage.SeriesSet;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Every file of a store, and both copies of what it keeps twice: cut, emptied, extended, zeroed, exchanged or missing.
 * The store then answers all, or says what is missing, or is not opened for a reason that names the file; it never answers
 * what was not written, nor what was deleted.
 */
class StoreFilesCorruptionTest {

    private static final int SERIES = 400;
    private static final int DELETED = 7;

    /** Labels of all series fill more than the part of this log that calls for a checkpoint of the registry. */
    private static final TsdbConfig CONFIG =
            TsdbConfig.defaults().ringBytes(1 << 20).walBytes(200_000);

    /** What a crash leaves of a segment that was just begun; of one that no file names it cannot be told apart. */
    private static final Set<String> LIKE_A_CRASH = Set.of("missing", "empty", "of ten bytes", "of zeros");

    private final Set<String> expected = new TreeSet<>();
    private final List<String> paths = new ArrayList<>();
    private SimulatedFileSystem sound = new SimulatedFileSystem();

    private static Tsdb open(SimulatedFileSystem disk) throws IOException {
        TsdbRuntime runtime = TsdbRuntime.create(new SettableTime(SmallStore.START), new Random(1));
        return Tsdb.open(disk, CONFIG, runtime, "main", runtime);
    }

    private void write(Tsdb db, int second) {
        try (Appender appender = db.appender(Durability.SYNCED)) {
            for (int i = 0; i < SERIES; i++) {
                Labels labels = Labels.of("__name__", "m", "job", "test", "pod", "pod-" + i, "zone", "z" + i % 5);
                appender.append(appender.series(labels), SmallStore.START + 1_000L * second, i + second / 8.0);
                if (i != DELETED || second > 1) {
                    expected.add("pod-" + i + " " + second);
                }
            }
            assertThat(appender.commit().refused()).isZero();
        }
    }

    private static Set<String> read(Tsdb db, List<Hole> holes) {
        Set<String> found = new TreeSet<>();
        try (Querier querier = db.querier(TimeRange.ALL);
                SeriesSet set = querier.select(Matcher.equal("job", "test"))) {
            while (set.next()) {
                int series =
                        Integer.parseInt(String.valueOf(set.labels().get("pod")).substring(4));
                for (ColumnCursor columns = set.columns(); columns.nextPage(); ) {
                    for (int i = 0; i < columns.size(); i++) {
                        long second = (columns.times()[i] - SmallStore.START) / 1_000;
                        assertThat(columns.values()[i]).isEqualTo(series + second / 8.0);
                        assertThat(found.add("pod-" + series + " " + second)).isTrue();
                    }
                }
            }
            holes.addAll(set.holes());
        }
        return found;
    }

    @BeforeEach
    void makeAStore() throws IOException {
        Tsdb db = open(sound);
        write(db, 1);
        db.flush();
        db.delete(List.of(Matcher.equal("pod", "pod-" + DELETED)), TimeRange.ALL);
        write(db, 2);
        db.flush();
        write(db, 3);
        write(db, 4);
        sound = sound.killProcess();
        listFiles();
        assertThat(paths)
                .contains("MANIFEST", "DELETIONS", "DELETIONS.copy")
                .anyMatch(path -> path.endsWith(".varve"))
                .anyMatch(path -> path.endsWith(".series"))
                .anyMatch(path -> path.endsWith(".seg"));
        check(sound.durableCopy(), List.of(""), "sound");
    }

    private void listFiles() throws IOException {
        paths.clear();
        for (String directory : List.of("", "blocks", "wal")) {
            for (String name : sound.list(directory)) {
                String path = directory.isEmpty() ? name : directory + "/" + name;
                if (sound.exists(path) && !name.equals("LOCK") && !name.equals("blocks") && !name.equals("wal")) {
                    paths.add(path);
                }
            }
        }
    }

    private static String nameOf(String path) {
        return path.substring(path.lastIndexOf('/') + 1);
    }

    private String only(String suffix) {
        List<String> found =
                paths.stream().filter(path -> path.endsWith(suffix)).toList();
        assertThat(found).hasSize(1);
        return found.get(0);
    }

    /** What a file may have become, by name of the change. */
    private Map<String, byte[]> changes(String path) throws IOException {
        byte[] bytes = sound.read(path, 1 << 24);
        byte[] zeros = new byte[bytes.length];
        byte[] noise = new byte[bytes.length];
        byte[] extended = Arrays.copyOf(bytes, bytes.length + 4_096);
        new Random(2).nextBytes(noise);
        System.arraycopy(noise, 0, extended, bytes.length, Math.min(noise.length, 4_096));
        byte[] flipped = bytes.clone();
        flipped[bytes.length / 3] ^= 0x10;
        Map<String, byte[]> changes = new LinkedHashMap<>();
        changes.put("without its last byte", Arrays.copyOf(bytes, bytes.length - 1));
        changes.put("half", Arrays.copyOf(bytes, bytes.length / 2));
        changes.put("of ten bytes", Arrays.copyOf(bytes, 10));
        changes.put("empty", new byte[0]);
        changes.put("extended", extended);
        changes.put("of zeros", zeros);
        changes.put("of noise", noise);
        changes.put("flipped", flipped);
        return changes;
    }

    /** What was deleted may be answered again only with the word that deletions are lost. */
    private static Set<String> withoutDeleted(Set<String> found, List<Hole> holes) {
        Set<String> rest = new TreeSet<>(found);
        if (holes.stream().anyMatch(hole -> hole.cause().contains("deletions"))) {
            rest.remove("pod-" + DELETED + " 1");
        }
        return rest;
    }

    private void check(SimulatedFileSystem disk, List<String> changed, String what) throws IOException {
        try (Tsdb db = open(disk)) {
            List<Hole> holes = new ArrayList<>();
            Set<String> found = read(db, holes);
            assertThat(expected).as("%s: nothing but what was written", what).containsAll(withoutDeleted(found, holes));
            assertThat(found.size() == expected.size() || !holes.isEmpty())
                    .as("%s: %d of %d samples and no word of the others", what, found.size(), expected.size())
                    .isTrue();
        } catch (IOException e) {
            assertThat(changed.stream().map(StoreFilesCorruptionTest::nameOf))
                    .as("%s: the file is named: %s", what, e.getMessage())
                    .anyMatch(name -> String.valueOf(e.getMessage()).contains(name));
        }
    }

    @Test
    void everyFileChangedInAnyWay() throws IOException {
        for (String path : paths) {
            for (Map.Entry<String, byte[]> change : changes(path).entrySet()) {
                SimulatedFileSystem disk = sound.durableCopy();
                disk.put(path, change.getValue());
                check(disk, List.of(path), path + " " + change.getKey());
            }
            SimulatedFileSystem disk = sound.durableCopy();
            disk.delete(path);
            check(disk, List.of(path), path + " missing");
        }
    }

    @Test
    void bothCopiesChangedInAnyWay() throws IOException {
        List<List<String>> pairs = List.of(
                List.of("DELETIONS", "DELETIONS.copy"),
                paths.stream().filter(path -> path.endsWith(".series")).toList());
        for (List<String> pair : pairs) {
            assertThat(pair).hasSize(2);
            for (String change : changes(pair.get(0)).keySet()) {
                SimulatedFileSystem disk = sound.durableCopy();
                for (String path : pair) {
                    disk.put(path, Objects.requireNonNull(changes(path).get(change)));
                }
                check(disk, pair, pair + " " + change);
            }
            SimulatedFileSystem disk = sound.durableCopy();
            for (String path : pair) {
                disk.delete(path);
            }
            check(disk, pair, pair + " missing");
        }
    }

    @Test
    void anyTwoFilesExchanged() throws IOException {
        exchangeAnyTwo();
        goOnAfterAKill();
        exchangeAnyTwo();
    }

    private void exchangeAnyTwo() throws IOException {
        for (String one : paths) {
            for (String other : paths) {
                if (one.compareTo(other) < 0) {
                    SimulatedFileSystem disk = sound.durableCopy();
                    disk.put(one, sound.read(other, 1 << 24));
                    disk.put(other, sound.read(one, 1 << 24));
                    check(disk, List.of(one, other), one + " and " + other + " exchanged");
                }
            }
        }
    }

    /** A second segment of the same generation, which no file names. */
    private void goOnAfterAKill() throws IOException {
        Tsdb db = open(sound);
        write(db, 5);
        sound = sound.killProcess();
        listFiles();
        assertThat(paths).filteredOn(path -> path.endsWith(".seg")).hasSize(2);
    }

    @Test
    void aManifestThatIsLostCostsNothing() throws IOException {
        loseTheManifest();
        goOnAfterAKill();
        loseTheManifest();
    }

    private void loseTheManifest() throws IOException {
        for (Map.Entry<String, byte[]> manifest : lost("MANIFEST").entrySet()) {
            SimulatedFileSystem disk = sound.durableCopy();
            put(disk, "MANIFEST", manifest.getValue());
            List<Hole> holes = new ArrayList<>();
            try (Tsdb db = open(disk)) {
                assertThat(read(db, holes)).as("MANIFEST %s", manifest.getKey()).isEqualTo(expected);
            }
            assertThat(holes).as("MANIFEST %s", manifest.getKey()).isEmpty();
        }
    }

    @Test
    void theManifestAndTheLogChangedInAnyWay() throws IOException {
        changeTheManifestAnd(only(".seg"), Set.of());
        goOnAfterAKill();
        List<String> segments =
                paths.stream().filter(path -> path.endsWith(".seg")).toList();
        changeTheManifestAnd(segments.get(0), Set.of());
        changeTheManifestAnd(segments.get(1), LIKE_A_CRASH);
    }

    private void changeTheManifestAnd(String segment, Set<String> unnoticed) throws IOException {
        for (Map.Entry<String, byte[]> manifest : lost("MANIFEST").entrySet()) {
            for (Map.Entry<String, byte[]> log : lost(segment).entrySet()) {
                if (!unnoticed.contains(log.getKey())) {
                    SimulatedFileSystem disk = sound.durableCopy();
                    put(disk, "MANIFEST", manifest.getValue());
                    put(disk, segment, log.getValue());
                    String what = "MANIFEST " + manifest.getKey() + ", " + segment + " " + log.getKey();
                    check(disk, List.of("MANIFEST", segment), what);
                }
            }
        }
    }

    /** All changes of a file, and that it is missing, as null. */
    private Map<String, byte[]> lost(String path) throws IOException {
        Map<String, byte[]> all = changes(path);
        all.put("missing", null);
        return all;
    }

    private static void put(SimulatedFileSystem disk, String path, byte @Nullable [] content) throws IOException {
        if (content == null) {
            disk.delete(path);
        } else {
            disk.put(path, content);
        }
    }

    @Test
    void whatIsLeftOfUnfinishedWorkOrWasSetAsideChangesNothing() throws IOException {
        byte[] noise = new byte[5_000];
        new Random(3).nextBytes(noise);
        for (String path : List.of(
                "MANIFEST.tmp",
                "DELETIONS.tmp",
                "LOCK",
                "blocks/000000000099.tmp",
                "blocks/000000000099.varve",
                "quarantine/000000000001.varve",
                "wal/000099-00.copy.tmp")) {
            for (byte[] content : List.of(noise, new byte[0])) {
                SimulatedFileSystem disk = sound.durableCopy();
                disk.createDirectories("quarantine");
                disk.put(path, content);
                try (Tsdb db = open(disk)) {
                    List<Hole> holes = new ArrayList<>();
                    assertThat(read(db, holes)).as(path).isEqualTo(expected);
                    assertThat(holes).as(path).isEmpty();
                }
            }
        }
    }
}
