package io.varve.core;

import static org.assertj.core.api.Assertions.assertThat;

import io.varve.core.fs.SimulatedCrash;
import io.varve.core.fs.SimulatedFileSystem;
import io.varve.core.fs.SimulatedFileSystem.Fault;
import io.varve.core.model.Labels;
import io.varve.core.model.Matcher;
import io.varve.core.model.TimeRange;
import io.varve.core.model.TimeSource;
import io.varve.core.storage.Appender;
import io.varve.core.storage.ColumnCursor;
import io.varve.core.storage.Commit;
import io.varve.core.storage.CommitException;
import io.varve.core.storage.Durability;
import io.varve.core.storage.Querier;
import io.varve.core.storage.SeriesSet;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * A device that fails while the log is written: nothing that was acknowledged is lost, nothing is there twice, and
 * writing goes on without a restart.
 */
class LogFaultCrashTest {

    private static final TsdbConfig CONFIG = TsdbConfig.defaults().ringBytes(1 << 16);

    @BeforeEach
    void expectCrashes() {
        Thread.setDefaultUncaughtExceptionHandler((thread, error) -> {
            if (!(error instanceof SimulatedCrash)) {
                error.printStackTrace();
            }
        });
    }

    @AfterEach
    void expectNoCrashes() {
        Thread.setDefaultUncaughtExceptionHandler(null);
    }

    private static Tsdb open(SimulatedFileSystem files) throws IOException {
        TsdbRuntime runtime = TsdbRuntime.create(TimeSource.system(), new Random(1));
        return Tsdb.open(files, CONFIG, runtime, "main", runtime);
    }

    private static boolean forcesTheLog(String call) {
        return call.startsWith("force wal/");
    }

    private static void close(Tsdb db) {
        try {
            db.close();
        } catch (IOException | SimulatedCrash e) {
            assertThat(e).isNotNull();
        }
    }

    private static int count(Tsdb db, String name) {
        int samples = 0;
        try (Querier querier = db.querier(TimeRange.ALL);
                SeriesSet set = querier.select(Matcher.equal("__name__", name))) {
            while (set.next()) {
                for (ColumnCursor columns = set.columns(); columns.nextPage(); ) {
                    samples += columns.size();
                }
            }
        }
        return samples;
    }

    private static void waitUntil(String what, BooleanSupplier condition) {
        long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("waiting until %s", what).isLessThan(end);
            Thread.onSpinWait();
        }
    }

    @Test
    void oneFailureAtAnyStepLosesNothingAndStopsNothing() throws IOException {
        int steps = 0;
        for (boolean reached = true; reached; ) {
            steps++;
            SimulatedFileSystem disk = new SimulatedFileSystem();
            StoreModel model = new StoreModel(new Random(steps));
            Tsdb db = open(disk);
            int refused = 0;
            disk.failAt(steps, Fault.IO_ERROR);
            long before = disk.ioCalls();
            for (int i = 0; i < 8; i++) {
                refused += model.commitBatch(db) ? 0 : 1;
            }
            reached = disk.ioCalls() - before >= steps;
            assertThat(refused).as("batches refused, failure at call %d", steps).isLessThanOrEqualTo(1);
            assertThat(db.status().readOnly()).isNull();
            model.check(db, "failure at call " + steps);
            SimulatedFileSystem left = disk.crash(steps);
            close(db);
            try (Tsdb after = open(left)) {
                model.check(after, "power lost after a failure at call " + steps);
            }
        }
        assertThat(steps).isGreaterThan(10);
    }

    @Test
    void aFailedForceIsFollowedByACopyWithTheSamePositions() throws IOException {
        SimulatedFileSystem disk = new SimulatedFileSystem();
        StoreModel model = new StoreModel(new Random(5));
        Tsdb db = open(disk);
        assertThat(model.commitBatch(db)).isTrue();
        for (int round = 0; round < 4; round++) {
            disk.failAtNext(LogFaultCrashTest::forcesTheLog);
            assertThat(model.commitBatch(db))
                    .as("a commit whose force fails waits")
                    .isTrue();
            assertThat(model.commitBatch(db)).isTrue();
        }
        assertThat(disk.list("wal")).filteredOn(name -> name.endsWith(".copy")).hasSize(4);
        assertThat(db.status().readOnly()).isNull();
        SimulatedFileSystem after = disk.killProcess();
        try (Tsdb again = open(after)) {
            model.check(again, "killed after four failures");
            model.settle(again);
            assertThat(model.commitBatch(again)).isTrue();
            again.flush();
            assertThat(after.list("wal")).noneMatch(name -> name.endsWith(".copy"));
        }
        try (Tsdb again = open(after)) {
            model.check(again, "sealed");
        }
    }

    @Test
    void aSecondFailureInARowIsReadOnlyUntilAProbeSucceeds() throws Exception {
        SimulatedFileSystem disk = new SimulatedFileSystem();
        StoreModel model = new StoreModel(new Random(6));
        try (Tsdb before = open(disk)) {
            assertThat(model.commitBatch(before)).isTrue();
        }
        // Opened again: behind a commit the agent marks what has become durable, and the fault must not meet that.
        Tsdb db = open(disk);
        disk.refuse(call -> call.contains("wal/") && !call.startsWith("list"), "Input/output error");
        CompletableFuture<Commit> pending = commitOne(db, 1);
        waitUntil("read-only", () -> db.status().readOnly() != null);
        assertThat(db.status().readOnly())
                .isEqualTo("cannot write the log: Input/output error; writing resumes by itself when the disk works"
                        + " again");
        assertThat(model.commitBatch(db)).as("refused while read-only").isFalse();
        model.check(db, "reads go on");
        assertThat(pending).as("waits for the disk").isNotDone();
        disk.failNoMore();
        assertThat(pending.get(20, TimeUnit.SECONDS).accepted()).isEqualTo(1);
        waitUntil("writable", () -> db.status().readOnly() == null);
        assertThat(model.commitBatch(db)).isTrue();
        try (Tsdb again = open(disk.crash(6))) {
            model.check(again, "after read-only and power loss");
            assertThat(count(again, "one")).isEqualTo(1);
        }
    }

    @Test
    void closingAReadOnlyStoreAnswersEveryCommit() throws Exception {
        SimulatedFileSystem disk = new SimulatedFileSystem();
        Tsdb db = open(disk);
        disk.refuse(call -> call.contains("wal/"), "Input/output error");
        List<CompletableFuture<Commit>> pending = new ArrayList<>();
        for (int i = 1; i < 4; i++) {
            pending.add(commitOne(db, i));
        }
        waitUntil("read-only", () -> db.status().readOnly() != null);
        org.assertj.core.api.Assertions.assertThatThrownBy(db::close).isInstanceOf(IOException.class);
        for (CompletableFuture<Commit> commit : pending) {
            assertThat(reason(commit)).isIn(CommitException.Reason.UNKNOWN, CommitException.Reason.READ_ONLY);
        }
        assertThat(reason(pending.get(0))).isEqualTo(CommitException.Reason.UNKNOWN);
    }

    private static CommitException.Reason reason(CompletableFuture<Commit> commit) {
        try {
            commit.get(20, TimeUnit.SECONDS);
            throw new AssertionError("acknowledged");
        } catch (java.util.concurrent.ExecutionException
                | InterruptedException
                | java.util.concurrent.TimeoutException e) {
            if (e.getCause() instanceof CommitException refused) {
                return refused.reason();
            }
            throw new CompletionException(e);
        }
    }

    /** One sample of a series apart from the model's. */
    private static CompletableFuture<Commit> commitOne(Tsdb db, long time) {
        try (Appender appender = db.appender(Durability.SYNCED)) {
            appender.append(appender.series(Labels.of("__name__", "one")), time, 1.5);
            return appender.commitAsync().toCompletableFuture();
        }
    }

    @Test
    void crashAtEveryStepAfterAFailedForce() throws IOException {
        boolean finished = false;
        for (int step = 1; !finished; step++) {
            for (int ending = 0; ending < 2; ending++) {
                SimulatedFileSystem disk = new SimulatedFileSystem();
                StoreModel model = new StoreModel(new Random(step));
                Tsdb db = open(disk);
                model.commitBatch(db);
                disk.failAtNext(LogFaultCrashTest::forcesTheLog);
                disk.failAt(step, Fault.CRASH);
                try {
                    for (int i = 0; i < 4; i++) {
                        model.commitBatch(db);
                    }
                    finished = db.status().readOnly() == null;
                } catch (SimulatedCrash e) {
                    finished = false;
                }
                close(db);
                String context = "stopped " + step + " calls after a failed force, ending " + ending;
                SimulatedFileSystem left = ending == 0 ? disk.killProcess() : disk.crash(step * 17L);
                Tsdb again = open(left);
                model.check(again, context);
                model.settle(again); // what a restart shows is there to stay
                assertThat(model.commitBatch(again)).isTrue();
                SimulatedFileSystem third = left.crash(step);
                close(again);
                try (Tsdb last = open(third)) {
                    model.check(last, context + ", and power lost after the restart");
                }
            }
        }
    }
}
