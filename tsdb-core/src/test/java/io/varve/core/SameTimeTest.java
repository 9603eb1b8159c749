package io.varve.core;

import static org.assertj.core.api.Assertions.assertThat;

import io.varve.core.fs.SimulatedFileSystem;
import io.varve.core.model.Labels;
import io.varve.core.model.Matcher;
import io.varve.core.model.TimeRange;
import io.varve.core.model.TimeSource;
import io.varve.core.storage.Appender;
import io.varve.core.storage.ColumnCursor;
import io.varve.core.storage.Durability;
import io.varve.core.storage.Querier;
import io.varve.core.storage.SeriesSet;
import java.io.IOException;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Samples of one time: the later position wins, within a batch as between batches. */
class SameTimeTest {

    private static final Labels SERIES = Labels.of("__name__", "m");

    private static Tsdb open(SimulatedFileSystem disk) throws IOException {
        TsdbRuntime runtime = TsdbRuntime.create(TimeSource.system(), new Random(1));
        return Tsdb.open(disk, TsdbConfig.defaults(), runtime, "main", runtime);
    }

    /** Commits values of time 10 as one batch. */
    private static void write(Tsdb db, double... values) {
        try (Appender appender = db.appender(Durability.SYNCED)) {
            for (double value : values) {
                appender.append(appender.series(SERIES), 10, value);
            }
            assertThat(appender.commit().refused()).isZero();
        }
    }

    private static double read(Tsdb db) {
        try (Querier querier = db.querier(TimeRange.ALL);
                SeriesSet set = querier.select(Matcher.equal("__name__", "m"))) {
            assertThat(set.next()).isTrue();
            ColumnCursor cursor = set.columns();
            assertThat(cursor.nextPage()).isTrue();
            assertThat(cursor.times()[0]).isEqualTo(10);
            return cursor.values()[0];
        }
    }

    @Test
    void theLastOfABatchWinsThoughItRepeatsWhatWasThereBefore() throws IOException {
        SimulatedFileSystem disk = new SimulatedFileSystem();
        try (Tsdb db = open(disk)) {
            write(db, 2);
            write(db, 0);
            write(db, 2, 0);
            assertThat(read(db)).isZero();
            write(db, 3, 0, 3, 0, 4);
            assertThat(read(db)).isEqualTo(4);
            write(db, 5, 4);
            assertThat(read(db)).isEqualTo(4);
            db.flush();
            assertThat(read(db)).isEqualTo(4);
        }
        try (Tsdb db = open(disk)) {
            assertThat(read(db)).isEqualTo(4);
        }
    }
}
