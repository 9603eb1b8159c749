package io.varve.core.sketch;

import static org.assertj.core.api.Assertions.assertThat;

import io.varve.core.model.Histogram;
import io.varve.core.model.HistogramLayout;
import io.varve.core.model.HistogramSamples;
import io.varve.core.model.PlainHistograms;
import io.varve.core.model.ResetHint;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** Sums, differences and resets of native histograms are those of a plain model, whatever their layouts. */
class HistogramSumProperties {

    private static List<Histogram> some(Random random, boolean custom, int most) {
        List<Histogram> some = new ArrayList<>();
        Histogram before = null;
        for (int i = 1 + random.nextInt(most); i > 0; i--) {
            Histogram next = HistogramSamples.next(random, before);
            boolean mixed = next.layout().schema() == HistogramLayout.CUSTOM_SCHEMA != custom;
            if (!next.isStale() && (!mixed || random.nextInt(40) == 0)) {
                some.add(next);
                before = next;
            }
        }
        return some;
    }

    @Property(tries = 4_000)
    void totalsAreThoseOfPlainNumbers(@ForAll Random random) {
        boolean custom = random.nextInt(4) == 0;
        List<Histogram> plus = some(random, custom, 12);
        List<Histogram> minus = random.nextBoolean() ? List.of() : some(random, custom, 3);
        List<Histogram> beside = random.nextBoolean() ? List.of() : some(random, custom, 2);
        HistogramSum sum = new HistogramSum();
        sum.add(Histogram.integer(
                HistogramLayout.exponential(0, false, 0, new int[0], new int[0]), ResetHint.GAUGE, 0, 0, 1));
        sum.clear();
        beside.forEach(sum::align);
        plus.forEach(sum::add);
        minus.forEach(sum::subtract);
        if (!plus.isEmpty()) {
            PlainHistograms.assertTotal(plus + " - " + minus, plus, minus, beside, sum.total());
        }
    }

    @Property(tries = 4_000)
    void resetsAreThoseOfPlainNumbers(@ForAll Random random) {
        Histogram before = HistogramSamples.random(random);
        for (int i = 0; i < 8; i++) {
            Histogram now = HistogramSamples.next(random, before);
            if (!before.isStale() && !now.isStale()) {
                assertThat(HistogramResets.isReset(before, now))
                        .as(before + " then " + now)
                        .isEqualTo(PlainHistograms.isReset(before, now));
            }
            before = now;
        }
    }

    private static Histogram one(int schema, int index, long count) {
        HistogramLayout layout = HistogramLayout.exponential(schema, false, 0, new int[] {index, 1}, new int[0]);
        return Histogram.integer(layout, ResetHint.UNKNOWN, 0, count, 1, count);
    }

    @Example
    void integersThatDoNotFitALongBecomeDoubles() {
        HistogramSum sum = new HistogramSum();
        sum.add(one(2, 3, Long.MAX_VALUE - 1));
        sum.add(one(2, 3, 1));
        Histogram exact = Objects.requireNonNull(sum.total());
        assertThat(exact.isFloat()).isFalse();
        assertThat(exact.bucketBits(0)).isEqualTo(Long.MAX_VALUE);
        sum.add(one(2, 3, 1));
        Histogram rounded = Objects.requireNonNull(sum.total());
        assertThat(rounded.isFloat()).isTrue();
        assertThat(rounded.count()).isEqualTo(0x1p63);
        assertThat(rounded.bucket(0)).isEqualTo(0x1p63);
        assertThat(rounded.layout()).isEqualTo(one(2, 3, 1).layout().withFloats());
    }

    @Example
    void bucketsThatAreTooManyOrTooFarApartLowerTheSchema() {
        HistogramSum many = new HistogramSum();
        for (int i = 0; i < 2 * HistogramLayout.MAX_BUCKETS; i++) {
            many.add(one(8, 2 * i, 1));
        }
        Histogram total = Objects.requireNonNull(many.total());
        assertThat(total.layout().schema()).isLessThan(8);
        assertThat(total.layout().buckets()).isLessThanOrEqualTo(HistogramLayout.MAX_BUCKETS);
        assertThat(total.countBits()).isEqualTo(2 * HistogramLayout.MAX_BUCKETS);
        HistogramSum far = new HistogramSum();
        far.add(one(8, Integer.MIN_VALUE, 1));
        far.add(one(8, Integer.MAX_VALUE - 1, 1));
        assertThat(Objects.requireNonNull(far.total()).layout().schema()).isLessThan(8);
        assertThat(Objects.requireNonNull(far.total()).countBits()).isEqualTo(2);
    }
}
