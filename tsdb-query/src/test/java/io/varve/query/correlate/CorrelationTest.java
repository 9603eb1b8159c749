package io.varve.query.correlate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.varve.core.model.Histogram;
import io.varve.core.model.HistogramLayout;
import io.varve.core.model.Labels;
import io.varve.core.model.Matcher;
import io.varve.core.model.ResetHint;
import io.varve.core.model.Resolution;
import io.varve.core.model.StaleMarker;
import io.varve.query.CorrelationRequest;
import io.varve.query.Correlations;
import io.varve.query.Correlations.Candidate;
import io.varve.query.Correlations.Measure;
import io.varve.query.QueryControl;
import io.varve.query.QueryEngine;
import io.varve.query.QueryException;
import io.varve.query.QueryLimits;
import io.varve.query.QueryMemory;
import io.varve.query.detect.HostileSeries;
import io.varve.query.script.FakeStore;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.function.LongToDoubleFunction;
import org.junit.jupiter.api.Test;

/** What moved first, in incidents that were made up. */
class CorrelationTest {

    private static final long BEGIN = 1_763_780_400_000L;
    private static final long STEP = 15_000;
    private static final int SAMPLES = 240;
    private static final long END = BEGIN + (SAMPLES - 1) * STEP;

    private final FakeStore store = new FakeStore(Resolution.MILLIS, 17);
    private final Random random = new Random(11);

    private void add(String name, LongToDoubleFunction value) {
        add(Labels.of("__name__", name), value);
    }

    private void add(Labels labels, LongToDoubleFunction value) {
        for (int i = 0; i < SAMPLES; i++) {
            double sample = value.applyAsDouble(i);
            if (!Double.isNaN(sample) || StaleMarker.is(sample)) {
                store.add(labels, BEGIN + i * STEP, sample);
            }
        }
    }

    /** A step up at a sample, with noise. */
    private LongToDoubleFunction step(int at, double height) {
        return i -> (i >= at ? height : 0) + random.nextGaussian();
    }

    private void addBackground(int each) {
        for (int k = 0; k < each; k++) {
            add("noise_" + k, i -> random.nextGaussian());
            double slope = random.nextDouble() + 0.1;
            add("trend_" + k, i -> slope * i + random.nextGaussian());
            double phase = random.nextDouble() * 50;
            add("wave_" + k, i -> Math.sin((i + phase) / 20.0) * 10 + random.nextGaussian());
            add("constant_" + k, i -> 7);
            double[] walk = {0};
            add("walk_" + k, i -> walk[0] += random.nextGaussian());
            double[] count = {1e6};
            add("count_" + k + "_total", i -> count[0] += random.nextInt(100));
        }
    }

    private Correlations ask(String expression, List<List<Matcher>> candidates, int limit) {
        CorrelationRequest request = new CorrelationRequest(expression, BEGIN, END, STEP, candidates, limit);
        return ask(request, QueryLimits.defaults());
    }

    private Correlations ask(CorrelationRequest request, QueryLimits limits) {
        try (QueryControl control = new QueryControl(() -> false, QueryMemory.UNLIMITED)) {
            return QueryEngine.over(store, limits).correlate(request, control);
        }
    }

    private static List<String> names(Correlations answer) {
        return answer.result().stream()
                .map(candidate -> candidate.labels().get(Labels.NAME))
                .toList();
    }

    @Test
    void what_jumped_before_comes_first_and_what_followed_later() {
        addBackground(10);
        add("symptom", step(200, 20));
        add("cause", step(198, 30));
        add("together", step(200, 25));
        add("effect", step(203, 25));
        add("unrelated", step(90, 25));
        Correlations answer = ask("symptom", List.of(), 5);
        assertThat(names(answer).subList(0, 3)).containsExactly("cause", "together", "effect");
        assertThat(answer.result().get(0).lag()).isEqualTo(2 * STEP);
        assertThat(answer.result().get(1).lag()).isZero();
        assertThat(answer.result().get(2).lag()).isEqualTo(-3 * STEP);
        assertThat(answer.result().get(0).score())
                .isGreaterThan(2 * answer.result().get(3).score());
        assertThat(answer.result().get(0).samples()).isEqualTo(SAMPLES - 2);
        assertThat(answer.query()).isEqualTo(Labels.of("__name__", "symptom"));
        assertThat(names(ask("symptom", List.of(), 1_000))).doesNotContain("symptom", "constant_1");
    }

    @Test
    void a_jump_a_moment_ago_is_found_too() {
        addBackground(10);
        add("symptom", step(236, 20));
        add("cause", step(236, -30));
        Candidate first = ask("symptom", List.of(), 3).result().get(0);
        assertThat(first.labels().get(Labels.NAME)).isEqualTo("cause");
        assertThat(first.correlation()).isLessThan(-0.7);
        assertThat(first.score()).isBetween(0.3, 1.0);
    }

    @Test
    void counters_are_compared_by_their_rate() {
        addBackground(5);
        add("symptom", step(150, 20));
        double[] count = {0};
        add("errors_total", i -> count[0] += i >= 150 ? 40 : random.nextInt(3));
        double[] ops = {0};
        add("operations", i -> {
            ops[0] = i == 120 ? 0 : ops[0] + (i >= 150 ? 400 : 10) + random.nextInt(3);
            return ops[0];
        });
        add("appears_total", i -> i < 150 ? Double.NaN : (i - 149) * 30.0);
        Correlations answer = ask("symptom", List.of(), 3);
        assertThat(names(answer)).contains("errors_total", "appears_total");
        assertThat(answer.result())
                .allMatch(c -> c.measure() == Measure.RATE
                        || c.labels().get(Labels.NAME).equals("operations"));
    }

    @Test
    void a_counter_in_the_query_is_one_too() {
        double[] count = {0};
        add("failed_total", i -> count[0] += i >= 170 ? 40 : random.nextInt(3));
        add("cause", step(168, 30));
        addBackground(5);
        Candidate first = ask("failed_total", List.of(), 3).result().get(0);
        assertThat(first.labels().get(Labels.NAME)).isEqualTo("cause");
        assertThat(first.lag()).isEqualTo(2 * STEP);
        assertThat(ask("rate(failed_total[1m])", List.of(), 3)
                        .result()
                        .get(0)
                        .labels()
                        .get(Labels.NAME))
                .isEqualTo("cause");
    }

    @Test
    void native_histograms_are_compared_by_rate_and_percentile() {
        addBackground(5);
        add("symptom", step(150, 20));
        HistogramLayout layout = HistogramLayout.exponential(0, false, 0.001, new int[] {0, 8}, new int[0])
                .withFloats();
        double[] buckets = new double[8];
        for (int i = 0; i < SAMPLES; i++) {
            for (int k = 0; k < 50; k++) {
                buckets[random.nextInt(2) + (i >= 149 ? 5 : 0)]++;
            }
            double all = 50.0 * (i + 1);
            store.add(
                    Labels.of("__name__", "latency"),
                    BEGIN + i * STEP,
                    Histogram.floating(layout, ResetHint.UNKNOWN, 0, all, all, buckets.clone()));
        }
        Candidate first = ask("symptom", List.of(), 3).result().get(0);
        assertThat(first.labels().get(Labels.NAME)).isEqualTo("latency");
        assertThat(first.measure()).isEqualTo(Measure.P99);
        assertThat(first.lag()).isEqualTo(STEP);
        // and the other way round
        assertThat(names(ask("latency", List.of(), 3)).get(0)).isEqualTo("symptom");
        assertThatThrownBy(() -> ask("latency * 2", List.of(), 3))
                .isInstanceOf(QueryException.class)
                .hasMessageContaining("native histograms of an expression need histogram_quantile");
    }

    @Test
    void series_of_one_distribution_are_one_candidate() {
        addBackground(3);
        for (String q : List.of("0.5", "0.9", "0.99")) {
            add(Labels.of("__name__", "seconds", "stage", "a", "quantile", q), step(200, 10));
            add(Labels.of("__name__", "seconds", "stage", "b", "quantile", q), step(200, 10));
        }
        Correlations answer = ask("seconds{stage=\"a\",quantile=\"0.9\"}", List.of(), 100);
        assertThat(answer.result().stream()
                        .filter(c -> c.labels().get(Labels.NAME).equals("seconds")))
                .singleElement()
                .matches(c -> c.labels().get("stage").equals("b"));
    }

    @Test
    void of_several_series_the_one_that_jumped_most_is_compared() {
        add(Labels.of("__name__", "s", "n", "calm"), step(SAMPLES, 0));
        add(Labels.of("__name__", "s", "n", "wild"), step(100, 30));
        add("cause", step(99, 30));
        for (String expression : List.of("s", "s + 1")) {
            Correlations answer = ask(expression, List.of(), 1);
            assertThat(answer.query()).isNotNull();
            assertThat(answer.query().get("n")).isEqualTo("wild");
            assertThat(answer.infos()).anyMatch(info -> info.contains("has 2 series"));
            assertThat(names(answer)).containsExactly("cause");
        }
    }

    @Test
    void what_never_jumps_is_compared_by_levels() {
        add("wave", i -> Math.sin(i / 25.0) * 3 + random.nextGaussian() / 10);
        add("alike", i -> Math.pow(Math.sin((i + 4) / 25.0) * 3, 3) + random.nextGaussian() / 10);
        add("noise", i -> random.nextGaussian());
        Correlations answer = ask("wave", List.of(), 5);
        assertThat(names(answer).get(0)).isEqualTo("alike");
        assertThat(answer.result().get(0).lag()).isBetween(3 * STEP, 5 * STEP);
        assertThat(answer.infos()).anyMatch(info -> info.contains("did not jump"));
    }

    @Test
    void candidates_are_those_that_are_named_each_once() {
        add("symptom", step(100, 10));
        add(Labels.of("__name__", "a", "x", "1"), step(100, 10));
        add(Labels.of("__name__", "b", "x", "1"), step(100, 10));
        add("c", step(100, 10));
        List<List<Matcher>> candidates =
                List.of(List.of(Matcher.equal("x", "1")), List.of(Matcher.equal(Labels.NAME, "a")));
        assertThat(names(ask("symptom", candidates, 9))).containsExactlyInAnyOrder("a", "b");
        assertThat(names(ask("symptom", List.of(List.of(Matcher.equal(Labels.NAME, "none"))), 9)))
                .isEmpty();
    }

    @Test
    void short_overlaps_count_for_less() {
        add("symptom", step(200, 20));
        add("whole", step(200, 20));
        add("part", i -> i < 150 ? Double.NaN : step(200, 20).applyAsDouble(i));
        Correlations answer = ask("symptom", List.of(), 5);
        assertThat(names(answer)).containsExactly("whole", "part");
        assertThat(answer.result().get(1).samples()).isEqualTo(SAMPLES - 150);
        assertThat(answer.result().get(1).score())
                .isLessThan(0.8 * answer.result().get(0).score());
    }

    @Test
    void hostile_series_do_no_harm() {
        add("symptom", step(200, 20));
        HostileSeries.all(SAMPLES, STEP).forEach((name, column) -> {
            for (int i = 0; i < column.times().length; i++) {
                store.add(Labels.of("__name__", "h_" + name), column.times()[i], column.values()[i]);
                store.add(Labels.of("__name__", "h_" + name + "_total"), column.times()[i], column.values()[i]);
            }
        });
        for (Candidate candidate : ask("symptom", List.of(), 1_000).result()) {
            assertThat(candidate.score()).isBetween(0.0, 1.0);
            assertThat(candidate.correlation()).isBetween(-1.0, 1.0);
        }
        for (String name : HostileSeries.all(1, 1).keySet()) {
            try {
                ask("h_" + name, List.of(), 10).result().forEach(c -> assertThat(c.score())
                        .isBetween(0.0, 1.0));
            } catch (QueryException e) {
                assertThat(e).hasMessageContaining("nothing can be compared with the query's series");
            }
        }
    }

    @Test
    void an_empty_query_has_no_answer_and_says_so() {
        add("a", step(3, 3));
        Correlations answer = ask("nothing", List.of(), 5);
        assertThat(answer.query()).isNull();
        assertThat(answer.result()).isEmpty();
        assertThat(answer.infos()).containsExactly("the query has no series in this range");
    }

    @Test
    void too_many_candidates_are_told() {
        add("symptom", step(200, 20));
        for (int i = 0; i < CorrelationRunner.MOST_CANDIDATES + 5; i++) {
            store.add(Labels.of("__name__", "many", "i", String.format("%05d", i)), BEGIN, i);
        }
        Correlations answer = ask("symptom", List.of(List.of(Matcher.equal(Labels.NAME, "many"))), 5);
        assertThat(answer.warnings())
                .singleElement()
                .asString()
                .contains("more than 10,000 series are candidates")
                .contains("i=\"10000\"")
                .contains("candidates");
    }

    @Test
    void what_is_asked_for_is_bounded() {
        add("a", step(100, 30));
        add("b", step(100, 30));
        refused(BEGIN, END, 1_000, 5, "at most 1024 points are compared, and this range has 3586");
        refused(BEGIN, BEGIN + 14_000, 1_000, 5, "at least 16 points are needed, and this range has 15");
        refused(BEGIN, BEGIN - 1, 1_000, 5, "end timestamp must not be before start time");
        refused(BEGIN, END, -1, 5, "must not be negative");
        refused(BEGIN, END, STEP, 0, "\"limit\": must be above zero");
        refused(Long.MIN_VALUE, END, STEP, 5, "out of range");
        CorrelationRequest request = new CorrelationRequest("a", BEGIN, END, STEP, List.of(), 5);
        QueryLimits few = QueryLimits.defaults();
        assertThatThrownBy(() -> ask(
                        request, new QueryLimits(300, few.maxPoints(), few.maxBytes(), few.timeout(), few.lookback())))
                .isInstanceOf(QueryException.class)
                .hasMessageContaining("too many samples");
        try (QueryControl control = new QueryControl(() -> true, QueryMemory.UNLIMITED)) {
            assertThatThrownBy(() -> QueryEngine.over(store).correlate(request, control))
                    .hasMessageContaining("canceled");
        }
    }

    private void refused(long start, long end, long step, int limit, String message) {
        assertThatThrownBy(() ->
                        ask(new CorrelationRequest("a", start, end, step, List.of(), limit), QueryLimits.defaults()))
                .isInstanceOf(QueryException.class)
                .hasMessageContaining(message);
    }

    @Test
    void a_step_that_suits_the_range_is_chosen() {
        Duration hour = Duration.ofHours(1);
        assertThat(grid(hour.toMillis()).step()).isEqualTo(15_000);
        assertThat(grid(60_000).step()).isEqualTo(1_000);
        assertThat(grid(300_000).step()).isEqualTo(2_000);
        assertThat(grid(30 * 24 * hour.toMillis()).count()).isBetween(200, 241);
    }

    private static Grid grid(long span) {
        return Grid.of(new CorrelationRequest("a", BEGIN, BEGIN + span, 0, List.of(), 1), 1_000);
    }
}
