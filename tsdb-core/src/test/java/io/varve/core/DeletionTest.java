package io.varve.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.varve.core.fs.SimulatedFileSystem;
import io.varve.core.model.Labels;
import io.varve.core.model.Matcher;
import io.varve.core.model.StaleMarker;
import io.varve.core.model.TimeRange;
import io.varve.core.model.TimeSource;
import io.varve.core.storage.Appender;
import io.varve.core.storage.Commit;
import io.varve.core.storage.CommitException;
import io.varve.core.storage.Durability;
import io.varve.core.storage.Querier;
import io.varve.core.storage.SeriesSet;
import java.io.IOException;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a deletion takes away, and what it leaves, by example. */
class DeletionTest {

    private static final Labels A = Labels.of("__name__", "m", "host", "a");
    private static final Labels B = Labels.of("__name__", "m", "host", "b", "zone", "z");
    private static final Matcher HOST_A = Matcher.equal("host", "a");
    private static final Matcher HOST_B = Matcher.equal("host", "b");

    private final SimulatedFileSystem disk = new SimulatedFileSystem();
    private Tsdb db;

    @BeforeEach
    void open() throws IOException {
        TsdbRuntime runtime = TsdbRuntime.create(TimeSource.system(), new Random(1));
        db = Tsdb.open(disk, TsdbConfig.defaults().ringBytes(1 << 18), runtime, "main", runtime);
    }

    @AfterEach
    void close() throws IOException {
        db.close();
    }

    private void reopen() throws IOException {
        db.close();
        open();
    }

    private Commit write(Labels labels, double value, long... times) {
        try (Appender appender = db.appender(Durability.SYNCED)) {
            long ref = appender.series(labels);
            for (long time : times) {
                appender.append(ref, time, value);
            }
            return appender.commit();
        }
    }

    private static long[] times(int from, int to) {
        return LongStream.rangeClosed(from, to).toArray();
    }

    /** {@code time=value} of a series, with blanks between. */
    private String read(Labels labels) {
        try (Querier querier = db.querier(TimeRange.ALL)) {
            return TsdbReading.text(querier, labels);
        }
    }

    private void delete(Matcher matcher, long from, long to) {
        db.delete(List.of(matcher), TimeRange.of(from, to));
    }

    @Test
    void samplesOfTheHeadAndOfBlocksAreGoneAtOnceAndForGood() throws IOException {
        write(A, 1, times(1, 4));
        write(B, 2, times(1, 4));
        db.flush();
        write(A, 3, times(5, 8));
        write(B, 4, times(5, 8));
        delete(HOST_A, 3, 6);
        for (int round = 0; round < 6; round++) {
            assertThat(read(A)).isEqualTo("1=1.0 2=1.0 7=3.0 8=3.0");
            assertThat(read(B)).isEqualTo("1=2.0 2=2.0 3=2.0 4=2.0 5=4.0 6=4.0 7=4.0 8=4.0");
            switch (round) {
                case 0, 2, 4 -> reopen();
                case 1 -> db.flush();
                case 3 -> db.compact();
                default -> assertThat(db.status().blockSamples()).isEqualTo(12);
            }
        }
    }

    @Test
    void whatIsWrittenAgainStays() throws IOException {
        write(A, 1, times(1, 4));
        delete(HOST_A, 1, 4);
        assertThat(read(A)).isEmpty();
        // The very same sample, the newest; one late over a deleted one; one in order.
        assertThat(write(A, 1, 4).accepted()).isEqualTo(1);
        assertThat(write(A, 1, 2).accepted()).isEqualTo(1);
        assertThat(write(A, 7, 3, 5).accepted()).isEqualTo(2);
        assertThat(read(A)).isEqualTo("2=1.0 3=7.0 4=1.0 5=7.0");
        delete(HOST_A, 2, 2); // a late one
        write(A, StaleMarker.VALUE, 1);
        write(A, 9, 2);
        assertThat(read(A)).isEqualTo("1=NaN 2=9.0 3=7.0 4=1.0 5=7.0");
        reopen();
        assertThat(read(A)).isEqualTo("1=NaN 2=9.0 3=7.0 4=1.0 5=7.0");
        db.flush();
        assertThat(read(A)).isEqualTo("1=NaN 2=9.0 3=7.0 4=1.0 5=7.0");
        assertThat(db.status().blockSamples()).isEqualTo(5);
    }

    @Test
    void aRepeatedSampleIsStillADuplicate() throws IOException {
        write(A, 1, 1, 2, 3);
        delete(HOST_A, 1, 1);
        write(A, 1, 3);
        write(A, 1, 2);
        assertThat(db.status().samples()).isEqualTo(3);
        write(A, 1, 1);
        write(A, 1, 1);
        assertThat(db.status().samples()).isEqualTo(4);
        assertThat(read(A)).isEqualTo("1=1.0 2=1.0 3=1.0");
    }

    @Test
    void labelsOfSeriesThatAreGoneAreGone() throws IOException {
        write(A, 1, times(1, 50));
        write(B, 1, times(1, 50));
        for (int round = 0; round < 2; round++) {
            delete(HOST_B, 0, 25);
            assertThat(hosts()).containsExactly("a", "b");
            delete(HOST_B, 26, 50);
            db.cleanTombstones(); // a block that was rewritten in between cannot tell yet that nothing is left
            assertThat(hosts()).containsExactly("a");
            try (Querier querier = db.querier(TimeRange.ALL)) {
                assertThat(querier.labelNames()).containsExactly("__name__", "host");
                assertThat(querier.labelNames(Matcher.equal("zone", "z"))).isEmpty();
            }
            write(B, 1, times(1, 50));
            db.flush(); // the second round finds it in a block
        }
        delete(HOST_B, 0, 100);
        assertThat(hosts()).containsExactly("a");
        db.cleanTombstones();
        assertThat(hosts()).containsExactly("a");
        assertThat(db.status().blockSamples()).isEqualTo(50);
        assertThat(db.liveDeletions()).isEqualTo(1); // of the log; the next flush takes it along
        db.flush();
        assertThat(db.liveDeletions()).isZero();
    }

    private List<String> hosts() {
        try (Querier querier = db.querier(TimeRange.ALL)) {
            List<String> hosts = querier.labelValues("host");
            assertThat(querier.labelValues("host", Matcher.equal("__name__", "m")))
                    .isEqualTo(hosts);
            return hosts;
        }
    }

    @Test
    void blocksOfWhichNothingIsLeftAreDeleted() throws IOException {
        write(A, 1, times(1, 10));
        db.flush();
        write(A, 1, times(11, 20));
        delete(HOST_A, 0, 30);
        db.flush(); // of the head nothing is left either
        db.cleanTombstones();
        assertThat(db.status().blocks()).isZero();
        assertThat(disk.list("blocks")).isEmpty();
        assertThat(read(A)).isEmpty();
        reopen();
        assertThat(read(A)).isEmpty();
        assertThat(write(A, 1, 5).accepted()).isEqualTo(1);
        assertThat(read(A)).isEqualTo("5=1.0");
    }

    @Test
    void aTopLevelBlockIsWrittenAgainOnItsLevel() throws IOException {
        for (int block = 0; block < 4; block++) {
            write(A, block, times(block * 10, block * 10 + 9));
            db.flush();
        }
        db.compact();
        String merged = disk.list("blocks").get(0);
        delete(HOST_A, 5, 5); // far too little to be worth it by itself
        db.flush();
        assertThat(disk.list("blocks")).containsExactly(merged);
        db.cleanTombstones();
        assertThat(disk.list("blocks")).hasSize(1).doesNotContain(merged);
        assertThat(db.status().blockSamples()).isEqualTo(39);
        assertThat(Integer.parseInt(read(A).split("=")[0])).isZero();
    }

    @Test
    void aBlockOfWhichMuchIsHiddenIsWrittenAgainByItself() throws IOException, InterruptedException {
        write(A, 1, times(1, 100));
        db.flush();
        delete(HOST_A, 50, 100);
        for (int wait = 0; db.status().blockSamples() != 49 && wait < 100; wait++) {
            Thread.sleep(100);
        }
        assertThat(db.status().blockSamples()).isEqualTo(49);
    }

    @Test
    void aViewSeesADeletionWholeOrNotAtAll() throws IOException {
        write(A, 1, times(1, 3));
        db.flush();
        write(A, 2, times(4, 6));
        try (Querier before = db.querier(TimeRange.ALL)) {
            delete(HOST_A, 0, 10);
            db.flush();
            db.cleanTombstones();
            assertThat(TsdbReading.text(before, A)).isEqualTo("1=1.0 2=1.0 3=1.0 4=2.0 5=2.0 6=2.0");
            assertThat(before.labelValues("host")).containsExactly("a");
        }
        assertThat(read(A)).isEmpty();
    }

    @Test
    void readersBesideDeletionsSealsAndMergesSeeEachWhole() throws Exception {
        int series = 40;
        for (int i = 0; i < series; i++) {
            write(Labels.of("__name__", "m", "host", "h" + i), 1, times(1, 10));
        }
        db.flush();
        for (int i = 0; i < series; i++) {
            write(Labels.of("__name__", "m", "host", "h" + i), 1, times(11, 20));
        }
        AtomicBoolean ended = new AtomicBoolean();
        AtomicReference<Throwable> failure = new AtomicReference<>();
        Thread reader = new Thread(() -> {
            try {
                while (!ended.get()) {
                    try (Querier querier = db.querier(TimeRange.ALL);
                            SeriesSet set = querier.select(Matcher.equal("__name__", "m"))) {
                        while (set.next()) {
                            int count = 0;
                            for (var columns = set.columns(); columns.nextPage(); ) {
                                count += columns.size();
                            }
                            assertThat(count).as("samples of %s", set.labels()).isEqualTo(20);
                        }
                    }
                }
            } catch (Throwable e) {
                failure.set(e);
            }
        });
        reader.start();
        for (int i = 0; i < series; i++) {
            delete(Matcher.equal("host", "h" + i), 0, 100);
            if (i % 10 == 5) {
                db.flush();
                db.compact();
            }
        }
        ended.set(true);
        reader.join();
        assertThat(failure.get()).isNull();
        assertThat(hosts()).isEmpty();
    }

    @Test
    void whatWouldDeleteEverythingIsRefused() {
        assertThatThrownBy(() -> db.delete(List.of(), TimeRange.ALL))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("at least one matcher");
        assertThatThrownBy(() -> db.delete(List.of(Matcher.regex("host", ".*")), TimeRange.ALL))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("host=~\".*\"");
        assertThatThrownBy(() -> db.delete(List.of(HOST_A), TimeRange.of(2, 1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("from=2, to=1");
        assertThatThrownBy(() -> db.delete(List.of(Matcher.equal("host", "x".repeat(70_000))), TimeRange.ALL))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("65536");
        assertThatThrownBy(() -> db.delete(List.of(Matcher.equal("host", "\ud800")), TimeRange.ALL))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("surrogates");
    }

    @Test
    void soManyDeletionsAreRefusedUntilTheyAreApplied() throws IOException {
        write(A, 1, times(1, 3));
        db.flush();
        CommitException refusal = null;
        int taken = 0;
        while (refusal == null) {
            try {
                db.deleteAsync(List.of(Matcher.equal("host", "none" + taken)), TimeRange.ALL)
                        .join();
                taken++;
            } catch (java.util.concurrent.CompletionException e) {
                refusal = (CommitException) e.getCause();
            }
        }
        assertThat(taken).isEqualTo(StoreDeletions.MAX_LIVE);
        assertThat(refusal.reason()).isEqualTo(CommitException.Reason.OVERLOADED);
        db.flush();
        assertThat(db.liveDeletions()).isZero(); // no block has such a series
        delete(HOST_A, 1, 1);
        assertThat(read(A)).isEqualTo("2=1.0 3=1.0");
    }
}
