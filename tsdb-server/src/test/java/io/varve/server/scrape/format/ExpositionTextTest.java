package io.varve.server.scrape.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Both text formats: what they carry, and that what is wrong fails as a whole, with its line. */
class ExpositionTextTest {

    private static List<String> text(String exposition) {
        return RecordingSink.parse(new PrometheusText(), exposition.getBytes(StandardCharsets.UTF_8));
    }

    private static List<String> openMetrics(String exposition) {
        return RecordingSink.parse(new OpenMetricsText(), exposition.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void textCarriesSamplesTimesAndMetadata() {
        assertThat(
                        text(
                                """
                                # HELP a_total Help \\\\ with\\n lines
                                # TYPE a_total counter
                                # a comment
                                  a_total{x="1", y="\\"q\\"",} 3 1700000000000
                                a_total { x="2" }\t-4.5e3

                                {"odd name", z="é"} NaN -5
                                # TYPE h histogram
                                h_bucket{le="1"} 2
                                h_bucket{le="+Inf"} +Inf
                                s{quantile="0.5"} -Inf\r
                                # UNIT a_total seconds
                                last 1"""))
                .containsExactly(
                        "metadata a_total||Help \\ with\n lines|",
                        "metadata a_total|counter||",
                        "a_total{x=\"1\",y=\"\\\"q\\\"\"} 3.0 @1700000000000",
                        "a_total{x=\"2\"} -4500.0",
                        "odd name{z=\"é\"} NaN @-5",
                        "metadata h|histogram||",
                        "h_bucket{le=\"1.0\"} 2.0",
                        "h_bucket{le=\"+Inf\"} Infinity",
                        "s{quantile=\"0.5\"} -Infinity",
                        "metadata a_total|||seconds",
                        "last 1.0");
        assertThat(text("")).isEmpty();
    }

    @Test
    void openMetricsCarriesExemplarsStartsAndUnits() {
        assertThat(
                        openMetrics(
                                """
                                # TYPE a_seconds counter
                                # UNIT a_seconds seconds
                                a_seconds_total{x="1"} 3 1700000000.123 # {trace="t1"} 0.5 1699999999.5
                                a_seconds_created{x="1"} 1600000000.25
                                a_seconds_total{x="2"} 4 # {} 1
                                a_seconds_created{x="3"} 1600000000
                                b_created 5
                                # EOF
                                """))
                .containsExactly(
                        "metadata a_seconds|counter||",
                        "metadata a_seconds|||seconds",
                        "a_seconds_total{x=\"1\"} 3.0 @1700000000123",
                        "exemplar {trace=\"t1\"} 0.5 @1699999999500",
                        "start 1600000000250",
                        "a_seconds_created{x=\"1\"} 1.60000000025E9",
                        "a_seconds_total{x=\"2\"} 4.0",
                        "exemplar {} 1.0",
                        "a_seconds_created{x=\"3\"} 1.6E9",
                        "b_created 5.0");
        assertThat(openMetrics("# EOF")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "a{x=\"1\" 2            | line 1: labels are not closed",
                "a{x=\"1} 2             | line 1: labels are not closed",
                "a 1\\nb                | line 2: value is missing",
                "a 1\\nb c              | line 2: value is not a number: c",
                "a 1 2 3                | line 1: text behind the timestamp",
                "a 1 1.5                | line 1: timestamp is not a whole number",
                "a 1 99999999999999999999 | line 1: timestamp is not a whole number",
                "a{x=\"1\",x=\"2\"} 1   | line 1: duplicate label name",
                "a{1x=\"1\"} 1          | line 1: label name not valid",
                "{x=\"1\"} 1            | line 1: label __name__ is missing",
                "a{x=\"\\\\q\"} 1       | line 1: not a line of the text format",
                "# TYPE a curve         | line 1: no type of a metric: curve",
                "# TYPE                 | line 1: a metric's name is missing",
                "a 1 # {x=\"y\"} 2      | line 1: timestamp is not a whole number",
            })
    void textThatIsWrongFailsAsAWhole(String exposition, String message) {
        assertThatThrownBy(() -> text(exposition.replace("\\n", "\n").replace("\\\\", "\\")))
                .isInstanceOf(MalformedExpositionException.class)
                .hasMessageContaining(message);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "a 1                       | line 1: the answer does not end with # EOF",
                "a 1\\n\\n# EOF            | line 2: a blank line",
                "# EOF\\na 1               | line 2: there is something behind # EOF",
                "a 1 x\\n# EOF             | line 1: value is not a number: x",
                "a 1 NaN\\n# EOF           | line 1: no timestamp in seconds",
                "a 1 1 1\\n# EOF           | line 1: text behind the timestamp",
                "a 1 # x\\n# EOF           | line 1: labels of an exemplar are missing",
                "a 1 # {x=\"y\"}\\n# EOF   | line 1: value is not a number",
                "a 1 # {x=\"y\"} 1 2 3\\n# EOF | line 1: text behind an exemplar",
            })
    void openMetricsThatIsWrongFailsAsAWhole(String exposition, String message) {
        assertThatThrownBy(() -> openMetrics(exposition.replace("\\n", "\n")))
                .isInstanceOf(MalformedExpositionException.class)
                .hasMessageContaining(message);
    }

    @Test
    void aLineOfTenMegabytesAndALabelWithoutEndAreRefused() {
        String long1 = "a{x=\"" + "y".repeat(10 << 20) + "\"} 1\n";
        assertThatThrownBy(() -> text(long1)).hasMessage("line 1: longer than 262144 bytes");
        assertThatThrownBy(() -> text("# HELP a " + "y".repeat(10 << 20)))
                .hasMessage("line 1: longer than 262144 bytes");
        assertThatThrownBy(() -> text("a{x=\"" + "y".repeat(100_000))).hasMessageContaining("labels are not closed");
        assertThatThrownBy(() -> text("a{x=\"" + "y".repeat(100_000) + "\"} 1"))
                .hasMessageContaining("label longer than the limit");
    }

    @ParameterizedTest
    @CsvSource({
        "1, 1.0",
        "0, 0.0",
        "-0.0, 0.0",
        "-1, -1.0",
        "0.005, 0.005",
        "10, 10.0",
        "100000, 100000.0",
        "1000000, 1e+06",
        "1234567, 1.234567e+06",
        "0.0001, 0.0001",
        "0.00001, 1e-05",
        "1e100, 1e+100",
        "2.5, 2.5",
        "123456.789, 123456.789"
    })
    void boundsAreWrittenInOneForm(double bound, String text) {
        assertThat(FloatText.of(bound)).isEqualTo(text);
    }

    @ParameterizedTest
    @ValueSource(doubles = {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY})
    void boundsThatAreNoNumbers(double bound) {
        assertThat(FloatText.of(bound)).isEqualTo(Double.isNaN(bound) ? "NaN" : bound > 0 ? "+Inf" : "-Inf");
    }
}
