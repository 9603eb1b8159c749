package io.varve.server.health;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.varve.core.TsdbLimit;
import io.varve.core.telemetry.Metric;
import io.varve.core.telemetry.MetricSnapshot;
import io.varve.core.telemetry.Telemetry;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** A limit is declared once and is then told with its use and its forecast. */
class LimitsTest {

    private final TickedTime time = new TickedTime();
    private final Telemetry telemetry = Telemetry.create(time);
    private final Limits limits = new Limits(telemetry);
    private final AtomicLong used = new AtomicLong();

    private Map<String, Double> metric(String name) {
        Map<String, Double> points = new TreeMap<>();
        for (MetricSnapshot family : telemetry.snapshot()) {
            if (family.name().equals(name)) {
                family.points()
                        .forEach(point ->
                                points.put(point.labels().get(0).value(), ((MetricSnapshot.Value) point).value()));
            }
        }
        return points;
    }

    @Test
    void use_against_the_limit_is_told() {
        limits.add("rooms", false, 40, used::get);
        assertThat(metric("varve_limit_used_ratio")).isEqualTo(Map.of("rooms", 0.0));
        used.set(30);
        assertThat(metric("varve_limit_used_ratio")).isEqualTo(Map.of("rooms", 0.75));
        assertThat(metric("varve_time_until_full_seconds")).isEmpty();
        limits.close();
        assertThat(metric("varve_limit_used_ratio")).isEmpty();
    }

    @Test
    void a_limit_that_fills_up_has_a_forecast() {
        limits.add("rooms", true, 1_000, used::get);
        assertThat(metric("varve_time_until_full_seconds").get("rooms")).isNaN();
        for (int second = 0; second <= 60; second++) {
            used.set(10L * second);
            limits.look(time.nanoTime());
            time.pass(Duration.ofSeconds(1));
        }
        assertThat(metric("varve_time_until_full_seconds").get("rooms")).isCloseTo(40, within(1e-6));
        limits.close();
        assertThat(metric("varve_time_until_full_seconds")).isEmpty();
    }

    @Test
    void a_limit_is_declared_once_and_above_zero() {
        limits.add("rooms", false, 40, used::get);
        assertThatThrownBy(() -> limits.add("rooms", false, 41, used::get))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("a limit is declared once: name=rooms");
        assertThatThrownBy(() -> limits.add("none", false, 0, used::get))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("a limit is above 0: name=none, most=0.0");
        assertThat(limits.declared()).hasSize(1);
    }

    @Test
    void a_limit_of_a_tenant_is_beside_that_of_the_process() {
        limits.add("rooms", false, 40, used::get);
        limits.add("acme", List.of(new TsdbLimit("rooms", true, 20, used::get)));
        assertThatThrownBy(() -> limits.add("acme", List.of(new TsdbLimit("rooms", true, 20, used::get))))
                .isInstanceOf(IllegalArgumentException.class);
        used.set(10);
        assertThat(telemetry.snapshot().stream()
                        .filter(one -> one.name().equals("varve_limit_used_ratio"))
                        .flatMap(one -> one.points().stream())
                        .map(point -> point.labels() + " " + ((MetricSnapshot.Value) point).value()))
                .containsExactlyInAnyOrder(
                        "[Label[name=limit, value=rooms], Label[name=tenant, value=]] 0.25",
                        "[Label[name=limit, value=rooms], Label[name=tenant, value=acme]] 0.5");
        assertThat(limits.declared()).hasSize(1);
    }

    @Test
    void the_metric_with_most_label_sets_is_found_every_ten_seconds() {
        LabelSets sets = new LabelSets(telemetry);
        for (int i = 0; i < 7; i++) {
            telemetry.counter(Metric.of("a_total", ""), "n").labels("" + i).inc();
        }
        sets.look(time.nanoTime());
        assertThat(sets.most()).isEqualTo(7);
        telemetry.counter(Metric.of("a_total", ""), "n").labels("7").inc();
        sets.look(time.nanoTime());
        assertThat(sets.most()).isEqualTo(7);
        time.pass(Duration.ofSeconds(10));
        sets.look(time.nanoTime());
        assertThat(sets.most()).isEqualTo(8);
    }
}
