package io.varve.core;

import static org.assertj.core.api.Assertions.assertThat;

import io.varve.core.fs.SimulatedFileSystem;
import io.varve.core.model.Exemplar;
import io.varve.core.model.Histogram;
import io.varve.core.model.HistogramLayout;
import io.varve.core.model.Labels;
import io.varve.core.model.Matcher;
import io.varve.core.model.ResetHint;
import io.varve.core.model.RetentionRule;
import io.varve.core.model.StaleMarker;
import io.varve.core.model.TimeRange;
import io.varve.core.storage.Appender;
import io.varve.core.storage.Durability;
import io.varve.core.storage.Querier;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What becomes of histograms, exemplars and start times when samples are deleted, expire, or their series die. */
@Timeout(60)
class KindsLifeTest {

    private static final long START = 1_700_000_000_000L;
    private static final Matcher ALL = Matcher.equal("job", "test");
    private static final Labels A = Labels.of("__name__", "h", "host", "a", "job", "test");
    private static final Labels B = Labels.of("__name__", "h", "host", "b", "job", "test");

    private final SimulatedFileSystem disk = new SimulatedFileSystem();
    private final SettableTime time = new SettableTime(START + 10_000_000);
    private TsdbConfig config = TsdbConfig.defaults().ringBytes(1 << 16).seriesIdle(Duration.ofSeconds(1));
    private Tsdb db;

    @BeforeEach
    void open() throws IOException {
        TsdbRuntime runtime = TsdbRuntime.create(time, new Random(1));
        db = Tsdb.open(disk, config, runtime, "main", runtime);
    }

    @AfterEach
    void close() throws IOException {
        db.close();
    }

    private void commit(Labels labels, BiConsumer<Appender, Long> filling) {
        try (Appender appender = db.appender(Durability.SYNCED)) {
            filling.accept(appender, appender.series(labels));
            assertThat(appender.commit().refused()).isZero();
        }
    }

    private void sample(Labels labels, long at, double value) {
        commit(labels, (appender, ref) -> appender.append(ref, at, value));
    }

    private void histogram(Labels labels, long at, long count) {
        commit(labels, (appender, ref) -> appender.append(ref, at, histogram(count)));
    }

    private static Histogram histogram(long count) {
        HistogramLayout layout = HistogramLayout.exponential(3, false, 0x1p-128, new int[] {0, 1}, new int[0]);
        return Histogram.integer(layout, ResetHint.UNKNOWN, 0, count, 1, new long[] {count});
    }

    private void delete(long from, long to) {
        db.delete(List.of(ALL), TimeRange.of(from, to));
    }

    private PlainStore read() {
        return PlainStore.read(db, ALL);
    }

    @Test
    void seriesOfHistogramsAloneAreDeletedInPartAndAreStillFoundByTheirLabels() throws IOException {
        for (long at = 0; at < 10; at++) {
            histogram(A, START + at, at + 1);
        }
        delete(START, START + 4);
        for (int round = 0; round < 4; round++) {
            assertThat(read().samples.get(A)).containsOnlyKeys(START + 5, START + 6, START + 7, START + 8, START + 9);
            switch (round) {
                case 0 -> db.flush();
                case 1 -> db.cleanTombstones();
                default -> {
                    db.close();
                    open();
                }
            }
        }
        delete(START, START + 9);
        assertThat(read().samples).isEmpty();
        db.flush();
        db.compact();
        assertThat(read().samples).isEmpty();
        assertThat(db.status().blocks()).isZero();
    }

    @Test
    void aSeriesIsFoundByItsLabelsWhereAllItsFloatsOfABlockAreDeletedAndItsHistogramsAreNot() throws IOException {
        sample(A, START, 1);
        histogram(A, START + 100, 2);
        sample(A, START + 1, 1);
        db.flush();
        delete(START, START + 50);
        assertThat(read().samples.get(A)).containsOnlyKeys(START + 100); // reading looks at the labels too
        db.close();
        open();
        assertThat(read().samples.get(A)).containsOnlyKeys(START + 100);
    }

    @Test
    void aStaleMarkerAfterADeletedHistogramStays() throws IOException {
        histogram(A, START, 5);
        delete(START, START);
        sample(A, START, StaleMarker.VALUE);
        for (int round = 0; round < 2; round++) {
            assertThat(read().samples.get(A)).containsEntry(START, StaleMarker.BITS);
            db.flush();
        }
        sample(B, START, 5);
        delete(START, START);
        commit(B, (appender, ref) -> appender.append(ref, START, Histogram.stale(false)));
        for (int round = 0; round < 2; round++) {
            assertThat(read().samples.get(B)).containsEntry(START, Histogram.stale(false));
            db.close();
            open();
        }
    }

    @Test
    void deletingSamplesLeavesExemplarsAndStartsWhereTheyAre() throws IOException {
        Exemplar exemplar = new Exemplar(Labels.of("trace_id", "t"), START, 1);
        commit(A, (appender, ref) -> {
            appender.append(ref, START, 1);
            appender.exemplar(ref, exemplar);
            appender.startTime(ref, START, START - 10);
        });
        delete(0, START + 10);
        for (int round = 0; round < 3; round++) {
            PlainStore found = read();
            assertThat(found.samples).isEmpty();
            assertThat(found.exemplars.get(A)).containsExactly(exemplar);
            assertThat(found.starts.get(A)).containsEntry(START - 10, START);
            db.flush();
            db.cleanTombstones();
        }
    }

    @Test
    void aSeriesThatGetsExemplarsAloneWhileItIsAboutToDieLives() throws IOException {
        sample(A, START, 1);
        db.flush();
        Exemplar exemplar = new Exemplar(Labels.of("trace_id", "t"), START + 1, 1);
        try (Querier holdsTheDyingBack = db.querier(TimeRange.ALL)) {
            for (int i = 0; i < 6; i++) { // looked at, idle, looked at again
                time.pass(Duration.ofSeconds(2));
                LockSupport.parkNanos(120_000_000L);
            }
            commit(A, (appender, ref) -> appender.exemplar(ref, exemplar));
            assertThat(holdsTheDyingBack.losses()).isEmpty();
        }
        for (int i = 0; i < 4; i++) {
            time.pass(Duration.ofSeconds(2));
            LockSupport.parkNanos(120_000_000L);
            sample(B, START + i, 1); // may get a number that is free
        }
        for (int round = 0; round < 2; round++) {
            assertThat(read().exemplars).containsOnlyKeys(A);
            assertThat(read().exemplars.get(A)).containsExactly(exemplar);
            db.flush();
        }
    }

    @Test
    void whatIsKeptBesideASeriesOldStartDoesNotKeepRetentionBusy() throws IOException {
        long later = START + 9_000_000;
        commit(A, (appender, ref) -> {
            appender.append(ref, START, 1);
            appender.startTime(ref, START, START - 10);
            appender.append(ref, later, 1);
        });
        db.flush();
        db.close();
        config = config.retention(Duration.ofHours(1));
        open();
        db.compact(); // ends
        db.compact();
        PlainStore found = read();
        assertThat(found.samples.get(A)).containsOnlyKeys(later);
        assertThat(found.starts.get(A)).as("counting since then").containsEntry(START - 10, START);
    }

    @Test
    void retentionByMatcherTakesExemplarsAndStartsOfItsSeriesAlone() throws IOException {
        long later = START + 9_000_000;
        for (Labels labels : List.of(A, B)) {
            commit(labels, (appender, ref) -> {
                appender.append(ref, START, 1);
                appender.exemplar(ref, new Exemplar(Labels.of("trace_id", "t"), START, 1));
                appender.startTime(ref, START, START - 10);
            });
            db.flush();
        }
        sample(B, later, 1);
        db.flush();
        db.close();
        config = config.retentionRules(
                List.of(new RetentionRule(List.of(Matcher.equal("host", "a")), Duration.ofHours(1))));
        open();
        for (int round = 0; round < 2; round++) {
            PlainStore found = read();
            assertThat(found.samples).containsOnlyKeys(B);
            assertThat(found.samples.get(B)).containsOnlyKeys(START, later);
            assertThat(found.exemplars).containsOnlyKeys(B);
            assertThat(found.starts).containsKey(B);
            db.compact();
        }
        assertThat(read().starts).as("gone with all that A had").containsOnlyKeys(B);
        db.close();
        config = config.retentionRules(List.of());
        open();
        assertThat(read().exemplars).as("gone from the disk").containsOnlyKeys(B);
    }
}
