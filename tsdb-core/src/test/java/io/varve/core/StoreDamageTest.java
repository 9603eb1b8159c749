package io.varve.core;

import static org.assertj.core.api.Assertions.assertThat;

import io.varve.core.fs.SimulatedFileSystem;
import io.varve.core.storage.Hole;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Files of a store that are missing, cut, extended, emptied or swapped: the store opens, answers all that lies in other
 * files, says what is missing, takes samples, and verify finds it.
 */
class StoreDamageTest {

    private static final String FIRST = "blocks/000000000001.varve";
    private static final String SECOND = "blocks/000000000002.varve";

    private enum Damage {
        MISSING,
        CUT_BY_ONE,
        CUT_IN_HALF,
        EMPTY,
        EXTENDED,
        SWAPPED
    }

    static Stream<Damage> damages() {
        return Stream.of(Damage.values());
    }

    private static void harm(SimulatedFileSystem files, String path, String other, Damage damage) throws IOException {
        byte[] bytes = files.read(path, 1 << 24);
        switch (damage) {
            case MISSING -> files.delete(path);
            case CUT_BY_ONE -> files.put(path, Arrays.copyOf(bytes, bytes.length - 1));
            case CUT_IN_HALF -> files.put(path, Arrays.copyOf(bytes, bytes.length / 2));
            case EMPTY -> files.put(path, new byte[0]);
            case EXTENDED -> files.put(path, Arrays.copyOf(bytes, bytes.length + 512));
            case SWAPPED -> {
                files.put(path, files.read(other, 1 << 24));
                files.put(other, bytes);
            }
        }
    }

    private static void opensWith(SimulatedFileSystem files, List<String> atLeast, boolean holes) throws IOException {
        List<Hole> found = new ArrayList<>();
        List<String> answer;
        try (Tsdb db = SmallStore.open(files)) {
            answer = SmallStore.read(db, found);
            assertThat(SmallStore.samples(0, 40))
                    .as("nothing that was never written")
                    .containsAll(answer);
            assertThat(answer).containsAll(atLeast);
            assertThat(!found.isEmpty()).as("holes: " + found).isEqualTo(holes);
            SmallStore.write(db, 40);
            db.flush();
        }
        try (Tsdb db = SmallStore.open(files)) {
            List<Hole> later = new ArrayList<>();
            assertThat(SmallStore.read(db, later)).containsAll(answer).containsAll(SmallStore.samples(40, 50));
            assertThat(later).as("told again").hasSize(found.size());
        }
    }

    @ParameterizedTest
    @MethodSource("damages")
    void ofABlock(Damage damage) throws IOException {
        SimulatedFileSystem files = SmallStore.filled();
        harm(files, FIRST, SECOND, damage);
        boolean both = damage == Damage.SWAPPED; // a block under the name of another could be deleted in its place
        assertThat(Verification.verify(files).findings()).hasSize(both ? 2 : 1);
        files.close();
        opensWith(files, SmallStore.samples(both ? 30 : 10, 40), true);
        assertThat(files.list("quarantine")).hasSize(both ? 2 : damage == Damage.MISSING ? 0 : 1);
    }

    @ParameterizedTest
    @MethodSource("damages")
    void ofTheManifest(Damage damage) throws IOException {
        SimulatedFileSystem files = SmallStore.filled();
        byte[] block = files.read(FIRST, 1 << 24);
        harm(files, "MANIFEST", FIRST, damage);
        files.put(FIRST, block);
        assertThat(Verification.verify(files).findings()).hasSize(1);
        files.close();
        byte[] harmed = damage == Damage.MISSING ? new byte[0] : files.read("MANIFEST", 1 << 24);
        opensWith(files, SmallStore.samples(0, 40), false);
        if (damage != Damage.MISSING) {
            assertThat(files.read("quarantine/MANIFEST", 1 << 24)).isEqualTo(harmed);
        }
    }

    @ParameterizedTest
    @MethodSource("damages")
    void ofTheLog(Damage damage) throws IOException {
        SimulatedFileSystem files = SmallStore.filled();
        String segment = "wal/" + files.list("wal").get(0);
        harm(files, segment, FIRST, damage);
        boolean lossless = damage == Damage.CUT_BY_ONE || damage == Damage.CUT_IN_HALF || damage == Damage.EXTENDED;
        List<String> sealed = SmallStore.samples(damage == Damage.SWAPPED ? 10 : 0, lossless ? 40 : 30);
        assertThat(Verification.verify(files).findings().isEmpty()).isEqualTo(lossless);
        files.close();
        opensWith(files, sealed, !lossless);
    }
}
