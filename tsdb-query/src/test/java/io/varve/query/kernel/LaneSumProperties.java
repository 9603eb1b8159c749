package io.varve.query.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Arrays;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/**
 * Sums, means and variances of runs of all lengths against exact ones, and against those of one value after the other.
 */
class LaneSumProperties {

    /** Values of many sizes and both signs, so that most of a sum cancels. */
    private static double[] values(Random random, int size, int spread) {
        double[] values = new double[size];
        for (int i = 0; i < size; i++) {
            values[i] = Math.scalb(random.nextGaussian(), random.nextInt(spread) - spread / 2);
        }
        return values;
    }

    private static BigDecimal exact(double[] values, int from, int to) {
        BigDecimal sum = BigDecimal.ZERO;
        for (int i = from; i < to; i++) {
            sum = sum.add(new BigDecimal(values[i]));
        }
        return sum;
    }

    @Property(tries = 300)
    void sumsAreExactToTheLastBits(
            @ForAll long seed,
            @ForAll @IntRange(min = 1, max = 2_000) int size,
            @ForAll @IntRange(min = 1, max = 60) int spread) {
        Random random = new Random(seed);
        double[] values = values(random, size, spread);
        int from = random.nextInt(size);
        int to = from + 1 + random.nextInt(size - from);
        double exact = exact(values, from, to).doubleValue();
        double all = Arrays.stream(values, from, to).map(Math::abs).sum();
        LaneSum sum = new LaneSum();
        double found = sum.sum(values, from, to);
        // One rounding of the sum, and what the roundings of collected errors may add up to.
        assertThat(Math.abs(found - exact)).isLessThanOrEqualTo(Math.ulp(exact) + size * 0x1p-105 * size * all);
        assertThat(sum.sum(values, from, to)).as("asked again").isEqualTo(found);
        assertThat(new LaneSum().sum(Arrays.copyOfRange(values, from, to), 0, to - from))
                .as("elsewhere")
                .isEqualTo(found);
    }

    @Property(tries = 300)
    void whatIsNotFiniteIsAsOneByOne(@ForAll long seed, @ForAll @IntRange(min = 1, max = 1_500) int size) {
        Random random = new Random(seed);
        double[] values = values(random, size, 20);
        double[] wild = {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, Double.MAX_VALUE};
        for (int k = random.nextInt(3); k >= 0; k--) {
            values[random.nextInt(size)] = wild[random.nextInt(wild.length)];
        }
        CompensatedSum plain = new CompensatedSum();
        plain.reset(values[0]);
        for (int i = 1; i < size; i++) {
            plain.add(values[i]);
        }
        double found = new LaneSum().sum(values, 0, size);
        if (Double.isFinite(found)) {
            assertThat(found).isEqualTo(exact(values, 0, size).doubleValue());
        } else {
            assertThat(Double.compare(found, plain.value())).isZero();
        }
    }

    @Property(tries = 200)
    void variancesAreThoseOfExactDistances(@ForAll long seed, @ForAll @IntRange(min = 1, max = 1_200) int size) {
        Random random = new Random(seed);
        double[] values = values(random, size, 4);
        double far = random.nextBoolean() ? 0 : 1e6;
        for (int i = 0; i < size; i++) {
            values[i] += far;
        }
        BigDecimal mean = exact(values, 0, size).divide(BigDecimal.valueOf(size), MathContext.DECIMAL128);
        BigDecimal squares = BigDecimal.ZERO;
        for (double value : values) {
            BigDecimal distance = new BigDecimal(value).subtract(mean);
            squares = squares.add(distance.multiply(distance));
        }
        double expected =
                squares.divide(BigDecimal.valueOf(size), MathContext.DECIMAL128).doubleValue();
        double found = new Variance().of(values, 0, size);
        assertThat(Math.abs(found - expected)).isLessThanOrEqualTo(1e-14 * expected + 1e-25 * far + 1e-60);
    }

    @Property(tries = 100)
    void equalValuesHaveNoVariance(@ForAll long seed, @ForAll @IntRange(min = 1, max = 1_200) int size) {
        double[] values = new double[size];
        Arrays.fill(values, new Random(seed).nextGaussian() * 1e3);
        assertThat(new Variance().of(values, 0, size)).isZero();
    }

    @Test
    void largeValuesDoNotOverflowTheirMean() {
        double[] values = new double[1_000];
        Arrays.fill(values, Double.MAX_VALUE);
        Windows windows = new Windows(new long[1_000], values, new int[] {0}, new int[] {1_000}, 1, 0, 1, 1, 1000);
        Row row = new Row(1);
        SampleKernels.mean().apply(windows, row);
        assertThat(row.get(0)).isBetween(Math.nextDown(Math.nextDown(Double.MAX_VALUE)), Double.MAX_VALUE);
        SampleKernels.sum().apply(windows, row);
        assertThat(row.get(0)).isInfinite();
        values[3] = Double.NaN;
        SampleKernels.variance(false).apply(windows, row);
        assertThat(row.get(0)).isNaN();
    }
}
