package io.varve.core;

import static org.assertj.core.api.Assertions.assertThat;

import io.varve.core.fs.FileSystem;
import io.varve.core.fs.SimulatedCrash;
import io.varve.core.fs.SimulatedFileSystem;
import io.varve.core.fs.SimulatedFileSystem.Fault;
import io.varve.core.fs.WritableFile;
import io.varve.core.model.Labels;
import io.varve.core.model.Matcher;
import io.varve.core.model.TimeRange;
import io.varve.core.model.TimeSource;
import io.varve.core.storage.Appender;
import io.varve.core.storage.ColumnCursor;
import io.varve.core.storage.CommitException;
import io.varve.core.storage.Durability;
import io.varve.core.storage.Querier;
import io.varve.core.storage.SeriesSet;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * A deletion is there whole or not at all, and as it was acknowledged, whatever I/O step of deleting, sealing, merging
 * or cleaning the process or the machine stops at, and whenever it arrives.
 */
class DeletionCrashTest {

    private static final TsdbConfig CONFIG =
            TsdbConfig.defaults().ringBytes(1 << 16).headBytes(64 << 20);

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

    /** What a store holds: for each series its times with their values. */
    private static final class State {

        final TreeMap<Labels, TreeMap<Long, Double>> series = new TreeMap<>();

        State copy() {
            State copy = new State();
            series.forEach((labels, samples) -> copy.series.put(labels, new TreeMap<>(samples)));
            return copy;
        }

        State append(int from, int to, double value) {
            State next = copy();
            for (int host = 0; host < 4; host++) {
                for (long time = from; time < to; time++) {
                    next.series
                            .computeIfAbsent(labels(host), key -> new TreeMap<>())
                            .put(time, value);
                }
            }
            return next;
        }

        State delete(Matcher matcher, TimeRange range) {
            State next = copy();
            next.series.forEach((labels, samples) -> {
                if (matcher.matches(labels.get(matcher.name()))) {
                    samples.keySet().removeIf(range::contains);
                }
            });
            next.series.values().removeIf(TreeMap::isEmpty);
            return next;
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof State state && state.series.equals(series);
        }

        @Override
        public int hashCode() {
            return series.hashCode();
        }

        @Override
        public String toString() {
            return series.toString();
        }
    }

    private static Labels labels(int host) {
        return Labels.of("__name__", "m", "host", "h" + host);
    }

    private static State read(Tsdb db) {
        State found = new State();
        try (Querier querier = db.querier(TimeRange.ALL);
                SeriesSet set = querier.select(Matcher.equal("__name__", "m"))) {
            while (set.next()) {
                TreeMap<Long, Double> samples = new TreeMap<>();
                for (ColumnCursor columns = set.columns(); columns.nextPage(); ) {
                    for (int i = 0; i < columns.size(); i++) {
                        samples.put(columns.times()[i], columns.values()[i]);
                    }
                }
                found.series.put(set.labels(), samples);
            }
            assertThat(set.holes()).isEmpty();
        }
        return found;
    }

    private static Tsdb open(FileSystem files) throws IOException {
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

    /** A run of work: what is certain, and what the step that it is in would make of that. */
    private static final class Work {

        private State certain = new State();
        private State possible = new State();

        private void append(Tsdb db, int from, int to, double value) {
            possible = certain.append(from, to, value);
            try (Appender appender = db.appender(Durability.SYNCED)) {
                for (int host = 0; host < 4; host++) {
                    long ref = appender.series(labels(host));
                    for (long time = from; time < to; time++) {
                        appender.append(ref, time, value);
                    }
                }
                assertThat(appender.commit().refused()).isZero();
            }
            certain = possible;
        }

        private void delete(Tsdb db, Matcher matcher, long from, long to) {
            possible = certain.delete(matcher, TimeRange.of(from, to));
            db.delete(List.of(matcher), TimeRange.of(from, to));
            certain = possible;
        }

        /** Deletes of samples in the head, in blocks, in what is merged; writes over what was deleted. */
        void run(FileSystem files) {
            Tsdb db;
            try {
                db = open(files);
            } catch (IOException | SimulatedCrash e) {
                return;
            }
            try {
                append(db, 0, 20, 1);
                db.flush();
                append(db, 20, 40, 2);
                delete(db, Matcher.equal("host", "h1"), 15, 25); // in the block and in the head
                append(db, 18, 22, 3); // some of it again, and late
                db.flush(); // seals with a deletion
                delete(db, Matcher.regex("host", "h[23]"), 0, 9);
                db.compact(); // merges with one
                append(db, 40, 50, 4);
                delete(db, Matcher.equal("host", "h0"), 0, 100); // a whole series
                db.flush();
                db.cleanTombstones();
                delete(db, Matcher.equal("__name__", "m"), 0, 100); // all there is
                append(db, 5, 10, 5);
                db.flush();
                db.cleanTombstones();
            } catch (IOException | CommitException | SimulatedCrash e) {
                assertThat(e).isNotNull();
            } finally {
                close(db);
            }
        }

        void check(SimulatedFileSystem disk, String context) throws IOException {
            State found;
            try (Tsdb db = open(disk)) {
                found = read(db);
                assertThat(found).as(context).isIn(certain, possible);
                db.flush();
                assertThat(read(db)).as("%s, sealed", context).isEqualTo(found);
                db.cleanTombstones();
                db.compact();
                assertThat(read(db)).as("%s, clean", context).isEqualTo(found);
                assertThat(db.liveDeletions()).isZero();
            }
            try (Tsdb db = open(disk)) {
                assertThat(read(db)).as("%s, opened again", context).isEqualTo(found);
            }
        }
    }

    @Test
    void killedAtEveryStep() throws IOException {
        boolean finished = false;
        for (int step = 1; !finished; step++) {
            SimulatedFileSystem disk = new SimulatedFileSystem();
            disk.failAt(step, Fault.CRASH);
            Work work = new Work();
            work.run(disk);
            finished = disk.ioCalls() < step;
            work.check(disk.killProcess(), "killed at step " + step);
        }
    }

    @Test
    void powerLostAtEveryStep() throws IOException {
        boolean finished = false;
        for (int step = 1; !finished; step++) {
            SimulatedFileSystem disk = new SimulatedFileSystem();
            disk.failAt(step, Fault.CRASH);
            Work work = new Work();
            work.run(disk);
            finished = disk.ioCalls() < step;
            work.check(disk.crash(step * 17L), "power lost at step " + step);
        }
    }

    @Test
    void anInputOutputErrorAtAnyStepLosesNothing() throws IOException {
        boolean finished = false;
        for (int step = 1; !finished; step++) {
            SimulatedFileSystem disk = new SimulatedFileSystem();
            disk.failAt(step, Fault.IO_ERROR);
            Work work = new Work();
            work.run(disk);
            finished = disk.ioCalls() < step;
            disk.failNoMore();
            work.check(disk.killProcess(), "I/O error at step " + step);
        }
    }

    @Test
    void aFullDiskRefusesADeletionAndLaterTakesIt() throws IOException {
        SimulatedFileSystem disk = new SimulatedFileSystem();
        Work work = new Work();
        try (Tsdb db = open(disk)) {
            work.append(db, 0, 20, 1);
            db.flush();
            work.append(db, 20, 40, 2);
            disk.setFreeBytes(0);
            CommitException refusal = null;
            for (int i = 0; refusal == null && i < 100_000; i++) { // what is reserved of the segment is used up
                try {
                    work.delete(db, Matcher.equal("host", "h9"), 0, i);
                } catch (CommitException e) {
                    refusal = e;
                }
            }
            assertThat(refusal).isNotNull();
            assertThat(refusal.reason()).isEqualTo(CommitException.Reason.READ_ONLY);
            assertThat(read(db)).isEqualTo(work.certain);
            disk.setFreeBytes(64 << 20);
            work.delete(db, Matcher.equal("host", "h1"), 10, 30);
            assertThat(read(db)).isEqualTo(work.certain);
            assertThat(db.status().readOnly()).isNull();
        }
        work.check(disk, "with room again");
    }

    /** Calls back before the n-th call of an upkeep that changes files. */
    private static FileSystem calling(FileSystem files, AtomicInteger left, Runnable call) {
        return (FileSystem) Proxy.newProxyInstance(
                FileSystem.class.getClassLoader(), new Class<?>[] {FileSystem.class}, (proxy, method, arguments) -> {
                    Object result;
                    try {
                        if (Thread.currentThread().getName().contains("upkeep") && left.decrementAndGet() == 0) {
                            call.run();
                        }
                        result = method.invoke(files, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                    return result instanceof WritableFile file ? calling(file, left, call) : result;
                });
    }

    private static WritableFile calling(WritableFile file, AtomicInteger left, Runnable call) {
        return (WritableFile) Proxy.newProxyInstance(
                WritableFile.class.getClassLoader(),
                new Class<?>[] {WritableFile.class},
                (proxy, method, arguments) -> {
                    if (method.getName().equals("equals")) {
                        return proxy == arguments[0]; // whoever looks for the file knows it as this
                    }
                    try {
                        if (Thread.currentThread().getName().contains("upkeep") && left.decrementAndGet() == 0) {
                            call.run();
                        }
                        return method.invoke(file, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    @Test
    void aDeletionThatArrivesAtAnyStepOfASealOrAMergeHoldsForItsOutput() throws IOException {
        boolean arrived = true;
        for (int step = 1; arrived; step++) {
            SimulatedFileSystem disk = new SimulatedFileSystem();
            AtomicInteger left = new AtomicInteger(Integer.MAX_VALUE);
            List<CompletableFuture<Void>> deletions = new ArrayList<>();
            List<Tsdb> store = new ArrayList<>();
            Matcher matcher = Matcher.regex("host", "h[12]");
            // Not waited for: the step may hold what the deletion needs.
            Runnable delete = () -> deletions.add(store.get(0).deleteAsync(List.of(matcher), TimeRange.of(10, 35)));
            Work work = new Work();
            try (Tsdb db = open(calling(disk, left, delete))) {
                store.add(db);
                work.append(db, 0, 20, 1);
                db.flush();
                work.append(db, 20, 40, 2);
                work.delete(db, Matcher.equal("host", "h1"), 5, 5);
                left.set(step);
                db.flush();
                db.compact();
                db.cleanTombstones();
                arrived = !deletions.isEmpty();
                deletions.forEach(CompletableFuture::join);
                work.certain = arrived ? work.certain.delete(matcher, TimeRange.of(10, 35)) : work.certain;
                work.possible = work.certain;
                assertThat(read(db)).as("arrived at step %d", step).isEqualTo(work.certain);
            }
            work.check(disk, "arrived at step " + step);
        }
    }
}
