package io.varve.core.telemetry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.varve.core.telemetry.MetricSnapshot.Distributed;
import io.varve.core.telemetry.MetricSnapshot.Label;
import io.varve.core.telemetry.MetricSnapshot.Value;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class PipelineTest {

    private static final Duration MINUTE = Duration.ofMinutes(1);

    private final ManualTime time = new ManualTime();
    private final Telemetry telemetry =
            Telemetry.create(TelemetryConfig.defaults().clock(time).ticking(false));
    private final Pipeline pipeline = telemetry.pipeline("pp_bifrost", "enqueued", "dequeued", "arrived", "done");

    private void passMicros(long micros) {
        time.advanceSeconds(micros / 1e6);
    }

    private static long nanos(double seconds) {
        return Math.round(seconds * 1e9);
    }

    private Map<String, String> shown(String metric) {
        Map<String, String> shown = new TreeMap<>();
        for (MetricSnapshot snapshot : telemetry.snapshot()) {
            for (MetricSnapshot.Point point : snapshot.points()) {
                if (snapshot.name().equals(metric)) {
                    List<String> labels =
                            point.labels().stream().skip(1).map(Label::value).toList();
                    shown.put(String.join(" ", labels), brief(point));
                }
            }
        }
        return shown;
    }

    private static String brief(MetricSnapshot.Point point) {
        if (point instanceof Distributed all) {
            return all.count() + " of " + Math.round(all.sum() * 1e6);
        }
        return String.valueOf((long) ((Value) point).value());
    }

    @Test
    void a_message_shows_each_step_and_the_whole_way() {
        long[] message = pipeline.start();
        passMicros(100);
        pipeline.stamp(message, 1);
        passMicros(200);
        pipeline.stamp(message, 2);
        passMicros(50);
        pipeline.done(message, Outcome.OK);
        assertThat(shown(Pipeline.METRIC))
                .isEqualTo(Map.of(
                        "enqueued dequeued", "1 of 100",
                        "dequeued arrived", "1 of 200",
                        "arrived done", "1 of 50",
                        "enqueued done", "1 of 350"));
        assertThat(nanos(pipeline.window(MINUTE).max())).isEqualTo(350_000);
        assertThat(nanos(pipeline.window(1, MINUTE).p50())).isEqualTo(200_000);
        assertThat(shown(Pipeline.ANOMALIES)).isEmpty();
    }

    @Test
    void an_array_serves_one_message_after_another() {
        long[] message = new long[pipeline.stampCount()];
        for (int i = 0; i < 10; i++) {
            pipeline.start(message);
            pipeline.stamp(message, 1);
            pipeline.stamp(message, 2);
            pipeline.done(message, Outcome.OK);
        }
        assertThat(pipeline.window(MINUTE).count()).isEqualTo(10);
        assertThat(pipeline.inFlight()).isZero();
    }

    @Test
    void what_is_in_flight_is_known_by_stage() {
        pipeline.start();
        long[] second = pipeline.start();
        pipeline.stamp(second, 1);
        long[] third = pipeline.start();
        pipeline.stamp(third, 2);
        assertThat(shown(Pipeline.IN_FLIGHT)).isEqualTo(Map.of("enqueued", "1", "dequeued", "1", "arrived", "1"));
        assertThat(pipeline.window(MINUTE).inFlight()).isEqualTo(3);
        pipeline.done(third, Outcome.OK);
        pipeline.done(second, Outcome.FAILED);
        assertThat(shown(Pipeline.IN_FLIGHT)).isEqualTo(Map.of("enqueued", "1", "dequeued", "0", "arrived", "0"));
        assertThat(shown(Pipeline.ANOMALIES)).isEqualTo(Map.of("skipped", "1"));
    }

    @Test
    void what_failed_counts_and_its_last_stages_do_not() {
        long[] message = pipeline.start();
        passMicros(10);
        pipeline.stamp(message, 1);
        passMicros(20);
        pipeline.done(message, Outcome.FAILED);
        time.advanceSeconds(10);
        telemetry.tick();
        WindowView view = pipeline.window(MINUTE);
        assertThat(view.errorRatio()).isEqualTo(1);
        assertThat(shown(Pipeline.METRIC))
                .containsEntry("enqueued dequeued", "1 of 10")
                .containsEntry("dequeued arrived", "0 of 0")
                .containsEntry("enqueued done", "1 of 30");
    }

    @Test
    void disorder_is_counted_and_changes_nothing() {
        long[] message = pipeline.start();
        pipeline.stamp(message, 2);
        pipeline.stamp(message, 1);
        pipeline.stamp(message, 2);
        pipeline.done(message, Outcome.OK);
        pipeline.done(message, Outcome.OK);
        pipeline.stamp(message, 1);
        pipeline.done(new long[5], Outcome.OK);
        pipeline.start(new long[3]);
        pipeline.stamp(new long[40], 1);
        assertThat(shown(Pipeline.ANOMALIES)).isEqualTo(Map.of("order", "2", "skipped", "1", "foreign", "5"));
        assertThat(pipeline.inFlight()).isZero();
        assertThat(pipeline.window(MINUTE).count()).isEqualTo(1);
        assertThatThrownBy(() -> pipeline.stamp(message, 3)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> pipeline.stamp(message, 0)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void a_message_goes_on_in_another_process() {
        Telemetry elsewhere = Telemetry.create(
                TelemetryConfig.defaults().clock(time.elsewhere()).ticking(false));
        Pipeline end = elsewhere.pipeline("pp_bifrost", "enqueued", "dequeued", "arrived", "done");
        long[] message = pipeline.start();
        passMicros(300);
        pipeline.stamp(message, 1);
        String header = pipeline.handOn(message);
        assertThat(pipeline.inFlight()).isZero();
        passMicros(40);
        long[] taken = new long[end.stampCount()];
        assertThat(end.takeOver(header, taken)).isTrue();
        assertThat(end.inFlight(1)).isEqualTo(1);
        end.stamp(taken, 2);
        passMicros(5);
        end.done(taken, Outcome.OK);
        assertThat(nanos(end.window(0, MINUTE).max())).isEqualTo(300_000);
        assertThat(nanos(end.window(1, MINUTE).max())).isEqualTo(40_000);
        assertThat(nanos(end.window(MINUTE).max())).isEqualTo(345_000);
        assertThat(pipeline.handOn(message)).isEmpty();
    }

    @Test
    void foreign_headers_begin_a_message_anew() {
        long[] message = new long[pipeline.stampCount()];
        for (String header : List.of("", "x", "!!!!", "A".repeat(53), "AQQA", "AQQAf_________8BAQE")) {
            assertThat(pipeline.takeOver(header, message)).as(header).isFalse();
            pipeline.done(message, Outcome.OK);
        }
        assertThat(pipeline.window(MINUTE).count()).isEqualTo(6);
        assertThat(pipeline.inFlight()).isZero();
        assertThat(shown(Pipeline.ANOMALIES)).containsKeys("header");
    }

    @Test
    void stamps_from_the_future_or_of_long_ago_begin_a_message_anew() {
        long[] message = pipeline.start();
        String header = pipeline.handOn(message);
        time.advanceSeconds(-61);
        assertThat(pipeline.takeOver(header, message)).isFalse();
        time.advanceSeconds(61 + 86_401);
        assertThat(pipeline.takeOver(header, message)).isFalse();
        assertThat(shown(Pipeline.ANOMALIES)).isEqualTo(Map.of("clock", "2"));
    }

    @Test
    void steps_that_others_measured_are_recorded() {
        Pipeline ingest = telemetry.pipeline("ingest", "entered", "left", "logged", "durable");
        ingest.record(new long[] {-7_000_000_400L, -7_000_000_300L, -7_000_000_100L, -7_000_000_000L});
        ingest.record(0, 100);
        assertThat(nanos(ingest.window().max())).isEqualTo(400);
        assertThat(ingest.window(1).count()).isEqualTo(1);
        assertThat(ingest.window(0).count()).isEqualTo(2);
        assertThatThrownBy(() -> ingest.record(new long[3])).isInstanceOf(IllegalArgumentException.class);
        assertThat(telemetry.pipeline("ingest", "entered", "left", "logged", "durable"))
                .isSameAs(ingest);
    }

    @Test
    void of_two_stages_the_step_is_the_whole_way_and_counts_once() {
        Pipeline pair = telemetry.pipeline("pair", "a", "b");
        pair.record(new long[] {-7_000_000_005L, -7_000_000_000L});
        long[] message = pair.start();
        pair.done(message, Outcome.OK);
        pair.start(message);
        pair.done(message, Outcome.FAILED);
        assertThat(pair.window().count()).isEqualTo(3);
    }
}
