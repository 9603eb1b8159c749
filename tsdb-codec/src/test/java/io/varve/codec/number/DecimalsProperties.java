package io.varve.codec.number;

import static org.assertj.core.api.Assertions.assertThat;

import io.varve.codec.bits.Patches;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;

/** The quotient without division is the quotient, and what decimals cannot express is an exception. */
class DecimalsProperties {

    private static final long LARGEST = 1L << 53;

    @Property(tries = 20_000)
    void decodesToTheCorrectlyRoundedQuotient(
            @ForAll @LongRange(min = -LARGEST, max = LARGEST) long mantissa,
            @ForAll @IntRange(max = Decimals.MAX_EXPONENT) int exponent) {
        double[] decoded = new double[1];
        Decimals.decode(new long[] {mantissa}, 1, exponent, decoded, 0);
        assertThat(Double.doubleToRawLongBits(decoded[0]))
                .isEqualTo(Double.doubleToRawLongBits(mantissa / Double.parseDouble("1e" + exponent)));
    }

    @Property(tries = 2_000)
    void eachValueIsExactOrAnException(@ForAll long bits, @ForAll @IntRange(max = 17) int exponent) {
        double[] values = {1, Double.longBitsToDouble(bits), Math.rint((double) (bits >> 20)) / 100, 2};
        long[] integers = new long[values.length];
        double[] decoded = new double[values.length];
        Patches exceptions = new Patches(values.length);
        Decimals.encode(values, 0, values.length, exponent, values.length, integers, exceptions);
        Decimals.decode(integers, values.length, exponent, decoded, 0);
        exceptions.applyTo(decoded, 0);
        for (int i = 0; i < values.length; i++) {
            assertThat(Double.doubleToRawLongBits(decoded[i])).isEqualTo(Double.doubleToRawLongBits(values[i]));
        }
    }

    @Property(tries = 2_000)
    void orderedBitsKeepOrderAndComeBack(@ForAll long a, @ForAll long b) {
        double[] values = {Double.longBitsToDouble(a), Double.longBitsToDouble(b)};
        long[] integers = new long[2];
        double[] decoded = new double[2];
        OrderedBits.encode(values, 0, 2, integers);
        OrderedBits.decode(integers, 2, decoded, 0);
        assertThat(Double.doubleToRawLongBits(decoded[0])).isEqualTo(a);
        assertThat(Double.doubleToRawLongBits(decoded[1])).isEqualTo(b);
        if (values[0] < values[1]) {
            assertThat(integers[0]).isLessThan(integers[1]);
        }
    }
}
