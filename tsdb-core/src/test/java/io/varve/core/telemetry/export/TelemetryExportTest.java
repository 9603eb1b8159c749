package io.varve.core.telemetry.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import io.varve.core.Tsdb;
import io.varve.core.TsdbConfig;
import io.varve.core.model.Histogram;
import io.varve.core.model.Labels;
import io.varve.core.model.Matcher;
import io.varve.core.model.Metadata;
import io.varve.core.model.Resolution;
import io.varve.core.model.StaleMarker;
import io.varve.core.model.StartTime;
import io.varve.core.model.TimeSource;
import io.varve.core.storage.CommitException;
import io.varve.core.storage.Querier;
import io.varve.core.storage.SeriesStarts;
import io.varve.core.telemetry.Counter;
import io.varve.core.telemetry.Distribution;
import io.varve.core.telemetry.Metric;
import io.varve.core.telemetry.Telemetry;
import io.varve.core.telemetry.TelemetryConfig;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class TelemetryExportTest {

    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final long START_MILLIS = SteppedTime.START / 1_000_000;

    @TempDir
    private Path directory;

    private final SteppedTime time = new SteppedTime();
    private final Telemetry telemetry =
            Telemetry.create(TelemetryConfig.defaults().clock(time).ticking(false));
    private Tsdb db;

    @BeforeEach
    void open() throws IOException {
        db = Tsdb.open(directory.resolve("db"), TsdbConfig.defaults().ringBytes(1 << 16));
    }

    @AfterEach
    void close() throws IOException {
        db.close();
    }

    private long failures(String reason) {
        return telemetry
                .counter(TelemetryExport.FAILURES, "reason")
                .labels(reason)
                .get();
    }

    private long failures() {
        return telemetry.snapshot().stream()
                .filter(metric -> metric.name().equals(TelemetryExport.FAILURES))
                .mapToLong(metric -> metric.points().size())
                .sum();
    }

    @Test
    void all_metrics_become_series_under_the_names_of_the_exposition() {
        Counter puts = telemetry.counter(Metric.of("restate.put", "Puts."), "status", "node");
        puts.labels("a \"quoted\" ünïcode 🙂", "").add(3);
        telemetry.gauge(Metric.of("level_ratio", "Level.")).set(-0.5);
        telemetry.gauge(Metric.named("asked"), () -> 7, "of", "x");
        Distribution sizes = telemetry.distribution(Metric.of("size_bytes", "Sizes."));
        sizes.record(1);
        sizes.record(0);
        TelemetryExport export = TelemetryExport.of(telemetry, db, SECOND);
        time.advanceMillis(1_000);
        export.write();
        puts.labels("a \"quoted\" ünïcode 🙂", "").inc();
        sizes.record(5);
        time.advanceMillis(1_000);
        export.write();

        long first = START_MILLIS + 1_000;
        long second = START_MILLIS + 2_000;
        assertThat(StoreReading.of(db, "restate_put_total"))
                .isEqualTo(Map.of(
                        Labels.of(Labels.NAME, "restate_put_total", "status", "a \"quoted\" ünïcode 🙂"),
                        new TreeMap<>(Map.of(first, 3.0, second, 4.0))));
        assertThat(StoreReading.only(db, "level_ratio")).isEqualTo(Map.of(first, -0.5, second, -0.5));
        assertThat(StoreReading.only(db, "asked")).isEqualTo(Map.of(first, 7.0, second, 7.0));
        List<Histogram> histograms = StoreReading.histograms(db, "size_bytes");
        assertThat(histograms).extracting(Histogram::count).containsExactly(2.0, 3.0);
        assertThat(histograms).extracting(Histogram::zeroCount).containsExactly(1.0, 1.0);
        assertThat(histograms).extracting(Histogram::sum).containsExactly(1.0, 6.0);
        assertThat(failures()).isZero();
    }

    @Test
    void durations_are_histograms_of_seconds() {
        Distribution wait = telemetry.latency(Metric.of("wait_seconds", "Waiting."));
        wait.record(250_000_000);
        TelemetryExport export = TelemetryExport.of(telemetry, db, SECOND);
        export.write();
        Histogram histogram = StoreReading.histograms(db, "wait_seconds").get(0);
        assertThat(histogram.sum()).isEqualTo(0.25);
        assertThat(histogram.layout().schema()).isEqualTo(5);
        assertThat(histogram.layout().positiveBuckets()).isEqualTo(1);
        double upper = Math.pow(2, histogram.layout().spanOffset(0) / 32.0);
        assertThat(0.25 / upper).isBetween(Math.pow(2, -1 / 32.0), Math.pow(2, 0.5 / 32));
    }

    @Test
    void metadata_and_starts_are_said_once_and_again_by_the_next_process() {
        telemetry.counter(Metric.of("done_total", "What is done.")).add(5);
        telemetry.latency(Metric.of("wait_seconds", "Waiting.")).record(1);
        time.advanceMillis(10);
        TelemetryExport export = TelemetryExport.of(telemetry, db, SECOND);
        export.write();
        time.advanceMillis(1_000);
        Telemetry next = Telemetry.create(TelemetryConfig.defaults().clock(time));
        next.counter(Metric.of("done_total", "What was done.")).add(2);
        time.advanceMillis(10);
        TelemetryExport.of(next, db, SECOND).write();

        try (Querier querier = db.querier(StoreReading.ALWAYS)) {
            assertThat(querier.metadata("wait_seconds").found())
                    .isEqualTo(Map.of("wait_seconds", new Metadata(Metadata.Type.HISTOGRAM, "Waiting.", "seconds")));
            assertThat(querier.metadata("done_total").found())
                    .isEqualTo(Map.of("done_total", new Metadata(Metadata.Type.COUNTER, "What was done.", "")));
            List<SeriesStarts> starts =
                    querier.startTimes(Matcher.equal(Labels.NAME, "done_total")).found();
            assertThat(starts).singleElement().satisfies(series -> assertThat(series.starts())
                    .containsExactly(
                            new StartTime(START_MILLIS, START_MILLIS + 10),
                            new StartTime(START_MILLIS + 1_010, START_MILLIS + 1_020)));
        }
    }

    @Test
    void a_series_that_leaves_the_registry_ends() {
        Telemetry.Registration peer = telemetry.gauge(Metric.named("peer_up"), () -> 1, "peer", "a");
        telemetry.gauge(Metric.named("peer_up"), () -> 1, "peer", "b");
        TelemetryExport export = TelemetryExport.of(telemetry, db, SECOND);
        export.write();
        peer.close();
        for (int i = 0; i < 2; i++) {
            time.advanceMillis(1_000);
            export.write();
        }
        Map<Long, Object> a = StoreReading.of(db, "peer_up")
                .getOrDefault(Labels.of(Labels.NAME, "peer_up", "peer", "a"), new TreeMap<>());
        assertThat(a).hasSize(2).containsEntry(START_MILLIS, 1.0);
        assertThat(a.get(START_MILLIS + 1_000))
                .isInstanceOfSatisfying(
                        Double.class, end -> assertThat(StaleMarker.is(end)).isTrue());
        assertThat(StoreReading.of(db, "peer_up").get(Labels.of(Labels.NAME, "peer_up", "peer", "b")))
                .hasSize(3);
    }

    @ParameterizedTest
    @EnumSource(CommitException.Reason.class)
    void a_store_that_does_not_take_it_costs_that_round_alone(CommitException.Reason reason) {
        ScriptedStore store = new ScriptedStore(db);
        Counter done = telemetry.counter("done");
        TelemetryExport export = TelemetryExport.of(telemetry, store, SECOND);
        for (int round = 0; round < 4; round++) {
            store.reason = round == 1 || round == 2 ? reason : null;
            done.inc();
            export.write();
            time.advanceMillis(1_000);
        }
        assertThat(StoreReading.only(db, "done_total")).isEqualTo(Map.of(START_MILLIS, 1.0, START_MILLIS + 3_000, 4.0));
        assertThat(failures(reason.name().toLowerCase(Locale.ROOT))).isEqualTo(2);
    }

    @Test
    void a_store_that_is_closed_or_broken_is_tried_again() throws IOException {
        ScriptedStore store = new ScriptedStore(db);
        Counter done = telemetry.counter("done");
        TelemetryExport export = TelemetryExport.of(telemetry, store, SECOND);
        for (int round = 0; round < 6; round++) {
            store.closed = round == 0 || round == 2;
            store.broken = round == 4;
            done.inc();
            export.write();
            time.advanceMillis(1_000);
        }
        assertThat(StoreReading.only(db, "done_total"))
                .isEqualTo(Map.of(START_MILLIS + 1_000, 2.0, START_MILLIS + 3_000, 4.0, START_MILLIS + 5_000, 6.0));
        assertThat(failures("closed")).isEqualTo(2);
        assertThat(failures("error")).isGreaterThanOrEqualTo(1);
        db.close();
        export.write();
        assertThat(failures("closed")).isEqualTo(3);
        db = Tsdb.open(directory.resolve("db"), TsdbConfig.defaults());
    }

    @Test
    void a_limit_of_the_store_is_told_by_its_name_and_known_series_go_on() throws IOException {
        try (Tsdb small =
                Tsdb.open(directory.resolve("small"), TsdbConfig.defaults().maxSeries(2))) {
            telemetry.counter("a").inc();
            TelemetryExport export = TelemetryExport.of(telemetry, small, SECOND);
            export.write();
            telemetry.counter("b").inc();
            telemetry.counter("c").inc();
            time.advanceMillis(1_000);
            export.write();
            assertThat(StoreReading.only(small, "a_total")).hasSize(2);
            assertThat(failures("series_limit")).isEqualTo(1);
        }
    }

    @Test
    void ten_thousand_series_pass_a_small_ring_and_labels_beyond_all_measure_are_left_out() {
        Telemetry many = Telemetry.create(TelemetryConfig.defaults().clock(time).labelSets(20_000));
        Counter counter = many.counter("many", "id");
        for (int i = 0; i < 10_000; i++) {
            counter.labels("a label value of some length, with its number " + i).add(i);
        }
        counter.labels("x".repeat(100_000)).inc();
        TelemetryExport export = TelemetryExport.of(many, db, SECOND);
        export.write();
        time.advanceMillis(1_000);
        export.write();
        assertThat(StoreReading.of(db, "many_total"))
                .hasSize(10_000)
                .allSatisfy((labels, samples) -> assertThat(samples).hasSize(2));
        assertThat(many.counter(TelemetryExport.FAILURES, "reason")
                        .labels("too_large")
                        .get())
                .isEqualTo(1);
    }

    @Test
    void series_that_come_and_go_for_ever_do_not_fill_memory() {
        ScriptedStore store = new ScriptedStore(db);
        TelemetryExport export = TelemetryExport.of(telemetry, store, SECOND);
        for (int i = 0; i < 300; i++) {
            Telemetry.Registration[] short_lived = new Telemetry.Registration[100];
            for (int k = 0; k < short_lived.length; k++) {
                short_lived[k] = telemetry.gauge(Metric.named("short"), () -> 1, "id", i + "/" + k);
            }
            export.write();
            time.advanceMillis(1);
            for (Telemetry.Registration one : short_lived) {
                one.close();
            }
        }
        assertThat(store.appenders()).isBetween(2, 4);
        assertThat(StoreReading.of(db, "short")).hasSize(30_000);
        assertThat(failures()).isZero();
    }

    @Test
    void a_round_allocates_little_where_nothing_was_recorded() {
        Counter counter = telemetry.counter("many", "id");
        for (int i = 0; i < 1_000; i++) {
            counter.labels("value " + i).add(i);
        }
        for (int i = 0; i < 20; i++) {
            telemetry.latency(Metric.of("wait" + i + "_seconds", "")).record(1_000L << i);
        }
        TelemetryExport export = TelemetryExport.of(telemetry, db, SECOND);
        for (int i = 0; i < 200; i++) {
            export.write();
            time.advanceMillis(1_000);
        }
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getThreadAllocatedBytes(Thread.currentThread().getId());
        for (int i = 0; i < 100; i++) {
            export.write();
            time.advanceMillis(1_000);
        }
        long each = (threads.getThreadAllocatedBytes(Thread.currentThread().getId()) - before) / 100;
        assertThat(each / 1_020).as("bytes a series").isLessThan(120);
        assertThat(failures()).isZero();
    }

    @Test
    void a_thread_writes_once_a_period_and_once_more_at_the_end() throws IOException {
        Telemetry real = Telemetry.create(TelemetryConfig.defaults());
        Counter done = real.counter("done");
        ScriptedStore store = new ScriptedStore(db);
        try (TelemetryExport export = real.exportTo(store, Duration.ofMillis(20))) {
            assertThat(export).isNotNull();
            long end = TimeSource.system().nanoTime() + 10_000_000_000L;
            while (StoreReading.of(db, "done_total").isEmpty()
                    || StoreReading.only(db, "done_total").size() < 5) {
                assertThat(TimeSource.system().nanoTime()).isLessThan(end);
                done.inc();
            }
            store.commitNanos = 70_000_000;
            Counter late = real.counter(TelemetryExport.FAILURES, "reason").labels("late");
            while (late.get() < 6) {
                assertThat(TimeSource.system().nanoTime()).isLessThan(end);
                Thread.onSpinWait();
            }
            done.add(1_000_000_000L);
        }
        assertThat((double) StoreReading.only(db, "done_total").lastEntry().getValue())
                .isEqualTo((double) done.get());
        assertThat(Thread.getAllStackTraces().keySet())
                .extracting(Thread::getName)
                .doesNotContain("varve-telemetry-export");
    }

    @Test
    void a_period_that_cannot_be_is_refused_at_once() {
        for (Duration period :
                List.of(Duration.ZERO, Duration.ofSeconds(-1), Duration.ofNanos(9), Duration.ofDays(2))) {
            assertThatThrownBy(() -> telemetry.exportTo(db, period))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("period=" + period);
        }
    }

    @Test
    void times_are_ticks_of_the_store() throws IOException {
        try (Tsdb nanos =
                Tsdb.open(directory.resolve("nanos"), TsdbConfig.defaults().resolution(Resolution.NANOS))) {
            telemetry.counter("a").inc();
            time.advanceNanos(17);
            TelemetryExport.of(telemetry, nanos, SECOND).write();
            assertThat(StoreReading.only(nanos, "a_total")).isEqualTo(Map.of(SteppedTime.START + 17, 1.0));
        }
    }
}
