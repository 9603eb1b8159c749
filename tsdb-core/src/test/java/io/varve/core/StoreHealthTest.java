package io.varve.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.varve.core.TsdbCondition.Part;
import io.varve.core.TsdbCondition.State;
import io.varve.core.fs.SimulatedFileSystem;
import io.varve.core.model.Labels;
import io.varve.core.storage.Appender;
import io.varve.core.storage.CommitException;
import io.varve.core.storage.Durability;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a store says of each of its parts, under the fault that the part is there for, and after it. */
@Timeout(60)
class StoreHealthTest {

    private static final TsdbConfig CONFIG = SmallStore.CONFIG.diskPatience(Duration.ofMillis(20));

    private final SimulatedFileSystem disk = new SimulatedFileSystem();
    private final SettableTime time = new SettableTime(SmallStore.START + 86_400_000L);

    private Tsdb open(TsdbConfig config) throws IOException {
        TsdbRuntime runtime = TsdbRuntime.create(time, new Random(1));
        return Tsdb.open(disk, config, runtime, "main", runtime);
    }

    private static TsdbCondition condition(Tsdb db, Part part) {
        return db.health().get(0).stream()
                .filter(condition -> condition.part() == part)
                .findFirst()
                .orElseThrow();
    }

    private static void await(BooleanSupplier condition) {
        while (!condition.getAsBoolean()) {
            LockSupport.parkNanos(1_000_000L);
        }
    }

    private static void awaitState(Tsdb db, Part part, State state) {
        await(() -> condition(db, part).state() == state);
    }

    @Test
    void a_store_that_is_well_says_so_of_every_part_of_every_shard() throws IOException {
        try (Tsdb db = open(CONFIG.shards(2))) {
            SmallStore.write(db, 0);
            assertThat(db.health()).hasSize(2).allSatisfy(shard -> {
                assertThat(shard).extracting(TsdbCondition::part).containsExactly(Part.values());
                assertThat(shard).allSatisfy(condition -> {
                    assertThat(condition.state()).isEqualTo(State.OK);
                    assertThat(condition.reason()).isNull();
                });
            });
        }
    }

    @Test
    void a_full_disk_fails_writing_and_log_until_there_is_room() throws IOException {
        try (Tsdb db = open(CONFIG)) {
            disk.refuse(call -> call.matches("(write|create) .*"), "No space left on device");
            assertThatThrownBy(() -> {
                        for (int second = 0; second < 100_000; second += 10) {
                            SmallStore.write(db, second);
                        }
                    })
                    .isInstanceOf(CommitException.class);
            awaitState(db, Part.LOG, State.FAILED);
            assertThat(condition(db, Part.LOG).reason()).contains("No space left on device");
            assertThat(condition(db, Part.WRITING).state()).isEqualTo(State.FAILED);
            assertThat(condition(db, Part.WRITING).reason())
                    .isEqualTo(db.status().readOnly());
            disk.failNoMore();
            awaitState(db, Part.LOG, State.OK);
            awaitState(db, Part.WRITING, State.OK);
        }
    }

    @Test
    void blocks_that_cannot_be_written_degrade_upkeep_until_they_can() throws IOException {
        try (Tsdb db = open(CONFIG)) {
            SmallStore.write(db, 0);
            disk.refuse(call -> call.startsWith("create blocks/"), "Permission denied");
            assertThatThrownBy(db::flush).hasMessageContaining("Permission denied");
            awaitState(db, Part.UPKEEP, State.DEGRADED);
            assertThat(condition(db, Part.UPKEEP).reason())
                    .startsWith("cannot seal or merge: ")
                    .contains("Permission denied");
            assertThat(condition(db, Part.WRITING).state()).isEqualTo(State.OK);
            disk.failNoMore();
            db.flush();
            awaitState(db, Part.UPKEEP, State.OK);
        }
    }

    @Test
    void upkeep_that_died_fails_with_what_it_died_of() throws IOException {
        Thread.UncaughtExceptionHandler before = Thread.getDefaultUncaughtExceptionHandler();
        Thread.setDefaultUncaughtExceptionHandler((thread, error) -> {});
        try {
            Tsdb db = open(CONFIG);
            SmallStore.write(db, 0);
            disk.refuse(
                    call -> {
                        if (call.startsWith("create blocks/")) {
                            throw new AssertionError("a fault of the program");
                        }
                        return false;
                    },
                    "never said");
            assertThatThrownBy(db::flush).isInstanceOf(IOException.class);
            awaitState(db, Part.UPKEEP, State.FAILED);
            assertThat(condition(db, Part.UPKEEP).reason())
                    .startsWith("FATAL: the upkeep of the store ended: ")
                    .contains("a fault of the program");
            assertThat(condition(db, Part.WRITING).state()).isEqualTo(State.FAILED);
            assertThat(condition(db, Part.LOG).state()).isEqualTo(State.OK);
            assertThatThrownBy(db::close).isInstanceOf(IOException.class);
        } finally {
            Thread.setDefaultUncaughtExceptionHandler(before);
        }
    }

    @Test
    void a_clock_that_jumped_degrades_retention_until_it_is_confirmed() throws IOException {
        try (Tsdb db = open(CONFIG.retention(Duration.ofDays(30)))) {
            write(db, time.millis());
            db.compact();
            assertThat(condition(db, Part.RETENTION).state()).isEqualTo(State.OK);
            time.jump(Duration.ofDays(300));
            write(db, time.millis());
            db.compact();
            assertThat(condition(db, Part.RETENTION).state()).isEqualTo(State.DEGRADED);
            assertThat(condition(db, Part.RETENTION).reason()).startsWith("clock and samples jumped from ");
            db.confirmClock();
            assertThat(condition(db, Part.RETENTION).state()).isEqualTo(State.OK);
        }
    }

    private static void write(Tsdb db, long at) {
        try (Appender appender = db.appender(Durability.SYNCED)) {
            appender.append(appender.series(Labels.of("__name__", "m")), at, 1);
            assertThat(appender.commit().accepted()).isEqualTo(1);
        }
    }

    @Test
    void series_that_fill_the_head_degrade_memory_and_a_head_that_is_not_sealed_fails_it() throws IOException {
        try (Tsdb db = open(CONFIG.headBytes(64L << 20))) {
            SmallStore.write(db, 0);
            assertThat(condition(db, Part.MEMORY).state()).isEqualTo(State.OK);
        }
        try (Tsdb db = open(CONFIG.headBytes(1))) {
            assertThat(condition(db, Part.MEMORY).state()).isEqualTo(State.DEGRADED);
            assertThat(condition(db, Part.MEMORY).reason())
                    .startsWith("new series are refused: known ones take bytes=");
            disk.refuse(call -> call.startsWith("create blocks/"), "Permission denied");
            assertThatThrownBy(db::flush).hasMessageContaining("Permission denied");
            assertThat(condition(db, Part.MEMORY).state()).isEqualTo(State.FAILED);
            assertThat(condition(db, Part.MEMORY).reason())
                    .startsWith("the head is full until a block is sealed: bytes=");
            disk.failNoMore();
        }
    }

    @Test
    void nobody_asks_a_closed_store() throws IOException {
        Tsdb db = open(CONFIG);
        List<TsdbLimit> limits = db.limits();
        assertThat(limits).isNotEmpty();
        db.close();
        assertThatThrownBy(db::health).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(db::limits).isInstanceOf(IllegalStateException.class);
    }
}
