package io.varve.benchmarks.detect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.varve.benchmarks.detect.LabelledSeries.Span;
import io.varve.benchmarks.detect.NabScoring.Best;
import io.varve.benchmarks.detect.NabScoring.Profile;
import io.varve.benchmarks.detect.NabScoring.Scored;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The benchmark's scoring by examples that are worked out by hand, and the reading of its files. */
class NabScoringTest {

    private static final int ROWS = 1_000;

    /** Rows a second; windows 300 to 399 and 700 to 799. */
    private static LabelledSeries series() {
        long[] times = new long[ROWS];
        Arrays.setAll(times, i -> i * 1_000L);
        return LabelledSeries.of(
                "two", times, new double[ROWS], List.of(new Span(300_000, 399_000), new Span(699_500, 799_999)));
    }

    private static List<Scored> detections(int... rows) {
        double[] scores = new double[ROWS];
        for (int row : rows) {
            scores[row] = 1;
        }
        return List.of(new Scored(series(), scores));
    }

    private static double standard(int... rows) {
        return NabScoring.score(detections(rows), 0.5, Profile.STANDARD);
    }

    private static double sigmoid(double y) {
        return 2 / (1 + Math.exp(5 * y)) - 1;
    }

    @Test
    void windows_are_the_rows_within_their_times() {
        assertThat(series().windows())
                .containsExactly(new LabelledSeries.Window(300, 399), new LabelledSeries.Window(700, 799));
        assertThat(NabScoring.windows(series())).isEqualTo(2);
    }

    @Test
    void nothing_detected_is_0_and_the_first_row_of_each_window_100() {
        for (Profile profile : Profile.ALL) {
            assertThat(NabScoring.score(detections(), 0.5, profile)).isZero();
            assertThat(NabScoring.score(detections(300, 700), 0.5, profile)).isCloseTo(100, within(1e-9));
        }
    }

    @Test
    void only_the_first_detection_of_a_window_counts_and_an_earlier_one_counts_more() {
        assertThat(standard(350, 700)).isEqualTo(standard(350, 360, 399, 700));
        // half of the window is gone: σ(−0.5)/σ(−1) of one of two windows
        double half = sigmoid(-0.5) / sigmoid(-1);
        assertThat(standard(350, 700)).isCloseTo(100 * (1 + half + 2) / 4, within(1e-9));
        assertThat(standard(399, 700)).isGreaterThan(50).isLessThan(standard(350, 700));
    }

    @Test
    void a_false_alert_costs_its_weight_more_the_farther_it_is_from_the_window_before_it() {
        assertThat(standard(200, 300, 700)).isCloseTo(100 - 100 * 0.11 / 4, within(1e-9)); // before any window
        assertThat(standard(300, 698, 700)).isCloseTo(100 - 100 * 0.11 / 4, within(1e-9)); // 3.02 widths after one
        double near = 0.11 * -sigmoid(10 / 99.0);
        assertThat(standard(300, 409, 700)).isCloseTo(100 - 100 * near / 4, within(1e-9));
        assertThat(standard(300, 700, 800, 801, 802)).isLessThan(standard(300, 700, 800));
    }

    @Test
    void profiles_double_the_cost_of_one_kind_of_mistake() {
        List<Scored> wrong = detections(200, 300, 700);
        assertThat(100 - NabScoring.score(wrong, 0.5, Profile.LOW_FALSE_POSITIVES))
                .isCloseTo(2 * (100 - NabScoring.score(wrong, 0.5, Profile.STANDARD)), within(1e-9));
        List<Scored> missed = detections(300);
        assertThat(NabScoring.score(missed, 0.5, Profile.STANDARD)).isCloseTo(50, within(1e-9));
        assertThat(NabScoring.score(missed, 0.5, Profile.LOW_FALSE_NEGATIVES)).isCloseTo(50, within(1e-9));
        // 1 − 2 of −4 to 2, and a false alert of a sixth of 0.11
        assertThat(NabScoring.score(detections(200, 300), 0.5, Profile.LOW_FALSE_NEGATIVES))
                .isCloseTo(50 - 100 * 0.11 / 6, within(1e-9));
    }

    @Test
    void the_probation_does_not_count() {
        assertThat(NabScoring.probation(1_000)).isEqualTo(150);
        assertThat(NabScoring.probation(20_000)).isEqualTo(750);
        assertThat(standard(0, 1, 149)).isZero();
        assertThat(standard(150)).isNegative();
    }

    @Test
    void the_best_threshold_is_one_for_all_and_none_scores_higher() {
        Random random = new Random(4);
        double[] scores =
                random.doubles(ROWS).map(d -> Math.round(d * 200) / 200.0).toArray();
        scores[320] = 2;
        scores[500] = 3;
        scores[640] = Double.NaN;
        List<Scored> all = List.of(
                new Scored(series(), scores),
                new Scored(series(), random.doubles(ROWS).toArray()));
        for (Profile profile : Profile.ALL) {
            Best best = NabScoring.best(all, profile);
            assertThat(NabScoring.score(all, best.threshold(), profile)).isCloseTo(best.score(), within(1e-9));
            for (double threshold = 0; threshold < 3.2; threshold += 0.005) {
                assertThat(NabScoring.score(all, threshold, profile)).isLessThanOrEqualTo(best.score() + 1e-9);
            }
        }
        assertThat(NabScoring.best(detections(200), Profile.STANDARD).score()).isZero();
    }

    @Test
    void alerts_outside_of_windows_and_windows_found_are_counted() {
        Scored scored = detections(10, 200, 310, 320, 450).get(0);
        assertThat(NabScoring.falseAlerts(scored, 0.5)).isEqualTo(2);
        assertThat(NabScoring.found(scored, 0.5)).isEqualTo(1);
    }

    @Test
    void a_directory_of_plain_and_compressed_files_is_scored(@TempDir Path directory) throws IOException {
        StringBuilder lines = new StringBuilder("timestamp,value\n");
        Random random = new Random(1);
        for (int i = 0; i < 2_000; i++) {
            double jump = i >= 1_500 && i < 1_600 ? 40 : 0;
            lines.append(i * 300_000L)
                    .append(',')
                    .append(random.nextGaussian() + jump)
                    .append('\n');
        }
        Files.writeString(directory.resolve("nab_plain.csv"), lines);
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(directory.resolve("nab_packed.csv.gz")))) {
            out.write(lines.toString().getBytes(StandardCharsets.UTF_8));
        }
        Files.writeString(
                directory.resolve(Labels.FILE),
                "{\"nab_packed\": [[\"1970-01-06 04:00:00.000000\", \"1970-01-06 14:00:00.000000\"]]}");
        List<LabelledSeries> series = Labels.read(directory);
        assertThat(series).extracting(LabelledSeries::name).containsExactly("nab_packed", "nab_plain");
        assertThat(series.get(0).windows()).containsExactly(new LabelledSeries.Window(1_488, 1_608));
        assertThat(series.get(1).windows()).isEmpty();
        assertThat(series.get(1).values()).isEqualTo(series.get(0).values());
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        NabBenchmark.print(series, new PrintStream(bytes, true, StandardCharsets.UTF_8));
        assertThat(bytes.toString(StandardCharsets.UTF_8))
                .containsPattern("nab_packed +2000 +1 +1 ")
                .contains("consensus, best threshold for the others");
    }

    @Test
    void files_that_are_not_what_they_should_be_are_told(@TempDir Path directory) throws IOException {
        Files.writeString(directory.resolve(Labels.FILE), "{}");
        assertThatThrownBy(() -> Labels.read(directory))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("no series");
        Files.writeString(directory.resolve("nab_a.csv"), "timestamp,value\n1,2\nnow,3\n");
        assertThatThrownBy(() -> Labels.read(directory))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("nab_a.csv:3");
        List<String> wrong =
                List.of("[]", "{\"a\": 1}", "{\"a\": [[\"x\", \"y\"]]}", "{\"a\": [[\"1970-01-01 00:00\"]]}");
        for (String labels : wrong) {
            Files.writeString(directory.resolve(Labels.FILE), labels);
            assertThatThrownBy(() -> Labels.read(directory)).as(labels).isInstanceOf(IOException.class);
        }
    }
}
