package io.varve.core;

import static org.assertj.core.api.Assertions.assertThat;

import io.varve.core.fs.SimulatedCrash;
import io.varve.core.fs.SimulatedFileSystem;
import io.varve.core.fs.SimulatedFileSystem.Fault;
import io.varve.core.model.Labels;
import io.varve.core.model.Matcher;
import io.varve.core.model.RetentionRule;
import io.varve.core.model.TimeRange;
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
import java.util.concurrent.CompletionException;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Some lives of one store on a simulated disk, all from one seed: random work with random faults, ended by a close, a
 * kill or a loss of power; after each opening all answers are compared with {@link OperationsModel}.
 */
final class RandomOperations {

    static final long START = 1_700_000_000_000L;

    private static final Matcher ALL = Matcher.equal("job", "test");
    private static final int LIVES = 4;
    private static final List<Labels> SERIES = IntStream.range(0, 7)
            .mapToObj(i -> Labels.of("__name__", "m" + i % 2, "host", "h" + i, "job", "test"))
            .toList();

    private final long seed;
    private final Random random;
    private final SettableTime time = new SettableTime(START + 1_000);
    private final TsdbConfig config;
    private final OperationsModel model;
    private final List<String> history = new ArrayList<>();
    private SimulatedFileSystem disk = new SimulatedFileSystem();
    private long clock = START;
    private int snapshots;

    /** Hours. */
    private int clockIsOff;

    /** Series that get samples at the moment: the others are idle, and may die. */
    private List<Labels> busy = SERIES;

    /** Operations until the disk begins to fail; below zero if it does not. */
    private int faultsIn = -1;

    private boolean failing;

    RandomOperations(long seed) {
        this.seed = seed;
        random = new Random(seed);
        config = config(random);
        model = new OperationsModel(ALL, new PlainRetention(config));
    }

    private static TsdbConfig config(Random random) {
        TsdbConfig config = TsdbConfig.defaults()
                .ringBytes(1 << 16)
                .headBytes(64 << 20)
                .walBytes(List.of(4_000L, 12_000L, 1L << 20).get(random.nextInt(3)))
                .seriesIdle(random.nextBoolean() ? Duration.ofSeconds(1) : Duration.ofMinutes(10))
                .blockSpan(random.nextBoolean() ? Duration.ofMinutes(5) : Duration.ofHours(2))
                .diskPatience(Duration.ofMillis(100));
        config = switch (random.nextInt(5)) {
            case 0 -> config.retention(Duration.ofMinutes(40));
            case 1 -> config.retention(Duration.ofMinutes(90)).retentionRules(rules());
            case 2 -> config.retentionRules(rules());
            default -> config;
        };
        return random.nextInt(4) == 0 ? config.exemplarRetention(Duration.ofMinutes(20)) : config;
    }

    private static List<RetentionRule> rules() {
        return List.of(
                new RetentionRule(List.of(Matcher.regex("host", "h[0-2]")), Duration.ofMinutes(25)),
                new RetentionRule(List.of(Matcher.equal("host", "h3")), Duration.ZERO));
    }

    void run() throws IOException {
        for (int life = 0; life < LIVES; life++) {
            live();
        }
        try (Tsdb db = open(disk)) {
            opened(db, "at the end");
            db.flush();
            db.compact();
            model.looked(time.millis());
            check(db, true, "at the end, merged");
        }
        assertThat(Verification.verify(disk).findings()).as(context("verified")).isEmpty();
    }

    private Tsdb open(SimulatedFileSystem files) throws IOException {
        TsdbRuntime runtime = TsdbRuntime.create(time, new Random(random.nextLong()));
        return Tsdb.open(files, config, runtime, "main", runtime);
    }

    private void opened(Tsdb db, String what) {
        model.opened(time.millis());
        check(db, true, what);
    }

    private void check(Tsdb db, boolean settle, String what) {
        model.check(db, time, settle, context(what));
    }

    private String context(String what) {
        return "seed " + seed + ", " + what + ", after " + history;
    }

    // ---- lives

    private void live() throws IOException {
        boolean crashes = random.nextInt(5) < 2;
        faultsIn = !crashes && random.nextInt(3) == 0 ? random.nextInt(6) : -1;
        history.add(crashes ? "a life that crashes" : "a life");
        if (crashes) {
            disk.failAt(1 + random.nextInt(random.nextBoolean() ? 60 : 400), Fault.CRASH);
        }
        Tsdb db = null;
        try {
            db = open(disk);
            opened(db, "opened");
            for (int i = 3 + random.nextInt(12); i > 0 && !isDead(); i--) {
                changeFaults(db);
                operation(db);
            }
            endFaults(db);
            if (random.nextInt(4) == 0) {
                check(db, false, "before the end");
            }
            if (random.nextBoolean()) {
                db.close();
                history.add("close");
                disk.failNoMore();
                model.closed();
                betweenLives(true);
                return;
            }
        } catch (SimulatedCrash | IOException e) {
            require(isDead(), "failed", e);
        }
        stop(db);
        betweenLives(false);
    }

    private void stop(@Nullable Tsdb db) {
        SimulatedFileSystem dying = disk;
        if (random.nextBoolean()) {
            history.add("kill");
            disk = dying.killProcess();
            model.killed();
        } else {
            history.add("power loss");
            disk = dying.crash(random.nextLong());
            model.powerLost();
        }
        try {
            if (db != null) {
                db.close(); // on a dead disk: it lets the threads end
            }
        } catch (IOException | SimulatedCrash e) {
            history.add("dead");
        }
    }

    private boolean isDead() {
        try {
            disk.exists(Manifest.FILE);
            return false;
        } catch (SimulatedCrash e) {
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private void require(boolean allowed, String what, Throwable e) {
        if (!allowed) {
            throw new AssertionError(context(what), e);
        }
    }

    /** Nothing that happened to the store so far is damage. */
    private void betweenLives(boolean closed) throws IOException {
        boolean isStore = disk.exists(Manifest.FILE);
        if (isStore && random.nextInt(3) == 0) {
            List<String> findings = Verification.verify(disk).findings();
            disk.close();
            // a list of deletions may have been cut off between its copies
            assertThat(findings)
                    .as(context("verified"))
                    .allMatch(f -> !closed && f.contains(DeletionFile.FILES.get(0)));
        }
        if (isStore && random.nextInt(3) == 0) {
            boolean dryRun = random.nextInt(4) == 0;
            TsdbRuntime runtime = TsdbRuntime.create(time, new Random(1));
            Repair.Report report = Repair.repair(disk, new Repair.Options(dryRun, random.nextBoolean()), runtime);
            assertThat(report.actions()).as(context("repaired")).isEmpty();
            history.add("repair");
        }
        if (random.nextInt(4) == 0) {
            pass();
        }
    }

    // ---- faults for a while

    private void changeFaults(Tsdb db) throws IOException {
        if (faultsIn >= 0 && faultsIn-- == 0) {
            failing = true;
            int kind = random.nextInt(4);
            int after = random.nextInt(12);
            history.add(List.of("one error", "errors", "no space", "no forces").get(kind) + " after " + after);
            switch (kind) {
                case 0 -> disk.failAt(1 + after, Fault.IO_ERROR);
                case 1 -> disk.failFrom(1 + after);
                case 2 -> disk.setFreeBytes(500L * after);
                default -> disk.refuse(call -> call.startsWith("force wal"), "Input/output error");
            }
        } else if (failing && (random.nextInt(3) == 0 || model.isUncertain())) {
            endFaults(db);
        }
    }

    /** The disk works again: so does the store, by itself. */
    private void endFaults(Tsdb db) throws IOException {
        if (!failing) {
            return;
        }
        history.add("the disk works again");
        disk.failNoMore();
        disk.setFreeBytes(Long.MAX_VALUE);
        time.pass(Duration.ofSeconds(3));
        boolean resumed = false;
        for (int tries = 0; tries < 3 && !resumed; tries++) { // what had begun to fail before may fail yet
            for (int i = 0; i < 200 && db.status().readOnly() != null; i++) {
                time.pass(Duration.ofSeconds(1));
                LockSupport.parkNanos(2_000_000L);
            }
            resumed = commit(db, Durability.SYNCED);
        }
        assertThat(resumed).as(context("resumes")).isTrue();
        failing = false;
        for (int tries = 0; tries < 3 && !tryFlush(db); tries++) {
            history.add("a step of upkeep that had begun before has failed");
        }
        check(db, true, "when the disk worked again");
    }

    private static boolean tryFlush(Tsdb db) {
        try {
            db.flush();
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private boolean mayFail() {
        return failing || isDead();
    }

    // ---- operations

    private void operation(Tsdb db) throws IOException {
        int kind = random.nextInt(100);
        try {
            if (kind < 48) {
                commit(db, durability());
            } else if (kind < 52) {
                commitSome(db);
            } else if (kind < 62) {
                delete(db);
            } else if (kind < 68) {
                history.add("flush");
                db.flush();
            } else if (kind < 73) {
                history.add("compact");
                compact(db);
            } else if (kind < 77) {
                history.add("clean");
                db.cleanTombstones();
            } else if (kind < 84) {
                pass();
            } else if (kind < 88) {
                int first = random.nextInt(SERIES.size());
                busy = SERIES.subList(first, first + 1 + random.nextInt(SERIES.size() - first));
            } else if (kind < 93) {
                long start = START + 10_000L * random.nextInt((int) ((clock - START) / 10_000) + 1);
                model.checkRange(db, TimeRange.of(start, start + random.nextInt(4_000_000)), context("range"));
            } else if (kind < 97) {
                snapshot(db);
            } else if (mayFail()) {
                check(db, false, "while the disk fails");
            } else {
                jump(db);
            }
        } catch (IOException | SimulatedCrash e) {
            history.add("failed");
            require(mayFail(), "failed", e);
        }
    }

    private Durability durability() {
        return switch (random.nextInt(6)) {
            case 0 -> Durability.MEMORY;
            case 1 -> Durability.WRITTEN;
            default -> Durability.SYNCED;
        };
    }

    /** Nobody writes for a while, and somebody may set the clock by an hour, or back. */
    private void pass() {
        if (random.nextInt(4) == 0) {
            int hours = clockIsOff != 0 ? -clockIsOff : random.nextBoolean() ? 1 : -1;
            clockIsOff += hours;
            history.add("the clock jumps by " + hours + " h");
            model.retention().passed(time.millis());
            time.jump(Duration.ofHours(hours));
        }
        long seconds = 10L * random.nextInt(180);
        history.add("pass " + seconds);
        passSeconds(seconds);
    }

    private void passSeconds(long seconds) {
        time.pass(Duration.ofSeconds(seconds));
        clock += 1_000 * seconds;
        model.retention().passed(time.millis());
    }

    private PlainBatch nextBatch() {
        passSeconds(10L * random.nextInt(7));
        return PlainBatch.random(random, busy, () -> switch (random.nextInt(12)) {
            case 0, 1, 2 -> Math.max(START, clock - 10_000L * random.nextInt(30));
            case 3 -> Math.max(START, clock - 10_000L * random.nextInt(900));
            case 4 -> clock + 10_000L * random.nextInt(60);
            default -> clock;
        });
    }

    /** Commits a batch; false if it was refused. */
    private boolean commit(Tsdb db, Durability durability) {
        PlainBatch batch = nextBatch();
        history.add("commit " + batch.size() + " " + durability);
        model.sent(batch, time.millis());
        try (Appender appender = db.appender(durability)) {
            batch.send(appender);
            acknowledged(batch, appender.commit());
            return true;
        } catch (CommitException e) {
            refused(batch, e);
            return false;
        }
    }

    private void acknowledged(PlainBatch batch, Commit commit) {
        assertThat(commit.refused()).as(context("refused: " + commit)).isZero();
        assertThat(commit.accepted()).as(context("accepted")).isEqualTo(batch.size());
        model.acknowledged(batch, commit.durability());
    }

    private void refused(PlainBatch batch, CommitException e) {
        history.add(e.reason().toString());
        require(mayFail() || e.reason() == CommitException.Reason.OVERLOADED, "refused", e);
        model.refused(batch, e.reason());
    }

    /** Several batches on their way at once. */
    private void commitSome(Tsdb db) {
        List<PlainBatch> batches = new ArrayList<>();
        List<CompletableFuture<Commit>> commits = new ArrayList<>();
        for (int i = 2 + random.nextInt(2); i > 0; i--) {
            batches.add(nextBatch());
        }
        try (Appender appender = db.appender(Durability.SYNCED)) {
            for (PlainBatch batch : batches) {
                model.sent(batch, time.millis());
                batch.send(appender);
                commits.add(appender.commitAsync().toCompletableFuture());
            }
        }
        history.add("commit " + batches.size() + " batches");
        for (int i = 0; i < batches.size(); i++) {
            try {
                acknowledged(batches.get(i), commits.get(i).join());
            } catch (CompletionException e) {
                if (!(e.getCause() instanceof CommitException refusal)) {
                    throw e;
                }
                refused(batches.get(i), refusal);
            }
        }
    }

    private void delete(Tsdb db) {
        Labels one = SERIES.get(random.nextInt(SERIES.size()));
        List<Matcher> matchers =
                switch (random.nextInt(4)) {
                    case 0 -> List.of(ALL);
                    case 1 -> List.of(Matcher.equal("__name__", "m1"), Matcher.notEqual("host", "h3"));
                    case 2 -> List.of(Matcher.regex("host", "h[" + random.nextInt(4) + "-4]"));
                    default -> List.of(Matcher.equal("host", String.valueOf(one.get("host"))));
                };
        long last = clock - 10_000L * random.nextInt(40);
        TimeRange range =
                random.nextInt(5) == 0 ? TimeRange.ALL : TimeRange.of(last - 10_000L * random.nextInt(200), last);
        history.add("delete " + matchers + " " + range);
        try {
            db.delete(matchers, range);
            model.deleted(matchers, range);
        } catch (CommitException e) {
            history.add(e.reason().toString());
            require(mayFail() || e.reason() == CommitException.Reason.OVERLOADED, "deletion refused", e);
            model.deletionRefused(matchers, range);
        }
    }

    private void compact(Tsdb db) throws IOException {
        db.compact();
        if (!mayFail()) {
            model.looked(time.millis());
            check(db, false, "merged");
        }
    }

    /** The wall clock jumps by three days, and back, or somebody confirms it. */
    private void jump(Tsdb db) throws IOException {
        PlainRetention retention = model.retention();
        if (!retention.byAge() || !model.hasSamples()) {
            return;
        }
        if (retention.waits()) {
            db.compact();
            if (db.status().retentionWaits() == null) {
                return; // what showed the jump was lost with power: it is still to be noticed
            }
            history.add("confirm the clock");
            db.confirmClock();
            retention.confirmed(time.millis());
            db.compact();
            retention.follows();
            model.looked(time.millis());
            check(db, false, "the clock is right");
            return;
        }
        compact(db);
        history.add("jump");
        retention.jumps();
        time.jump(Duration.ofDays(3));
        clock += Duration.ofDays(3).toMillis();
        long before = model.newest();
        while (model.newest() == before && !isDead()) { // a batch may have no samples
            commit(db, Durability.SYNCED);
        }
        compact(db);
        assertThat(db.status().retentionWaits() != null || mayFail())
                .as(context("a jump is noticed"))
                .isTrue();
    }

    /** A snapshot, opened as a store and restored as one, holds what there was. */
    private void snapshot(Tsdb db) throws IOException {
        String name = "snapshots/s" + snapshots++;
        history.add("snapshot");
        db.snapshot(disk, name);
        if (mayFail()) {
            return;
        }
        SimulatedFileSystem copy = SnapshotTest.below(disk, name);
        assertThat(Verification.verify(copy).findings()).as(context("snapshot")).isEmpty();
        copy.close();
        SimulatedFileSystem elsewhere = new SimulatedFileSystem();
        Restore.restore(disk, name + "/", elsewhere, "store");
        for (SimulatedFileSystem files : List.of(copy, SnapshotTest.below(elsewhere, "store"))) {
            try (Tsdb store = open(files)) {
                model.retention().opened(time.millis(), model.newest());
                check(store, false, "snapshot");
                store.cleanTombstones();
                check(store, false, "snapshot, clean");
            }
        }
        model.retention().forget(); // the store itself did not look at the clock
    }
}
