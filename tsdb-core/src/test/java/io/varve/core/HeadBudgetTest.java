package io.varve.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.varve.core.fs.SimulatedFileSystem;
import io.varve.core.model.Labels;
import io.varve.core.storage.Appender;
import io.varve.core.storage.Commit;
import io.varve.core.storage.CommitException;
import io.varve.core.storage.Durability;
import io.varve.core.storage.Verdict;
import java.io.IOException;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** The head keeps to the memory that it was given. */
class HeadBudgetTest {

    private static final long HEAD_BYTES = 12L << 20;
    private static final TsdbConfig CONFIG =
            TsdbConfig.defaults().headBytes(HEAD_BYTES).walBytes(1L << 30).admissionWait(Duration.ofMillis(100));

    private static Tsdb open(SimulatedFileSystem disk) throws IOException {
        TsdbRuntime runtime = TsdbRuntime.create();
        return Tsdb.open(disk, CONFIG, runtime, "main", runtime);
    }

    private static Labels series(int number) {
        return Labels.of("__name__", "m", "instance", "instance-" + number);
    }

    /** Sends as clients do: again, when it was refused for want of room. */
    private static Commit send(Supplier<Commit> batch) {
        for (int attempt = 1; ; attempt++) {
            try {
                return batch.get();
            } catch (CommitException e) {
                assertThat(e.reason()).isEqualTo(CommitException.Reason.OVERLOADED);
                assertThat(attempt).isLessThan(1_000);
                LockSupport.parkNanos(20_000_000);
            }
        }
    }

    /** Appends ten thousand samples that hardly compress to a hundred series. */
    private static Commit batch(Appender appender, int number) {
        Random random = new Random(number);
        for (int i = 0; i < 10_000; i++) {
            long time = 10_000L * (1 + number * 100L + i / 100);
            appender.append(appender.series(series(i % 100)), time, random.nextDouble());
        }
        return appender.commit();
    }

    private static Commit first(Appender appender, int from, int to, long time) {
        for (int i = from; i < to; i++) {
            appender.append(appender.series(series(i)), time, 1);
        }
        return appender.commit();
    }

    private static void awaitBlock(Tsdb db) {
        long end = System.nanoTime() + 20_000_000_000L;
        while (db.status().blocks() == 0 && System.nanoTime() < end) {
            LockSupport.parkNanos(1_000_000);
        }
        assertThat(db.status().blocks()).isPositive();
    }

    @Test
    void newSeriesEndWhereTheKnownOnesFillTheirPartAndThoseGoOn() throws IOException {
        try (Tsdb db = open(new SimulatedFileSystem());
                Appender appender = db.appender(Durability.WRITTEN)) {
            Commit commit = Commit.empty(Durability.WRITTEN);
            int made = 0;
            while (commit.refused() == 0 && made < 1_000_000) {
                int from = made;
                made += 1_000;
                commit = send(() -> first(appender, from, from + 1_000, 1_000));
            }
            assertThat(commit.refusals()).containsOnlyKeys(Verdict.SERIES_MEMORY);
            assertThat(made).isBetween(10_000, 200_000);
            assertThat(db.status().headBytes()).isLessThan(2 * HEAD_BYTES);
            assertThat(send(() -> first(appender, 0, 1_000, 2_000)).accepted()).isEqualTo(1_000);
        }
    }

    @Test
    void aHeadThatHasItsMemoryFreezesEarly() throws IOException {
        try (Tsdb db = open(new SimulatedFileSystem())) {
            try (Appender appender = db.appender(Durability.WRITTEN)) {
                for (int i = 0; i < 300; i++) { // three million samples, of which the log would take all
                    int number = i;
                    assertThat(send(() -> batch(appender, number)).refused()).isZero();
                }
            }
            awaitBlock(db);
            assertThat(db.status().headBytes()).isLessThan(2 * HEAD_BYTES);
            assertThat(db.status().samples()).isEqualTo(3_000_000);
        }
    }

    @Test
    void aHeadThatCannotBeSealedHoldsWritesBackThenRefusesAndGoesOnByItself() throws IOException {
        SimulatedFileSystem disk = new SimulatedFileSystem();
        disk.refuse(call -> call.startsWith("create blocks/"), "Input/output error");
        try (Tsdb db = open(disk);
                Appender appender = db.appender(Durability.WRITTEN)) {
            assertThatThrownBy(() -> {
                        for (int i = 0; i < 1_000; i++) {
                            batch(appender, i);
                        }
                    })
                    .isInstanceOf(CommitException.class)
                    .hasMessageContaining("the head is full until a block is sealed");
            assertThat(db.status().headBytes()).isLessThan(2 * HEAD_BYTES);
            disk.failNoMore();
            awaitBlock(db);
            assertThat(send(() -> batch(appender, 2_000)).accepted()).isEqualTo(10_000);
        }
    }
}
