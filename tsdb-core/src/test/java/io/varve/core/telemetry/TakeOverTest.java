package io.varve.core.telemetry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assertions.withinPercentage;

import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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

    /** Both sides choose for themselves, and yet each step is seen, with the weight of all. */
    @ParameterizedTest
    @CsvSource({"0.05, 0.05", "0.01, 0.1", "0.1, 0.01", "1, 0.03", "0.03, 1", "0.4, 0.4"})
    void stepsBeforeAndAfterTheWireAreCountedWhateverBothSidesChoose(double there, double here) {
        ManualTime time = new ManualTime();
        Telemetry sending = Telemetry.create(
                TelemetryConfig.defaults().clock(time).ticking(false).sampling(Sampling.fixed(there)));
        Telemetry receiving = Telemetry.create(
                TelemetryConfig.defaults().clock(time).ticking(false).sampling(Sampling.fixed(here)));
        Pipeline sender = sending.pipeline("p", STAGES);
        Pipeline receiver = receiving.pipeline("p", STAGES);
        Random random = new Random(7);
        long[] stamps = new long[sender.stampCount()];
        byte[] wire = new byte[StageHeader.MAX_BYTES];
        int messages = 100_000;
        for (int i = 0; i < messages; i++) {
            sender.start(stamps);
            time.advanceSeconds(random.nextInt(10) == 0 ? 50e-6 : 10e-6);
            sender.stamp(stamps, 1);
            time.advanceSeconds(20e-6);
            int length = sender.handOn(stamps, wire, 0);
            receiver.takeOver(wire, 0, length, stamps);
            receiver.stamp(stamps, 2);
            time.advanceSeconds(30e-6);
            receiver.done(stamps, Outcome.OK);
        }
        receiving.tick();
        Duration minute = Duration.ofMinutes(1);
        double off = messages * 0.02 + 1_024;
        assertThat((double) receiver.window(minute).count()).isCloseTo(messages, within(messages * 0.02));
        for (int step = 0; step < 3; step++) {
            assertThat((double) receiver.window(step, minute).count())
                    .as("step %s", step)
                    .isCloseTo(messages, within(off));
        }
        assertThat(receiver.window(0, minute).p50()).isCloseTo(10e-6, withinPercentage(1.2));
        assertThat(receiver.window(0, minute).p95()).isCloseTo(50e-6, withinPercentage(1.2));
        assertThat(receiver.window(2, minute).p50()).isCloseTo(30e-6, withinPercentage(1.2));
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
