package io.varve.core;

import static org.assertj.core.api.Assertions.assertThat;

import io.varve.core.fs.SimulatedFileSystem;
import io.varve.core.model.Exemplar;
import io.varve.core.model.Labels;
import io.varve.core.model.Matcher;
import io.varve.core.model.RollupRule;
import io.varve.core.model.TimeRange;
import io.varve.core.storage.Appender;
import io.varve.core.storage.ColumnCursor;
import io.varve.core.storage.Durability;
import io.varve.core.storage.Querier;
import io.varve.core.storage.SeriesSet;
import io.varve.core.telemetry.MetricSnapshot;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The bounds of a store and the metrics of its work, each moved by what it counts. */
@Timeout(60)
class StoreMeasuresTest {

    private static final long DAY = 86_400_000L;

    private final SimulatedFileSystem disk = new SimulatedFileSystem();
    private final SettableTime time = new SettableTime(SmallStore.START + DAY);
    private TsdbRuntime runtime = TsdbRuntime.create(time, new Random(1));

    private Tsdb open(TsdbConfig config) throws IOException {
        runtime = TsdbRuntime.create(time, new Random(1));
        return Tsdb.open(disk, config, runtime, "main", runtime);
    }

    private static double ratio(Tsdb db, String name) {
        return db.limits().stream()
                .filter(limit -> limit.name().equals(name))
                .findFirst()
                .orElseThrow()
                .ratio();
    }

    /** Of the main store: the value of a counter or gauge, or how often a latency was recorded. */
    private double value(String metric, String... more) {
        return runtime.telemetry().snapshot().stream()
                .filter(family -> family.name().equals(metric))
                .flatMap(family -> family.points().stream())
                .filter(point -> List.of(more).stream().allMatch(value -> point.labels().stream()
                        .anyMatch(label -> label.value().equals(value))))
                .mapToDouble(point -> point instanceof MetricSnapshot.Value value
                        ? value.value()
                        : ((MetricSnapshot.Distributed) point).count())
                .sum();
    }

    private double operations(String operation) {
        return value("varve_operation_duration_seconds", operation);
    }

    @Test
    void every_bound_in_force_moves_with_its_use() throws IOException {
        try (Tsdb db = open(
                SmallStore.CONFIG.shards(2).maxSeries(12).newSeriesPerMinute(6).retentionBytes(1L << 30))) {
            assertThat(db.limits())
                    .extracting(TsdbLimit::name)
                    .containsExactly(
                            "series",
                            "new_series_per_minute",
                            "series_memory",
                            "head_memory",
                            "ring",
                            "log",
                            "deletions",
                            "exemplars",
                            "retention_size");
            assertThat(ratio(db, "series")).isZero();
            assertThat(ratio(db, "new_series_per_minute")).isZero();
            assertThat(ratio(db, "log")).isZero();
            double head = ratio(db, "head_memory");
            double size = ratio(db, "retention_size");
            SmallStore.write(db, 0);
            assertThat(ratio(db, "series")).isEqualTo(3.0 / 12);
            assertThat(ratio(db, "new_series_per_minute")).isBetween(0.45, 0.5);
            assertThat(ratio(db, "log")).isPositive();
            assertThat(ratio(db, "head_memory")).isGreaterThan(head);
            assertThat(ratio(db, "series_memory")).isPositive();
            assertThat(ratio(db, "ring")).isZero();
            db.flush();
            assertThat(ratio(db, "log")).isZero();
            assertThat(ratio(db, "retention_size")).isGreaterThan(size);
            time.pass(Duration.ofMinutes(1));
            assertThat(ratio(db, "new_series_per_minute")).isZero();
            db.delete(List.of(Matcher.equal("series", "s0")), TimeRange.of(SmallStore.START, SmallStore.START));
            assertThat(ratio(db, "deletions")).isEqualTo(1.0 / 10_000);
            try (Appender appender = db.appender(Durability.SYNCED)) {
                long ref = appender.series(Labels.of("__name__", "m", "series", "s1"));
                appender.append(ref, SmallStore.START + 60_000, 1);
                appender.exemplar(ref, new Exemplar(Labels.of("trace_id", "t"), SmallStore.START + 60_000, 1));
                appender.commit();
            }
            assertThat(ratio(db, "exemplars")).isEqualTo(1.0 / 65_536);
        }
    }

    @Test
    void a_bound_that_is_off_is_none() throws IOException {
        try (Tsdb db = open(SmallStore.CONFIG)) {
            assertThat(db.limits())
                    .extracting(TsdbLimit::name)
                    .doesNotContain("new_series_per_minute", "retention_size");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void the_label_cache_counts_what_it_knew(int shards) throws IOException {
        try (Tsdb db = open(SmallStore.CONFIG.shards(shards))) {
            assertThat(value("varve_label_cache_hit_ratio")).isNaN();
            for (int batch = 0; batch < 4; batch++) {
                try (Appender appender = db.appender(Durability.SYNCED)) {
                    for (int i = 0; i < 5; i++) {
                        byte[] wire = ("series " + i).getBytes(StandardCharsets.UTF_8);
                        long ref = appender.series(
                                wire,
                                0,
                                wire.length,
                                (bytes, from, length) ->
                                        Labels.of("__name__", new String(bytes, from, length, StandardCharsets.UTF_8)));
                        appender.append(ref, SmallStore.START + batch, 1);
                    }
                    appender.commit();
                }
            }
            assertThat(value("varve_label_cache_misses_total")).isEqualTo(5);
            assertThat(value("varve_label_cache_hits_total")).isEqualTo(15);
            assertThat(value("varve_label_cache_hit_ratio")).isEqualTo(0.75);
        }
    }

    @Test
    void models_of_blocks_are_read_once_and_found_from_then_on() throws IOException {
        try (Tsdb db = open(SmallStore.CONFIG)) {
            Random random = new Random(5);
            for (int host = 0; host < 40; host++) {
                try (Appender appender = db.appender(Durability.SYNCED)) {
                    long ref = appender.series(Labels.of("__name__", "walk", "host", "h" + host));
                    double at = 20 + 60 * random.nextDouble();
                    for (int i = 0; i < 240; i++) {
                        at += random.nextGaussian() * 3;
                        appender.append(ref, SmallStore.START + 10_000L * i, Math.rint(at * 100) / 100);
                    }
                    assertThat(appender.commit().refused()).isZero();
                }
            }
            db.flush();
            assertThat(value("varve_model_cache_hit_ratio")).isNaN();
            readAll(db);
            double hits = value("varve_model_cache_hits_total");
            double misses = value("varve_model_cache_misses_total");
            assertThat(misses).isPositive();
            assertThat(hits).isGreaterThan(misses);
            readAll(db);
            assertThat(value("varve_model_cache_misses_total")).isEqualTo(misses);
            assertThat(value("varve_model_cache_hits_total")).isEqualTo(2 * hits + misses);
            assertThat(value("varve_model_cache_hit_ratio")).isEqualTo((2 * hits + misses) / (2 * hits + 2 * misses));
        }
    }

    private static void readAll(Tsdb db) {
        int samples = 0;
        try (Querier querier = db.querier(TimeRange.ALL);
                SeriesSet set = querier.select(Matcher.equal("__name__", "walk"))) {
            while (set.next()) {
                for (ColumnCursor columns = set.columns(); columns.nextPage(); ) {
                    samples += columns.size();
                }
            }
        }
        assertThat(samples).isEqualTo(40 * 240);
    }

    @Test
    void the_stores_own_work_is_timed() throws IOException {
        try (Tsdb db = open(SmallStore.CONFIG.walBytes(2_000).retention(Duration.ofDays(100)))) {
            SmallStore.write(db, 0);
            db.flush();
            assertThat(operations("seal")).isPositive();
            assertThat(operations("checkpoint")).isPositive();
            assertThat(operations("merge")).isZero();
            SmallStore.write(db, 10);
            db.flush();
            db.compact();
            assertThat(operations("merge")).isPositive();
            assertThat(operations("retention")).isPositive();
            assertThat(operations("rewrite")).isZero();
            db.delete(List.of(Matcher.equal("series", "s0")), TimeRange.ALL);
            db.cleanTombstones();
            assertThat(operations("rewrite")).isPositive();
            assertThat(operations("snapshot")).isZero();
            db.snapshot();
            assertThat(operations("snapshot")).isEqualTo(1);
            assertThat(value("varve_wal_force_seconds")).isPositive();
        }
    }

    @Test
    void rollups_are_timed_when_there_was_something_to_write() throws IOException {
        TsdbConfig config = SmallStore.CONFIG
                .retention(Duration.ofDays(3))
                .rollups(List.of(RollupRule.hourly(Duration.ofDays(100))));
        try (Tsdb db = open(config)) {
            db.compact();
            assertThat(operations("rollup")).isZero();
            try (Appender appender = db.appender(Durability.SYNCED)) {
                long ref = appender.series(Labels.of("__name__", "m"));
                for (long at = SmallStore.START - DAY; at <= SmallStore.START + DAY; at += 3_600_000L) {
                    appender.append(ref, at, 1);
                }
                appender.commit();
            }
            db.flush();
            db.compact();
            assertThat(operations("rollup")).isPositive();
        }
    }
}
