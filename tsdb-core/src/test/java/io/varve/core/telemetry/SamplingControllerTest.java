package io.varve.core.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import io.varve.core.model.TimeSource;
import java.time.Duration;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;

/** Adaptive sampling on a machine whose clock takes 100 ns to be read, and where nothing else costs anything. */
class SamplingControllerTest {

    private static final Duration MINUTES = Duration.ofMinutes(5);
    private static final long READ_NANOS = 100;
    private static final double BUDGET = 0.06;

    private final CostlyTime time = new CostlyTime();

    /** A process of one processor that is always busy. */
    private final Telemetry telemetry = Telemetry.create(TelemetryConfig.defaults()
            .clock(time)
            .cpuClock(() -> time.nanos)
            .ticking(false)
            .sampling(Sampling.adaptive(BUDGET)));

    private final Pipeline pipeline = telemetry.pipeline("loud", "a", "b", "c", "d", "e", "f", "g", "h");
    private final long[] message = new long[pipeline.stampCount()];
    private long sent;

    /** Each reading takes its time, and is counted. */
    private static final class CostlyTime implements TimeSource {

        private long nanos = 5_000_000_000L;
        private long reads;

        @Override
        public long epochNanos() {
            return 1_700_000_000_000_000_000L + nanos;
        }

        @Override
        public long nanoTime() {
            reads++;
            nanos += READ_NANOS;
            return nanos;
        }
    }

    private void message(Pipeline to) {
        to.start(message);
        for (int stage = 1; stage < 7; stage++) {
            to.stamp(message, stage);
        }
        to.done(message, Outcome.OK);
    }

    /** A second with so many messages; which share of it went into readings of the clock. */
    private double second(int messages) {
        long end = time.nanos + 1_000_000_000L;
        long before = time.reads;
        for (int i = 0; i < messages; i++) {
            message(pipeline);
        }
        sent += messages;
        double share = (time.reads - before) * READ_NANOS / 1e9;
        assertThat(time.nanos).as("there is room in the second").isLessThan(end);
        time.nanos = end;
        telemetry.tick();
        return share;
    }

    private double shown(String metric) {
        return telemetry.snapshot().stream()
                .filter(snapshot -> snapshot.name().equals(metric))
                .flatMap(snapshot -> snapshot.points().stream())
                .mapToDouble(point -> ((MetricSnapshot.Value) point).value())
                .findFirst()
                .orElseThrow();
    }

    @Test
    void under_ten_times_the_load_the_cost_is_within_budget_again_in_five_seconds_and_counts_stand() {
        for (int i = 0; i < 10; i++) {
            assertThat(second(20_000)).isLessThan(BUDGET);
        }
        assertThat(pipeline.samplingRatio()).isEqualTo(1);
        double first = second(200_000);
        assertThat(first).as("without a controller it would cost too much").isGreaterThan(2 * BUDGET);
        for (int i = 2; i <= 12; i++) {
            double share = second(200_000);
            if (i > 5) {
                assertThat(share).as("second " + i).isLessThan(BUDGET).isGreaterThan(BUDGET / 2);
                assertThat(shown(Telemetry.COST)).isLessThan(BUDGET);
            }
        }
        assertThat(pipeline.samplingRatio()).isBetween(0.01, 0.2);
        assertThat(shown(Pipeline.RATIO)).isEqualTo(pipeline.samplingRatio());
        for (int i = 0; i < 20; i++) {
            assertThat(second(20_000)).isLessThan(BUDGET);
        }
        assertThat(pipeline.samplingRatio()).as("slowly up again").isEqualTo(1);
        assertThat(pipeline.window(MINUTES).count()).isCloseTo(sent, Percentage.withPercentage(2));
        for (int stage = 0; stage < 7; stage++) {
            assertThat(pipeline.window(stage, MINUTES).count()).isCloseTo(sent, Percentage.withPercentage(2));
        }
    }

    @Test
    void the_measured_cost_is_what_readings_of_the_clock_take() {
        for (int i = 0; i < 5; i++) {
            second(20_000);
        }
        double share = second(20_000);
        assertThat(shown(Telemetry.COST)).isCloseTo(share, Percentage.withPercentage(15));
    }

    @Test
    void a_quiet_pipeline_keeps_all_beside_a_loud_one() {
        Pipeline quiet = telemetry.pipeline("quiet", "a", "b", "c", "d", "e", "f", "g", "h");
        for (int i = 0; i < 8; i++) {
            for (int k = 0; k < 100; k++) {
                message(quiet);
            }
            second(200_000);
        }
        assertThat(quiet.samplingRatio()).isEqualTo(1);
        assertThat(pipeline.samplingRatio()).isLessThan(0.2);
    }

    @Test
    void what_no_budget_pays_for_is_sampled_at_the_least_ratio_and_no_less() {
        telemetry.sampling(Sampling.adaptive(1e-6));
        for (int i = 0; i < 4; i++) {
            second(100_000);
        }
        assertThat(pipeline.samplingRatio()).isEqualTo(Sampling.LEAST_RATIO);
        telemetry.sampling(Sampling.fixed(0.25));
        assertThat(pipeline.samplingRatio()).isEqualTo(0.25);
        second(1_000);
        assertThat(pipeline.samplingRatio()).isEqualTo(0.25);
        assertThat(telemetry.sampling()).isEqualTo(Sampling.fixed(0.25));
        assertThat(telemetry.pipeline("later", "a", "b").samplingRatio()).isEqualTo(0.25);
    }

    @Test
    void without_a_clock_of_the_processor_all_processors_are_the_measure() {
        Telemetry blind = Telemetry.create(TelemetryConfig.defaults()
                .clock(time)
                .cpuClock(() -> CpuClock.UNKNOWN)
                .ticking(false)
                .sampling(Sampling.adaptive(0.01)));
        Pipeline p = blind.pipeline("p", "a", "b", "c", "d", "e", "f", "g", "h");
        int processors = Runtime.getRuntime().availableProcessors();
        for (int i = 0; i < 8; i++) {
            long end = time.nanos + 1_000_000_000L;
            for (int k = 0; k < 30_000 * processors; k++) {
                message(p);
            }
            time.nanos = Math.max(end, time.nanos);
            blind.tick();
        }
        // All of 30,000 would cost 2.4 %, none 0.6 %.
        assertThat(p.samplingRatio()).isBetween(0.02, 0.3);
    }

    @Test
    void a_clock_that_jumps_does_not_move_the_ratio_out_of_its_range() {
        second(20_000);
        time.nanos -= 3_600_000_000_000L;
        telemetry.tick();
        second(20_000);
        time.nanos += 86_400_000_000_000L;
        telemetry.tick();
        for (int i = 0; i < 5; i++) {
            second(20_000);
        }
        assertThat(pipeline.samplingRatio()).isEqualTo(1);
        assertThat(shown(Telemetry.COST)).isBetween(0.0, BUDGET);
    }

    @Test
    void the_processor_time_of_this_process_is_read_where_it_is_told() {
        CpuClock cpu = CpuClock.ofProcess();
        long first = cpu.nanos();
        assertThat(cpu.nanos()).isGreaterThanOrEqualTo(first);
        assertThat(first).isGreaterThanOrEqualTo(CpuClock.UNKNOWN);
    }
}
