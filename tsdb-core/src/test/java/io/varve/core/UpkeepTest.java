package io.varve.core;

import static org.assertj.core.api.Assertions.assertThat;

import io.varve.core.fs.FileSystem;
import io.varve.core.fs.SimulatedFileSystem;
import io.varve.core.model.Labels;
import io.varve.core.storage.Appender;
import io.varve.core.storage.Durability;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

class UpkeepTest {

    private static final int SERIES = 300;

    /** A file system that tells before it creates or renames the file of a block. */
    private static FileSystem told(FileSystem files, AtomicReference<Runnable> creating, List<String> finished) {
        return (FileSystem) Proxy.newProxyInstance(
                FileSystem.class.getClassLoader(), new Class<?>[] {FileSystem.class}, (proxy, method, args) -> {
                    String path = args == null ? "" : String.valueOf(args[0]);
                    if (method.getName().equals("create") && path.startsWith("blocks/")) {
                        creating.getAndSet(() -> {}).run();
                    }
                    if (method.getName().equals("rename") && path.startsWith("blocks/")) {
                        finished.add(String.valueOf(args[1]));
                    }
                    try {
                        return method.invoke(files, args);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    private static void write(Tsdb db, int time) {
        try (Appender appender = db.appender(Durability.SYNCED)) {
            for (int i = 0; i < SERIES; i++) {
                appender.append(appender.series(Labels.of("__name__", "m", "i", "" + i)), time, i);
            }
            assertThat(appender.commit().refused()).isZero();
        }
    }

    @Test
    void whatIsFrozenDuringAMergeIsSealedBeforeTheMergeIsDone() throws IOException {
        SimulatedFileSystem disk = new SimulatedFileSystem();
        AtomicReference<Runnable> creating = new AtomicReference<>(() -> {});
        List<String> finished = new ArrayList<>();
        TsdbRuntime runtime = TsdbRuntime.create();
        FileSystem files = told(disk, creating, finished);
        try (Tsdb db = Tsdb.open(files, SmallStore.CONFIG, runtime, "main", runtime)) {
            for (int block = 0; block < 2; block++) {
                write(db, 1_000 * (block + 1));
                db.flush();
            }
            write(db, 3_000);
            List<CompletableFuture<Void>> flushed = new ArrayList<>();
            creating.set(() -> flushed.add(freeze(db, disk)));
            int before = finished.size();
            db.compact();
            flushed.forEach(CompletableFuture::join);
            assertThat(finished.subList(before, finished.size()))
                    .as("the merge took the first number, and was done after the seal")
                    .hasSizeGreaterThanOrEqualTo(2)
                    .satisfies(names -> assertThat(names.get(0)).isGreaterThan(names.get(1)));
            assertThat(db.status().blockSamples()).isEqualTo(3L * SERIES);
        }
    }

    @Test
    void whatIsLoadedInBulkIsMergedWhenTheLoadIsOver() throws IOException {
        SettableTime time = new SettableTime(SmallStore.START);
        try (Tsdb db = SmallStore.open(new SimulatedFileSystem(), SmallStore.CONFIG, time)) {
            for (int block = 0; block < 6; block++) {
                write(db, 1_000 * (block + 1));
                db.flush();
            }
            LockSupport.parkNanos(1_500_000_000L); // longer than upkeep rests
            assertThat(db.status().blocks()).isEqualTo(6);
            time.pass(Duration.ofMinutes(10));
            while (db.status().blocks() == 6) {
                LockSupport.parkNanos(10_000_000);
            }
            assertThat(db.status().blocks()).isOne();
            assertThat(db.status().blockSamples()).isEqualTo(6L * SERIES);
        }
    }

    /** Asks for a flush and returns when the head is frozen, which begins another segment. */
    private static CompletableFuture<Void> freeze(Tsdb db, SimulatedFileSystem disk) {
        int before = segments(disk);
        CompletableFuture<Void> flushed = CompletableFuture.runAsync(() -> {
            try {
                db.flush();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        while (segments(disk) == before) {
            LockSupport.parkNanos(1_000_000);
        }
        LockSupport.parkNanos(50_000_000); // until the view has both generations
        return flushed;
    }

    private static int segments(SimulatedFileSystem disk) {
        try {
            return (int) disk.list("wal").stream()
                    .filter(name -> name.endsWith(".seg"))
                    .count();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
