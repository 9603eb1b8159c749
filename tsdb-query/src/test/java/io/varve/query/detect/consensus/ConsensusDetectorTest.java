package io.varve.query.detect.consensus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.varve.query.detect.Detector;
import io.varve.query.detect.ForestDetector;
import io.varve.query.detect.HostileSeries;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.IntToDoubleFunction;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Forest, consensus and onsets: what they find, and what bad input does to them. */
class ConsensusDetectorTest {

    private static final long STEP = 300_000;
    private static final int DAY = 288;
    /** A Monday, 0:00 UTC. */
    private static final long MONDAY = 1_763_942_400_000L;

    /** A detector with its name. */
    record Named(String name, Supplier<Detector> make) {
        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Named> detectors() {
        return Stream.of(
                new Named("forest", ForestDetector::new),
                new Named("consensus", ConsensusDetector::new),
                new Named("onsets", OnsetDetector::ofConsensus));
    }

    private static double[] scores(Detector detector, int size, IntToDoubleFunction value) {
        double[] scores = new double[size];
        for (int i = 0; i < size; i++) {
            scores[i] = detector.score(MONDAY + i * STEP, value.applyAsDouble(i));
        }
        return scores;
    }

    private static List<Integer> alerts(int size, IntToDoubleFunction value) {
        double[] scores = scores(OnsetDetector.ofConsensus(), size, value);
        List<Integer> alerts = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            if (scores[i] >= ConsensusDetector.ALERT) {
                alerts.add(i);
            }
        }
        return alerts;
    }

    /** Busy hours and calm ones, with noise; the value at an index is the same however often it is asked. */
    private static double daily(int i) {
        double level = i % DAY > 100 && i % DAY < 220 ? 80 : 20;
        return level + 3 * new Random(i * 7919L).nextGaussian();
    }

    @ParameterizedTest
    @MethodSource("detectors")
    void hostile_series_have_scores_from_0_to_1_or_none(Named named) {
        HostileSeries.all(600, STEP).forEach((name, column) -> {
            Detector detector = named.make().get();
            for (int i = 0; i < column.times().length; i++) {
                double score = detector.score(column.times()[i], column.values()[i]);
                assertThat(Double.isNaN(score) || score >= 0 && score <= 1)
                        .as(named + " of " + name + " at " + i + ": " + score)
                        .isTrue();
                if (Double.isNaN(column.values()[i])) {
                    assertThat(score).isNaN();
                }
            }
        });
    }

    @ParameterizedTest
    @MethodSource("detectors")
    void times_that_stand_still_go_back_or_lie_at_the_ends_of_time_do_no_harm(Named named) {
        long[] times = {Long.MIN_VALUE, 0, -5, Long.MAX_VALUE, 7, 7, 7, Long.MIN_VALUE};
        Detector detector = named.make().get();
        for (int i = 0; i < 800; i++) {
            double score = detector.score(times[i % times.length], i % 10);
            assertThat(Double.isNaN(score) || score >= 0 && score <= 1)
                    .as("score %s", score)
                    .isTrue();
        }
    }

    @ParameterizedTest
    @MethodSource("detectors")
    void the_same_samples_have_the_same_scores_bit_for_bit(Named named) {
        double[] first = scores(named.make().get(), 1_500, ConsensusDetectorTest::daily);
        double[] second = scores(named.make().get(), 1_500, ConsensusDetectorTest::daily);
        assertThat(Arrays.stream(first).mapToLong(Double::doubleToRawLongBits).toArray())
                .isEqualTo(Arrays.stream(second)
                        .mapToLong(Double::doubleToRawLongBits)
                        .toArray());
        assertThat(Arrays.stream(first).filter(s -> s > 0).count()).isGreaterThan(300);
    }

    @ParameterizedTest
    @MethodSource("detectors")
    void what_comes_later_changes_no_score(Named named) {
        double[] first = scores(named.make().get(), 700, ConsensusDetectorTest::daily);
        double[] longer = scores(named.make().get(), 900, i -> i < 700 ? daily(i) : 1e9);
        assertThat(Arrays.copyOf(longer, 700)).isEqualTo(first);
    }

    @ParameterizedTest
    @MethodSource("detectors")
    void a_single_sample_has_no_score(Named named) {
        assertThat(named.make().get().score(MONDAY, 1)).isNaN();
    }

    @ParameterizedTest
    @MethodSource("detectors")
    void a_constant_is_never_unusual(Named named) {
        double[] scores = scores(named.make().get(), 5_000, i -> 42);
        assertThat(Arrays.stream(scores).filter(s -> s >= ConsensusDetector.ALERT))
                .isEmpty();
    }

    @Test
    void a_shift_of_the_level_is_one_alert_at_once() {
        List<Integer> alerts = alerts(2_400, i -> new Random(i).nextGaussian() + (i >= 2_000 && i < 2_100 ? 9 : 0));
        assertThat(alerts).filteredOn(i -> i >= 2_000).hasSize(1).first().satisfies(i -> assertThat(i)
                .isBetween(2_000, 2_012));
        assertThat(alerts).filteredOn(i -> i < 2_000).hasSizeLessThan(6);
    }

    @Test
    void a_day_without_its_busy_hours_is_found_though_no_value_is_new() {
        int silent = 18 * DAY;
        List<Integer> alerts = alerts(19 * DAY, i -> i >= silent ? daily(i - i % DAY + i % 100) : daily(i));
        assertThat(alerts).filteredOn(i -> i >= silent).first().satisfies(i -> assertThat(i - silent)
                .isBetween(95, 220));
        assertThat(alerts).filteredOn(i -> i > 3 * DAY && i < silent).hasSizeLessThan(4);
    }

    @Test
    void a_value_at_the_wrong_time_of_day_is_found_by_the_ranges_of_the_days_before() {
        DayNovelty day = new DayNovelty();
        for (int i = 0; i < 3 * DAY; i++) {
            double score = day.score(MONDAY + i * STEP, i % DAY);
            assertThat(Double.isNaN(score)).as("at %s", i).isEqualTo(i < DAY - 1);
            assertThat(i < DAY ? 0 : score).isZero();
        }
        assertThat(day.score(MONDAY + 3 * DAY * STEP, 5)).isEqualTo(4); // 287, 0 and 1 were there: 1 is nearest
        assertThat(day.score(MONDAY + 20 * DAY * STEP, 5)).isNaN(); // a week without samples
    }

    @Test
    void an_explosion_does_not_blind_the_consensus_for_the_next_incident() {
        double[] scores = scores(
                new ConsensusDetector(),
                8_000,
                i -> i == 1_000 ? 1e300 : i >= 7_000 ? 9 : new Random(i).nextGaussian());
        assertThat(scores[1_000]).isGreaterThan(ConsensusDetector.ALERT);
        assertThat(Arrays.stream(scores, 7_000, 7_100).max().orElse(0)).isGreaterThan(ConsensusDetector.ALERT);
    }

    @Test
    void the_forest_scores_a_break_of_the_pattern_higher_than_anything_before_it() {
        double[] scores = scores(new ForestDetector(), 2_000, i -> i == 1_900 ? 12 : Math.sin(i * Math.PI / 12));
        double usual = Arrays.stream(scores, 500, 1_900).max().orElse(1);
        assertThat(scores[1_900]).isGreaterThan(1.5 * usual);
    }

    @Test
    void an_incident_rests_and_is_told_again_after_its_rest() {
        double[] given = {0.1, 0.9, 0.95, 0.3, 0.7, 0.8, Double.NaN, 0.6};
        int[] at = {0};
        Detector inner = (timeMs, value) -> given[at[0]++];
        double[] scores = scores(new OnsetDetector(inner, 0.5, 3), given.length, i -> 0);
        assertThat(scores).containsExactly(0.1, 0.9, 0.25, 0.15, 0.25, 0.8, Double.NaN, 0.25);
    }

    @Test
    void an_incident_that_is_much_worse_does_not_hide_behind_the_one_before_it() {
        double[] given = {0.5, 0.6, 0.85, 0.9, 1, 1, 0.1};
        int[] at = {0};
        Detector inner = (timeMs, value) -> given[at[0]++];
        double[] scores = scores(new OnsetDetector(inner, 0.5, 100), given.length, i -> 0);
        assertThat(scores).containsExactly(0.5, 0.25, 0.25, 0.25, 1, 0.25, 0.05);
    }

    @Test
    void onsets_refuse_settings_that_make_no_sense() {
        assertThatThrownBy(() -> new OnsetDetector(new ConsensusDetector(), 0, 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("threshold=0.0, rest=1");
        assertThatThrownBy(() -> new OnsetDetector(new ConsensusDetector(), Double.NaN, 1))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new OnsetDetector(new ConsensusDetector(), 1, -1))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
