package io.varve.core;

import static org.assertj.core.api.Assertions.assertThat;

import io.varve.core.fs.SimulatedFileSystem;
import io.varve.core.model.Exemplar;
import io.varve.core.model.HistogramSamples;
import io.varve.core.model.Labels;
import io.varve.core.model.Matcher;
import io.varve.core.model.TimeRange;
import io.varve.core.model.TimeSource;
import io.varve.core.storage.Appender;
import io.varve.core.storage.Durability;
import io.varve.core.storage.Querier;
import java.io.IOException;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Labels are listed of series with samples in the range, the same in the head, in a block, in a merged one, and again. */
class ListingTest {

    private static final Matcher ANY = Matcher.regex("job", ".+");

    private final SimulatedFileSystem disk = new SimulatedFileSystem();

    private Tsdb open() throws IOException {
        TsdbRuntime runtime = TsdbRuntime.create(TimeSource.system(), new Random(1));
        return Tsdb.open(disk, TsdbConfig.defaults().ringBytes(1 << 20), runtime, "main", runtime);
    }

    private static Labels labels(String host) {
        return Labels.of("host", host, "job", "test", "only_" + host, "x");
    }

    private static void write(Tsdb db) {
        try (Appender appender = db.appender(Durability.SYNCED)) {
            appender.append(appender.series(labels("early")), 10, 1);
            appender.append(appender.series(labels("early")), 40, 1);
            appender.append(appender.series(labels("late")), 40, 1);
            appender.append(appender.series(labels("late")), 20, 1); // behind a newer one
            appender.append(appender.series(labels("histogram")), 30, HistogramSamples.random(new Random(1)));
            appender.exemplar(appender.series(labels("exemplar")), new Exemplar(Labels.of("t", "1"), 30, 1));
            appender.startTime(appender.series(labels("start")), 30, 5);
            appender.append(appender.series(labels("deleted")), 30, 1);
            appender.append(appender.series(labels("halved")), 30, 1);
            appender.append(appender.series(labels("halved")), 35, 1);
            assertThat(appender.commit().refused()).isZero();
        }
        db.delete(List.of(Matcher.equal("host", "deleted")), TimeRange.ALL);
        db.delete(List.of(Matcher.equal("host", "halved")), TimeRange.of(0, 30));
    }

    private static void more(Tsdb db) {
        try (Appender appender = db.appender(Durability.SYNCED)) {
            appender.append(appender.series(labels("more")), 60, 1);
            assertThat(appender.commit().refused()).isZero();
        }
    }

    private static void check(Tsdb db, String... later) {
        assertThat(listed(db, TimeRange.of(0, 50))).containsExactly("early", "halved", "histogram", "late");
        assertThat(listed(db, TimeRange.of(10, 10))).containsExactly("early");
        assertThat(listed(db, TimeRange.of(11, 19))).isEmpty();
        assertThat(listed(db, TimeRange.of(20, 29))).containsExactly("late");
        assertThat(listed(db, TimeRange.of(30, 30))).containsExactly("histogram");
        assertThat(listed(db, TimeRange.of(31, 39))).containsExactly("halved");
        assertThat(listed(db, TimeRange.of(51, 99))).containsExactly(later);
    }

    /** Hosts that are listed, by whatever question. */
    private static List<String> listed(Tsdb db, TimeRange range) {
        try (Querier querier = db.querier(range)) {
            List<String> hosts = querier.labelValues("host");
            assertThat(querier.labelValues("host", ANY)).isEqualTo(hosts);
            List<String> names = hosts.stream().map(host -> "only_" + host).toList();
            assertThat(only(querier.labelNames())).isEqualTo(names);
            assertThat(only(querier.labelNames(ANY))).isEqualTo(names);
            assertThat(PlainStore.listed(querier, ANY))
                    .extracting(labels -> labels.get("host"))
                    .isEqualTo(hosts);
            return hosts;
        }
    }

    private static List<String> only(List<String> names) {
        return names.stream().filter(name -> name.startsWith("only_")).toList();
    }

    @Test
    void sealingMergingAndOpeningChangeNothing() throws IOException {
        try (Tsdb db = open()) {
            write(db);
            check(db);
        }
        try (Tsdb db = open()) {
            check(db);
            db.flush();
            check(db);
            more(db);
            check(db, "more");
            db.flush();
            check(db, "more");
            db.compact();
            check(db, "more");
            db.cleanTombstones();
            check(db, "more");
        }
        try (Tsdb db = open()) {
            check(db, "more");
        }
    }

    @Test
    void whatIsListedOfManyPagesIsWhatHasSamples() throws IOException {
        try (Tsdb db = open()) {
            for (int part = 0; part < 20; part++) {
                try (Appender appender = db.appender(Durability.SYNCED)) {
                    for (int i = 0; i < 1_000; i++) {
                        int time = 10 * (1_000 * part + i);
                        appender.append(appender.series(labels("a")), time, i);
                        if (part != 9) {
                            appender.append(appender.series(labels("b")), time + 5, i);
                        }
                    }
                    assertThat(appender.commit().refused()).isZero();
                }
            }
            db.flush();
            assertThat(listed(db, TimeRange.of(90_000, 99_989))).containsExactly("a");
            assertThat(listed(db, TimeRange.of(89_991, 89_999))).containsExactly("b");
            assertThat(listed(db, TimeRange.of(81_920, 81_920))).containsExactly("a");
            assertThat(listed(db, TimeRange.of(81_921, 81_924))).isEmpty();
            assertThat(listed(db, TimeRange.of(199_991, 300_000))).containsExactly("b");
            assertThat(listed(db, TimeRange.of(100_000, 100_009))).containsExactly("a", "b");
        }
    }
}
