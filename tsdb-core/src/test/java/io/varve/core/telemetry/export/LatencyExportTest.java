package io.varve.core.telemetry.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.varve.core.Tsdb;
import io.varve.core.TsdbConfig;
import io.varve.core.model.Labels;
import io.varve.core.model.Resolution;
import io.varve.core.telemetry.Outcome;
import io.varve.core.telemetry.Pipeline;
import io.varve.core.telemetry.RawLatencies;
import io.varve.core.telemetry.Sampling;
import io.varve.core.telemetry.Telemetry;
import io.varve.core.telemetry.TelemetryConfig;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LatencyExportTest {

    private static final Duration MILLI = Duration.ofMillis(1);
    private static final Duration LONG = Duration.ofHours(1);

    @TempDir
    private Path directory;

    private final SteppedTime time = new SteppedTime();
    private final Telemetry telemetry =
            Telemetry.create(TelemetryConfig.defaults().clock(time).ticking(false));
    private Tsdb db;

    @BeforeEach
    void open() throws IOException {
        db = Tsdb.open(directory.resolve("db"), TsdbConfig.defaults().resolution(Resolution.NANOS));
        telemetry.sampling(Sampling.fixed(1));
    }

    @AfterEach
    void close() throws IOException {
        db.close();
    }

    private static Labels step(String from, String to) {
        return Labels.of(Labels.NAME, "varve_stage_latency_seconds", "pipeline", "p", "from", from, "to", to);
    }

    private NavigableMap<Long, Object> samples(String from, String to) {
        return StoreReading.of(db, "varve_stage_latency_seconds").getOrDefault(step(from, to), new TreeMap<>());
    }

    private void message(Pipeline pipeline, Outcome outcome, long... nanos) {
        long[] stamps = pipeline.start();
        for (int i = 0; i < nanos.length; i++) {
            time.advanceNanos(nanos[i]);
            if (i < nanos.length - 1) {
                pipeline.stamp(stamps, i + 1);
            }
        }
        pipeline.done(stamps, outcome);
    }

    @Test
    void each_step_and_the_whole_way_is_a_sample_at_the_nanosecond_of_its_end() {
        Pipeline pipeline = telemetry.pipeline("p", "a", "b", "c");
        try (TelemetryExport export = telemetry.exportLatenciesTo(db, LONG)) {
            assertThat(export).isNotNull();
            message(pipeline, Outcome.OK, 123, 4_567);
            message(pipeline, Outcome.FAILED, 1_000, 1);
        }
        long start = SteppedTime.START;
        assertThat(samples("a", "b")).isEqualTo(Map.of(start + 123, 123e-9, start + 5_690, 1e-6));
        assertThat(samples("b", "c")).as("failed in b").isEqualTo(Map.of(start + 4_690, 4567e-9));
        assertThat(samples("a", "c")).isEqualTo(Map.of(start + 4_690, 4690e-9));
    }

    @Test
    void latencies_that_end_in_the_same_nanosecond_are_moved_to_the_next_free_ones() {
        Pipeline pipeline = telemetry.pipeline("p", "a", "b");
        for (int export = 0; export < 2; export++) {
            try (TelemetryExport one = telemetry.exportLatenciesTo(db, LONG)) {
                assertThat(one).isNotNull();
                List<long[]> messages = new ArrayList<>();
                for (int i = 0; i < 5; i++) {
                    messages.add(pipeline.start());
                    time.advanceNanos(1);
                }
                messages.forEach(message -> pipeline.done(message, Outcome.OK));
            }
            time.advanceNanos(1_000);
        }
        long end = SteppedTime.START + 5;
        assertThat(samples("a", "b").keySet())
                .containsExactly(
                        end,
                        end + 1,
                        end + 2,
                        end + 3,
                        end + 4,
                        end + 1005,
                        end + 1006,
                        end + 1007,
                        end + 1008,
                        end + 1009);
        assertThat(samples("a", "b").values().stream()
                        .mapToLong(value -> Math.round((Double) value * 1e9))
                        .boxed())
                .containsExactlyInAnyOrder(5L, 4L, 3L, 2L, 1L, 5L, 4L, 3L, 2L, 1L);
    }

    @Test
    void what_the_round_before_has_taken_is_passed_over() {
        LatencySeries series = new LatencySeries(step("a", "b"));
        ExportBatch batch = new ExportBatch(db, reason -> assertThat(reason).isNull());
        batch.begin(0);
        long t = SteppedTime.START;
        for (long[] round : new long[][] {{t + 3, t, t, t + 1}, {t + 1, t + 9, t, t + 1}}) {
            for (long one : round) {
                series.add(one, one - t + 1);
            }
            series.write(batch);
            batch.commit();
        }
        assertThat(samples("a", "b").keySet()).containsExactly(t, t + 1, t + 2, t + 3, t + 4, t + 5, t + 6, t + 9);
    }

    @Test
    void disorder_of_many_threads_is_put_in_order() {
        LatencySeries series = new LatencySeries(step("a", "b"));
        ExportBatch batch = new ExportBatch(db, reason -> assertThat(reason).isNull());
        batch.begin(0);
        for (int i = 0; i < 5_000; i++) {
            series.add(SteppedTime.START + (i * 2_791L) % 5_000 * 10, i);
        }
        series.write(batch);
        batch.commit();
        NavigableMap<Long, Object> samples = samples("a", "b");
        assertThat(samples).hasSize(5_000);
        for (int i = 0; i < 5_000; i++) {
            assertThat(samples.get(SteppedTime.START + (i * 2_791L) % 5_000 * 10))
                    .isEqualTo(i / 1e9);
        }
    }

    @Test
    void a_latency_between_two_clocks_is_stored_as_measured_even_below_zero() {
        Pipeline pipeline = telemetry.pipeline("p", "a", "b", "c");
        try (TelemetryExport export = telemetry.exportLatenciesTo(db, LONG)) {
            assertThat(export).isNotNull();
            long now = time.nanoTime();
            pipeline.record(new long[] {now, now - 500, now});
        }
        assertThat(samples("a", "b").values()).containsExactly(-500e-9);
    }

    @Test
    void while_the_store_takes_nothing_the_ring_fills_and_what_is_too_much_is_counted() {
        ScriptedStore store = new ScriptedStore(db);
        store.closed = true;
        Pipeline pipeline = telemetry.pipeline("p", "a", "b");
        try (TelemetryExport export = telemetry.exportLatenciesTo(store, MILLI)) {
            assertThat(export).isNotNull();
            for (int i = 0; i < RawLatencies.MESSAGES + 100; i++) {
                message(pipeline, Outcome.OK, 10);
            }
            store.closed = false;
        }
        assertThat(samples("a", "b")).hasSize(RawLatencies.MESSAGES);
        assertThat(telemetry.snapshot())
                .filteredOn(metric -> metric.name().equals(RawLatencies.DROPPED))
                .singleElement()
                .satisfies(metric -> assertThat(metric.points().toString()).contains("value=100.0"));
    }

    @Test
    void one_store_of_nanoseconds_takes_them() throws IOException {
        try (Tsdb millis = Tsdb.open(directory.resolve("millis"), TsdbConfig.defaults())) {
            assertThatThrownBy(() -> telemetry.exportLatenciesTo(millis, LONG))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("resolution=ms");
        }
        try (TelemetryExport export = telemetry.exportLatenciesTo(db, LONG)) {
            assertThat(export).isNotNull();
            assertThatThrownBy(() -> telemetry.exportLatenciesTo(db, LONG)).isInstanceOf(IllegalStateException.class);
        }
        telemetry.exportLatenciesTo(db, LONG).close();
    }
}
