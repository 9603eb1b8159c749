package io.varve.server.backtest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What is counted over history, how it is read in pieces, and where it ends. */
class BacktestTest {

    private static final long MINUTE = 60_000;
    private static final long DAY = 86_400_000;
    private static final long START = 1_763_942_400_000L;

    /** A series a minute, of noise around 100, with a shift of ten minutes at noon of each day. */
    private static double value(long timeMs) {
        long ofDay = (timeMs - START) % DAY / MINUTE;
        return 100 + new Random(timeMs * 7919).nextGaussian() + (ofDay >= 720 && ofDay < 730 ? 50 : 0);
    }

    /** So many series that are all the same; tells which pieces were asked for. */
    private static final class Minutes implements History {
        private final int series;
        private final List<long[]> pieces = new ArrayList<>();

        Minutes(int series) {
            this.series = series;
        }

        @Override
        public void read(BacktestSettings settings, long fromMs, long toMs, Sink sink) {
            pieces.add(new long[] {fromMs, toMs});
            long every = Math.max(settings.stepMs(), MINUTE);
            long first = START + Math.max(0, -Math.floorDiv(START - fromMs, every)) * every;
            int count = toMs < first ? 0 : (int) ((toMs - first) / every) + 1;
            long[] times = new long[count];
            double[] values = new double[count];
            for (int i = 0; i < count; i++) {
                times[i] = first + i * every;
                values[i] = value(times[i]);
            }
            for (int k = 0; k < series && count > 0; k++) {
                sink.take("m{k=\"" + k + "\"}", count, times, values);
            }
        }

        @Override
        public void close() {}
    }

    private static BacktestSettings settings(long days, long stepMs, long forMs) {
        return new BacktestSettings("m", START, START + days * DAY - 1, stepMs, DetectorKind.BANDS, 10, forMs);
    }

    private static JsonNode json(BacktestReport report) throws Exception {
        return new ObjectMapper().readTree(report.json());
    }

    @Test
    void each_shift_is_an_alert_as_long_as_it_lasts() throws Exception {
        JsonNode json = json(Backtest.run(settings(5, 0, 0), new Minutes(1)));
        assertThat(json.at("/total/samples").asInt()).isEqualTo(5 * 1_440);
        assertThat(json.at("/total/alerts").asInt()).isEqualTo(5);
        assertThat(json.at("/total/alertsPerDay").asDouble()).isCloseTo(1, within(0.01));
        // ten minutes a day; the alert ends with the first sample below
        assertThat(json.at("/total/alertingShare").asDouble()).isCloseTo(10 / 1_440.0, within(1e-4));
        assertThat(json.at("/series/0/highest")).hasSize(3);
        assertThat(json.at("/series/0/highest/0/time").asText()).contains("T12:0");
        assertThat(json.at("/series/0/scores/0.5").asDouble()).isBetween(0.4, 1.0);
        assertThat(json.at("/series/0/scores/0.999").asDouble()).isGreaterThan(20);
    }

    @Test
    void a_shift_that_ends_before_the_time_of_for_is_none() throws Exception {
        assertThat(Backtest.run(settings(3, 0, 9 * MINUTE), new Minutes(1)).alerts())
                .isEqualTo(3);
        assertThat(Backtest.run(settings(3, 0, 10 * MINUTE), new Minutes(1)).alerts())
                .isZero();
    }

    @Test
    void history_is_read_in_pieces_that_follow_each_other_and_grow() {
        Minutes history = new Minutes(2);
        Backtest.run(settings(30, 0, 0), history);
        assertThat(history.pieces.get(0)[0]).isEqualTo(START);
        for (int i = 1; i < history.pieces.size(); i++) {
            assertThat(history.pieces.get(i)[0]).isEqualTo(history.pieces.get(i - 1)[1] + 1);
        }
        assertThat(history.pieces.get(history.pieces.size() - 1)[1]).isEqualTo(START + 30 * DAY - 1);
        assertThat(history.pieces).hasSizeLessThan(10);
    }

    @Test
    void pieces_of_an_expression_begin_at_its_steps() {
        Minutes history = new Minutes(1);
        BacktestReport report = Backtest.run(settings(10, 7 * MINUTE, 0), history);
        assertThat(history.pieces).allSatisfy(piece -> assertThat((piece[0] - START) % (7 * MINUTE))
                .isZero());
        assertThat(report.json()).contains("\"samples\":" + ((10 * 1_440 + 6) / 7) + ",");
    }

    @Test
    void too_many_series_none_and_settings_without_sense_are_refused() {
        assertThatThrownBy(() -> Backtest.run(settings(1, 0, 0), new Minutes(BacktestSettings.MOST_SERIES + 1)))
                .isInstanceOf(BacktestException.class)
                .hasMessage("more than 500 series of m: name fewer of them");
        assertThatThrownBy(() -> Backtest.run(settings(1, 0, 0), new Minutes(0)))
                .isInstanceOf(BacktestException.class)
                .hasMessageStartingWith("no samples of m in that time");
        assertThatThrownBy(() -> settings(0, 0, 0)).hasMessage("--end must be after --start");
        assertThatThrownBy(() -> settings(1, -1, 0)).hasMessageContaining("must not be negative");
        assertThatThrownBy(() -> new BacktestSettings("m", 0, 1, 0, DetectorKind.FOREST, Double.NaN, 0))
                .hasMessageContaining("--threshold must be above 0");
    }

    @Test
    void too_many_samples_are_refused() {
        History endless = new History() {
            private final long[] times = new long[1_000_000];
            private final double[] values = new double[1_000_000];

            @Override
            public void read(BacktestSettings settings, long fromMs, long toMs, Sink sink) {
                for (int i = 0; i <= BacktestSettings.MOST_SAMPLES / times.length; i++) {
                    sink.take("m", times.length, times, values);
                }
            }

            @Override
            public void close() {}
        };
        BacktestSettings changes = new BacktestSettings("m", 0, DAY, 0, DetectorKind.CHANGES, 1, 0);
        assertThatThrownBy(() -> Backtest.run(changes, endless))
                .isInstanceOf(BacktestException.class)
                .hasMessageStartingWith("more than 50000000 samples of m");
    }

    @Test
    void each_detector_is_tried_by_its_name() {
        for (DetectorKind kind : DetectorKind.values()) {
            assertThat(DetectorKind.of(kind.label())).contains(kind);
            BacktestSettings settings =
                    new BacktestSettings("m", START, START + DAY, MINUTE, kind, kind.threshold(), 0);
            BacktestReport report = Backtest.run(settings, new Minutes(1));
            assertThat(report.series()).isEqualTo(1);
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            report.print(new PrintStream(bytes, true, StandardCharsets.UTF_8));
            assertThat(bytes.toString(StandardCharsets.UTF_8)).contains(kind.label(), "total", "1 series");
        }
        assertThat(DetectorKind.of("oracle")).isEmpty();
    }

    @Test
    void quantiles_of_scores_are_right_to_two_percent() {
        ScoreCounts counts = new ScoreCounts();
        for (int i = 1; i <= 10_000; i++) {
            counts.add(i / 100.0);
        }
        counts.add(0);
        assertThat(counts.quantile(0.5)).isCloseTo(50, within(1.0));
        assertThat(counts.quantile(0.99)).isCloseTo(99, within(2.0));
        assertThat(counts.quantile(0)).isZero();
        assertThat(new ScoreCounts().quantile(0.5)).isNaN();
        counts.add(Double.MAX_VALUE);
        assertThat(counts.quantile(1)).isGreaterThan(4_000).isFinite();
        ScoreCounts ones = new ScoreCounts();
        ones.add(1);
        assertThat(ones.quantile(1)).isEqualTo(1);
    }
}
