package io.varve.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.varve.core.fs.SimulatedFileSystem;
import io.varve.core.model.Labels;
import io.varve.core.model.TimeSource;
import io.varve.core.storage.Appender;
import io.varve.core.storage.Commit;
import io.varve.core.storage.CommitException;
import io.varve.core.storage.Durability;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Calls that fail for a while, from the first of their kind to the last, and threads that die: writes are refused with
 * the reason, reads go on, and what can go on does so without a restart.
 */
class WriteFaultCrashTest {

    private static final TsdbConfig CONFIG = TsdbConfig.defaults()
            .ringBytes(1 << 16)
            .walBytes(6_000)
            .headBytes(64 << 20)
            .seriesIdle(Duration.ZERO)
            .diskPatience(Duration.ofMillis(20));

    /** What fails, and with which message. */
    enum Fault {
        FULL_DISK("No space left on device", "write .*"),
        TOO_MANY_FILES("Too many open files", "(create|open|read|map|list|force directory) .*"),
        READ_ONLY_DIRECTORY("Permission denied", "(create|rename|delete) .*");

        private final String message;
        private final String calls;

        Fault(String message, String calls) {
            this.message = message;
            this.calls = calls;
        }

        boolean concerns(String call) {
            return call.matches(calls);
        }
    }

    private final List<Throwable> died = new ArrayList<>();

    @BeforeEach
    void noteDeaths() {
        Thread.setDefaultUncaughtExceptionHandler((thread, error) -> {
            synchronized (died) {
                died.add(error);
            }
        });
    }

    @AfterEach
    void noteNoDeaths() {
        Thread.setDefaultUncaughtExceptionHandler(null);
    }

    private static Tsdb open(SimulatedFileSystem files) throws IOException {
        TsdbRuntime runtime = TsdbRuntime.create(TimeSource.system(), new Random(1));
        return Tsdb.open(files, CONFIG, runtime, "main", runtime);
    }

    /** Writes and seals; refusals are expected while something fails. */
    private static int work(Tsdb db, StoreModel model, int batches) {
        int refused = 0;
        for (int i = 0; i < batches; i++) {
            refused += model.commitBatch(db) ? 0 : 1;
        }
        return refused;
    }

    /** Null, or why it failed. */
    private static @Nullable IOException sealAndMerge(Tsdb db) {
        try {
            db.flush();
            db.compact();
            return null;
        } catch (IOException e) {
            assertThat(e.getMessage()).isNotBlank();
            return e;
        }
    }

    @ParameterizedTest
    @EnumSource
    void failsForAWhileFromTheNthCallOn(Fault fault) throws IOException {
        int failed = 0;
        for (int nth = 1; ; nth++) {
            SimulatedFileSystem disk = new SimulatedFileSystem();
            StoreModel model = new StoreModel(new Random(nth));
            try (Tsdb db = open(disk)) {
                String context = fault + " from call " + nth;
                AtomicInteger calls = new AtomicInteger();
                int first = nth;
                disk.refuse(call -> fault.concerns(call) && calls.incrementAndGet() >= first, fault.message);
                work(db, model, 6);
                boolean sealed = sealAndMerge(db) == null;
                work(db, model, 6);
                sealed &= sealAndMerge(db) == null;
                model.check(db, context);
                boolean reached = calls.get() >= nth;
                disk.failNoMore();
                waitUntilWritable(db);
                assertThat(work(db, model, 3)).as("%s, and over", context).isZero();
                IOException late = sealAndMerge(db); // a step that had begun before may still have failed
                late = late == null ? null : sealAndMerge(db);
                if (late != null) {
                    throw new AssertionError(context, late);
                }
                model.check(db, context + ", and over");
                if (!reached) {
                    assertThat(sealed).isTrue();
                    break;
                }
                failed++;
            }
            try (Tsdb db = open(disk)) {
                model.check(db, fault + " from call " + nth + ", opened again");
            }
        }
        assertThat(failed).isGreaterThan(10);
    }

    private static void waitUntilWritable(Tsdb db) {
        long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        while (db.status().readOnly() != null) {
            assertThat(System.nanoTime()).as(db.status().readOnly()).isLessThan(end);
            Thread.onSpinWait();
        }
    }

    @Test
    void aDeadAgentRefusesAndNobodyWaitsForEver() throws Exception {
        threadDies(call -> call.startsWith("write wal/"), "FATAL: the writing agent of the store ended: ");
    }

    @Test
    void aDeadSyncerRefusesAndNobodyWaitsForEver() throws Exception {
        // The agent forces too, what it takes room for.
        threadDies(
                call -> call.startsWith("force wal/") && isOnStack("GroupCommit"),
                "FATAL: the thread that forces the log ended: ");
    }

    @Test
    void theBatchThatMakesADyingAgentFreezeIsAnsweredToo() throws Exception {
        SimulatedFileSystem disk = new SimulatedFileSystem();
        Tsdb db = open(disk);
        AssertionError fault = new AssertionError("a fault of the program");
        disk.refuse(
                call -> {
                    if (call.startsWith("create wal/")) {
                        throw fault;
                    }
                    return false;
                },
                "never said");
        int acknowledged = 0;
        CompletableFuture<Commit> last = commitOne(db, 0);
        while (acknowledged < 10_000 && !last.handle((commit, e) -> e != null).get(20, TimeUnit.SECONDS)) {
            last = commitOne(db, ++acknowledged);
        }
        assertThat(acknowledged).as("until the log is full").isBetween(10, 9_999);
        assertThat(failure(last).reason()).isEqualTo(CommitException.Reason.READ_ONLY);
        assertThatThrownBy(db::close).isInstanceOf(IOException.class).hasMessageContaining("FATAL");
        assertThat(died).containsExactly(fault);
    }

    private static boolean isOnStack(String simpleName) {
        return StackWalker.getInstance()
                .walk(frames -> frames.anyMatch(frame -> frame.getClassName().endsWith("." + simpleName)));
    }

    private void threadDies(Predicate<String> when, String reason) throws Exception {
        SimulatedFileSystem disk = new SimulatedFileSystem();
        StoreModel model = new StoreModel(new Random(1));
        Tsdb db = open(disk);
        assertThat(model.commitBatch(db)).isTrue();
        AssertionError fault = new AssertionError("a fault of the program");
        disk.refuse(
                call -> {
                    if (when.test(call)) {
                        throw fault;
                    }
                    return false;
                },
                "never said");
        List<CompletableFuture<Commit>> pending = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            pending.add(commitOne(db, i));
        }
        for (CompletableFuture<Commit> commit : pending) {
            assertThat(failure(commit).getMessage()).contains(reason + fault);
        }
        disk.failNoMore();
        assertThat(db.status().readOnly()).startsWith(reason + fault);
        assertThat(failure(commitOne(db, 99)).reason()).isEqualTo(CommitException.Reason.READ_ONLY);
        model.check(db, "reads go on");
        assertThatThrownBy(db::close).isInstanceOf(IOException.class).hasMessageContaining(reason);
        assertThat(died).containsExactly(fault);
        try (Tsdb again = open(disk)) {
            model.check(again, "opened again");
            assertThat(model.commitBatch(again)).isTrue();
        }
    }

    @Test
    void deadUpkeepRefusesWritesAndAnswersFlush() throws Exception {
        SimulatedFileSystem disk = new SimulatedFileSystem();
        StoreModel model = new StoreModel(new Random(2));
        Tsdb db = open(disk);
        assertThat(model.commitBatch(db)).isTrue();
        AssertionError fault = new AssertionError("a fault of the program");
        disk.refuse(
                call -> {
                    if (call.startsWith("create blocks/")) {
                        throw fault;
                    }
                    return false;
                },
                "never said");
        String reason = "FATAL: the upkeep of the store ended: " + fault;
        assertThatThrownBy(db::flush).isInstanceOf(IOException.class).hasMessageStartingWith(reason);
        assertThatThrownBy(db::flush).isInstanceOf(IOException.class).hasMessageStartingWith(reason);
        assertThat(db.status().readOnly()).startsWith(reason);
        assertThat(failure(commitOne(db, 1)).getMessage()).startsWith(reason);
        model.check(db, "reads go on");
        assertThatThrownBy(db::close).isInstanceOf(IOException.class).hasMessageStartingWith(reason);
        assertThat(died).containsExactly(fault);
        disk.failNoMore();
        try (Tsdb again = open(disk)) {
            model.check(again, "opened again");
            again.flush();
            model.check(again, "sealed");
        }
    }

    private static CommitException failure(CompletableFuture<Commit> commit)
            throws InterruptedException, TimeoutException {
        try {
            commit.get(20, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof CommitException refused) {
                return refused;
            }
            throw new AssertionError(e);
        }
        throw new AssertionError("acknowledged");
    }

    /** One sample of a series apart from the model's. */
    private static CompletableFuture<Commit> commitOne(Tsdb db, long time) {
        try (Appender appender = db.appender(Durability.SYNCED)) {
            appender.append(appender.series(Labels.of("__name__", "one")), time, 1.5);
            return appender.commitAsync().toCompletableFuture();
        }
    }
}
