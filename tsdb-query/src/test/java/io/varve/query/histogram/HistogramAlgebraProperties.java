package io.varve.query.histogram;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.varve.core.model.Histogram;
import io.varve.core.model.HistogramLayout;
import io.varve.core.model.ResetHint;
import io.varve.core.sketch.HistogramBuckets;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Assume;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.DoubleRange;

/** What holds for the arithmetic of histograms whatever they are. */
class HistogramAlgebraProperties {

    private final Set<Flaw> flaws = EnumSet.noneOf(Flaw.class);
    private final HistogramEstimates estimates = new HistogramEstimates(flaws);

    private Histogram sum(Histogram... all) {
        HistogramFold fold = new HistogramFold(flaws);
        for (Histogram histogram : all) {
            fold.add(histogram);
        }
        return Objects.requireNonNull(fold.total());
    }

    @Property(tries = 300)
    void a_sum_of_one_is_itself_and_of_two_equal_ones_twice_as_much(@ForAll("any") Histogram h) {
        assertThat(HistogramMath.areEqual(sum(h), h)).isTrue();
        assertThat(HistogramMath.areEqual(sum(h, h), HistogramMath.times(h, 2))).isTrue();
        assertThat(HistogramMath.areEqual(HistogramMath.divided(HistogramMath.times(h, 4), 4), h))
                .isTrue();
        Histogram back = HistogramMath.times(HistogramMath.times(h, -1), -1);
        assertThat(HistogramMath.areEqual(back, h)).isTrue();
        assertThat(back.hint()).isEqualTo(ResetHint.GAUGE);
        Histogram nothing = Objects.requireNonNull(
                new HistogramFold(flaws).add(h).subtract(h).total());
        assertThat(nothing.count()).isZero();
        assertThat(flaws).isEmpty();
    }

    @Property(tries = 300)
    void sums_do_not_depend_on_order(@ForAll("exponential") Histogram a, @ForAll("exponential") Histogram b) {
        Histogram sum = sum(a, b);
        assertThat(HistogramMath.areEqual(sum, sum(b, a))).isTrue();
        assertThat(sum.count()).isEqualTo(a.count() + b.count());
        HistogramBuckets buckets = new HistogramBuckets();
        buckets.read(sum);
        assertThat(buckets.total()).as("no observation is lost").isEqualTo(sum.count());
        Histogram difference = Objects.requireNonNull(
                new HistogramFold(flaws).add(sum).subtract(b).total());
        assertThat(difference.count()).isEqualTo(a.count());
    }

    @Property(tries = 300)
    void quantiles_rise_and_lie_in_buckets_with_observations(
            @ForAll("any") Histogram h,
            @ForAll @DoubleRange(max = 1) double q,
            @ForAll @DoubleRange(max = 1) double p) {
        double low = estimates.quantile(Math.min(q, p), h);
        double high = estimates.quantile(Math.max(q, p), h);
        if (h.count() == 0) {
            assertThat(low).isNaN();
            return;
        }
        assertThat(low).isLessThanOrEqualTo(high * (high < 0 ? 1 - 1e-12 : 1 + 1e-12));
        HistogramBuckets buckets = new HistogramBuckets();
        buckets.read(h);
        boolean inside = false;
        for (int i = 0; i < buckets.size(); i++) {
            double slack = 1e-12 * Math.abs(low);
            inside |= buckets.count(i) > 0 && buckets.lower(i) - slack <= low && low <= buckets.upper(i) + slack;
        }
        assertThat(inside).as("quantile=" + low + " of " + h).isTrue();
    }

    @Property(tries = 300)
    void a_limit_divides_all_observations(
            @ForAll("exponential") Histogram h, @ForAll @DoubleRange(min = -40, max = 40) double limit) {
        Assume.that(limit != 0); // a zero bucket without a width is on both sides
        Histogram below = new HistogramTrim().trim(h, limit, true);
        Histogram above = new HistogramTrim().trim(h, limit, false);
        assertThat(below.count() + above.count()).isCloseTo(h.count(), within(1e-9 * (1 + h.count())));
        if (h.count() > 0) {
            double fraction = estimates.fraction(Double.NEGATIVE_INFINITY, limit, h);
            assertThat(below.count() / h.count()).isCloseTo(fraction, within(1e-9));
            assertThat(fraction + estimates.fraction(limit, Double.POSITIVE_INFINITY, h))
                    .isCloseTo(1, within(1e-9));
            double median = estimates.quantile(0.5, h);
            if (median != 0) {
                double again = estimates.fraction(Double.NEGATIVE_INFINITY, median, h);
                assertThat(again).as("fraction of a quantile").isGreaterThanOrEqualTo(0.5 - 1e-9);
            }
        }
        Histogram twice = new HistogramTrim().trim(below, limit, true);
        assertThat(twice.count()).isLessThanOrEqualTo(below.count());
    }

    @Provide
    Arbitrary<Histogram> any() {
        return Arbitraries.oneOf(exponential(), custom());
    }

    @Provide
    Arbitrary<Histogram> exponential() {
        Arbitrary<List<Integer>> counts =
                Arbitraries.integers().between(0, 20).list().ofMaxSize(6);
        return Combinators.combine(
                        Arbitraries.integers().between(-4, 8),
                        Arbitraries.of(0.0, 0.001, 0.3, 1.0),
                        Arbitraries.integers().between(1, 20),
                        counts,
                        counts,
                        Arbitraries.integers().between(0, 5))
                .as((schema, threshold, offset, positive, negative, zeros) -> {
                    List<Integer> all = new ArrayList<>(positive);
                    all.addAll(negative);
                    long[] numbers = all.stream().mapToLong(n -> n).toArray();
                    HistogramLayout layout = HistogramLayout.exponential(
                            schema, false, threshold, new int[] {offset, positive.size()}, new int[] {
                                offset, negative.size()
                            });
                    return histogram(layout, zeros, numbers);
                });
    }

    private static Arbitrary<Histogram> custom() {
        return Arbitraries.integers()
                .between(0, 20)
                .list()
                .ofSize(4)
                .map(counts -> histogram(
                        HistogramLayout.custom(false, new int[] {0, 4}, 1, 2.5, 10),
                        0,
                        counts.stream().mapToLong(n -> n).toArray()));
    }

    private static Histogram histogram(HistogramLayout layout, int zeros, long... counts) {
        long count = zeros;
        for (long more : counts) {
            count += more;
        }
        return Histogram.integer(layout, ResetHint.UNKNOWN, zeros, count, count * 0.5, counts);
    }
}
