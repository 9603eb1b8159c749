package io.varve.server.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

final class QuantityTest {

    @Test
    void sizes() {
        assertThat(Quantity.bytes("0")).isZero();
        assertThat(Quantity.bytes("512")).isEqualTo(512);
        assertThat(Quantity.bytes("64m")).isEqualTo(64L << 20);
        assertThat(Quantity.bytes("1.5G")).isEqualTo(3L << 29);
        assertThat(Quantity.bytes("4GiB")).isEqualTo(4L << 30);
        assertThat(Quantity.bytes("2 kb")).isEqualTo(2_048);
        assertThat(Quantity.bytes("100b")).isEqualTo(100);
    }

    @Test
    void what_is_no_size_is_refused() {
        for (String text : List.of("", "m", "-1", "1x", "1.5.5g", "999999999t", "1e9", "99999999999999999999")) {
            assertThatThrownBy(() -> Quantity.bytes(text)).as(text).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void durations() {
        assertThat(Quantity.duration("0")).isEqualTo(Duration.ZERO);
        assertThat(Quantity.duration("15s")).isEqualTo(Duration.ofSeconds(15));
        assertThat(Quantity.duration("1h30m")).isEqualTo(Duration.ofMinutes(90));
        assertThat(Quantity.duration("250ms")).isEqualTo(Duration.ofMillis(250));
        assertThat(Quantity.duration("1y2w3d4h5m6s7ms"))
                .isEqualTo(Duration.ofDays(365 + 14 + 3)
                        .plusHours(4)
                        .plusMinutes(5)
                        .plusMillis(6_007));
    }

    @Test
    void what_is_no_duration_is_refused() {
        for (String text :
                List.of("", "5", "s", "1m1h", "1s1s", "-5s", "1.5h", "300y", "99999999999999999999s", "1 s")) {
            assertThatThrownBy(() -> Quantity.duration(text)).as(text).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void descriptions_read_back() {
        for (String text : List.of("0s", "30d", "1h30m", "2w", "1y", "15s", "250ms", "45d12h")) {
            assertThat(Quantity.describe(Quantity.duration(text.equals("0s") ? "0" : text)))
                    .isEqualTo(text);
        }
        assertThat(Quantity.describeBytes(712)).isEqualTo("712 B");
        assertThat(Quantity.describeBytes(64L << 20)).isEqualTo("64 MiB");
        assertThat(Quantity.describeBytes(1_500_000)).isEqualTo("1.4 MiB");
    }
}
