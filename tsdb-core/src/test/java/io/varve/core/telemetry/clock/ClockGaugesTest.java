package io.varve.core.telemetry.clock;

import static org.assertj.core.api.Assertions.assertThat;

import io.varve.core.model.TimeSource;
import io.varve.core.telemetry.MetricSnapshot;
import io.varve.core.telemetry.Telemetry;
import io.varve.core.telemetry.TelemetryConfig;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class ClockGaugesTest {

    private static final long START = 1_700_000_000_000_000_000L;

    private final AtomicLong now = new AtomicLong(START);
    private final Telemetry telemetry = Telemetry.create(
            TelemetryConfig.defaults().labelSets(100).ticking(false).clock(TimeSource.of(now::get, now::get)));
    private final ClockBook book = ClockBook.create(50, PeerClockConfig.defaults());

    /** An exchange of 2 ms with a clock that is ahead. */
    private void exchange(String peer, long aheadNanos) {
        long sent = now.get();
        long there = sent + 1_000_000 + aheadNanos;
        now.addAndGet(2_000_000);
        book.record(peer, new ClockExchange(sent, there, there, now.get()));
    }

    private Map<String, Double> points(String gauge) {
        Map<String, Double> points = new TreeMap<>();
        for (MetricSnapshot metric : telemetry.snapshot()) {
            if (metric.name().equals(gauge)) {
                for (MetricSnapshot.Point point : metric.points()) {
                    points.put(point.labels().get(0).value(), ((MetricSnapshot.Value) point).value());
                }
            }
        }
        return points;
    }

    @Test
    void peers_are_gauges_as_long_as_they_are_in_the_book() {
        exchange("before", 5_000_000);
        ClockGauges gauges = ClockGauges.show(book, telemetry);
        exchange("a", 30_000_000);
        exchange("b", -30_000_000);
        exchange("a", 30_000_000);
        assertThat(points(ClockBook.OFFSET_GAUGE).keySet()).containsExactly("a", "b", "before");
        assertThat(points(ClockBook.OFFSET_GAUGE).get("a")).isBetween(0.029, 0.031);
        assertThat(points(ClockBook.OFFSET_GAUGE).get("b")).isBetween(-0.031, -0.029);
        assertThat(points(ClockBook.UNCERTAINTY_GAUGE)).hasSize(3).allSatisfy((peer, value) -> assertThat(value)
                .isBetween(0.001, 0.005));

        assertThat(book.remove("a")).isTrue();
        assertThat(points(ClockBook.OFFSET_GAUGE).keySet()).containsExactly("b", "before");
        exchange("a", 1_000_000);
        assertThat(points(ClockBook.OFFSET_GAUGE).get("a")).isBetween(0.0, 0.002);

        gauges.close();
        exchange("c", 1);
        assertThat(points(ClockBook.OFFSET_GAUGE)).isEmpty();
        assertThat(points(ClockBook.UNCERTAINTY_GAUGE)).isEmpty();
    }

    @Test
    void uncertainty_grows_while_nothing_is_heard() {
        ClockGauges.show(book, telemetry);
        exchange("a", 0);
        double before = points(ClockBook.UNCERTAINTY_GAUGE).getOrDefault("a", Double.NaN);
        now.addAndGet(10_000_000_000L);
        assertThat(points(ClockBook.UNCERTAINTY_GAUGE).get("a")).isGreaterThan(before + 0.004);
    }

    @Test
    void peers_that_come_and_go_for_ever_leave_nothing_behind() {
        ClockGauges.show(book, telemetry);
        for (int i = 0; i < 5_000; i++) {
            exchange("peer" + i, i);
            book.remove("peer" + (i - 20));
        }
        assertThat(points(ClockBook.OFFSET_GAUGE)).hasSize(20);
        for (int i = 0; i < 1_000; i++) {
            exchange("more" + i, i);
        }
        assertThat(points(ClockBook.OFFSET_GAUGE)).hasSize(50);
        assertThat(points("varve_telemetry_label_overflow_total")).isEmpty();
    }
}
