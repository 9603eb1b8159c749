package io.varve.core.telemetry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.varve.core.model.TimeSource;
import io.varve.core.telemetry.MetricSnapshot.Label;
import io.varve.core.telemetry.MetricSnapshot.MetricType;
import io.varve.core.telemetry.MetricSnapshot.Point;
import io.varve.core.telemetry.MetricSnapshot.Value;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class TelemetryTest {

    private final Telemetry telemetry = Telemetry.create(new ManualTime());

    @Test
    void a_counter_is_the_same_with_and_without_total() {
        telemetry.counter(Metric.of("varve_samples", "Samples")).add(3);
        telemetry.counter(Metric.of("varve_samples_total", "Samples")).inc();
        assertThat(telemetry.snapshot())
                .containsExactly(new MetricSnapshot(
                        "varve_samples_total", "Samples", MetricType.COUNTER, "", List.of(new Value(List.of(), 4))));
    }

    @Test
    void a_dot_is_an_underscore_and_units_need_not_be_in_the_name() {
        telemetry
                .counter("restate.metadata_server.put.total", "status")
                .labels("ok")
                .inc();
        telemetry.latency(Metric.named("restate.metadata_server.put.duration").unit("seconds"));
        telemetry.gauge(Metric.of("heap.bytes", "Heap")).set(1);
        assertThat(telemetry.snapshot())
                .extracting(MetricSnapshot::name, MetricSnapshot::unit)
                .containsExactly(
                        tuple("heap_bytes", "bytes"),
                        tuple("restate_metadata_server_put_duration", "seconds"),
                        tuple("restate_metadata_server_put_total", ""));
        assertThat(telemetry.gauge("heap_bytes")).isSameAs(telemetry.gauge("heap.bytes"));
    }

    @Test
    void children_are_kept_apart_and_ordered_by_their_values() {
        Counter requests = telemetry.counter(Metric.of("requests", "Requests"), "code", "path");
        requests.labels("500", "/b").inc();
        requests.labels("200", "/a").add(2);
        assertThat(requests.labels("200", "/a")).isSameAs(requests.labels("200", "/a"));
        assertThat(telemetry.snapshot().get(0).points())
                .containsExactly(
                        new Value(List.of(new Label("code", "200"), new Label("path", "/a")), 2),
                        new Value(List.of(new Label("code", "500"), new Label("path", "/b")), 1));
    }

    @Test
    void a_counter_with_labels_counts_only_through_them() {
        Counter requests = telemetry.counter(Metric.of("requests", "Requests"), "code");
        assertThatThrownBy(requests::inc).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> requests.labels("200").labels("200")).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> requests.labels("200", "x")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> requests.labels("200").add(-1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("amount=-1");
    }

    @Test
    void a_gauge_is_set_and_added_to() {
        Gauge fill = telemetry.gauge(Metric.of("ring_fill_ratio", "Fill"));
        fill.set(0.5);
        fill.add(-0.25);
        assertThat(fill.get()).isEqualTo(0.25);
        MetricSnapshot shown = telemetry.snapshot().get(0);
        assertThat(shown.type()).isEqualTo(MetricType.GAUGE);
        assertThat(shown.unit()).isEqualTo("ratio");
        assertThat(shown.points()).containsExactly(new Value(List.of(), 0.25));
    }

    @Test
    void a_pull_gauge_is_replaced_and_only_its_own_handle_takes_it_away() {
        Telemetry.Registration first = telemetry.gauge(Metric.of("memory_bytes", "Memory"), () -> 1, "owner", "head");
        Telemetry.Registration second = telemetry.gauge(Metric.of("memory_bytes", "Memory"), () -> 2, "owner", "head");
        telemetry.gauge(Metric.of("memory_bytes", "Memory"), () -> 3, "owner", "index");
        first.close();
        assertThat(values("memory_bytes")).containsExactly(2.0, 3.0);
        second.close();
        second.close();
        assertThat(values("memory_bytes")).containsExactly(3.0);
    }

    @Test
    void a_pull_counter_ends_in_total() {
        telemetry.counter(Metric.of("gc_runs", "Runs"), () -> 7);
        assertThat(values("gc_runs_total")).containsExactly(7.0);
        assertThat(telemetry.snapshot().get(0).type()).isEqualTo(MetricType.COUNTER);
    }

    @Test
    void a_supplier_that_throws_costs_its_own_point_alone() {
        telemetry.gauge(Metric.of("broken", "Broken"), () -> {
            throw new IllegalStateException("gone");
        });
        telemetry.gauge(Metric.of("sound", "Sound"), () -> 1);
        assertThat(values("broken")).isEmpty();
        assertThat(values("sound")).containsExactly(1.0);
        assertThat(values("varve_telemetry_pull_failures_total")).isNotEmpty();
    }

    @Test
    void another_type_or_other_labels_fail_at_once() {
        telemetry.counter(Metric.of("requests", "Requests"), "code");
        assertThatThrownBy(() -> telemetry.counter(Metric.of("requests", "Requests"), "path"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("requests_total");
        assertThatThrownBy(() -> telemetry.gauge(Metric.of("requests_total", "Requests"), "code"))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> telemetry.counter(Metric.of("requests", "Requests"), () -> 1, "code", "200"))
                .isInstanceOf(IllegalArgumentException.class);
        telemetry.pipeline("ingest", "entered", "left");
        assertThatThrownBy(() -> telemetry.pipeline("ingest", "entered", "logged"))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void names_out_of_the_rules_fail_at_once() {
        for (String name : List.of("", "1x", "a-b", "a b", "ä")) {
            assertThatThrownBy(() -> telemetry.gauge(name))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("name=" + name);
        }
        assertThatThrownBy(() -> telemetry.gauge(Metric.of("x", "x"), "__name__"))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> telemetry.gauge(Metric.of("x", "x"), "a:b"))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> telemetry.gauge(Metric.of("x", "x"), "a", "a"))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> telemetry.latency(Metric.of("took", "x")))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> telemetry.gauge(Metric.of("x", "x"), () -> 1, "a"))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> telemetry.pipeline("p", "only")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> telemetry.pipeline("p", "a", "a")).isInstanceOf(IllegalArgumentException.class);
        assertThat(telemetry.size()).isZero();
    }

    @Test
    void children_over_the_bound_fold_into_one_that_is_called_other() {
        Telemetry small = Telemetry.create(
                TelemetryConfig.defaults().clock(new ManualTime()).labelSets(2));
        Counter requests = small.counter(Metric.of("requests", "Requests"), "path");
        for (String path : List.of("/a", "/b", "/c", "/d", "/a")) {
            requests.labels(path).inc();
        }
        assertThat(small.snapshot())
                .extracting(MetricSnapshot::name)
                .containsExactly("requests_total", "varve_telemetry_label_overflow_total");
        assertThat(small.snapshot().get(0).points())
                .containsExactly(
                        new Value(List.of(new Label("path", "/a")), 2),
                        new Value(List.of(new Label("path", "/b")), 1),
                        new Value(List.of(new Label("path", "other")), 2));
        assertThat(small.snapshot().get(1).points())
                .containsExactly(new Value(List.of(new Label("metric", "requests_total")), 2));
        small.gauge(Metric.of("g", "G"), () -> 1, "a", "1");
        small.gauge(Metric.of("g", "G"), () -> 1, "a", "2");
        small.gauge(Metric.of("g", "G"), () -> 1, "a", "3").close();
        assertThat(small.snapshot().get(0).points()).hasSize(2);
    }

    @Test
    void metrics_over_the_bound_record_into_nothing_and_are_counted() {
        Telemetry small = Telemetry.create(TelemetryConfig.defaults().metrics(2));
        small.counter("a").inc();
        small.gauge("b").set(1);
        for (int i = 0; i < 1_000; i++) {
            small.counter("flood_" + i, "user").labels("u" + i % 5).inc();
            small.latency(Metric.named("flood_" + i + "_seconds")).record(1);
            small.gauge("pull_" + i, "x");
        }
        assertThat(small.size()).isEqualTo(3);
        assertThat(small.metricsOverLimit()).isEqualTo(3_000);
        assertThat(small.snapshot())
                .extracting(MetricSnapshot::name)
                .containsExactly("a_total", "b", "varve_telemetry_metric_overflow_total");
        small.counter("a").inc();
        assertThat(small.counter("a").get()).isEqualTo(2);
    }

    @Test
    void a_million_distinct_names_take_no_more_memory_than_the_bound() {
        Telemetry flooded = Telemetry.create(TelemetryConfig.defaults().metrics(100));
        for (int i = 0; i < 100; i++) {
            flooded.counter("flood_" + i, "user").labels("u").inc();
        }
        long before = flooded.bytes();
        for (int i = 100; i < 1_000_000; i++) {
            flooded.counter("flood_" + i, "user").labels("u" + i).inc();
        }
        assertThat(flooded.metricsOverLimit()).isEqualTo(999_900);
        assertThat(flooded.size()).as("with two of the kit's own").isEqualTo(102);
        assertThat(flooded.bytes()).isLessThan(before + 1_000);
    }

    @Test
    void a_metric_takes_no_memory_before_it_is_used() {
        Telemetry lazy = Telemetry.create(new ManualTime());
        Distribution latency = lazy.latency(Metric.named("call_seconds"));
        long before = lazy.bytes();
        latency.record(1);
        assertThat(before).isLessThan(200);
        assertThat(lazy.bytes()).isGreaterThan(before);
    }

    @Test
    void many_threads_lose_nothing() throws InterruptedException {
        Telemetry busy = Telemetry.create(TimeSource.system());
        int threads = 8;
        int each = 20_000;
        List<Thread> running = new ArrayList<>();
        for (int t = 0; t < threads; t++) {
            Thread thread = new Thread(() -> {
                for (int i = 0; i < each; i++) {
                    busy.counter(Metric.of("c", "C"), "k").labels("v" + i % 10).inc();
                    busy.gauge(Metric.of("g", "G")).add(1);
                    busy.latency(Metric.of("l_seconds", "L")).record(i);
                }
            });
            thread.start();
            running.add(thread);
        }
        for (int i = 0; i < 20; i++) {
            busy.snapshot();
        }
        for (Thread thread : running) {
            thread.join();
        }
        long n = (long) threads * each;
        List<MetricSnapshot> all = busy.snapshot();
        assertThat(all.get(0).points()).hasSize(10).allSatisfy(point -> assertThat(value(point))
                .isEqualTo(n / 10.0));
        assertThat(value(all.get(1).points().get(0))).isEqualTo((double) n);
        assertThat(busy.latency(Metric.of("l_seconds", "L")).count()).isEqualTo(n);
        assertThat(busy.latency(Metric.of("l_seconds", "L")).sum()).isEqualTo(threads * (each * (each - 1.0) / 2));
        assertThat(busy.latency(Metric.of("l_seconds", "L"))
                        .window(Duration.ofMinutes(1))
                        .count())
                .isEqualTo(n);
    }

    private List<Double> values(String name) {
        return telemetry.snapshot().stream()
                .filter(metric -> metric.name().equals(name))
                .flatMap(metric -> metric.points().stream())
                .map(TelemetryTest::value)
                .toList();
    }

    private static double value(Point point) {
        return ((Value) point).value();
    }
}
