package io.varve.query.lang;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which labels of an answer are those of the series that were selected. */
class SelectorsTest {

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
            m                                                        | x y z
            rate(m[5m])                                              | x y z
            -m + +m                                                  | x y z, x y z
            sum by (x, le) (rate(m[5m]))                             | x
            sum without (x) (m)                                      | y z
            sum(m)                                                   |
            topk by (x) (3, m)                                       | x y z
            topk(scalar(n), m)                                       | , x y z
            count_values by (x, y) ("y", m)                          | x
            histogram_quantile(0.9, sum by (y, le) (m))              | y
            histogram_quantile(scalar(n), m)                         | , x y z
            histogram_quantiles(m, "x", 0.5, 0.9)                    | y z
            label_replace(m, "x", "$1", "y", "(.*)")                 | y z
            label_join(sum by (x, y) (m), "y", "-", "x")             | x
            max_over_time(sum by (z) (m)[5m:1m])                     | z
            m > 5                                                    | x y z
            scalar(m) > bool 5                                       |
            m > scalar(n)                                            | x y z,
            m / n                                                    | x y z, x y z
            m / on (x) n                                             | x, x
            m / ignoring (x) n                                       | y z, y z
            m * on (x) group_left (y) n                              | x z, x y
            m * ignoring (y, z) group_right (y) n                    | x y, x z
            m and on (x) n                                           | x y z, x
            m unless ignoring (x) n                                  | x y z, y z
            m or on (x) n                                            | x y z, x y z
            sum by (x, y) (sum without (y) (m))                      | x
            sum without (x) (sum by (x, y) (m))                      | y
            sum without (x) (sum without (y) (m))                    | z
            sum by (x) (sum by (x, y) (m))                           | x
            vector(1)                                                |
            """)
    void labelsPassThrough(String expression, String expected) {
        List<String> passing = Selectors.sources(Parser.parse(expression, Dialect.EXPERIMENTAL)).stream()
                .map(source -> labels(source.passing()))
                .toList();
        String text = String.join(", ", passing).trim();
        assertThat(text).isEqualTo(expected == null ? "" : expected);
    }

    private static String labels(Selectors.Passing passing) {
        assertThat(passing.has("__name__")).isFalse();
        return String.join(
                " ", List.of("x", "y", "z").stream().filter(passing::has).toList());
    }

    @Test
    void whatInfoMayAddIsNotPassedOn() {
        Expr parsed = Parser.parse("info(m, {x=~\".+\"})", Dialect.EXPERIMENTAL);
        Selectors.Passing passing = Selectors.sources(parsed).get(0).passing();
        assertThat(passing.has("x")).isFalse();
        assertThat(passing.has("instance")).isTrue();
    }
}
