package io.varve.server.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;

final class ApiNumbersProperties {

    @Property(tries = 2_000)
    void every_bit_pattern_reads_back(@ForAll long bits) {
        check(Double.longBitsToDouble(bits));
    }

    @Property(tries = 2_000)
    void decimals_are_written_as_they_are(
            @ForAll @LongRange(min = 1, max = 999_999_999_999_999L) long digits,
            @ForAll @IntRange(max = 20) int places) {
        BigDecimal decimal = BigDecimal.valueOf(digits, places);
        double value = decimal.doubleValue();
        check(value);
        check(-value);
        if (value >= 1e-6) {
            assertThat(ApiNumbers.format(value))
                    .isEqualTo(decimal.stripTrailingZeros().toPlainString());
        }
    }

    private static void check(double value) {
        String text = ApiNumbers.format(value);
        if (Double.isNaN(value) || Double.isInfinite(value)) {
            assertThat(text).isIn("NaN", "+Inf", "-Inf");
            return;
        }
        assertThat(Double.doubleToRawLongBits(Double.parseDouble(text)))
                .as(text)
                .isEqualTo(Double.doubleToRawLongBits(value));
        double size = Math.abs(value);
        assertThat(text.contains("e")).isEqualTo(size != 0 && (size < 1e-6 || size >= 1e21));
        assertThat(text).matches("-?(0|[1-9][0-9]*)(\\.[0-9]*[1-9])?|-?[1-9](\\.[0-9]*[1-9])?e[+-][0-9]{2,3}");
        shortest(value, text);
    }

    /** No decimal with a digit less, rounded from the exact value, may be the same double. */
    private static void shortest(double value, String text) {
        int digits = new BigDecimal(text).stripTrailingZeros().precision();
        if (value != 0 && digits > 1) {
            double rounded = new BigDecimal(value)
                    .round(new MathContext(digits - 1, RoundingMode.HALF_EVEN))
                    .doubleValue();
            assertThat(rounded).as("%s is not the shortest", text).isNotEqualTo(value);
        }
    }
}
