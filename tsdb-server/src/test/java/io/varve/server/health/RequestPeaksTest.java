package io.varve.server.health;

import static org.assertj.core.api.Assertions.assertThat;

import io.varve.server.health.RequestPeaks.Kind;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The largest of late is told, and forgotten when it is not late any more. */
class RequestPeaksTest {

    private final TickedTime time = new TickedTime();
    private final RequestPeaks peaks = new RequestPeaks(time);

    @ParameterizedTest
    @EnumSource
    void each_kind_has_a_peak_of_its_own(Kind kind) {
        peaks.record(kind, 5);
        peaks.record(kind, 3);
        for (Kind other : Kind.values()) {
            assertThat(peaks.get(other)).isEqualTo(other == kind ? 5 : 0);
        }
    }

    @Test
    void a_peak_lives_for_a_minute_and_at_most_for_two() {
        peaks.record(Kind.LINE_BYTES, 9);
        time.pass(Duration.ofMinutes(1));
        assertThat(peaks.get(Kind.LINE_BYTES)).isEqualTo(9);
        peaks.record(Kind.LINE_BYTES, 4);
        assertThat(peaks.get(Kind.LINE_BYTES)).isEqualTo(9);
        time.pass(Duration.ofMinutes(1));
        assertThat(peaks.get(Kind.LINE_BYTES)).isEqualTo(4);
        time.pass(Duration.ofMinutes(2));
        assertThat(peaks.get(Kind.LINE_BYTES)).isZero();
    }
}
