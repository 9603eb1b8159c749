package io.varve.codec.number;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import java.util.function.LongToDoubleFunction;
import org.junit.jupiter.api.Test;

/** Series that were computed in a known way are recognised. */
class FormSearchTest {

    private static final int COUNT = 720;

    private final FormSearch search = new FormSearch();
    private final NumberForm[] forms = {new NumberForm(), new NumberForm(), new NumberForm()};

    @Test
    void exactDecimalsHaveTheSmallestExponent() {
        assertThat(search.exactExponent(walk(m -> m), 0, COUNT)).isZero();
        assertThat(search.exactExponent(walk(m -> m / 100.0), 0, COUNT)).isEqualTo(2);
        assertThat(search.exactExponent(new Random(1).doubles(COUNT).toArray(), 0, COUNT))
                .isEqualTo(-1);
        assertThat(search.exactExponent(new double[] {Double.NaN}, 0, 1)).isEqualTo(-1);
    }

    @Test
    void exponentsOfSingleValues() {
        assertThat(FormSearch.smallestExponent(0.1, 0)).isEqualTo(1);
        assertThat(FormSearch.smallestExponent(0.1, 3)).isEqualTo(3);
        assertThat(FormSearch.smallestExponent(0, 0)).isZero();
        assertThat(FormSearch.smallestExponent(-1.25, 0)).isEqualTo(2);
        assertThat(FormSearch.smallestExponent(1e-17, 0)).isEqualTo(17);
        for (double none : new double[] {-0.0, Double.NaN, Double.POSITIVE_INFINITY, 1e300, 0.1 + 0.2, 0x1p60}) {
            assertThat(FormSearch.smallestExponent(none, 0))
                    .describedAs("%s", none)
                    .isEqualTo(-1);
        }
    }

    @Test
    void percentagesOfPercentagesAreDividedTwice() {
        NumberForm found = best(walk(m -> m / 10.0 / 100));
        assertThat(found.mode()).isEqualTo(NumberMode.DIVIDED_TWICE);
        assertThat(found.exponent()).isEqualTo(3);
        verify(found, walk(m -> m / 10.0 / 100));
    }

    @Test
    void widenedFloatsAreFloats() {
        double[] values = walk(m -> (float) (m / 100.0));
        NumberForm found = best(values);
        assertThat(found.toString()).isEqualTo("float-decimal(2)");
        verify(found, values);
    }

    @Test
    void multiplesOfABaseHaveTheBase() {
        for (double base : new double[] {1.5999998193, 0.0123456789, 1 / 1.8, Math.PI}) {
            double[] values = walk(m -> m * base);
            NumberForm found = best(values);
            assertThat(found.mode()).describedAs("base %s", base).isEqualTo(NumberMode.MULTIPLE);
            assertThat(found.base() / base).isCloseTo(1, within(0x1p-48));
        }
    }

    @Test
    void basesAreFoundOnlyWhereThereAreSome() {
        BaseSearch bases = new BaseSearch();
        assertThat(bases.find(new double[] {3}, 0, 1)).isZero();
        assertThat(bases.find(walk(m -> 7.7), 0, COUNT)).isZero();
        assertThat(bases.find(walk(m -> Double.NaN), 0, COUNT)).isZero();
        assertThat(bases.find(walk(m -> Double.POSITIVE_INFINITY), 0, COUNT)).isZero();
        assertThat(bases.find(walk(m -> 0), 0, COUNT)).isZero();
        assertThat(bases.find(new Random(5).doubles(COUNT).toArray(), 0, COUNT)).isZero();
        assertThat(bases.find(walk(m -> (m % 2 == 0 ? -1 : 1) * m * Math.E), 0, COUNT) / Math.E)
                .isCloseTo(1, within(0x1p-48));
    }

    private NumberForm best(double[] values) {
        assertThat(search.nearForms(values, 0, values.length, forms)).isPositive();
        return forms[0];
    }

    /** Nearly all values come back without any distance. */
    private static void verify(NumberForm form, double[] values) {
        long[] integers = new long[values.length];
        double[] back = new double[values.length];
        form.encode(values, 0, values.length, integers);
        form.decode(integers, values.length, back, 0);
        int same = 0;
        for (int i = 0; i < values.length; i++) {
            same += Ulps.between(back[i], values[i]) == 0 ? 1 : 0;
        }
        assertThat(same).isGreaterThan(values.length * 99 / 100);
    }

    private static double[] walk(LongToDoubleFunction value) {
        Random random = new Random(11);
        double[] values = new double[COUNT];
        long m = 5_000;
        for (int i = 0; i < COUNT; i++) {
            m += random.nextInt(201) - 100;
            values[i] = value.applyAsDouble(Math.max(3, m));
        }
        return values;
    }
}
