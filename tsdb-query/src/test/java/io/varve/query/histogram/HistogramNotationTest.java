package io.varve.query.histogram;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.varve.core.model.Histogram;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Native histograms as scripts and unit tests of rules write them. */
class HistogramNotationTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{{schema:0}}",
                "{{schema:3 count:4 sum:6.5 z_bucket:1 z_bucket_w:0.001 offset:-2 buckets:[1 0 2] n_offset:5"
                        + " n_buckets:[1]}}",
                "{{schema:-53 count:3 sum:1 buckets:[1 2] custom_values:[5 10]}}",
                "{{schema:0 count:-1.5 sum:NaN buckets:[-1.5] counter_reset_hint:gauge}}",
            })
    void whatIsWrittenIsReadAgain(String text) {
        assertThat(HistogramNotation.text(HistogramNotation.floating(text))).isEqualTo(text);
    }

    @Test
    void countsAreIntegersWhereTheyCanBe() {
        Histogram whole = HistogramNotation.narrowest("{{count:3 sum:2.5 buckets:[1 2]}}");
        assertThat(whole.isFloat()).isFalse();
        assertThat(HistogramNotation.text(whole)).isEqualTo("{{schema:0 count:3 sum:2.5 buckets:[1 2]}}");
        assertThat(HistogramNotation.narrowest("{{count:1.5 buckets:[1.5]}}").isFloat())
                .isTrue();
        assertThat(HistogramNotation.narrowest("{{count:-1 buckets:[-1] counter_reset_hint:gauge}}")
                        .isFloat())
                .isTrue();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '→',
            value = {
                "{{count:3 → between {{ and }}",
                "{{count}} → not a part of a histogram, as count:3 is: count",
                "{{count:x}} → not a number: x",
                "{{cuont:3}} → a histogram has no part cuont",
                "{{count:1 count:2}} → stands in a histogram twice: count",
                "{{buckets:3}} → buckets of a histogram is a list",
                "{{buckets:[1 2}} → not a part of a histogram",
                "{{buckets:[1 z]}} → not a number: z",
                "{{schema:77}} → a histogram's schema is",
                "{{schema:0.5}} → schema of a histogram is a whole number",
                "{{schema:-53 buckets:[1 1 1] custom_values:[5]}} → a custom bucket has a bound",
                "{{z_bucket_w:-1}} → a zero bucket's width",
                "{{offset:2147483647 buckets:[1 1]}} → a bucket's index is an int",
                "{{counter_reset_hint:maybe}} → counter_reset_hint is unknown, reset, not_reset or gauge: maybe",
            })
    void mistakesAreNamed(String text, String message) {
        assertThatThrownBy(() -> HistogramNotation.floating(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(message);
    }

    @Test
    void aLongOneIsRefused() {
        assertThatThrownBy(() -> HistogramNotation.floating("{{buckets:[" + "1 ".repeat(40_000) + "]}}"))
                .hasMessageContaining("longer than 65536 characters");
    }
}
