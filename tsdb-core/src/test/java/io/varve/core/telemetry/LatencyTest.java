package io.varve.core.telemetry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.varve.core.telemetry.MetricSnapshot.Label;
import io.varve.core.telemetry.MetricSnapshot.QuantileValue;
import io.varve.core.telemetry.MetricSnapshot.Summary;
import java.util.List;
import org.junit.jupiter.api.Test;

class LatencyTest {

    private final ManualTime time = new ManualTime();
    private final Telemetry telemetry = Telemetry.create(time);

    @Test
    void percentiles_are_within_their_bound_and_the_maximum_is_exact() {
        Latency latency = telemetry.latency(Metric.of("force_seconds", "Force"));
        for (int micros = 1; micros <= 10_000; micros++) {
            latency.record(micros * 1_000L);
        }
        time.advanceSeconds(5);
        WindowView view = latency.window();
        assertThat(view.count()).isEqualTo(10_000);
        assertThat(view.rate()).isEqualTo(2_000);
        assertThat(view.p50()).isCloseTo(0.005, within(0.005 * 0.011));
        assertThat(view.p90()).isCloseTo(0.009, within(0.009 * 0.011));
        assertThat(view.p95()).isCloseTo(0.0095, within(0.0095 * 0.011));
        assertThat(view.p99()).isCloseTo(0.0099, within(0.0099 * 0.011));
        assertThat(view.max()).isEqualTo(0.01);
    }

    @Test
    void what_is_older_than_the_window_is_gone_from_it_but_not_from_the_totals() {
        Latency latency = telemetry.latency(Metric.of("force_seconds", "Force"));
        latency.record(9_000_000_000L);
        time.advanceSeconds(30);
        latency.record(1_000_000_000L);
        assertThat(latency.window().max()).isEqualTo(9);
        time.advanceSeconds(30);
        assertThat(latency.window().max()).isEqualTo(1);
        assertThat(latency.window().count()).isEqualTo(1);
        time.advanceSeconds(60);
        WindowView empty = latency.window();
        assertThat(empty.count()).isZero();
        assertThat(empty.rate()).isZero();
        assertThat(empty.p50()).isNaN();
        assertThat(empty.max()).isNaN();
        assertThat(latency.count()).isEqualTo(2);
        assertThat(latency.sumNanos()).isEqualTo(10_000_000_000L);
    }

    @Test
    void a_long_time_is_as_good_as_a_short_one() {
        Latency latency = telemetry.latency(Metric.of("force_seconds", "Force"));
        for (int slot = 0; slot < 100; slot++) {
            latency.record(1_000);
            latency.record(1_000);
            time.advanceSeconds(10);
        }
        assertThat(latency.window().count()).isEqualTo(10);
        assertThat(latency.window().rate()).isEqualTo(10 / 50.0);
        assertThat(latency.count()).isEqualTo(200);
    }

    @Test
    void a_negative_duration_counts_as_zero() {
        Latency latency = telemetry.latency(Metric.of("force_seconds", "Force"));
        latency.record(-5);
        assertThat(latency.window().max()).isZero();
        assertThat(latency.sumNanos()).isZero();
        assertThat(latency.count()).isEqualTo(1);
    }

    @Test
    void labels_are_needed_where_the_metric_has_them() {
        Latency latency = telemetry.latency(Metric.of("request_seconds", "Requests"), "path");
        assertThatThrownBy(() -> latency.record(1)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(latency::window).isInstanceOf(IllegalStateException.class);
        latency.labels("/a").record(2_000_000_000L);
        assertThat(telemetry.snapshot().get(0).unit()).isEqualTo("seconds");
        assertThat(telemetry.snapshot().get(0).points())
                .containsExactly(new Summary(
                        List.of(new Label("path", "/a")),
                        1,
                        2,
                        List.of(
                                new QuantileValue(0.5, 2),
                                new QuantileValue(0.9, 2),
                                new QuantileValue(0.95, 2),
                                new QuantileValue(0.99, 2))));
    }

    @Test
    void a_pipeline_shows_each_step_and_the_whole_way() {
        Pipeline ingest = telemetry.pipeline("ingest", "entered", "left", "logged", "durable");
        ingest.record(new long[] {-7_000_000_400L, -7_000_000_300L, -7_000_000_100L, -7_000_000_000L});
        ingest.record(0, 100);
        assertThat(telemetry.pipeline("ingest", "entered", "left", "logged", "durable"))
                .isSameAs(ingest);
        MetricSnapshot shown = telemetry.snapshot().get(0);
        assertThat(shown.name()).isEqualTo("varve_stage_duration_seconds");
        assertThat(shown.points())
                .extracting(LatencyTest::brief)
                .containsExactly(
                        "ingest entered durable 1 400",
                        "ingest entered left 2 200",
                        "ingest left logged 1 200",
                        "ingest logged durable 1 100");
        assertThat(ingest.window().max()).isEqualTo(400e-9);
        assertThat(ingest.window(1).count()).isEqualTo(1);
        assertThatThrownBy(() -> ingest.record(new long[3])).isInstanceOf(IllegalArgumentException.class);
        assertThat(ingest.name()).isEqualTo("ingest");
    }

    @Test
    void of_two_stages_the_step_is_the_whole_way_and_counts_once() {
        Pipeline pair = telemetry.pipeline("pair", "a", "b");
        pair.record(new long[] {-7_000_000_005L, -7_000_000_000L});
        pair.recordWhole(5);
        assertThat(pair.window().count()).isEqualTo(1);
    }

    private static String brief(MetricSnapshot.Point point) {
        Summary summary = (Summary) point;
        List<String> labels = summary.labels().stream().map(Label::value).toList();
        return String.join(" ", labels) + " " + summary.count() + " " + Math.round(summary.sum() * 1e9);
    }
}
