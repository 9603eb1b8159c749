package io.varve.benchmarks.detect;

import static org.assertj.core.api.Assertions.assertThat;

import io.varve.benchmarks.detect.LabelledSeries.Span;
import io.varve.benchmarks.detect.NabScoring.Profile;
import io.varve.benchmarks.detect.NabScoring.Scored;
import io.varve.query.detect.Detector;
import io.varve.query.detect.consensus.ConsensusDetector;
import io.varve.query.detect.consensus.OnsetDetector;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The shipped consensus on series of two weeks, every five minutes, of which day ten is odd. */
class GeneratedSeriesTest {

    private static final int DAY = 288;
    private static final int ROWS = 14 * DAY;
    private static final int ODD = 10 * DAY;
    private static final long STEP_MS = 300_000;

    /** Makes the value of a row. */
    @FunctionalInterface
    private interface Shape {
        double of(int row, Random random);
    }

    private static Scored scored(String name, boolean isOdd, Shape shape) {
        Random random = new Random(name.hashCode());
        long[] times = new long[ROWS];
        double[] values = new double[ROWS];
        double[] scores = new double[ROWS];
        Detector detector = OnsetDetector.ofConsensus();
        for (int i = 0; i < ROWS; i++) {
            times[i] = i * STEP_MS;
            values[i] = shape.of(i, random);
            scores[i] = detector.score(times[i], values[i]);
        }
        List<Span> spans =
                isOdd ? List.of(new Span((ODD - 40) * STEP_MS, (ODD + DAY + 74) * STEP_MS)) : List.<Span>of();
        return new Scored(LabelledSeries.of(name, times, values, spans), scores);
    }

    private static boolean isBusy(int row) {
        return row % DAY > 100 && row % DAY < 220;
    }

    private static boolean isOdd(int row) {
        return row >= ODD && row < ODD + DAY;
    }

    private static double noise(Random random) {
        return 6 * random.nextDouble() - 3;
    }

    @Test
    void days_that_are_odd_each_in_its_way_are_found() {
        List<Scored> all = new ArrayList<>();
        all.add(scored("calm", true, (i, r) -> (isBusy(i) && !isOdd(i) ? 80 : 20) + noise(r)));
        all.add(scored("half", true, (i, r) -> (isBusy(i) ? isOdd(i) ? 45 : 80 : 20) + noise(r)));
        all.add(scored("double", true, (i, r) -> (isBusy(i) ? isOdd(i) ? 160 : 80 : 20) + noise(r)));
        all.add(scored("busy", true, (i, r) -> (isBusy(i) || isOdd(i) ? 80 : 20) + noise(r)));
        all.add(scored("dense", true, (i, r) -> r.nextDouble() < (isOdd(i) ? 0.1 : 0.01) ? 20 : 0));
        for (Scored one : all) {
            assertThat(NabScoring.found(one, ConsensusDetector.ALERT))
                    .as(one.series().name())
                    .isEqualTo(1);
        }
        assertThat(NabScoring.score(all, ConsensusDetector.ALERT, Profile.STANDARD))
                .isGreaterThan(80);
    }

    @Test
    void weeks_that_are_like_each_other_have_no_alert_a_day() {
        List<Scored> all = new ArrayList<>();
        all.add(scored("flat", false, (i, r) -> 45));
        all.add(scored("noise", false, (i, r) -> r.nextGaussian()));
        all.add(scored("square", false, (i, r) -> i % 144 < 72 ? -20 : 20));
        all.add(scored("daily", false, (i, r) -> (isBusy(i) ? 80 : 20) + noise(r)));
        all.add(scored("wave", false, (i, r) -> 40 * Math.sin(i * 2 * Math.PI / DAY) + r.nextGaussian()));
        for (Scored one : all) {
            assertThat(NabScoring.falseAlerts(one, ConsensusDetector.ALERT))
                    .as(one.series().name())
                    .isLessThanOrEqualTo(5);
        }
        assertThat(NabScoring.falseAlerts(all.get(0), ConsensusDetector.ALERT)).isZero();
    }
}
