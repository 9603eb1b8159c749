package io.varve.core.telemetry.clock.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.varve.core.model.TimeSource;
import io.varve.core.telemetry.MetricSnapshot;
import io.varve.core.telemetry.Telemetry;
import io.varve.core.telemetry.TelemetryConfig;
import io.varve.core.telemetry.clock.ClockBook;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class SystemClockGaugesTest {

    private final AtomicLong now = new AtomicLong();
    private final Telemetry telemetry =
            Telemetry.create(TelemetryConfig.defaults().ticking(false).clock(TimeSource.of(now::get, now::get)));
    private final Map<String, String> outputs = new HashMap<>();
    private final SystemClockGauges gauges = SystemClockGauges.show(
            telemetry, new SystemClockReader(command -> Optional.ofNullable(outputs.get(command.get(0)))));

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
    void whatTheServiceSaysIsShownAsLongAsItIsFresh() throws IOException {
        gauges.read();
        assertThat(points(ClockBook.OFFSET_GAUGE)).as("no service").isEmpty();

        String output = SystemClockParsersTest.output("chronyc-csv");
        SystemClockStatus said = ChronyTracking.parseCsv(output).orElseThrow();
        outputs.put("chronyc", output);
        gauges.read();
        assertThat(points(ClockBook.OFFSET_GAUGE))
                .isEqualTo(Map.of("chrony", said.offsetNanos().orElseThrow() / 1e9));
        assertThat(points(ClockBook.UNCERTAINTY_GAUGE))
                .isEqualTo(Map.of("chrony", said.uncertaintyNanos().orElseThrow() / 1e9));

        outputs.clear();
        now.addAndGet(181_000_000_000L);
        gauges.read();
        assertThat(points(ClockBook.OFFSET_GAUGE).get("chrony")).isNaN();

        outputs.put("ntpq", SystemClockParsersTest.output("ntpq-rv"));
        gauges.read();
        assertThat(points(ClockBook.OFFSET_GAUGE).get("ntpd")).isFinite();
        assertThat(points(ClockBook.OFFSET_GAUGE).get("chrony")).isNaN();

        gauges.close();
        gauges.read();
        assertThat(points(ClockBook.OFFSET_GAUGE)).isEmpty();
    }
}
