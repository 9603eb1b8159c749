package io.varve.core.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Messages that go on in another process. */
class TakeOverTest {

    private static final String[] STAGES = {"enqueued", "dequeued", "arrived", "done"};

    private static List<String> anomalies(Telemetry telemetry) {
        return telemetry.snapshot().stream()
                .filter(metric -> metric.name().equals(Pipeline.ANOMALIES))
                .flatMap(metric -> metric.points().stream())
                .map(point -> point.labels() + "=" + ((MetricSnapshot.Value) point).value())
                .toList();
    }

    @Test
    void stagesOfAMessageThatTheSenderDidNotChooseAreNotSkipped() {
        Telemetry here = Telemetry.create(TelemetryConfig.defaults().sampling(Sampling.fixed(0.01)));
        Telemetry there = Telemetry.create(TelemetryConfig.defaults());
        Pipeline sender = here.pipeline("p", STAGES);
        Pipeline receiver = there.pipeline("p", STAGES);
        long[] stamps = new long[sender.stampCount()];
        byte[] wire = new byte[StageHeader.MAX_BYTES];
        for (int i = 0; i < 1_000; i++) {
            sender.start(stamps);
            sender.stamp(stamps, 1);
            int length = sender.handOn(stamps, wire, 0);
            assertThat(receiver.takeOver(wire, 0, length, stamps)).isTrue();
            receiver.stamp(stamps, 2);
            receiver.done(stamps, Outcome.OK);
        }
        assertThat(anomalies(there)).isEmpty();
        receiver.start(stamps);
        receiver.stamp(stamps, 2); // here a stage is passed over
        receiver.done(stamps, Outcome.OK);
        assertThat(anomalies(there))
                .singleElement()
                .asString()
                .contains("skipped")
                .endsWith("=1.0");
    }

    @Test
    void stampsAreMovedToAnotherClock() {
        ManualTime time = new ManualTime();
        Pipeline sender = Telemetry.create(time).pipeline("p", STAGES);
        Pipeline receiver = Telemetry.create(time).pipeline("p", STAGES);
        byte[] wire = new byte[StageHeader.MAX_BYTES];
        long[] stamps = sender.start();
        int length = sender.handOn(stamps, wire, 0);
        StageHeader.shift(wire, 0, length, -30_000_000);
        receiver.takeOver(wire, 0, length, stamps);
        receiver.done(stamps, Outcome.OK);
        assertThat(receiver.window().max()).isBetween(0.0299, 0.0307);
        byte[] tooShort = new byte[10];
        StageHeader.shift(tooShort, 0, tooShort.length, 1);
        assertThat(tooShort).containsOnly(0);
    }
}
