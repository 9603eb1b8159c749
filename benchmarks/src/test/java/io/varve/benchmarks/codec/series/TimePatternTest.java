package io.varve.benchmarks.codec.series;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TimePatternTest {

    private static final int COUNT = 81_920;

    @Test
    void jitter_does_not_add_up_but_drift_does() {
        assertThat(spread(TimePattern.UNIFORM_15S, 15_000)).isEqualTo(4);
        assertThat(spread(TimePattern.LATE_10S, 10_000)).isEqualTo(1);
        assertThat(spread(TimePattern.NORMAL_15S, 15_000)).isBetween(30L, 60L);
        assertThat(spread(TimePattern.EXPONENTIAL_10S, 10_000)).isBetween(20L, 60L);
        assertThat(spread(TimePattern.NORMAL_1S_MICROS, 1_000_000)).isBetween(1_200L, 2_400L);
        assertThat(spread(TimePattern.DRIFT_10S, 10_000)).isGreaterThan(200);
    }

    @Test
    void regular_times_step_exactly_and_gaps_are_whole_steps() {
        assertThat(spread(TimePattern.REGULAR_10S, 10_000)).isZero();
        assertThat(spread(TimePattern.REGULAR_10S_NANOS, 10_000_000_000L)).isZero();
        long[] times = TimePattern.MISSING_15S.times(COUNT);
        long missing = (times[COUNT - 1] - times[0]) / 15_000 - (COUNT - 1);
        assertThat(missing).isBetween(40L, 140L);
        assertThat(Arrays.stream(times).map(time -> (time - times[0]) % 15_000).distinct())
                .containsExactly(0L);
    }

    @Test
    void a_pattern_is_found_by_its_label() {
        for (TimePattern pattern : TimePattern.values()) {
            assertThat(TimePattern.of(pattern.label())).isEqualTo(pattern);
        }
    }

    /** How far apart the errors against the grid lie. */
    private static long spread(TimePattern pattern, long step) {
        long[] times = pattern.times(COUNT);
        long[] errors = IntStream.range(0, COUNT)
                .mapToLong(i -> times[i] - step * i)
                .sorted()
                .toArray();
        return errors[COUNT - 1] - errors[0];
    }
}
