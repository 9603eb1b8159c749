package io.varve.core;

import static org.assertj.core.api.Assertions.assertThat;

import io.varve.core.fs.SimulatedCrash;
import io.varve.core.fs.SimulatedFileSystem;
import io.varve.core.fs.SimulatedFileSystem.Fault;
import io.varve.core.model.TimeSource;
import io.varve.core.storage.CommitException;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A store of two shards that stops at any I/O step, of its creation too: batches and deletions that went to both are
 * there if they were acknowledged, and nothing is reported lost.
 */
@ExtendWith(ExpectedCrashes.class)
class ShardsCrashTest {

    private static final TsdbConfig CONFIG = TsdbConfig.defaults()
            .shards(2)
            .ringBytes(1 << 17)
            .walBytes(8_000)
            .headBytes(64 << 20)
            .seriesIdle(Duration.ZERO);

    private static Tsdb open(SimulatedFileSystem files) throws IOException {
        TsdbRuntime runtime = TsdbRuntime.create(TimeSource.system(), new Random(1));
        return Tsdb.open(files, CONFIG, runtime, "main", runtime);
    }

    private static void close(Tsdb db) {
        try {
            db.close();
        } catch (IOException | SimulatedCrash e) {
            assertThat(e).isNotNull();
        }
    }

    /** True if the work came to its end before the crash. */
    private static boolean workUntilCrash(SimulatedFileSystem files, StoreModel model, Random random) {
        Tsdb db;
        try {
            db = open(files);
        } catch (IOException | SimulatedCrash e) {
            return false;
        }
        boolean finished = false;
        try {
            for (int round = 0; round < 5; round++) {
                for (int batch = random.nextInt(4); batch >= 0; batch--) {
                    model.commitBatch(db);
                }
                if (round % 2 == 1) {
                    model.delete(db);
                }
                if (round == 1 || round == 3) {
                    db.flush();
                }
                if (round == 3) {
                    db.compact();
                    db.cleanTombstones();
                }
            }
            finished = db.status().readOnly() == null;
        } catch (IOException | CommitException | SimulatedCrash e) {
            assertThat(e).isNotNull();
        } finally {
            close(db);
        }
        return finished;
    }

    private static void checkAfter(SimulatedFileSystem disk, StoreModel model, String context) throws IOException {
        try (Tsdb db = open(disk)) {
            model.check(db, context);
            model.settle(db);
            model.commitBatch(db);
            model.delete(db);
            db.flush();
            db.compact();
            model.check(db, context + ", and written to again");
        }
        assertThat(disk.list("shards")).as(context).containsExactly("01");
        assertThat(Verification.verify(disk).findings()).as(context).isEmpty();
        disk.close();
        try (Tsdb db = open(disk)) {
            model.check(db, context + ", and opened again");
        }
    }

    @Test
    void processKilledAtEveryStep() throws IOException {
        boolean finished = false;
        for (int step = 1; !finished; step++) {
            SimulatedFileSystem disk = new SimulatedFileSystem();
            disk.failAt(step, Fault.CRASH);
            StoreModel model = new StoreModel(new Random(42));
            finished = workUntilCrash(disk, model, new Random(42));
            if (!finished) {
                checkAfter(disk.killProcess(), model, "killed at step " + step);
            }
        }
    }

    @Test
    void powerLostAtEveryStep() throws IOException {
        boolean finished = false;
        for (int step = 1; !finished; step++) {
            SimulatedFileSystem disk = new SimulatedFileSystem();
            disk.failAt(step, Fault.CRASH);
            StoreModel model = new StoreModel(new Random(7));
            finished = workUntilCrash(disk, model, new Random(7));
            if (!finished) {
                checkAfter(disk.crash(step * 31L), model, "power lost at step " + step);
            }
        }
    }

    @Test
    void powerLostAtRandomStepsOfRandomWork() throws IOException {
        for (long seed = 0; seed < 30; seed++) {
            Random random = new Random(seed);
            SimulatedFileSystem disk = new SimulatedFileSystem();
            StoreModel model = new StoreModel(random);
            for (int crash = 0; crash < 3; crash++) {
                disk.failAt(1 + random.nextInt(300), Fault.CRASH);
                workUntilCrash(disk, model, random);
                disk = random.nextBoolean() ? disk.crash(random.nextLong()) : disk.killProcess();
                try (Tsdb db = open(disk)) {
                    model.check(db, "seed " + seed + ", crash " + crash);
                    model.settle(db);
                }
            }
        }
    }

    /** A snapshot of both shards is whole or not there, and the store goes on. */
    @Test
    void aSnapshotThatStopsAtAnyStep() throws IOException {
        boolean finished = false;
        for (int step = 1; !finished; step++) {
            SimulatedFileSystem disk = ShardsTest.filled();
            try (Tsdb db = ShardsTest.open(disk)) {
                disk.failAt(step, Fault.CRASH);
                db.snapshot(disk, "snapshots/one");
                finished = true;
            } catch (IOException | SimulatedCrash e) {
                assertThat(e).isNotNull();
            }
            SimulatedFileSystem after = disk.crash(step);
            try (Tsdb db = ShardsTest.open(after)) {
                assertThat(ShardsTest.read(db)).as("step " + step).isEqualTo(ShardsTest.samples(0, 30));
            }
            if (!after.list("snapshots/one").isEmpty()) {
                Restore.restore(after, "snapshots/one/", after, "restored");
                assertThat(after.list("restored/shards")).containsExactly("01");
            }
            assertThat(after.list("snapshots")).isSubsetOf(List.of("one"));
        }
    }
}
