package io.varve.core.telemetry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.varve.core.telemetry.MetricSnapshot.Distributed;
import io.varve.core.telemetry.MetricSnapshot.Label;
import io.varve.core.telemetry.MetricSnapshot.QuantileValue;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

class DistributionTest {

    private static final Duration MINUTE = Duration.ofMinutes(1);

    private final ManualTime time = new ManualTime();
    private final Telemetry telemetry =
            Telemetry.create(TelemetryConfig.defaults().clock(time).ticking(false));

    private void pass(int seconds) {
        for (int i = 0; i < seconds; i++) {
            time.advanceSeconds(1);
            telemetry.tick();
        }
    }

    @Test
    void percentiles_are_within_their_bound_and_the_maximum_is_exact() {
        Distribution latency = telemetry.latency(Metric.of("force_seconds", "Force"));
        for (int micros = 1; micros <= 10_000; micros++) {
            latency.record(micros * 1_000L);
        }
        pass(5);
        WindowView view = latency.window(MINUTE);
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
        Distribution latency = telemetry.latency(Metric.of("force_seconds", "Force"));
        latency.record(9_000_000_000L);
        pass(30);
        latency.record(1_000_000_000L);
        assertThat(latency.window(MINUTE).max()).isEqualTo(9);
        pass(31);
        assertThat(latency.window(MINUTE).max()).isEqualTo(1);
        assertThat(latency.window(Duration.ofSeconds(10)).count()).isZero();
        assertThat(latency.window(Duration.ofMinutes(5)).count()).isEqualTo(2);
        assertThat(latency.window(MINUTE).count()).isEqualTo(1);
        pass(60);
        WindowView empty = latency.window(MINUTE);
        assertThat(empty.count()).isZero();
        assertThat(empty.rate()).isZero();
        assertThat(empty.p50()).isNaN();
        assertThat(empty.max()).isNaN();
        assertThat(latency.count()).isEqualTo(2);
        assertThat(latency.sum()).isEqualTo(1e10);
    }

    @Test
    void a_long_time_is_as_good_as_a_short_one() {
        Distribution latency = telemetry.latency(Metric.of("force_seconds", "Force"));
        for (int slot = 0; slot < 100; slot++) {
            latency.record(1_000);
            latency.record(1_000);
            pass(10);
        }
        assertThat(latency.window(MINUTE).count()).isEqualTo(12);
        assertThat(latency.window(MINUTE).rate()).isEqualTo(12 / 60.0);
        assertThat(latency.window(Duration.ofMinutes(5)).count()).isBetween(58L, 60L);
        assertThat(latency.window(Duration.ofMinutes(5)).rate()).isCloseTo(0.2, within(0.01));
        assertThat(latency.count()).isEqualTo(200);
    }

    @Test
    void a_negative_duration_counts_as_zero() {
        Distribution latency = telemetry.latency(Metric.of("force_seconds", "Force"));
        latency.record(-5);
        assertThat(latency.window(MINUTE).max()).isZero();
        assertThat(latency.sum()).isZero();
        assertThat(latency.count()).isEqualTo(1);
    }

    @Test
    void labels_are_needed_where_the_metric_has_them() {
        Distribution latency = telemetry.latency(Metric.of("request_seconds", "Requests"), "path");
        assertThatThrownBy(() -> latency.record(1)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> latency.window(MINUTE)).isInstanceOf(IllegalStateException.class);
        latency.labels("/a").record(2_000_000_000L);
        assertThat(telemetry.snapshot().get(0).unit()).isEqualTo("seconds");
        Distributed shown = (Distributed) telemetry.snapshot().get(0).points().get(0);
        assertThat(shown.labels()).containsExactly(new Label("path", "/a"));
        assertThat(shown.count()).isEqualTo(1);
        assertThat(shown.sum()).isEqualTo(2);
        assertThat(shown.quantiles()).extracting(QuantileValue::value).containsOnly(2.0);
    }

    @Test
    void values_of_another_unit_are_shown_as_they_are_recorded() {
        Distribution sizes = telemetry.distribution(Metric.of("body_bytes", "Bodies"));
        sizes.record(1_000, 3);
        assertThat(sizes.window(MINUTE).p50()).isEqualTo(1_000);
        assertThat(sizes.window(MINUTE).count()).isEqualTo(3);
        assertThatThrownBy(() -> telemetry.latency(Metric.of("body_bytes", "Bodies")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("unit=bytes");
    }

    @Test
    void failures_are_a_rate_of_their_own() {
        Distribution latency = telemetry.latency(Metric.of("call_seconds", "Calls"));
        for (int i = 0; i < 30; i++) {
            latency.record(1_000);
        }
        pass(5);
        for (int i = 0; i < 10; i++) {
            latency.recordFailure(2_000);
        }
        pass(5);
        WindowView view = latency.window(Duration.ofSeconds(10));
        assertThat(view.rate()).isEqualTo(4);
        assertThat(view.errorRate()).isEqualTo(1);
        assertThat(view.errorRatio()).isEqualTo(0.25);
        assertThat(latency.failures()).isEqualTo(10);
        pass(10);
        assertThat(latency.window(Duration.ofSeconds(10)).errorRate()).isZero();
    }

    @Test
    void windows_of_threads_and_nodes_are_merged_as_if_they_were_one() {
        Distribution all = telemetry.latency(Metric.of("all_seconds", "All"));
        List<Window> windows = new ArrayList<>();
        Random random = new Random(3);
        for (int node = 0; node < 20; node++) {
            Distribution one =
                    telemetry.latency(Metric.of("node_seconds", "Node"), "node").labels("n" + node);
            for (int i = 0; i < 100; i++) {
                long value = (long) Math.exp(random.nextDouble() * 20);
                one.record(value);
                all.record(value);
            }
            windows.add(Window.of(one.recent(MINUTE).toBytes()));
        }
        assertThat(Window.merge(windows).view()).isEqualTo(all.window(MINUTE));
        byte[] form = windows.get(0).toBytes();
        for (int length = 0; length < form.length; length++) {
            byte[] cut = Arrays.copyOf(form, length);
            assertThatThrownBy(() -> Window.of(cut)).isInstanceOf(IllegalArgumentException.class);
        }
        assertThatThrownBy(() -> Window.merge(List.of())).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void a_registry_ticks_by_itself_unless_it_is_told_not_to() {
        try (Telemetry alone = Telemetry.create(TelemetryConfig.defaults().windowStep(Duration.ofMillis(10)))) {
            Distribution latency = alone.latency(Metric.named("call_seconds"));
            latency.record(5);
            while (latency.window(Duration.ofMillis(500)).count() > 0) {
                LockSupport.parkNanos(10_000_000L);
            }
            assertThat(latency.window(MINUTE).count()).isEqualTo(1);
        }
    }
}
