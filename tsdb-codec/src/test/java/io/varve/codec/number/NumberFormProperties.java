package io.varve.codec.number;

import static org.assertj.core.api.Assertions.assertThat;

import io.varve.codec.bits.PageReader;
import io.varve.codec.bits.PageWriter;
import java.util.Arrays;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;

/** Each form computes what its name says, and with distances in the last place every double comes back. */
class NumberFormProperties {

    private static final long LARGEST = 1L << 53;

    private final NumberForm form = new NumberForm();

    @Property(tries = 20_000)
    void aDecimalIsTheCorrectlyRoundedQuotient(
            @ForAll @LongRange(min = -LARGEST, max = LARGEST) long mantissa,
            @ForAll @IntRange(max = NumberForm.MAX_EXPONENT) int exponent) {
        sameBits(decoded(form.decimal(exponent), mantissa), mantissa / power(exponent));
    }

    @Property(tries = 20_000)
    void twoDivisionsRoundTwice(
            @ForAll @LongRange(min = -LARGEST, max = LARGEST) long mantissa,
            @ForAll @IntRange(min = 2, max = NumberForm.MAX_EXPONENT) int exponent,
            @ForAll @IntRange(max = NumberForm.MAX_EXPONENT) int drawn) {
        int first = 1 + drawn % (exponent - 1);
        double expected = mantissa / power(first) / power(exponent - first);
        sameBits(decoded(form.dividedTwice(exponent, first), mantissa), expected);
    }

    @Property(tries = 5_000)
    void aFloatIsTheRoundedDecimal(
            @ForAll @LongRange(min = -LARGEST, max = LARGEST) long mantissa,
            @ForAll @IntRange(min = 1, max = NumberForm.MAX_EXPONENT) int exponent) {
        sameBits(decoded(form.floatDecimal(exponent), mantissa), (float) (mantissa / power(exponent)));
    }

    @Property(tries = 5_000)
    void integersAndMultiplesAreProducts(
            @ForAll @LongRange(min = -LARGEST, max = LARGEST) long mantissa, @ForAll double base) {
        sameBits(decoded(form.integer(), mantissa), (double) mantissa);
        sameBits(decoded(form.multiple(base), mantissa), mantissa * base);
    }

    @Property(tries = 5_000)
    void integersOfFiftyBitsAreFoundAgain(
            @ForAll @LongRange(min = -(1L << 50), max = 1L << 50) long mantissa,
            @ForAll @IntRange(max = NumberForm.MAX_EXPONENT) int exponent) {
        double[] value = {decoded(form.decimal(exponent), mantissa)};
        long[] integer = new long[1];
        form.encode(value, 0, 1, integer);
        assertThat(integer[0]).isEqualTo(mantissa);
    }

    @Property(tries = 3_000)
    void everyDoubleIsAtSomeDistance(@ForAll("forms") NumberForm any, @ForAll @Size(min = 1, max = 20) long[] bits) {
        double[] values =
                Arrays.stream(bits).mapToDouble(Double::longBitsToDouble).toArray();
        int count = values.length;
        long[] integers = new long[count];
        double[] back = new double[count + 1];
        any.encode(values, 0, count, integers);
        any.decode(integers, count, back, 1);
        long[] ulps = new long[count + 2];
        for (int i = 0; i < count; i++) {
            ulps[2 + i] = Ulps.between(back[1 + i], values[i]);
        }
        Ulps.add(ulps, 2, count, back, 1);
        for (int i = 0; i < count; i++) {
            sameBits(back[1 + i], values[i]);
        }
        if (any.mode() == NumberMode.ORDERED_BITS) {
            assertThat(ulps).containsOnly(0);
        }
    }

    @Property(tries = 1_000)
    void formsAreReadAsTheyWereWritten(@ForAll("forms") NumberForm any, @ForAll @IntRange(max = 15) int high) {
        byte[] bytes = new byte[16];
        PageWriter out = new PageWriter();
        out.reset(bytes, 1);
        any.write(out, high << 4);
        PageReader in = new PageReader();
        in.reset(bytes, 1, out.length());
        NumberForm read = new NumberForm();
        assertThat(read.read(in)).isEqualTo(high << 4);
        in.finish();
        assertThat(read.mode()).isEqualTo(any.mode());
        assertThat(read.exponent()).isEqualTo(any.exponent());
        assertThat(read.firstExponent()).isEqualTo(any.firstExponent());
        sameBits(read.base(), any.base());
        assertThat(read).hasToString(any.toString());
    }

    @Property(tries = 2_000)
    void orderedBitsKeepOrderAndComeBack(@ForAll long a, @ForAll long b) {
        double x = Double.longBitsToDouble(a);
        double y = Double.longBitsToDouble(b);
        assertThat(Double.doubleToRawLongBits(OrderedBits.toDouble(OrderedBits.of(x))))
                .isEqualTo(a);
        if (x < y) {
            assertThat(OrderedBits.of(x)).isLessThan(OrderedBits.of(y));
        }
    }

    @Property(tries = 300)
    void distinctValuesAndTheirIndicesGiveThePage(@ForAll @Size(min = 1, max = 200) byte[] drawn) {
        double[] values = new double[drawn.length];
        for (int i = 0; i < drawn.length; i++) {
            values[i] = drawn[i] == 1 ? -0.0 : drawn[i] == 2 ? Double.NaN : drawn[i] % 16 / 3.0;
        }
        long size = Arrays.stream(values)
                .mapToLong(Double::doubleToRawLongBits)
                .distinct()
                .count();
        Distinct distinct = new Distinct(200);
        assertThat(distinct.find(values, 0, values.length, (int) size - 1)).isFalse();
        assertThat(distinct.find(values, 0, values.length, (int) size)).isTrue();
        assertThat(distinct.size()).isEqualTo((int) size);
        for (int i = 0; i < values.length; i++) {
            sameBits(distinct.values()[(int) distinct.indices()[i]], values[i]);
        }
        for (int i = 1; i < size; i++) {
            assertThat(OrderedBits.of(distinct.values()[i - 1])).isLessThan(OrderedBits.of(distinct.values()[i]));
        }
    }

    @Provide
    Arbitrary<NumberForm> forms() {
        Arbitrary<Integer> exponents = Arbitraries.integers().between(2, NumberForm.MAX_EXPONENT);
        return Arbitraries.oneOf(
                Arbitraries.of(new NumberForm().integer(), new NumberForm().orderedBits()),
                exponents.map(e -> new NumberForm().decimal(e)),
                exponents.map(e -> new NumberForm().floatDecimal(e)),
                exponents.map(e -> new NumberForm().dividedTwice(e, e / 2)),
                Arbitraries.longs().map(bits -> new NumberForm().multiple(Double.longBitsToDouble(bits))));
    }

    private static double decoded(NumberForm form, long integer) {
        double[] target = new double[3];
        form.decode(new long[] {integer, 1}, 1, target, 1);
        assertThat(target[0] + target[2]).isZero();
        return target[1];
    }

    private static double power(int exponent) {
        return Double.parseDouble("1e" + exponent);
    }

    private static void sameBits(double found, double expected) {
        assertThat(Double.doubleToRawLongBits(found)).isEqualTo(Double.doubleToRawLongBits(expected));
    }
}
