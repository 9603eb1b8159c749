package io.varve.core;

import static org.assertj.core.api.Assertions.assertThat;

import io.varve.core.fs.SimulatedCrash;
import io.varve.core.fs.SimulatedFileSystem;
import io.varve.core.fs.SimulatedFileSystem.Fault;
import io.varve.core.model.Histogram;
import io.varve.core.model.HistogramLayout;
import io.varve.core.model.Labels;
import io.varve.core.model.Matcher;
import io.varve.core.model.ResetHint;
import io.varve.core.model.RollupRule;
import io.varve.core.model.TimeRange;
import io.varve.core.storage.Appender;
import io.varve.core.storage.CommitException;
import io.varve.core.storage.Durability;
import io.varve.core.storage.Querier;
import io.varve.core.storage.RollupCursor;
import io.varve.core.storage.RollupHistograms;
import io.varve.core.storage.RollupSet;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Rollups that are written, written again and merged while the samples expire from which they are made, cut off at any
 * I/O step: no bucket is lost, none is doubled, and no sample goes before its rollup is durable.
 */
@ExtendWith(ExpectedCrashes.class)
class RollupCrashTest {

    private static final long START = 1_700_000_000_000L;
    private static final long WIDTH = 10_000;
    private static final int SERIES = 2;

    private static final TsdbConfig KEEPS =
            TsdbConfig.defaults().ringBytes(1 << 16).blockSpan(Duration.ofSeconds(100));
    private static final TsdbConfig CONFIG = KEEPS.retention(Duration.ofSeconds(130))
            .rollups(List.of(new RollupRule(Duration.ofMillis(WIDTH), Duration.ZERO, true)));

    private final SettableTime time = new SettableTime(START + 3_600_000L);

    private static Labels labels(int series) {
        return Labels.of("__name__", "m", "series", "s" + series);
    }

    private Tsdb open(SimulatedFileSystem files, TsdbConfig config) throws IOException {
        TsdbRuntime runtime = TsdbRuntime.create(time, new Random(1));
        return Tsdb.open(files, config, runtime, "main", runtime);
    }

    private static final Histogram HISTOGRAM = Histogram.integer(
            HistogramLayout.exponential(3, false, 0, new int[] {2, 2}, new int[0]), ResetHint.UNKNOWN, 0, 3, 4.5, 1, 2);

    /** A sample of each series every two seconds, of the first one a histogram before it too. */
    private static void write(Tsdb db, int fromSecond, int toSecond, int offset) {
        try (Appender appender = db.appender(Durability.SYNCED)) {
            for (int series = 0; series < SERIES; series++) {
                long ref = appender.series(labels(series));
                for (int second = fromSecond; second < toSecond; second += 2) {
                    appender.append(ref, START + 1_000L * second + offset, second % 17 + series);
                    if (series == 0) {
                        appender.append(ref, START + 1_000L * second + offset - 250, HISTOGRAM);
                    }
                }
            }
            assertThat(appender.commit().refused()).isZero();
        }
    }

    /** Seconds 0 to 300 in three blocks, and 300 to 310 in the log; of seconds 0 to 178 the samples are to expire. */
    private SimulatedFileSystem filled() throws IOException {
        SimulatedFileSystem files = new SimulatedFileSystem();
        try (Tsdb db = open(files, KEEPS)) {
            for (int second = 0; second < 300; second += 100) {
                write(db, second, second + 100, 0);
                db.flush();
            }
            write(db, 300, 310, 0);
        }
        return files;
    }

    /** Numbers of samples by end of bucket, in seconds, of each series. */
    private static SortedMap<Integer, Long> expected(boolean late) {
        SortedMap<Integer, Long> counts = new TreeMap<>();
        for (int second = 0; second < 400; second += 2) {
            counts.merge((second + 9) / 10 * 10, 1L, Long::sum);
            if (late && second >= 230 && second < 250) {
                counts.merge(second / 10 * 10 + 10, 1L, Long::sum);
            }
        }
        counts.keySet().removeIf(end -> end > 390); // the newest sample does not end a bucket
        return counts;
    }

    private static SortedMap<Integer, Long> read(Tsdb db) {
        SortedMap<Integer, Long> first = null;
        try (Querier querier = db.querier(TimeRange.ALL);
                RollupSet set = querier.rollups(WIDTH, Matcher.equal("__name__", "m"))) {
            while (set.next()) {
                SortedMap<Integer, Long> counts = new TreeMap<>();
                for (RollupCursor cursor = set.buckets(); cursor.nextPage(); ) {
                    for (int i = 0; i < cursor.size(); i++) {
                        int end = (int) ((cursor.ends()[i] - START) / 1_000);
                        assertThat(counts.put(end, cursor.numbers()[i]))
                                .as("once")
                                .isNull();
                        assertThat(cursor.isExact(i)).as("bucket " + end).isTrue();
                        assertThat(cursor.sketch(i)).isNotNull();
                        assertHistograms(set.labels(), cursor, i);
                    }
                }
                assertThat(set.touched()).isEmpty();
                assertThat(first == null || first.equals(counts)).isTrue();
                first = counts;
            }
            assertThat(set.holes()).isEmpty();
        }
        return first == null ? new TreeMap<>() : first;
    }

    private static void assertHistograms(Labels labels, RollupCursor cursor, int i) {
        RollupHistograms found = cursor.histograms(i);
        if (!labels.equals(labels(0))) {
            assertThat(found).isNull();
            return;
        }
        assertThat(found).isNotNull();
        long count = cursor.numbers()[i];
        assertThat(found.count()).isEqualTo(count);
        assertThat(found.resets()).isZero();
        assertThat(found.first()).isEqualTo(HISTOGRAM);
        assertThat(found.last()).isEqualTo(HISTOGRAM);
        assertThat(found.sum())
                .isEqualTo(Histogram.integer(
                        HISTOGRAM.layout(), ResetHint.UNKNOWN, 0, 3 * count, 4.5 * count, count, 2 * count));
    }

    /** What of the work was acknowledged. */
    private static final class Work {

        private boolean late;
        private boolean all;

        /** @param again whether an error is followed by another try, as a full disk is by room */
        void run(Tsdb db, boolean again) throws IOException {
            compact(db, again); // rolls up what there is, lets samples go
            write(db, 310, 350, 0);
            write(db, 230, 250, 500); // late, where rollups are already
            late = true;
            flush(db, again);
            write(db, 350, 400, 0);
            all = true;
            flush(db, again);
            compact(db, again); // rolls up late samples, merges both
        }

        private static void compact(Tsdb db, boolean again) throws IOException {
            try {
                db.compact();
            } catch (IOException e) {
                if (!again) {
                    throw e;
                }
                db.compact();
            }
        }

        private static void flush(Tsdb db, boolean again) throws IOException {
            try {
                db.flush();
            } catch (IOException e) {
                if (!again) {
                    throw e;
                }
                db.flush();
            }
        }
    }

    private void assertWhole(SimulatedFileSystem disk, Work work, String context) throws IOException {
        try (Tsdb db = open(disk, CONFIG)) {
            if (!work.late) { // nobody was promised these; now is the time, before they expire
                write(db, 230, 250, 500);
                db.flush();
            }
            if (!work.all) {
                write(db, 310, 400, 0);
            }
            db.flush();
            db.compact();
            assertThat(read(db)).as(context).isEqualTo(expected(true));
            assertThat(oldest(db))
                    .as(context + ": samples that expired have gone")
                    .isGreaterThanOrEqualTo(160);
        }
        assertThat(Verification.verify(disk).findings()).as(context).isEmpty();
    }

    /** Second of the oldest sample in a file. */
    private static long oldest(Tsdb db) {
        return (db.status().oldestTime() - START) / 1_000;
    }

    @Test
    void processKilledAndPowerLostAtEveryStep() throws IOException {
        boolean finished = false;
        for (int step = 1; !finished; step++) {
            SimulatedFileSystem disk = filled();
            disk.failAt(step, Fault.CRASH);
            Work work = new Work();
            finished = run(disk, work, false);
            assertWhole(step % 2 == 0 ? disk.killProcess() : disk.crash(step), work, "step " + step);
        }
    }

    @Test
    void aFullDiskAtEveryStepIsWaitedFor() throws IOException {
        boolean finished = false;
        for (int step = 1; !finished; step++) {
            SimulatedFileSystem disk = filled();
            long before = disk.ioCalls();
            disk.failAt(step, Fault.IO_ERROR);
            Work work = new Work();
            run(disk, work, true);
            finished = disk.ioCalls() - before < step;
            disk.failNoMore();
            assertWhole(disk, work, "step " + step);
        }
    }

    private boolean run(SimulatedFileSystem disk, Work work, boolean again) {
        try (Tsdb db = open(disk, CONFIG)) {
            work.run(db, again);
            return true;
        } catch (IOException | CommitException | SimulatedCrash e) {
            assertThat(e).isNotNull();
            return false;
        }
    }
}
