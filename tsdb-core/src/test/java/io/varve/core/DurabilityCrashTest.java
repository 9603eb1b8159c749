package io.varve.core;

import static org.assertj.core.api.Assertions.assertThat;

import io.varve.core.fs.HeldForces;
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
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What each durability promises, and what it costs: the bounds that {@link Durability} states. */
class DurabilityCrashTest {

    private static final TsdbConfig CONFIG = TsdbConfig.defaults().ringBytes(1 << 16);
    private static final int BATCHES = 40;
    private static final int ROUND = 64;

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

    private static Tsdb open(io.varve.core.fs.FileSystem files) throws IOException {
        TsdbRuntime runtime = TsdbRuntime.create(TimeSource.system(), new Random(1));
        return Tsdb.open(files, CONFIG, runtime, "main", runtime);
    }

    private static Commit commit(Appender appender, long time) {
        appender.append(appender.series(Labels.of("__name__", "m")), time, 2.5);
        return appender.commit();
    }

    private static Set<Long> times(Tsdb db) {
        Set<Long> times = new TreeSet<>();
        try (Querier querier = db.querier(TimeRange.ALL);
                SeriesSet set = querier.select(Matcher.equal("__name__", "m"))) {
            while (set.next()) {
                for (ColumnCursor columns = set.columns(); columns.nextPage(); ) {
                    for (int i = 0; i < columns.size(); i++) {
                        times.add(columns.times()[i]);
                    }
                }
            }
        }
        return times;
    }

    /** Commits 1, 2, 3, … one after the other until the disk stops; returns the last that was acknowledged. */
    private static int commitUntilCrash(SimulatedFileSystem disk, Durability durability) throws IOException {
        int acknowledged = 0;
        Tsdb db = open(disk);
        try (Appender appender = db.appender(durability)) {
            for (int i = 1; i <= BATCHES; i++) {
                commit(appender, i);
                acknowledged = i;
            }
        } catch (CommitException | SimulatedCrash e) {
            assertThat(e).isNotNull();
        }
        try {
            db.close();
        } catch (IOException | SimulatedCrash e) {
            assertThat(e).isNotNull();
        }
        return acknowledged;
    }

    @ParameterizedTest
    @EnumSource
    void killedAtEveryStep(Durability durability) throws IOException {
        int acknowledged = 0;
        for (int step = 12; acknowledged < BATCHES; step++) {
            SimulatedFileSystem disk = new SimulatedFileSystem();
            disk.failAt(step, Fault.CRASH);
            try {
                acknowledged = commitUntilCrash(disk, durability);
            } catch (SimulatedCrash e) {
                continue; // still opening
            }
            try (Tsdb after = open(disk.killProcess())) {
                Set<Long> found = times(after);
                int lost = 0;
                for (long time = 1; time <= acknowledged; time++) {
                    lost += found.contains(time) ? 0 : 1;
                }
                String context = durability + ", killed at step " + step;
                assertThat(found)
                        .as("%s: the end is lost, if anything", context)
                        .hasSize(found.isEmpty() ? 0 : (int) (long) Collections.max(found));
                assertThat(lost).as(context).isLessThanOrEqualTo(durability == Durability.MEMORY ? ROUND : 0);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void powerLostAtEveryStep(Durability durability) throws IOException {
        int acknowledged = 0;
        for (int step = 12; acknowledged < BATCHES; step++) {
            SimulatedFileSystem disk = new SimulatedFileSystem();
            disk.failAt(step, Fault.CRASH);
            try {
                acknowledged = commitUntilCrash(disk, durability);
            } catch (SimulatedCrash e) {
                continue;
            }
            try (Tsdb after = open(disk.crash(step))) {
                Set<Long> found = times(after);
                if (durability == Durability.SYNCED) {
                    for (long time = 1; time <= acknowledged; time++) {
                        assertThat(found).as("power lost at step %d", step).contains(time);
                    }
                }
                assertThat(found).as("nothing that was never sent").allMatch(time -> time >= 1 && time <= BATCHES);
            }
        }
    }

    /** The bound of the lower durabilities: a force comes by itself, and what it covers survives a power cut. */
    @ParameterizedTest
    @EnumSource(names = {"MEMORY", "WRITTEN"})
    void whatIsOlderThanTheStatedBoundSurvivesPowerLoss(Durability durability) throws IOException {
        SimulatedFileSystem disk = new SimulatedFileSystem();
        Tsdb db = open(disk);
        int sent = 0;
        try (Appender appender = db.appender(durability)) {
            for (int round = 0; round < 5; round++) {
                commit(appender, ++sent);
                commit(appender, ++sent);
                long end = System.nanoTime() + 5_000_000_000L; // a loaded machine may be late; nobody else forces
                int durable = 0;
                while (durable < sent) {
                    assertThat(System.nanoTime()).as("forced by itself").isLessThan(end);
                    LockSupport.parkNanos(20_000_000L);
                    try (Tsdb after = open(disk.durableCopy())) {
                        durable = times(after).size();
                    }
                }
            }
        }
        try (Tsdb after = open(disk.crash(3))) {
            assertThat(times(after)).hasSize(sent);
        }
    }

    @Test
    void oneForceCoversAllBatchesSinceTheLastWhileTheNextAreWritten() throws Exception {
        HeldForces disk = new HeldForces(new SimulatedFileSystem());
        int sent = 0;
        try (Tsdb db = open(disk);
                Appender synced = db.appender(Durability.SYNCED);
                Appender written = db.appender(Durability.WRITTEN)) {
            disk.hold();
            try {
                for (int round = 0; round < 30; round++) {
                    List<CompletableFuture<Commit>> pending = new ArrayList<>();
                    pending.add(commitAsync(synced, ++sent));
                    disk.awaitForce();
                    for (int i = 0; i < 8; i++) {
                        pending.add(commitAsync(synced, ++sent));
                    }
                    // It goes through the ring behind them: they are written when it is, while the force goes on.
                    assertAccepted(commitAsync(written, ++sent));
                    assertThat(pending).as("not forced, round %d", round).noneMatch(CompletableFuture::isDone);
                    disk.letThrough(2); // the one that waits, and one for all that was written meanwhile
                    for (CompletableFuture<Commit> commit : pending) {
                        assertAccepted(commit);
                    }
                }
            } finally {
                disk.release();
            }
            assertThat(times(db)).hasSize(sent);
        }
    }

    private static CompletableFuture<Commit> commitAsync(Appender appender, long time) {
        appender.append(appender.series(Labels.of("__name__", "m")), time, 1.0);
        return appender.commitAsync().toCompletableFuture();
    }

    private static void assertAccepted(CompletableFuture<Commit> commit) throws Exception {
        assertThat(commit.get(20, TimeUnit.SECONDS).accepted()).isEqualTo(1);
    }
}
