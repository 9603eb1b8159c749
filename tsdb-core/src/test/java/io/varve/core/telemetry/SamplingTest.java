package io.varve.core.telemetry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.varve.core.model.TimeSource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SamplingTest {

    private static final Duration MINUTES = Duration.ofMinutes(5);
    private static final Percentage TWO_PERCENT = Percentage.withPercentage(2);

    private final ManualTime time = new ManualTime();
    private final Telemetry telemetry = Telemetry.create(
            TelemetryConfig.defaults().clock(time).ticking(false).cpuClock(() -> CpuClock.UNKNOWN));
    private final Pipeline pipeline = telemetry.pipeline("p", "a", "b", "c", "d");
    private final long[] message = new long[pipeline.stampCount()];

    private void message(double micros, Outcome outcome) {
        pipeline.start(message);
        time.advanceSeconds(micros * 0.25e-6);
        pipeline.stamp(message, 1);
        time.advanceSeconds(micros * 0.25e-6);
        pipeline.stamp(message, 2);
        time.advanceSeconds(micros * 0.5e-6);
        pipeline.done(message, outcome);
    }

    @Test
    void the_form_is_read_as_it_is_written() {
        assertThat(Sampling.parse("fixed 0.1")).isEqualTo(Sampling.fixed(0.1));
        assertThat(Sampling.parse(" ADAPTIVE ")).isEqualTo(Sampling.adaptive(0.01));
        assertThat(Sampling.parse("adaptive  0.02")).isEqualTo(Sampling.adaptive(0.02));
        assertThat(Sampling.parse(Sampling.fixed(0.3).toString())).isEqualTo(Sampling.fixed(0.3));
        assertThat(Sampling.parse("fixed 1e-9").value()).isEqualTo(Sampling.LEAST_RATIO);
        assertThat(TelemetryConfig.defaults().sampling()).isEqualTo(Sampling.fixed(1));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "fixed",
                "fixed 0",
                "fixed 1.1",
                "fixed -1",
                "fixed NaN",
                "fixed x",
                "adaptive 0",
                "fixed 1 2",
                "half"
            })
    void what_is_none_is_refused_with_what_was_found(String text) {
        assertThatThrownBy(() -> Sampling.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'fixed RATE'")
                .hasMessageEndingWith("sampling=" + text);
    }

    @ParameterizedTest
    @ValueSource(doubles = {1, 0.7, 0.5, 0.3, 0.1, 0.011, 0.001})
    void of_each_block_one_is_chosen_and_stands_for_all(double ratio) {
        SamplePlan plan = SamplePlan.of(ratio);
        assertThat(plan.ratio()).isCloseTo(ratio, within(ratio / 1_000));
        int messages = 1_000_000;
        long chosen = 0;
        long weights = 0;
        long most = 0;
        for (int i = 0; i < messages; i++) {
            int weight = Stamps.weight(plan.choose(i, 77));
            chosen += weight == 0 ? 0 : 1;
            weights += weight;
            most = Math.max(most, Math.abs(weights - i));
        }
        assertThat((double) chosen / messages).isCloseTo(ratio, within(ratio / 100));
        assertThat(most).isLessThanOrEqualTo(Math.round(Math.ceil(1 / ratio)));
    }

    @Test
    void places_within_blocks_are_even_and_differ_from_block_to_block() {
        SamplePlan plan = SamplePlan.of(0.1);
        int[] places = new int[10];
        for (int i = 0; i < 100_000; i++) {
            places[i % 10] += Stamps.weight(plan.choose(i, 5)) == 0 ? 0 : 1;
        }
        for (int place : places) {
            assertThat(place).isBetween(900, 1_100);
        }
    }

    @Test
    void counts_are_those_of_all_messages_and_failures_are_exact() {
        telemetry.sampling(Sampling.fixed(0.01));
        assertThat(pipeline.samplingRatio()).isEqualTo(0.01);
        for (int i = 0; i < 100_000; i++) {
            message(10, i % 50 == 7 ? Outcome.FAILED : Outcome.OK);
        }
        Window recent = pipeline.recent(MINUTES);
        assertThat(recent.view().count()).isCloseTo(100_000, TWO_PERCENT);
        assertThat(recent.failed()).isEqualTo(2_000);
        assertThat(pipeline.window(0, MINUTES).count()).isCloseTo(100_000, TWO_PERCENT);
        assertThat(pipeline.window(2, MINUTES).p50()).isCloseTo(5e-6, within(1e-7));
        assertThat(pipeline.inFlight()).isZero();
        assertThat(value(Pipeline.RATIO)).isEqualTo(0.01);
    }

    @Test
    void half_of_the_messages_fail_and_the_others_are_counted_all_the_same() {
        telemetry.sampling(Sampling.fixed(0.02));
        for (int i = 0; i < 40_000; i++) {
            message(i % 2 == 0 ? 10 : 20, i % 2 == 0 ? Outcome.OK : Outcome.FAILED);
        }
        assertThat(pipeline.recent(MINUTES).failed()).isEqualTo(20_000);
        assertThat(pipeline.window(MINUTES).count()).isCloseTo(40_000, TWO_PERCENT);
        assertThat(pipeline.window(MINUTES).p95()).isCloseTo(20e-6, within(3e-7));
    }

    @Test
    void slow_ones_are_always_recorded_and_stand_for_themselves_alone() {
        telemetry.sampling(Sampling.fixed(0.01));
        for (int i = 0; i < 50_000; i++) {
            message(10, Outcome.OK);
        }
        time.advanceSeconds(1);
        telemetry.tick();
        for (int i = 0; i < 50_000; i++) {
            message(i % 1_000 == 0 ? 5_000 : 10, Outcome.OK);
        }
        assertThat(over(1_000_000)).isEqualTo(50);
        assertThat(pipeline.window(MINUTES).count()).isCloseTo(100_000, TWO_PERCENT);
        assertThat(pipeline.window(MINUTES).max()).isCloseTo(5e-3, within(1e-4));
    }

    /** How many the histogram of the whole way has over a number of nanoseconds. */
    private long over(double nanos) {
        long count = 0;
        for (var part : pipeline.recent(MINUTES).values()) {
            for (int i = 0; i < part.indexes().length; i++) {
                count += Math.pow(2, part.indexes()[i] / 32.0) > nanos ? part.counts()[i] : 0;
            }
        }
        return count;
    }

    @Test
    void traffic_that_repeats_itself_with_the_length_of_a_block_is_seen_whole() {
        telemetry.sampling(Sampling.fixed(0.1));
        for (int i = 0; i < 200_000; i++) {
            message(i % 10 == 9 ? 100 : 10, Outcome.OK);
        }
        double sum = pipeline.recent(MINUTES).values().stream()
                .mapToDouble(part -> part.sum())
                .sum();
        assertThat(sum / 200_000).isCloseTo(19_000, Percentage.withPercentage(4));
    }

    @Test
    void counts_stand_while_the_ratio_changes() {
        double[] ratios = {1, 0.5, 0.01, 0.3, 0.001, 0.05};
        for (int i = 0; i < 300_000; i++) {
            if (i % 700 == 0) {
                telemetry.sampling(Sampling.fixed(ratios[i / 700 % ratios.length]));
            }
            message(10, Outcome.OK);
        }
        assertThat(pipeline.window(MINUTES).count()).isCloseTo(300_000, TWO_PERCENT);
    }

    @Test
    void messages_that_are_lost_or_handed_on_do_not_move_the_count_of_the_others() {
        telemetry.sampling(Sampling.fixed(0.05));
        byte[] wire = new byte[StageHeader.MAX_BYTES];
        for (int i = 0; i < 60_000; i++) {
            if (i % 3 == 0) {
                pipeline.start(message);
                assertThat(pipeline.handOn(message, wire, 0)).isPositive();
            } else {
                message(10, Outcome.OK);
            }
        }
        assertThat(pipeline.window(MINUTES).count()).isCloseTo(40_000, TWO_PERCENT);
        assertThat(pipeline.inFlight()).isZero();
    }

    @Test
    void one_that_is_not_chosen_takes_no_stamps_between_and_its_stage_is_known() {
        telemetry.sampling(Sampling.fixed(0.001));
        pipeline.start(message);
        while (Stamps.weight(Stamps.state(message)) != 0) {
            pipeline.done(message, Outcome.OK);
            pipeline.start(message);
        }
        long[] before = message.clone();
        pipeline.stamp(message, 1);
        pipeline.stamp(message, 2);
        assertThat(message[1]).isEqualTo(before[1]);
        assertThat(pipeline.inFlight(2)).isOne();
        assertThat(pipeline.inFlight(0)).isZero();
        pipeline.stamp(message, 1);
        pipeline.done(message, Outcome.OK);
        assertThat(pipeline.inFlight()).isZero();
        assertThat(value(Pipeline.ANOMALIES)).as("order").isOne();
    }

    @Test
    void stages_passed_over_are_counted_whether_chosen_or_not() {
        telemetry.sampling(Sampling.fixed(0.01));
        for (int i = 0; i < 1_000; i++) {
            pipeline.start(message);
            pipeline.stamp(message, 2);
            pipeline.done(message, Outcome.OK);
        }
        assertThat(value(Pipeline.ANOMALIES)).as("skipped").isEqualTo(1_000);
    }

    @Test
    void what_the_sender_did_not_choose_comes_with_its_start_and_is_no_skipped_stage() {
        Telemetry elsewhere = Telemetry.create(
                TelemetryConfig.defaults().clock(time.elsewhere()).ticking(false));
        Pipeline end = elsewhere.pipeline("p", "a", "b", "c", "d");
        telemetry.sampling(Sampling.fixed(0.01));
        for (int i = 0; i < 1_000; i++) {
            pipeline.start(message);
            time.advanceSeconds(1e-5);
            pipeline.stamp(message, 1);
            byte[] wire = new byte[StageHeader.MAX_BYTES];
            int length = pipeline.handOn(message, wire, 0);
            assertThat(end.takeOver(wire, 0, length, message)).isTrue();
            time.advanceSeconds(1e-5);
            end.stamp(message, Stamps.stage(Stamps.state(message)) + 1);
            end.stamp(message, 2);
            end.done(message, Outcome.OK);
        }
        assertThat(end.window(MINUTES).count()).isEqualTo(1_000);
        assertThat(end.window(MINUTES).p50()).isCloseTo(2e-5, within(1e-6));
        assertThat(end.inFlight()).isZero();
    }

    @Test
    void many_threads_lose_nothing() throws InterruptedException {
        telemetry.sampling(Sampling.fixed(0.05));
        List<Thread> threads = new ArrayList<>();
        for (int t = 0; t < 8; t++) {
            Thread thread = new Thread(() -> {
                long[] mine = new long[pipeline.stampCount()];
                for (int i = 0; i < 25_000; i++) {
                    pipeline.start(mine);
                    pipeline.stamp(mine, 1);
                    pipeline.stamp(mine, 2);
                    pipeline.done(mine, i % 100 == 0 ? Outcome.FAILED : Outcome.OK);
                }
            });
            threads.add(thread);
            thread.start();
        }
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(pipeline.window(MINUTES).count()).isCloseTo(200_000, TWO_PERCENT);
        assertThat(pipeline.recent(MINUTES).failed()).isEqualTo(2_000);
        assertThat(pipeline.inFlight()).isZero();
        assertThat(pipeline.inFlight(1)).isZero();
    }

    @Test
    void a_clock_that_goes_back_is_counted_and_time_goes_on() {
        pipeline.start(message);
        time.advanceSeconds(-3_600);
        pipeline.stamp(message, 1);
        pipeline.stamp(message, 2);
        pipeline.done(message, Outcome.OK);
        assertThat(value(Pipeline.ANOMALIES)).as("clock").isOne();
        assertThat(pipeline.window(MINUTES).max()).isZero();
        for (int i = 0; i < 10; i++) {
            message(10, Outcome.OK);
            time.advanceSeconds(1);
            telemetry.tickIfDue();
        }
        assertThat(pipeline.window(Duration.ofSeconds(5)).count()).isBetween(4L, 5L);
        time.advanceSeconds(86_400);
        assertThat(pipeline.window(MINUTES).count()).isZero();
    }

    @Test
    void a_wall_clock_that_jumps_moves_no_duration() {
        long[] offset = {0};
        TimeSource jumping = TimeSource.of(() -> time.epochNanos() + offset[0], () -> time.nanoTime());
        Telemetry jumped =
                Telemetry.create(TelemetryConfig.defaults().clock(jumping).ticking(false));
        Pipeline p = jumped.pipeline("p", "a", "b", "c", "d");
        for (int i = 0; i < 10; i++) {
            p.start(message);
            offset[0] += (i % 2 == 0 ? 1 : -1) * 31_536_000_000_000_000L;
            time.advanceSeconds(1e-5);
            p.stamp(message, 1);
            p.stamp(message, 2);
            p.done(message, Outcome.OK);
        }
        assertThat(p.window(MINUTES).max()).isCloseTo(1e-5, within(1e-9));
        assertThat(p.window(MINUTES).count()).isEqualTo(10);
    }

    private double value(String metric) {
        return telemetry.snapshot().stream()
                .filter(snapshot -> snapshot.name().equals(metric))
                .flatMap(snapshot -> snapshot.points().stream())
                .mapToDouble(point -> ((MetricSnapshot.Value) point).value())
                .sum();
    }
}
