package io.varve.core;

import static org.assertj.core.api.Assertions.assertThat;

import io.varve.core.fs.SimulatedCrash;
import io.varve.core.fs.SimulatedFileSystem;
import io.varve.core.fs.SimulatedFileSystem.Fault;
import io.varve.core.model.TimeSource;
import io.varve.core.storage.CommitException;
import java.io.IOException;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Whatever was acknowledged as synced is there after the process or the machine stopped at any I/O step. */
class StoreCrashTest {

    private static final TsdbConfig CONFIG = TsdbConfig.defaults()
            .ringBytes(1 << 16)
            .walBytes(6_000)
            .headBytes(64 << 20)
            .seriesIdle(Duration.ZERO);

    private Thread.UncaughtExceptionHandler handler = (thread, error) -> {};

    /** Threads of a crashed engine end with the crash; that is no news. */
    @BeforeEach
    void expectCrashes() {
        Thread.UncaughtExceptionHandler before = Thread.getDefaultUncaughtExceptionHandler();
        handler = before == null ? (thread, error) -> error.printStackTrace() : before;
        Thread.setDefaultUncaughtExceptionHandler((thread, error) -> {
            if (!(error instanceof SimulatedCrash)) {
                handler.uncaughtException(thread, error);
            }
        });
    }

    @AfterEach
    void expectNoCrashes() {
        Thread.setDefaultUncaughtExceptionHandler(handler);
    }

    private static Tsdb open(SimulatedFileSystem files) throws IOException {
        TsdbRuntime runtime = TsdbRuntime.create(TimeSource.system(), new Random(1));
        return Tsdb.open(files, CONFIG, runtime, "main", runtime);
    }

    /** Writes, seals and merges until the crash; true if the workload came to its end before. */
    private static boolean workUntilCrash(SimulatedFileSystem files, StoreModel model, Random random) {
        Tsdb db;
        try {
            db = open(files);
        } catch (IOException | SimulatedCrash e) {
            return false;
        }
        boolean finished = false;
        try {
            for (int round = 0; round < 12; round++) {
                for (int batch = random.nextInt(5); batch >= 0; batch--) {
                    model.commitBatch(db);
                }
                if (random.nextInt(3) == 0) {
                    model.delete(db);
                }
                if (random.nextInt(2) == 0) {
                    db.flush();
                }
                if (random.nextInt(3) == 0) {
                    db.compact();
                }
                if (random.nextInt(4) == 0) {
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

    private static void close(Tsdb db) {
        try {
            db.close();
        } catch (IOException | SimulatedCrash e) {
            assertThat(e).isNotNull();
        }
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
        for (long seed = 0; seed < 60; seed++) {
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

    @Test
    void aFullDiskRefusesAndRecoversWithoutARestart() throws IOException {
        SimulatedFileSystem disk = new SimulatedFileSystem();
        StoreModel model = new StoreModel(new Random(3));
        try (Tsdb db = open(disk)) {
            model.commitBatch(db);
            disk.setFreeBytes(1_000);
            int tries = 0;
            while (db.status().readOnly() == null && tries++ < 20_000) {
                model.commitBatch(db);
            }
            assertThat(db.status().readOnly()).contains("No space left");
            model.check(db, "while the disk is full");
            disk.setFreeBytes(64 << 20);
            model.commitBatch(db);
            assertThat(db.status().readOnly()).isNull();
            db.flush();
            model.check(db, "with room again");
        }
        try (Tsdb db = open(disk)) {
            model.check(db, "opened again");
        }
    }
}
