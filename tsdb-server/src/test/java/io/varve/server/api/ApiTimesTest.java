package io.varve.server.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.varve.core.model.Resolution;
import io.varve.server.http.HttpProblem;
import java.util.List;
import org.junit.jupiter.api.Test;

final class ApiTimesTest {

    private final ApiTimes millis = new ApiTimes(Resolution.MILLIS);
    private final ApiTimes nanos = new ApiTimes(Resolution.NANOS);

    @Test
    void prints_as_many_places_as_the_resolution_has() {
        assertThat(millis.print(1_763_780_400_000L)).isEqualTo("1763780400");
        assertThat(millis.print(1_435_781_430_781L)).isEqualTo("1435781430.781");
        assertThat(millis.print(1_100L)).isEqualTo("1.100");
        assertThat(millis.print(5L)).isEqualTo("0.005");
        assertThat(millis.print(-5L)).isEqualTo("-0.005");
        assertThat(millis.print(-1_500L)).isEqualTo("-1.500");
        assertThat(nanos.print(1_763_780_400_000_000_001L)).isEqualTo("1763780400.000000001");
        assertThat(millis.print(Long.MIN_VALUE)).isEqualTo("-9223372036854775.808");
    }

    @Test
    void reads_decimal_seconds_exactly() {
        assertThat(nanos.time("time", "1763780400.123456789")).isEqualTo(1_763_780_400_123_456_789L);
        assertThat(millis.time("time", "1763780400.1235")).isEqualTo(1_763_780_400_124L);
        assertThat(millis.time("time", "1.7637804e9")).isEqualTo(1_763_780_400_000L);
        assertThat(millis.time("time", "-1.5")).isEqualTo(-1_500);
        assertThat(millis.time("time", ".5")).isEqualTo(500);
        assertThat(millis.time("time", "1e-400")).isZero();
    }

    @Test
    void reads_rfc_3339() {
        assertThat(millis.time("time", "2015-07-01T20:10:51.781Z")).isEqualTo(1_435_781_451_781L);
        assertThat(millis.time("time", "2015-07-01T22:10:51+02:00")).isEqualTo(1_435_781_451_000L);
        assertThat(nanos.time("time", "1970-01-01T00:00:00.000000001Z")).isEqualTo(1);
    }

    @Test
    void what_is_no_time_is_refused() {
        for (String text : List.of(
                "",
                "x",
                "NaN",
                "Inf",
                "1e999999999",
                "1e17",
                "2015-07-01",
                "5m",
                "0x10",
                "9".repeat(70),
                "1d",
                "+-1",
                "e5")) {
            assertThatThrownBy(() -> millis.time("time", text))
                    .as(text)
                    .isInstanceOf(HttpProblem.class)
                    .hasMessageContaining("invalid parameter \"time\"");
        }
        assertThatThrownBy(() -> nanos.time("time", "1e10")).isInstanceOf(HttpProblem.class);
    }

    @Test
    void reads_durations() {
        assertThat(millis.duration("step", "15s")).isEqualTo(15_000);
        assertThat(millis.duration("step", "1h30m")).isEqualTo(5_400_000);
        assertThat(millis.duration("step", "0.25")).isEqualTo(250);
        assertThat(nanos.duration("step", "0.000000001")).isEqualTo(1);
        for (String text : List.of("", "x", "1.5h", "NaN", "-5s", "1e18")) {
            assertThatThrownBy(() -> millis.duration("step", text))
                    .as(text)
                    .isInstanceOf(HttpProblem.class)
                    .hasMessageContaining("cannot parse");
        }
    }

    @Test
    void label_names_in_paths_are_unescaped() {
        assertThat(LabelNameEscaping.unescape("job")).isEqualTo("job");
        assertThat(LabelNameEscaping.unescape("U__http_2e_status")).isEqualTo("http.status");
        assertThat(LabelNameEscaping.unescape("U__a__b")).isEqualTo("a_b");
        assertThat(LabelNameEscaping.unescape("U__f_fc_r_1f600_")).isEqualTo("für😀");
        for (String text : List.of("U__a_", "U__a_zz_", "U__a_d800_", "U__a_1234567_")) {
            assertThat(LabelNameEscaping.unescape(text)).isEqualTo(text);
        }
    }
}
