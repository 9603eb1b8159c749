package io.varve.core;

import static org.assertj.core.api.Assertions.assertThat;

import io.varve.core.fs.SimulatedCrash;
import io.varve.core.fs.SimulatedFileSystem;
import io.varve.core.fs.SimulatedFileSystem.Fault;
import io.varve.core.model.TimeSource;
import io.varve.core.storage.CommitException;
import java.io.IOException;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Batches of all kinds: what was acknowledged is there after the process or the machine stopped at any I/O step. */
class KindsCrashTest {

    private static final TsdbConfig CONFIG =
            TsdbConfig.defaults().ringBytes(1 << 16).walBytes(8_000).headBytes(64 << 20);

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
    private static boolean workUntilCrash(SimulatedFileSystem files, KindsModel model, Random random) {
        Tsdb db;
        try {
            db = open(files);
        } catch (IOException | SimulatedCrash e) {
            return false;
        }
        boolean finished = false;
        try {
            for (int round = 0; round < 6; round++) {
                for (int batch = random.nextInt(4); batch >= 0; batch--) {
                    model.commitBatch(db);
                }
                if (random.nextInt(2) == 0) {
                    db.flush();
                }
                if (random.nextInt(3) == 0) {
                    db.compact();
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

    private static void checkAfter(SimulatedFileSystem disk, KindsModel model, String context) throws IOException {
        try (Tsdb db = open(disk)) {
            model.check(db, context);
            model.settle(db);
            model.commitBatch(db);
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
            KindsModel model = new KindsModel(new Random(21));
            finished = workUntilCrash(disk, model, new Random(21));
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
            KindsModel model = new KindsModel(new Random(22));
            finished = workUntilCrash(disk, model, new Random(22));
            if (!finished) {
                checkAfter(disk.crash(step * 31L), model, "power lost at step " + step);
            }
        }
    }

    @Test
    void aFullDiskRefusesAllKindsAndRecoversWithoutARestart() throws IOException {
        SimulatedFileSystem disk = new SimulatedFileSystem();
        KindsModel model = new KindsModel(new Random(3));
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
