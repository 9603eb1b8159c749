package io.varve.core.sketch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;

class ExponentialHistogramProperties {

    private static final double ROUNDING = 1e-12;

    @Property(tries = 400)
    void a_quantile_is_within_the_promised_relative_error(
            @ForAll("positives") List<Double> values,
            @ForAll @DoubleRange(min = 0, max = 1) double q,
            @ForAll @IntRange(min = 0, max = 8) int schema) {
        ExponentialHistogram histogram = recorded(schema, values);
        double exact = exactQuantile(values, q);
        Quantile answer = histogram.quantile(q);
        assertThat(Math.abs(answer.value() - exact))
                .isLessThanOrEqualTo((histogram.relativeError() + ROUNDING) * exact);
    }

    @Property(tries = 400)
    void the_interval_contains_the_exact_answer(
            @ForAll("anything") List<Double> values, @ForAll @DoubleRange(min = 0, max = 1) double q) {
        ExponentialHistogram histogram = recorded(5, values);
        double exact = exactQuantile(values, q);
        Quantile answer = histogram.quantile(q);
        double slack = ROUNDING * Math.abs(exact) + Double.MIN_NORMAL;
        assertThat(answer.low()).isLessThanOrEqualTo(exact + slack);
        assertThat(answer.high()).isGreaterThanOrEqualTo(exact - slack);
        assertThat(answer.value()).isBetween(answer.low() - slack, answer.high() + slack);
    }

    @Property(tries = 200)
    void a_merge_is_as_if_all_had_been_recorded_in_one(
            @ForAll("anything") List<Double> left,
            @ForAll("anything") List<Double> right,
            @ForAll @IntRange(min = -2, max = 8) int leftSchema,
            @ForAll @IntRange(min = -2, max = 8) int rightSchema) {
        ExponentialHistogram merged = recorded(leftSchema, left);
        merged.merge(recorded(rightSchema, right));
        ExponentialHistogram together = recorded(Math.min(leftSchema, rightSchema), left);
        right.forEach(together::record);
        assertThat(merged.schema()).isEqualTo(together.schema());
        assertThat(merged.count()).isEqualTo(together.count());
        for (double q = 0; q <= 1; q += 0.125) {
            assertThat(merged.quantile(q)).isEqualTo(together.quantile(q));
        }
    }

    @Property(tries = 200)
    void over_its_limit_it_gets_coarser_and_keeps_its_word(@ForAll("wide") List<Double> values) {
        ExponentialHistogram histogram = ExponentialHistogram.ofSchema(8, 160);
        values.forEach(histogram::record);
        assertThat(histogram.count()).isEqualTo(values.size());
        double exact = exactQuantile(values, 0.5);
        assertThat(Math.abs(histogram.quantile(0.5).value() - exact))
                .isLessThanOrEqualTo((histogram.relativeError() + ROUNDING) * exact);
    }

    @Example
    void every_double_fits_under_the_smallest_limit() {
        ExponentialHistogram histogram = ExponentialHistogram.ofSchema(8, 160);
        for (double v : new double[] {Double.MIN_VALUE, Double.MAX_VALUE, -Double.MIN_VALUE, -Double.MAX_VALUE, 1}) {
            histogram.record(v);
        }
        assertThat(histogram.schema()).isGreaterThanOrEqualTo(BucketScale.MIN_SCHEMA);
        assertThat(histogram.count()).isEqualTo(5);
        assertThat(histogram.quantile(0).value()).isEqualTo(-Double.MAX_VALUE);
        assertThat(histogram.quantile(1).value()).isEqualTo(Double.MAX_VALUE);
    }

    @Example
    void nan_zero_and_infinities_are_counted_apart() {
        ExponentialHistogram histogram = ExponentialHistogram.ofSchema(5);
        for (double v : new double[] {Double.NaN, 0, -0.0, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, 2}) {
            histogram.record(v);
        }
        assertThat(histogram.nanCount()).isEqualTo(1);
        assertThat(histogram.zeroCount()).isEqualTo(2);
        assertThat(histogram.infinityCount()).isEqualTo(2);
        assertThat(histogram.count()).isEqualTo(5);
        assertThat(histogram.quantile(0).value()).isEqualTo(Double.NEGATIVE_INFINITY);
        assertThat(histogram.quantile(0.5).value()).isZero();
        assertThat(histogram.quantile(1).value()).isEqualTo(Double.POSITIVE_INFINITY);
        assertThat(histogram.min()).isZero();
        assertThat(histogram.max()).isEqualTo(2);
    }

    @Example
    void an_empty_histogram_answers_nan_and_a_rank_outside_an_infinity() {
        ExponentialHistogram histogram = ExponentialHistogram.ofSchema(5);
        assertThat(histogram.quantile(0.5).value()).isNaN();
        histogram.record(1);
        assertThat(histogram.quantile(Double.NaN).value()).isNaN();
        assertThat(histogram.quantile(-0.1).value()).isEqualTo(Double.NEGATIVE_INFINITY);
        assertThat(histogram.quantile(1.1).value()).isEqualTo(Double.POSITIVE_INFINITY);
        assertThat(histogram.quantile(0.3)).isEqualTo(new Quantile(1, 1, 1));
    }

    @Example
    void a_limit_that_cannot_hold_every_double_is_refused() {
        assertThatThrownBy(() -> ExponentialHistogram.ofSchema(5, 159))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("bucketLimit=159");
    }

    private static ExponentialHistogram recorded(int schema, List<Double> values) {
        ExponentialHistogram histogram = ExponentialHistogram.ofSchema(schema, 1 << 20);
        values.forEach(histogram::record);
        return histogram;
    }

    private static double exactQuantile(List<Double> values, double q) {
        double[] sorted = values.stream().mapToDouble(Double::doubleValue).toArray();
        Arrays.sort(sorted);
        double rank = q * (sorted.length - 1);
        int below = (int) rank;
        int above = Math.min(sorted.length - 1, below + 1);
        return sorted[below] + (sorted[above] - sorted[below]) * (rank - below);
    }

    @Provide
    Arbitrary<List<Double>> positives() {
        return Arbitraries.doubles()
                .between(1e-9, 1e9)
                .ofScale(9)
                .list()
                .ofMinSize(1)
                .ofMaxSize(200);
    }

    @Provide
    Arbitrary<List<Double>> anything() {
        return Arbitraries.oneOf(
                        Arbitraries.doubles().between(-1e6, 1e6),
                        Arbitraries.integers().between(-5, 5).map(i -> (double) i))
                .list()
                .ofMinSize(1)
                .ofMaxSize(100);
    }

    @Provide
    Arbitrary<List<Double>> wide() {
        return Arbitraries.integers()
                .between(-900, 900)
                .map(exponent -> Math.scalb(1.1, exponent))
                .list()
                .ofMinSize(1)
                .ofMaxSize(100);
    }
}
