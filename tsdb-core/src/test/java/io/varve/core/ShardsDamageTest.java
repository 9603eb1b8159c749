package io.varve.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.varve.core.fs.CorruptFileException;
import io.varve.core.fs.SimulatedFileSystem;
import io.varve.core.model.Matcher;
import io.varve.core.model.TimeRange;
import io.varve.core.storage.Hole;
import io.varve.core.storage.Querier;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Shards that are missing, damaged, exchanged; what of them is verified, repaired, copied and restored. */
class ShardsDamageTest {

    private static final int SERIES = ShardsTest.SERIES;
    private static final TsdbConfig CONFIG = ShardsTest.CONFIG;
    private static final String SHARD = "shards/01/";

    /** Without the second shard's directory. */
    static void loseSecond(SimulatedFileSystem files) throws IOException {
        for (String folder : List.of("shards/01/blocks", "shards/01/wal", "shards/01")) {
            for (String name : files.list(folder)) {
                files.delete(folder + "/" + name);
            }
            files.delete(folder);
        }
        files.delete("shards");
        assertThat(files.list("")).doesNotContain("shards");
    }

    @Test
    void aMissingShardIsALossThatEveryAnswerTells() throws IOException {
        SimulatedFileSystem files = ShardsTest.filled();
        loseSecond(files);
        assertThat(Verification.verify(files).findings())
                .containsExactly(SHARD + "MANIFEST: missing, and all else that the shard held");
        files.close();
        for (int opening = 0; opening < 2; opening++) {
            try (Tsdb db = ShardsTest.open(files)) {
                List<Hole> holes = new ArrayList<>();
                List<String> left = SmallStore.read(db, holes);
                assertThat(ShardsTest.samples(0, 30)).containsAll(left);
                assertThat(left.size() < SERIES * 30).isEqualTo(opening == 0);
                assertThat(holes).hasSize(1);
                assertThat(holes.get(0).cause()).isEqualTo("shards/01: the files of shard 1 of 2 were missing");
                try (Querier querier = db.querier(TimeRange.of(1, 2))) {
                    assertThat(querier.losses()).hasSize(1);
                }
                ShardsTest.write(db, 0, 30); // it takes what is written again
                assertThat(ShardsTest.read(db)).isEqualTo(ShardsTest.samples(0, 30));
            }
        }
        assertThat(Verification.verify(files).findings())
                .containsExactly(SHARD + "MANIFEST: known to be lost: the files of shard 1 of 2 were missing");
        files.close();
        Repair.Report accepted = repair(files, true);
        assertThat(accepted.actions())
                .containsExactly(
                        "shards/01/: accepted: an unknown number of series: the files of shard 1 of 2 were missing");
        assertThat(Verification.verify(files).findings()).isEmpty();
    }

    private static Repair.Report repair(SimulatedFileSystem files, boolean accept) throws IOException {
        TsdbRuntime runtime = TsdbRuntime.create(new SettableTime(SmallStore.START + 86_400_000L), new Random(1));
        return Repair.repair(files, new Repair.Options(false, accept), runtime);
    }

    @Test
    void aMissingShardIsRepairedToAnEmptyOne() throws IOException {
        SimulatedFileSystem files = ShardsTest.filled();
        loseSecond(files);
        assertThat(repair(files, false).actions())
                .containsExactly(
                        "shards/01/: MANIFEST: missing; rebuilt from the blocks",
                        "shards/01/: lost: an unknown number of series: the files of shard 1 of 2 were missing");
        try (Tsdb db = ShardsTest.open(files)) {
            List<Hole> holes = new ArrayList<>();
            assertThat(SmallStore.read(db, holes)).isNotEmpty();
            assertThat(holes).hasSize(1);
        }
    }

    @Test
    void theLostManifestOfTheStoreIsRebuiltWithTheCountOfTheShards() throws IOException {
        for (boolean damaged : new boolean[] {false, true}) {
            SimulatedFileSystem files = ShardsTest.filled();
            if (damaged) {
                files.damage(Manifest.FILE, 40, 1);
            } else {
                files.delete(Manifest.FILE);
            }
            try (Tsdb db = ShardsTest.open(files, CONFIG.shards(0))) {
                assertThat(ShardsTest.read(db)).isEqualTo(ShardsTest.samples(0, 30));
            }
            assertThat(Manifest.read(files).place().count()).isEqualTo(2);
            files.delete(SHARD + Manifest.FILE);
            files.delete(Manifest.FILE);
            assertThat(repair(files, false).actions()).hasSize(2);
            try (Tsdb db = ShardsTest.open(files, CONFIG.shards(0))) {
                assertThat(ShardsTest.read(db)).isEqualTo(ShardsTest.samples(0, 30));
            }
        }
    }

    @Test
    void theLostFirstShardIsNoNewStore() throws IOException {
        SimulatedFileSystem files = ShardsTest.filled();
        for (String folder : List.of("blocks/", "wal/")) {
            for (String name : files.list(folder.replace("/", ""))) {
                files.delete(folder + name);
            }
        }
        files.delete(Manifest.FILE);
        try (Tsdb db = ShardsTest.open(files)) {
            List<Hole> holes = new ArrayList<>();
            assertThat(SmallStore.read(db, holes)).isNotEmpty();
            assertThat(holes).extracting(Hole::cause).containsExactly("the files of shard 0 of 2 were missing");
        }
    }

    @Test
    void exchangedDirectoriesAreRefused() throws IOException {
        SimulatedFileSystem files = new SimulatedFileSystem();
        try (Tsdb db = ShardsTest.open(files, CONFIG.shards(3))) {
            ShardsTest.write(db, 0, 10);
        }
        files.renameDirectory("shards/01", "shards/xx");
        files.renameDirectory("shards/02", "shards/01");
        files.renameDirectory("shards/xx", "shards/02");
        assertThatThrownBy(() -> ShardsTest.open(files, CONFIG.shards(0)))
                .isInstanceOf(CorruptFileException.class)
                .hasMessageContaining("shards/01/MANIFEST")
                .hasMessageContaining("the manifest of shard 1 of 3")
                .hasMessageContaining("shard 2 of 3");
        assertThat(Verification.verify(files).findings())
                .containsExactly(
                        "shards/01/MANIFEST: of shard 2 of 3, where shard 1 of 3 should be",
                        "shards/02/MANIFEST: of shard 1 of 3, where shard 2 of 3 should be");
        files.close();
        assertThatThrownBy(() -> repair(files, false)).hasMessageContaining("put each in its place");
    }

    @Test
    void aShardIsNoStore() throws IOException {
        SimulatedFileSystem files = ShardsTest.filled();
        SimulatedFileSystem shard = new SimulatedFileSystem();
        shard.put(Manifest.FILE, files.read(SHARD + Manifest.FILE, 1 << 20));
        assertThatThrownBy(() -> ShardsTest.open(shard))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("a shard is no store, use the directory that it is a part of");
    }

    @Test
    void aDirectoryThatIsNoShardIsTold() throws IOException {
        SimulatedFileSystem files = ShardsTest.filled();
        files.createDirectories("shards/07");
        try (Tsdb db = ShardsTest.open(files)) {
            assertThat(ShardsTest.read(db)).isEqualTo(ShardsTest.samples(0, 30));
        }
        assertThat(Verification.verify(files).findings())
                .containsExactly("shards/07: no shard of this store, nobody reads it");
    }

    @Test
    void damageInOneShardIsFoundAndRepaired() throws IOException {
        SimulatedFileSystem files = ShardsTest.filled();
        String block = SHARD + "blocks/" + files.list(SHARD + "blocks").get(0);
        files.damage(block, files.size(block) - 3, 1); // the tail: all of the block
        assertThat(Verification.verify(files).findings()).isNotEmpty().allMatch(found -> found.startsWith(SHARD));
        files.close();
        Repair.Report report = repair(files, false);
        assertThat(report.actions()).isNotEmpty().allMatch(action -> action.startsWith(SHARD));
        assertThat(files.list("shards/01/quarantine")).hasSize(1);
        try (Tsdb db = ShardsTest.open(files)) {
            List<Hole> holes = new ArrayList<>();
            List<String> left = SmallStore.read(db, holes);
            assertThat(left).containsAll(ShardsTest.samples(10, 30));
            assertThat(left.size()).isBetween(SERIES * 20 + 1, SERIES * 30 - 1);
            assertThat(holes).isNotEmpty().allMatch(hole -> hole.cause().startsWith("shards/01: "));
        }
    }

    @Test
    void aSnapshotHoldsAllShards() throws IOException {
        SimulatedFileSystem files = ShardsTest.filled();
        try (Tsdb db = ShardsTest.open(files)) {
            db.delete(List.of(Matcher.equal("series", "s1")), TimeRange.ALL);
            db.snapshot(files, "snapshots/one");
            ShardsTest.write(db, 30, 40);
        }
        SimulatedFileSystem target = new SimulatedFileSystem();
        assertThat(Restore.restore(files, "snapshots/one/", target, "restored")).contains("6 blocks");
        SimulatedFileSystem restored = below(target, "restored");
        assertThat(Verification.verify(restored).findings()).isEmpty();
        restored.close();
        try (Tsdb db = ShardsTest.open(restored)) {
            assertThat(ShardsTest.read(db))
                    .isEqualTo(ShardsTest.samples(0, 30).stream()
                            .filter(sample -> !sample.startsWith("s1 "))
                            .toList());
        }
        SimulatedFileSystem snapshot = below(files, "snapshots/one");
        assertThat(Verification.verify(snapshot).summary()).contains("hashes right: 2 shards, 6 blocks");
        snapshot.damage(SHARD + Manifest.FILE, 30, 1);
        assertThatThrownBy(() -> Restore.restore(snapshot, "", target, "again"))
                .isInstanceOf(CorruptFileException.class)
                .hasMessageContaining(SHARD + Manifest.FILE);
        assertThat(target.list("again")).isEmpty();
    }

    /** A directory as the root of another disk. */
    static SimulatedFileSystem below(SimulatedFileSystem files, String path) throws IOException {
        SimulatedFileSystem root = new SimulatedFileSystem();
        for (String folder : List.of("", "blocks", "wal", "shards", "shards/01", "shards/01/blocks", "shards/01/wal")) {
            root.createDirectories(folder);
            for (String name : files.list(folder.isEmpty() ? path : path + "/" + folder)) {
                if (!List.of("blocks", "wal", "shards", "01").contains(name)) {
                    String file = folder.isEmpty() ? name : folder + "/" + name;
                    root.put(file, files.read(path + "/" + file, 1 << 30));
                }
            }
        }
        return root;
    }
}
