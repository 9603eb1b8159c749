package io.varve.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.varve.core.model.Labels;
import io.varve.core.model.Matcher;
import io.varve.core.model.TimeRange;
import io.varve.core.storage.Appender;
import io.varve.core.storage.ColumnCursor;
import io.varve.core.storage.Commit;
import io.varve.core.storage.CommitException;
import io.varve.core.storage.Durability;
import io.varve.core.storage.Querier;
import io.varve.core.storage.SeriesSet;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A data directory that goes away under the process: nothing is acknowledged that a restart would not find. */
class LostDirectoryTest {

    @TempDir
    private Path parent;

    private static CompletableFuture<Commit> commit(Tsdb db, long time) {
        try (Appender appender = db.appender(Durability.SYNCED)) {
            appender.append(appender.series(Labels.of("__name__", "m")), time, 0.5);
            return appender.commitAsync().toCompletableFuture();
        }
    }

    private static int count(Tsdb db) {
        int samples = 0;
        try (Querier querier = db.querier(TimeRange.ALL);
                SeriesSet set = querier.select(Matcher.equal("__name__", "m"))) {
            while (set.next()) {
                for (ColumnCursor columns = set.columns(); columns.nextPage(); ) {
                    samples += columns.size();
                }
            }
        }
        return samples;
    }

    private static void waitUntilReadOnly(Tsdb db, boolean wanted) {
        long end = System.nanoTime() + 20_000_000_000L;
        while (db.status().readOnly() != null != wanted) {
            assertThat(System.nanoTime()).as(db.status().readOnly()).isLessThan(end);
            Thread.onSpinWait();
        }
    }

    @Test
    void movedAwayAndBack() throws Exception {
        Path data = parent.resolve("data");
        Path aside = parent.resolve("aside");
        try (Tsdb db = Tsdb.open(data, TsdbConfig.defaults())) {
            assertThat(commit(db, 1).get(20, TimeUnit.SECONDS).accepted()).isEqualTo(1);
            Files.move(data, aside);
            CompletableFuture<Commit> pending = commit(db, 2);
            waitUntilReadOnly(db, true);
            assertThat(db.status().readOnly())
                    .startsWith("cannot write the log: ")
                    .contains(data.toString())
                    .contains("NoSuchFile");
            assertThatThrownBy(() -> commit(db, 3).get(20, TimeUnit.SECONDS))
                    .isInstanceOf(ExecutionException.class)
                    .cause()
                    .isInstanceOf(CommitException.class)
                    .hasMessageStartingWith("cannot write the log: ");
            assertThat(pending).isNotDone();
            assertThat(count(db)).isEqualTo(2);
            Files.move(aside, data);
            assertThat(pending.get(20, TimeUnit.SECONDS).accepted()).isEqualTo(1);
            waitUntilReadOnly(db, false);
            assertThat(commit(db, 3).get(20, TimeUnit.SECONDS).accepted()).isEqualTo(1);
        }
        try (Tsdb db = Tsdb.open(data, TsdbConfig.defaults())) {
            assertThat(count(db)).isEqualTo(3);
        }
    }

    @Test
    void removed() throws Exception {
        Path data = parent.resolve("data");
        Tsdb db = Tsdb.open(data, TsdbConfig.defaults());
        assertThat(commit(db, 1).get(20, TimeUnit.SECONDS).accepted()).isEqualTo(1);
        try (Stream<Path> files = Files.walk(data)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
        CompletableFuture<Commit> pending = commit(db, 2);
        waitUntilReadOnly(db, true);
        assertThat(count(db)).isEqualTo(2);
        assertThatThrownBy(db::flush).isInstanceOf(IOException.class);
        assertThatThrownBy(db::close).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> pending.get(20, TimeUnit.SECONDS))
                .cause()
                .isInstanceOf(CommitException.class)
                .hasMessageStartingWith("unknown whether durable: cannot write the log: ");
    }
}
