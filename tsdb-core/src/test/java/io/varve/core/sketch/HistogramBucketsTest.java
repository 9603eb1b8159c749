package io.varve.core.sketch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.varve.core.model.Histogram;
import io.varve.core.model.HistogramLayout;
import io.varve.core.model.ResetHint;
import org.junit.jupiter.api.Test;

/** Order and bounds of buckets, and where in them observations are taken to lie. */
class HistogramBucketsTest {

    private static final int[] NONE = {};

    private final HistogramBuckets buckets = new HistogramBuckets();

    private void exponential(double threshold, long zeros, int[] positive, int[] negative, long... counts) {
        HistogramLayout layout = HistogramLayout.exponential(0, false, threshold, positive, negative);
        long count = zeros;
        for (long more : counts) {
            count += more;
        }
        buckets.read(Histogram.integer(layout, ResetHint.UNKNOWN, zeros, count, 1, counts));
    }

    @Test
    void from_the_lowest_to_the_highest() {
        exponential(0.25, 5, new int[] {1, 1, 1, 1}, new int[] {2, 2}, 1, 2, 3, 4);
        assertThat(buckets.size()).isEqualTo(5);
        double[][] expected = {{-8, -4, 4, 3}, {-4, -2, 3, 2}, {-0.25, 0.25, 5, -1}, {1, 2, 1, 0}, {4, 8, 2, 1}};
        for (int i = 0; i < expected.length; i++) {
            assertThat(buckets.lower(i)).isEqualTo(expected[i][0]);
            assertThat(buckets.upper(i)).isEqualTo(expected[i][1]);
            assertThat(buckets.count(i)).isEqualTo(expected[i][2]);
            assertThat(buckets.isZero(i)).isEqualTo(i == 2);
            assertThat(buckets.isNegative(i)).isEqualTo(i < 2);
            if (i != 2) {
                assertThat(buckets.layoutPlace(i)).isEqualTo((int) expected[i][3]);
            }
        }
        assertThat(buckets.total()).isEqualTo(15);
        exponential(0.25, 5, new int[] {1, 1, 1, 1}, new int[] {2, 2}, 0, 0, 0, 1);
        assertThat(buckets.count(0)).as("the same layout, other counts").isEqualTo(1);
        assertThat(buckets.count(4)).isZero();
        assertThat(buckets.to(2)).as("all others are negative").isZero();
    }

    @Test
    void exponential_buckets_are_divided_by_logarithm() {
        exponential(0, 0, new int[] {1, 1}, new int[] {1, 1}, 1, 1);
        assertThat(buckets.value(2, 0.5)).isEqualTo(Math.sqrt(2));
        assertThat(buckets.value(0, 0.25)).isEqualTo(-Math.pow(2, 0.75));
        assertThat(buckets.shareBelow(2, Math.sqrt(2))).isCloseTo(0.5, within(1e-15));
        assertThat(buckets.shareBelow(0, -Math.pow(2, 0.75))).isCloseTo(0.25, within(1e-15));
        assertThat(buckets.shareBelow(2, 0)).isZero();
        assertThat(buckets.shareBelow(2, 9)).isOne();
        assertThat(buckets.mean(0, -4, -1)).isEqualTo(-2);
    }

    @Test
    void the_zero_bucket_cuts_what_it_overlaps_and_has_the_sign_of_the_rest() {
        exponential(1.5, 4, new int[] {1, 1}, NONE, 1);
        assertThat(buckets.lower(1)).isEqualTo(1.5);
        assertThat(buckets.from(0)).isZero();
        assertThat(buckets.to(0)).isEqualTo(1.5);
        assertThat(buckets.value(1, 0)).isEqualTo(1.5);
        assertThat(buckets.value(1, 0.5)).isCloseTo(Math.sqrt(3), within(1e-15));
        exponential(1.5, 4, NONE, NONE);
        assertThat(buckets.from(0)).as("nothing else tells a sign").isEqualTo(-1.5);
        assertThat(buckets.value(0, 0.25)).isEqualTo(-0.75);
    }

    @Test
    void the_highest_buckets_are_of_the_largest_double_and_of_infinity() {
        exponential(0, 0, new int[] {1024, 2}, NONE, 1, 1);
        assertThat(buckets.upper(1)).isEqualTo(Double.MAX_VALUE);
        assertThat(buckets.isBounded(1)).isTrue();
        assertThat(buckets.lower(2)).isEqualTo(Double.MAX_VALUE);
        assertThat(buckets.upper(2)).isInfinite();
        assertThat(buckets.isBounded(2)).isFalse();
    }

    @Test
    void custom_buckets_begin_at_zero_unless_their_bound_is_below() {
        HistogramLayout layout = HistogramLayout.custom(false, new int[] {0, 3}, 4, 8);
        buckets.read(Histogram.integer(layout, ResetHint.UNKNOWN, 0, 3, 1, 1, 1, 1));
        assertThat(buckets.lower(0)).isEqualTo(Double.NEGATIVE_INFINITY);
        assertThat(buckets.from(0)).isZero();
        assertThat(buckets.value(1, 0.5)).isEqualTo(6);
        assertThat(buckets.shareBelow(0, 1)).isEqualTo(0.25);
        assertThat(buckets.mean(1, 4, 8)).isEqualTo(6);
        assertThat(buckets.upper(2)).isInfinite();
        assertThat(buckets.mean(2, 8, Double.POSITIVE_INFINITY)).isEqualTo(8);
        assertThat(buckets.isZero(0)).isFalse();
        HistogramLayout below = HistogramLayout.custom(false, new int[] {0, 1}, -4);
        buckets.read(Histogram.integer(below, ResetHint.UNKNOWN, 0, 1, 1, 1));
        assertThat(buckets.isBounded(0)).isFalse();
    }
}
