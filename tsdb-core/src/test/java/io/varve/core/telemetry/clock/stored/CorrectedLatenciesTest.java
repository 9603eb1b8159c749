package io.varve.core.telemetry.clock.stored;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.varve.core.Tsdb;
import io.varve.core.TsdbConfig;
import io.varve.core.model.Labels;
import io.varve.core.model.Matcher;
import io.varve.core.model.Resolution;
import io.varve.core.model.StaleMarker;
import io.varve.core.model.TimeRange;
import io.varve.core.storage.Appender;
import io.varve.core.storage.Durability;
import io.varve.core.storage.Found;
import io.varve.core.storage.ReadBudget;
import io.varve.core.telemetry.clock.ClockBook;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CorrectedLatenciesTest {

    private static final long T = 1_700_000_000_000L;
    private static final TimeRange RANGE = TimeRange.of(T, T + 3_600_000);
    private static final Matcher LATENCIES = Matcher.equal(Labels.NAME, "hop_seconds");
    private static final Offset<Double> NANO = Offset.offset(2e-9);

    @TempDir
    private Path directory;

    private Tsdb db;

    @BeforeEach
    void open() throws IOException {
        db = Tsdb.open(directory.resolve("db"), TsdbConfig.defaults());
    }

    @AfterEach
    void close() throws IOException {
        db.close();
    }

    private static void put(Tsdb store, Labels series, long time, double value) {
        try (Appender appender = store.appender(Durability.MEMORY)) {
            appender.append(appender.series(series), time, value);
            appender.commit();
        }
    }

    private void clock(long time, double offset, double uncertainty, String... more) {
        Labels peer = more.length == 0 ? Labels.of("peer", "log") : Labels.of("peer", "log", more[0], more[1]);
        put(db, peer.with(Labels.NAME, ClockBook.OFFSET_GAUGE), time, offset);
        put(db, peer.with(Labels.NAME, ClockBook.UNCERTAINTY_GAUGE), time, uncertainty);
    }

    private void latency(long time, double measured) {
        put(db, Labels.of(Labels.NAME, "hop_seconds", "to", "log"), time, measured);
    }

    private CorrectedSeries read(LatencyQuestion question) {
        Found<List<CorrectedSeries>> found = CorrectedLatencies.read(db, RANGE, ReadBudget.UNLIMITED, question);
        assertThat(found.holes()).isEmpty();
        assertThat(found.found()).hasSize(1);
        return found.found().get(0);
    }

    private static LatencyQuestion toLog() {
        return LatencyQuestion.of("log", Way.TO_PEER, LATENCIES);
    }

    @Test
    void what_a_peer_that_is_ahead_stamped_later_is_taken_off() {
        clock(T, 0.030, 0.0001);
        latency(T, 0.0312);
        latency(T + 1, 0.030);
        latency(T + 2, 0.0299);
        List<CorrectedSample> samples = read(toLog()).samples();
        assertThat(samples).hasSize(3);
        assertThat(samples.get(0).seconds()).isEqualTo(0.0012, NANO);
        assertThat(samples.get(0).uncertaintySeconds()).isEqualTo(0.0001, NANO);
        assertThat(samples.get(0).measuredSeconds()).isEqualTo(0.0312);
        assertThat(samples.get(0).withinUncertainty()).isFalse();
        assertThat(samples.get(1).seconds()).isZero();
        assertThat(samples.get(1).withinUncertainty()).isTrue();
        assertThat(samples.get(2).seconds()).as("never negative").isZero();
        assertThat(samples.get(2).withinUncertainty()).isTrue();
    }

    @Test
    void what_was_measured_below_zero_comes_out_right() {
        clock(T, -0.030, 0.0001);
        latency(T, -0.029);
        assertThat(read(toLog()).samples().get(0).seconds()).isEqualTo(0.001, NANO);
        clock(T, 0.030, 0.0001);
        assertThat(read(LatencyQuestion.of("log", Way.FROM_PEER, LATENCIES))
                        .samples()
                        .get(0)
                        .seconds())
                .isEqualTo(0.001, NANO);
    }

    @Test
    void between_two_offsets_that_one_is_in_force_that_lies_on_their_line() {
        clock(T, 0.010, 0.0001);
        clock(T + 10_000, 0.011, 0.0002);
        latency(T + 5_000, 0.0205);
        CorrectedSample sample = read(toLog()).samples().get(0);
        assertThat(sample.seconds()).isEqualTo(0.010, NANO);
        assertThat(sample.uncertaintySeconds()).isEqualTo(0.0002 + 10 * 15e-6, NANO);
    }

    @Test
    void where_a_clock_was_set_between_two_offsets_the_uncertainty_covers_both() {
        clock(T, 0.010, 0.0001);
        clock(T + 1_000, 0.040, 0.0001);
        latency(T + 500, 0.050);
        CorrectedSample sample = read(toLog()).samples().get(0);
        assertThat(sample.seconds() - sample.uncertaintySeconds()).isLessThanOrEqualTo(0.010);
        assertThat(sample.seconds() + sample.uncertaintySeconds()).isGreaterThanOrEqualTo(0.040);
    }

    @Test
    void behind_the_last_offset_it_becomes_less_certain_until_nothing_is_known() {
        latency(T + 10, 1);
        clock(T + 1_000, 0, 0.0001);
        latency(T + 2_000, 1);
        latency(T + 61_000, 1);
        latency(T + 61_001, 1);
        CorrectedSeries series = read(toLog());
        assertThat(series.uncorrected()).as("before the first, behind the last").isEqualTo(2);
        assertThat(series.samples()).extracting(CorrectedSample::time).containsExactly(T + 2_000, T + 61_000);
        assertThat(series.samples().get(0).uncertaintySeconds()).isEqualTo(0.0001 + 515e-6, NANO);
        assertThat(series.samples().get(1).uncertaintySeconds()).isEqualTo(0.0001 + 60 * 515e-6, NANO);
        assertThat(read(toLog().maxAge(Duration.ofSeconds(1))).uncorrected()).isEqualTo(3);
    }

    @Test
    void a_peer_that_has_gone_is_not_known_any_more() {
        clock(T, 0.010, 0.0001);
        clock(T + 1_000, StaleMarker.VALUE, StaleMarker.VALUE);
        latency(T + 999, 0.020);
        latency(T + 1_000, 0.020);
        latency(T + 1_001, Double.NaN);
        CorrectedSeries series = read(toLog());
        assertThat(series.samples()).hasSize(1);
        assertThat(series.uncorrected()).isEqualTo(1);
    }

    @Test
    void offsets_before_the_range_are_looked_at_and_latencies_before_it_are_not() {
        clock(T - 30_000, 0.010, 0.0001);
        latency(T - 1, 0.020);
        latency(T, 0.020);
        latency(RANGE.to() + 1, 0.020);
        assertThat(read(toLog()).samples()).hasSize(1);
    }

    @Test
    void of_several_nodes_one_has_to_be_named() {
        clock(T, 0.010, 0.0001, "instance", "a");
        clock(T, 0.020, 0.0001, "instance", "b");
        latency(T, 0.021);
        assertThatThrownBy(() -> read(toLog()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("instance");
        assertThat(read(toLog().measuredBy(Matcher.equal("instance", "b")))
                        .samples()
                        .get(0)
                        .seconds())
                .isEqualTo(0.001, NANO);
    }

    @Test
    void latencies_of_nanoseconds_are_corrected_by_clocks_of_milliseconds() throws IOException {
        clock(T, 0.010, 0.0001);
        clock(T + 1_000, 0.010, 0.0001);
        try (Tsdb nanos =
                Tsdb.open(directory.resolve("nanos"), TsdbConfig.defaults().resolution(Resolution.NANOS))) {
            long at = T * 1_000_000 + 123;
            put(nanos, Labels.of(Labels.NAME, "hop_seconds"), at, 0.010_000_500);
            Found<List<CorrectedSeries>> found =
                    CorrectedLatencies.read(nanos, db, TimeRange.of(at - 5, at + 5), ReadBudget.UNLIMITED, toLog());
            assertThat(found.found()).singleElement().satisfies(series -> assertThat(
                            series.samples().get(0).seconds())
                    .isEqualTo(500e-9, NANO));
        }
    }

    @Test
    void a_question_that_asks_nothing_is_refused() {
        assertThatThrownBy(() -> LatencyQuestion.of("log", Way.TO_PEER)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> LatencyQuestion.of("", Way.TO_PEER, LATENCIES))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> toLog().maxAge(Duration.ZERO)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> toLog().maxAge(Duration.ofDays(2))).isInstanceOf(IllegalArgumentException.class);
    }
}
