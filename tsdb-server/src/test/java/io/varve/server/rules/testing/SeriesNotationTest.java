package io.varve.server.rules.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.varve.core.model.Histogram;
import io.varve.core.model.Labels;
import io.varve.core.model.StaleMarker;
import io.varve.query.histogram.HistogramNotation;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Series and their values as unit tests of rules write them. */
class SeriesNotationTest {

    private static List<String> walked(String text) {
        List<String> all = new ArrayList<>();
        for (SeriesNotation.Walk walk = new SeriesNotation.Walk(SeriesNotation.values(text)); walk.hasNext(); ) {
            Histogram histogram = walk.histogram();
            all.add(
                    walk.isBlank()
                            ? "_"
                            : histogram != null
                                    ? HistogramNotation.text(histogram)
                                    : StaleMarker.is(walk.value()) ? "stale" : Double.toString(walk.value()));
            walk.next();
        }
        return all;
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '→',
            value = {
                "5 → [5.0]",
                "1 2  3 → [1.0, 2.0, 3.0]",
                "0+10x3 → [0.0, 10.0, 20.0, 30.0]",
                "-1-2x2 → [-1.0, -3.0, -5.0]",
                "7x2 → [7.0, 7.0, 7.0]",
                "1.5e3+.5x1 → [1500.0, 1500.5]",
                "_ 1 _x2 2 _x0 → [_, 1.0, _, _, 2.0]",
                "1 stale NaN Inf -inf → [1.0, stale, NaN, Infinity, -Infinity]",
                "0.1+0.1x2 → [0.1, 0.2, 0.30000000000000004]",
                "{{schema:0 count:1}}x1 3 → [{{schema:0 count:1}}, {{schema:0 count:1}}, 3.0]",
                "{{count:1 buckets:[1]}}+{{count:2 buckets:[0 2]}}x2 →"
                        + " [{{schema:0 count:1 buckets:[1]}}, {{schema:0 count:3 buckets:[1 2]}},"
                        + " {{schema:0 count:5 buckets:[1 4]}}]",
                "{{count:5 buckets:[5]}}-{{count:2 buckets:[2]}}x1 → [{{schema:0 count:5 buckets:[5]}}, {{schema:0"
                        + " count:3 buckets:[3] counter_reset_hint:gauge}}]",
            })
    void values(String text, String values) {
        assertThat(walked(text)).hasToString(values);
    }

    @Test
    void manyValuesTakeNoMemory() {
        List<SeriesNotation.Run> runs = SeriesNotation.values("1x999999999 0+1x999999999");
        assertThat(runs).hasSize(2);
        assertThat(runs.get(0).count()).isEqualTo(1_000_000_000L);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '→',
            value = {
                "x → not values, as 5, 0+10x3",
                "1+ → not values",
                "1+2 → not values",
                "1+2x → not values",
                "1x1x1 → not values",
                "1x9999999999 → not values",
                "0x10+1 → not values",
                "stalex3 → not values",
                "1,2 → not values",
                "{{count:1 → not values",
                "{{count:1}}y → not values",
                "{{nothing:1}} → a histogram has no part nothing",
                "{{schema:-53 custom_values:[2 1]}} → custom bounds ascend",
            })
    void mistakesAreNamed(String text, String message) {
        assertThatThrownBy(() -> SeriesNotation.values(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(message);
    }

    @Test
    void labels() {
        assertThat(SeriesNotation.labels("up{job='a', empty=''}")).isEqualTo(Labels.of("__name__", "up", "job", "a"));
        assertThat(SeriesNotation.labels("{\"with space\", \"a.b\"=\"c\"}"))
                .isEqualTo(Labels.of("__name__", "with space", "a.b", "c"));
        assertThat(SeriesNotation.labels(" {} ")).isEqualTo(Labels.EMPTY);
        for (String wrong :
                List.of("up{job=~\"a\"}", "up{job!=\"a\"}", "up offset 5m", "up[5m]", "sum(up)", "up{", "1")) {
            assertThatThrownBy(() -> SeriesNotation.labels(wrong)).isInstanceOf(RuntimeException.class);
        }
        assertThatThrownBy(() -> SeriesNotation.labels("up{a=\"b\",a=\"c\"}")).hasMessageContaining("twice: a");
    }
}
