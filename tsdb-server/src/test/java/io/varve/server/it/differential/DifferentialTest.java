package io.varve.server.it.differential;

import static org.assertj.core.api.Assertions.assertThat;

import io.varve.server.it.differential.Expr.Aggregation;
import io.varve.server.it.differential.Expr.Binary;
import io.varve.server.it.differential.Expr.Call;
import io.varve.server.it.differential.Expr.Num;
import io.varve.server.it.differential.Expr.Selector;
import io.varve.server.it.differential.Expr.Subquery;
import io.varve.server.it.differential.Expr.Timing;
import io.varve.server.it.differential.Expr.Window;
import io.varve.server.it.differential.Points.Point;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import net.jqwik.api.sessions.JqwikSession;
import org.junit.jupiter.api.Test;

/** The differential test can fail: each kind of difference is noticed, brought back to where it begins, and made small. */
class DifferentialTest {

    private static final Selector TEMP = new Selector("§temp", List.of("job=\"api\""), new Timing("", 60_000));
    private static final Question AT_60 = Question.instant(TEMP, 60_000);

    private static Answer vector(Answer.Series... series) {
        return new Answer("", "", "vector", List.of(series));
    }

    private static Answer.Series series(String job, long time, double value) {
        return new Answer.Series(Map.of("job", job), new long[] {time}, new double[] {value});
    }

    private static boolean differ(Question question, Answer ours, Answer theirs) {
        return new Comparer(Comparer.TOLERANCE).compare(question, ours, theirs).isPresent();
    }

    @Test
    void answersThatAreTheSameDoNotDiffer() {
        Answer two = vector(series("a", 1, 0.1 + 0.2), series("b", 1, Double.NaN));
        Answer again = vector(series("b", 1, Double.longBitsToDouble(0x7ff0000000000001L)), series("a", 1, 0.3));
        assertThat(differ(AT_60, two, again)).isFalse();
        Answer failed = new Answer("execution", "one text", "", List.of());
        assertThat(differ(AT_60, failed, new Answer("execution", "another", "", List.of())))
                .isFalse();
    }

    @Test
    void eachDifferenceIsNoticed() {
        Answer one = vector(series("a", 1, 7));
        assertThat(differ(AT_60, one, vector(series("a", 1, 7 + 1e-10)))).isTrue();
        assertThat(differ(AT_60, one, vector(series("a", 2, 7)))).isTrue();
        assertThat(differ(AT_60, one, vector(series("b", 1, 7)))).isTrue();
        assertThat(differ(AT_60, one, vector())).isTrue();
        assertThat(differ(AT_60, vector(), one)).isTrue();
        assertThat(differ(AT_60, one, vector(series("a", 1, Double.NaN)))).isTrue();
        assertThat(differ(AT_60, vector(series("a", 1, Double.POSITIVE_INFINITY)), one))
                .isTrue();
        assertThat(differ(AT_60, vector(series("a", 1, 7), series("a", 1, 7)), one))
                .isTrue();
        assertThat(differ(AT_60, new Answer("", "", "scalar", one.series()), one))
                .isTrue();
        Answer failed = new Answer("execution", "", "", List.of());
        assertThat(differ(AT_60, failed, one)).isTrue();
        assertThat(differ(AT_60, one, failed)).isTrue();
        assertThat(differ(AT_60, failed, new Answer("bad_data", "", "", List.of())))
                .isTrue();
    }

    @Test
    void orderIsComparedWhereItIsFixed() {
        Answer up = vector(series("a", 1, 1), series("b", 1, 2));
        Answer down = vector(series("b", 1, 2), series("a", 1, 1));
        assertThat(differ(AT_60, up, down)).isFalse();
        Question sorted = AT_60.with(new Call("sort", List.of(TEMP)));
        assertThat(differ(sorted, up, down)).isTrue();
        Question ranked = AT_60.with(new Aggregation("topk", List.of(new Num("2"), TEMP), ""));
        assertThat(differ(ranked, up, down)).isTrue();
        Question range = new Question(TEMP, 0, 1_000, 1_000);
        assertThat(differ(
                        range, new Answer("", "", "matrix", up.series()), new Answer("", "", "matrix", down.series())))
                .isTrue();
    }

    private static Question nested() {
        Expr inner = new Call("floor", List.of(new Call("rate", List.of(new Window(TEMP, 300_000)))));
        Expr sub = new Subquery(new Binary("+", inner, new Num("2"), "", false), 600_250, 30_000, Timing.PLAIN);
        Expr sum = new Aggregation("sum", List.of(new Call("max_over_time", List.of(sub))), "by (job)");
        return new Question(new Binary(">", sum, new Num("3"), "bool", false), 900_000, 960_000, 15_000);
    }

    private static Dataset data() {
        Dataset.Series temp =
                new Dataset.Series(Map.of("__name__", "§temp"), new long[] {1, 2, 3, 4}, new double[] {1, 2, 3, 4});
        Dataset.Series load =
                new Dataset.Series(Map.of("__name__", "§load"), new long[] {1, 2, 3}, new double[] {5, 6, 7});
        return new Dataset(List.of(load, temp, load, load));
    }

    @Test
    void whatDiffersIsMadeSmall() {
        Shrinker shrinker = new Shrinker(
                (question, data) -> question.expr().text().contains("floor(")
                        && data.series().stream()
                                .anyMatch(series -> series.times().length > 1
                                        && "§temp".equals(series.labels().get("__name__"))),
                1_000);
        Shrinker.Found found = shrinker.shrink(nested(), data());
        assertThat(found.question().describe("")).isEqualTo("floor(rate(temp[5m]))   at 900.000");
        assertThat(found.data().series()).hasSize(1);
        assertThat(found.data().samples()).isEqualTo(2);
    }

    @Test
    void aDifferenceIsBroughtBackToWhereItBegins() {
        FakeServer right = new FakeServer(text -> false, "§temp");
        FakeServer wrong = new FakeServer(text -> text.contains("floor("), "§temp");
        Pair servers = new Pair(wrong, right);
        servers.write(data(), "d_");
        assertThat(new Causes(servers, "d_").of(nested())).singleElement().satisfies(cause -> {
            assertThat(cause.question().expr().text()).startsWith("floor(rate(");
            assertThat(cause.question().startMs()).isEqualTo(300_000); // the first multiple of 30 s after 299.75 s
            assertThat(cause.question().endMs()).isEqualTo(960_000);
        });
    }

    @Test
    void aServerThatAnswersWronglyIsFound() {
        JqwikSession.run(() -> {
            FakeServer right = new FakeServer(text -> false, "§temp");
            Differential same = new Differential(new FakeServer(text -> false, "§temp"), right);
            same.run(1, 1_000);
            assertThat(same.failures()).isEmpty();
            Differential differential =
                    new Differential(new FakeServer(text -> text.contains("ceil("), "§temp"), right);
            differential.run(1, 1_000);
            assertThat(differential.failures()).singleElement().asString().contains("shrunk to ceil(");
        });
    }

    @Test
    void casesAreTheSameInEachRun() {
        JqwikSession.run(() -> {
            FakeServer server = new FakeServer(text -> false, "");
            Differential first = new Differential(server, server);
            Differential second = new Differential(server, server);
            for (long number = 200; number > 190; number--) {
                assertThat(second.question(number)).isEqualTo(second.question(number));
                assertThat(first.question(number)).isEqualTo(second.question(number));
            }
        });
    }

    private static boolean fits(Expr expr, double varve, double peer, Answer.Series... inputs) {
        Point point = new Point(Map.of(), 360_000, OptionalDouble.of(varve), OptionalDouble.of(peer));
        return Models.fits(expr, point, List.of(inputs), 360_000);
    }

    @Test
    void onlyTheRightValueIsAKnownDifference() {
        Selector counter = new Selector("§requests_total", List.of(), Timing.PLAIN);
        Call increase = new Call("increase", List.of(new Window(counter, 300_000)));
        Answer.Series window = new Answer.Series(Map.of(), new long[] {180_000, 240_000}, new double[] {1, 2});
        assertThat(fits(increase, 2, 2.5, window)).isTrue();
        assertThat(fits(increase, 2.5, 2, window)).isFalse();

        Aggregation sum = new Aggregation("sum", List.of(counter), "");
        Answer.Series[] values = {series("a", 1, 1), series("b", 1, 1e100), series("c", 1, 1), series("d", 1, -1e100)};
        assertThat(fits(sum, 2, 0, values)).isTrue();
        assertThat(fits(sum, 0, 2, values)).isFalse();

        Aggregation deviation = new Aggregation("stddev", List.of(counter), "");
        assertThat(fits(deviation, Double.NaN, 0, series("a", 1, Double.POSITIVE_INFINITY)))
                .isTrue();
        assertThat(fits(deviation, 0, Double.NaN, series("a", 1, Double.POSITIVE_INFINITY)))
                .isFalse();
        assertThat(fits(deviation, 0.5, 0.4, series("a", 1, 1), series("b", 1, 2)))
                .isFalse();
    }
}
