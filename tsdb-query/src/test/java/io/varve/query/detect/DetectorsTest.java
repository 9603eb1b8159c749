package io.varve.query.detect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Bands, seasons and changes, sample by sample. */
class DetectorsTest {

    private static final long MINUTE = 60_000;
    private static final long HOUR = 60 * MINUTE;
    private static final long DAY = 24 * HOUR;
    /** A Monday, 0:00 UTC. */
    private static final long MONDAY = 1_763_942_400_000L;

    /** A detector with its name. */
    record Named(String name, Detector detector) {
        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Named> detectors() {
        return Stream.of(
                new Named("bands", new RobustBandDetector(HOUR, 1_000)),
                new Named("few", new RobustBandDetector(HOUR, 5)),
                new Named("seasons", new SeasonalDetector(1)),
                new Named("changes", new ChangeDetector(HOUR)),
                new Named("short", new ChangeDetector(1)));
    }

    @ParameterizedTest
    @MethodSource("detectors")
    void hostile_series_have_finite_scores_or_none(Named named) {
        HostileSeries.all(600, 7 * MINUTE).forEach((name, column) -> {
            Detector detector = named.detector();
            for (int i = 0; i < column.times().length; i++) {
                double score = detector.score(column.times()[i], column.values()[i]);
                assertThat(Double.isNaN(score) || Math.abs(score) <= RobustScale.MOST_SCORE)
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
    void times_that_go_back_or_lie_at_the_ends_of_time_do_no_harm(Named named) {
        long[] times = {Long.MIN_VALUE, 0, -5, Long.MAX_VALUE, 7, Long.MIN_VALUE};
        for (int round = 0; round < 50; round++) {
            for (long time : times) {
                double score = named.detector().score(time, round);
                assertThat(Double.isInfinite(score)).isFalse();
            }
        }
    }

    @Test
    void a_band_is_the_median_and_the_median_distance_of_what_came_before() {
        RobustBandDetector detector = new RobustBandDetector(5 * MINUTE, 100);
        double[] values = {1, 2, 3, 4, 10};
        for (int i = 0; i < values.length; i++) {
            assertThat(detector.score(i * MINUTE, values[i])).isNaN();
        }
        // median 3, distances 2 1 0 1 7: median 1
        assertThat(detector.score(4 * MINUTE + 1, 6)).isCloseTo(3 / 1.4826, within(1e-12));
        // at minute 5 the first is as old as the window: 2 3 4 10 6, median 4, distances 2 1 0 6 2
        assertThat(detector.score(5 * MINUTE, 1)).isCloseTo(-3 / (2 * 1.4826), within(1e-12));
    }

    @Test
    void a_constant_has_a_band_of_a_thousandth_of_it() {
        RobustBandDetector detector = new RobustBandDetector(HOUR, 100);
        for (int i = 0; i < 20; i++) {
            detector.score(i * MINUTE, 100);
        }
        assertThat(detector.score(20 * MINUTE, 100)).isZero();
        assertThat(detector.score(21 * MINUTE, 100.1)).isCloseTo(1, within(1e-9));
        assertThat(detector.score(22 * MINUTE, Double.POSITIVE_INFINITY)).isEqualTo(RobustScale.MOST_SCORE);
    }

    @Test
    void only_the_newest_samples_are_remembered() {
        RobustBandDetector few = new RobustBandDetector(DAY, 6);
        RobustBandDetector exact = new RobustBandDetector(7 * MINUTE, 100);
        Random random = new Random(3);
        for (int i = 0; i < 300; i++) {
            double value = random.nextInt(10);
            double score = exact.score(i * MINUTE, value);
            double found = few.score(i * MINUTE, value);
            if (i >= 6) {
                assertThat(found).isEqualTo(score);
            }
        }
    }

    /** By day 10 more than at night, and 5 less at weekends. */
    private static double usual(long time) {
        long hour = Math.floorDiv(time - 1 - MONDAY, HOUR);
        boolean isDay = Math.floorMod(hour, 24) >= 8;
        boolean isWeekend = Math.floorMod(hour, 168) >= 120;
        return 20 + (isDay ? 10 : 0) - (isWeekend ? 5 : 0);
    }

    @Test
    void a_season_knows_days_from_nights_and_weekends() {
        SeasonalDetector seasons = new SeasonalDetector(4);
        Random random = new Random(1);
        long time = MONDAY;
        for (; time <= MONDAY + 27 * DAY; time += 5 * MINUTE) {
            seasons.score(time, usual(time) + random.nextGaussian());
        }
        double[] largest = {0, 0};
        for (; time <= MONDAY + 35 * DAY; time += 5 * MINUTE) {
            double score = seasons.score(time, usual(time) + random.nextGaussian());
            largest[0] = Math.max(largest[0], Math.abs(score));
        }
        assertThat(largest[0]).isLessThan(6);
        // at night what is usual by day is not
        long night = MONDAY + 36 * DAY + 3 * HOUR;
        assertThat(seasons.score(night, 30)).isGreaterThan(5);
        assertThat(seasons.score(night + 9 * HOUR, 30)).isBetween(-3.0, 3.0);
    }

    @Test
    void a_season_needs_a_day() {
        SeasonalDetector seasons = new SeasonalDetector(1);
        int first = -1;
        for (int i = 0; i < 60 && first < 0; i++) {
            first = Double.isNaN(seasons.score(MONDAY + i * HOUR + MINUTE, i)) ? -1 : i;
        }
        assertThat(first).isEqualTo(SeasonalBaseline.LEAST_HOURS);
    }

    @Test
    void hours_are_counted_from_monday() {
        assertThat(SeasonalBaseline.cell(0)).isEqualTo(72); // Thursday
        assertThat(SeasonalBaseline.cell(MONDAY / HOUR)).isZero();
        assertThat(SeasonalBaseline.cell(MONDAY / HOUR - 1)).isEqualTo(167);
    }

    @Test
    void an_hour_shrinks_towards_its_day_and_that_towards_all() {
        HourlyLevels hours = new HourlyLevels(1_000);
        long monday = MONDAY / HOUR;
        for (int i = 0; i < 48; i++) {
            hours.add(monday + i, i == 25 ? 16 : i == 1 ? 10 : 0);
        }
        hours.complete();
        SeasonalBaseline baseline = new SeasonalBaseline();
        assertThat(baseline.of(hours, 0, 48, monday + 168 + 1)).isTrue();
        // Monday 1:00 has been seen once (10), 1:00 twice (median 13), the overall median is 0
        double ofDay = 2.0 / 3 * 13;
        assertThat(baseline.location()).isCloseTo(0.5 * 10 + 0.5 * ofDay, within(1e-12));
        assertThat(baseline.of(hours, 0, 48, monday + 3 * 24 + 1)).isTrue(); // a Thursday, not seen yet
        assertThat(baseline.location()).isCloseTo(ofDay, within(1e-12));
        assertThat(baseline.of(hours, 0, 23, monday)).isFalse();
    }

    @Test
    void old_hours_are_forgotten() {
        HourlyLevels hours = new HourlyLevels(80);
        for (int i = 0; i < 1_000; i++) {
            hours.add(i, i);
            assertThat(hours.size()).isLessThanOrEqualTo(80);
        }
        assertThat(hours.hour(hours.size() - 1)).isEqualTo(998);
        assertThat(hours.size()).isGreaterThanOrEqualTo(70);
        assertThat(hours.level(hours.from(990))).isEqualTo(990);
    }

    @Test
    void of_very_many_samples_some_are_kept_evenly() {
        ThinnedSamples samples = new ThinnedSamples();
        RobustScale scale = new RobustScale();
        for (int i = 0; i <= 100_000; i++) {
            samples.add(i);
            assertThat(samples.size()).isLessThanOrEqualTo(ThinnedSamples.MOST);
        }
        samples.measure(scale);
        assertThat(samples.size()).isGreaterThan(ThinnedSamples.MOST / 2);
        assertThat(scale.location()).isCloseTo(50_000, within(64.0));
    }

    @Test
    void a_change_adds_up_and_an_outlier_does_not() {
        ChangeDetector detector = new ChangeDetector(20 * MINUTE);
        double[] reference = {9, 10, 11, 9, 10, 11, 9, 10, 11, 10};
        for (int i = 1; i <= 10; i++) {
            assertThat(detector.score(i * MINUTE, reference[i - 1])).isNaN();
        }
        assertThat(detector.score(11 * MINUTE, 1_000)).isEqualTo(2.5);
        assertThat(detector.score(12 * MINUTE, 10)).isEqualTo(2.0);
        assertThat(detector.score(13 * MINUTE, 5)).isEqualTo(-2.5);
        assertThat(detector.score(14 * MINUTE, 5)).isEqualTo(-5);
        assertThat(detector.score(15 * MINUTE, 5)).isEqualTo(-7.5);
    }

    @Test
    void a_change_is_told_against_the_half_before_alone() {
        ChangeDetector detector = new ChangeDetector(2 * HOUR);
        double[] last = new double[3];
        Random random = new Random(5);
        for (int i = 1; i <= 180; i++) {
            last[(i - 1) / 60] = detector.score(i * MINUTE, random.nextGaussian() + (i > 60 ? 50 : 0));
        }
        assertThat(last[0]).isNaN();
        assertThat(last[1]).isGreaterThan(100);
        assertThat(last[2]).isBetween(-8.0, 8.0);
        assertThat(detector.score(400 * MINUTE, 0)).isNaN(); // the half before is empty
    }

    @Test
    void page_knew_how_long_it_takes() {
        int[] runs = new int[40];
        for (int run = 0; run < runs.length; run++) {
            ChangeDetector detector = new ChangeDetector(2 * DAY);
            Random random = new Random(run);
            for (int i = 1; i <= 1_440; i++) {
                detector.score(i * MINUTE, random.nextGaussian());
            }
            for (int i = 1_441; Math.abs(detector.score(i * MINUTE, 2 + random.nextGaussian())) < 5; i++) {
                runs[run]++;
            }
        }
        // a change of two deviations is found after some three or four samples
        assertThat(Arrays.stream(runs).average().orElse(0)).isBetween(1.5, 6.0);
    }

    @Test
    void settings_have_limits() {
        assertThatThrownBy(() -> new RobustBandDetector(0, 10)).hasMessageContaining("windowMs=0");
        assertThatThrownBy(() -> new RobustBandDetector(1, 4)).hasMessageContaining("most=4");
        assertThatThrownBy(() -> new SeasonalDetector(0)).hasMessageContaining("weeks=0");
        assertThatThrownBy(() -> new SeasonalDetector(521)).hasMessageContaining("weeks=521");
        assertThatThrownBy(() -> new ChangeDetector(0)).hasMessageContaining("windowMs=0");
    }
}
