package io.varve.core.sketch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class BucketScaleProperties {

    @Property(tries = 2_000)
    void a_value_lies_above_the_lower_and_not_above_the_upper_bound(
            @ForAll long bits, @ForAll @IntRange(min = -4, max = 8) int schema) {
        double value = Math.abs(Double.longBitsToDouble(bits));
        if (value == 0 || Double.isNaN(value) || Double.isInfinite(value)) {
            return;
        }
        BucketScale scale = BucketScale.of(schema);
        int index = scale.index(value);
        assertThat(scale.upperBound(index)).isGreaterThanOrEqualTo(value);
        // Bounds among the subnormals round to their neighbours.
        if (value >= Double.MIN_NORMAL) {
            assertThat(scale.lowerBound(index)).isLessThan(value);
        }
    }

    @Property(tries = 2_000)
    void a_coarser_index_is_the_index_at_the_coarser_schema(
            @ForAll long bits, @ForAll @IntRange(min = -3, max = 8) int schema) {
        double value = Math.abs(Double.longBitsToDouble(bits));
        if (value == 0 || Double.isNaN(value) || Double.isInfinite(value)) {
            return;
        }
        int fine = BucketScale.of(schema).index(value);
        assertThat(BucketScale.coarser(fine, 1))
                .isEqualTo(BucketScale.of(schema - 1).index(value));
    }

    @Property(tries = 500)
    void a_bound_belongs_to_the_bucket_below_it_and_the_next_double_to_the_one_above(
            @ForAll @IntRange(min = -300, max = 300) int index, @ForAll @IntRange(min = 0, max = 8) int schema) {
        BucketScale scale = BucketScale.of(schema);
        double bound = scale.upperBound(index);
        assertThat(scale.index(bound)).isEqualTo(index);
        assertThat(scale.index(Math.nextUp(bound))).isEqualTo(index + 1);
    }

    @Example
    void powers_of_two_are_bounds_of_every_schema() {
        for (int schema = 0; schema <= 8; schema++) {
            BucketScale scale = BucketScale.of(schema);
            for (int exponent = -1_074; exponent <= 1_023; exponent++) {
                assertThat(scale.index(Math.scalb(1.0, exponent))).isEqualTo(exponent << schema);
            }
        }
        assertThat(BucketScale.of(-4).index(0x1p16)).isEqualTo(1);
        assertThat(BucketScale.of(-4).index(0x1p17)).isEqualTo(2);
    }

    @Example
    void a_schema_out_of_range_is_refused() {
        assertThatThrownBy(() -> BucketScale.of(9))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("schema=9");
        assertThatThrownBy(() -> BucketScale.of(-5)).isInstanceOf(IllegalArgumentException.class);
    }

    @Example
    void the_relative_error_is_the_promised_one() {
        assertThat(BucketScale.of(5).relativeError()).isBetween(0.0108, 0.0109);
        assertThat(BucketScale.of(8).relativeError()).isBetween(0.00135, 0.00136);
    }
}
