package io.varve.core;

import static org.assertj.core.api.Assertions.assertThat;

import io.varve.core.fs.PathFault;
import io.varve.core.fs.SimulatedFileSystem;
import java.io.IOException;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A directory in which nothing can be opened, that cannot be changed, or that is gone for a while. */
class PathFaultTest {

    private static final TsdbConfig CONFIG = TsdbConfig.defaults()
            .ringBytes(1 << 16)
            .walBytes(6_000)
            .headBytes(64 << 20)
            .diskPatience(Duration.ofMillis(500)); // a commit waits for so long in a directory that is gone

    private static Tsdb open(SimulatedFileSystem files) throws IOException {
        TsdbRuntime runtime = TsdbRuntime.create(new SettableTime(SmallStore.START), new Random(1));
        return Tsdb.open(files, CONFIG, runtime, "main", runtime);
    }

    @ParameterizedTest
    @EnumSource
    void losesNothingAndRecoversWithoutARestart(PathFault fault) throws IOException {
        SimulatedFileSystem disk = new SimulatedFileSystem();
        StoreModel model = new StoreModel(new Random(11));
        try (Tsdb db = open(disk)) {
            for (int round = 0; round < 3; round++) {
                for (int batch = 0; batch < 20; batch++) {
                    model.commitBatch(db);
                }
                db.flush();
                disk.setPathFault(fault);
                int refused = 0;
                for (int batch = 0; batch < 60; batch++) {
                    model.commitBatch(db);
                    if (fails(db::flush) && fails(db::snapshot)) {
                        refused++;
                    }
                }
                assertThat(refused).as("asked for what needs the directory").isGreaterThan(50);
                model.check(db, "while the directory has the fault, round " + round);
                disk.setPathFault(null);
                untilSealed(db);
                model.commitBatch(db);
                assertThat(db.status().readOnly()).isNull();
                db.compact();
                model.check(db, "without the fault, round " + round);
            }
        }
        try (Tsdb db = open(disk)) {
            model.check(db, "opened again");
        }
    }

    /** Something that needs the directory. */
    private interface Work {
        void run() throws IOException;
    }

    private static boolean fails(Work work) {
        try {
            work.run();
            return false;
        } catch (IOException e) {
            return true;
        }
    }

    private static void untilSealed(Tsdb db) throws IOException {
        IOException last = new IOException("never tried");
        for (int i = 0; i < 100; i++) {
            try {
                db.flush();
                return;
            } catch (IOException e) {
                last = e; // log and upkeep failed just before, and try again in a second
                LockSupport.parkNanos(100_000_000L);
            }
        }
        throw last;
    }

    @ParameterizedTest
    @EnumSource
    void aStartThatFailsChangesNothing(PathFault fault) throws IOException {
        SimulatedFileSystem disk = SmallStore.filled();
        disk.setPathFault(fault);
        assertThat(fails(() -> SmallStore.open(disk).close())).isTrue();
        disk.setPathFault(null);
        try (Tsdb db = SmallStore.open(disk)) {
            assertThat(SmallStore.read(db)).isEqualTo(SmallStore.samples(0, 40));
        }
    }

    @Test
    void theFaultsHitWhatTheySay() throws IOException {
        SimulatedFileSystem disk = SmallStore.filled();
        disk.setPathFault(PathFault.READ_ONLY);
        assertThat(disk.list("blocks")).hasSize(2);
        assertThat(fails(() -> disk.delete("MANIFEST"))).isTrue();
        disk.setPathFault(PathFault.TOO_MANY_FILES);
        assertThat(fails(() -> disk.read("MANIFEST", 1 << 20))).isTrue();
        disk.setPathFault(PathFault.LOST);
        assertThat(fails(() -> disk.exists("MANIFEST"))).isTrue();
    }
}
