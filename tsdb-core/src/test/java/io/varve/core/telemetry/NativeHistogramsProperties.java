package io.varve.core.telemetry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.varve.core.model.Histogram;
import io.varve.core.sketch.BucketScale;
import io.varve.core.sketch.ConcurrentHistogram;
import io.varve.core.sketch.SparseHistogram;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

/** Native histograms of distributions hold each value within the bound that is stated. */
class NativeHistogramsProperties {

    private static final double NANOS = 1e-9;
    private static final double ROUNDING = 1e-12;

    @Property(tries = 500)
    void quantilesLieWithinTheStatedBound(@ForAll("durations") long[] values, @ForAll boolean nanos) {
        double unit = nanos ? NANOS : 1;
        Histogram histogram = NativeHistograms.of(recorded(values), unit);
        assertThat(histogram.countBits()).isEqualTo(values.length);
        assertThat(histogram.sum()).isEqualTo(Arrays.stream(values).sum() * unit);
        Map<Integer, Long> buckets = buckets(histogram);
        BucketScale scale = BucketScale.of(Window.SCHEMA);
        double middleError = NativeHistograms.relativeError(Window.SCHEMA, unit) + ROUNDING;
        double anyError = NativeHistograms.interpolationError(Window.SCHEMA, unit) + ROUNDING;
        long[] sorted = values.clone();
        Arrays.sort(sorted);
        for (double q : new double[] {0, 0.01, 0.5, 0.9, 0.99, 1}) {
            int rank = (int) (q * (sorted.length - 1));
            double exact = sorted[rank] * unit;
            if (sorted[rank] == 0) {
                assertThat(histogram.zeroCountBits()).isGreaterThan(rank);
                continue;
            }
            int bucket = bucketOfRank(buckets, rank - histogram.zeroCountBits());
            double low = scale.lowerBound(bucket);
            double high = scale.upperBound(bucket);
            assertThat(2 * low * high / (low + high)).isCloseTo(exact, within(middleError * exact));
            assertThat(low).isCloseTo(exact, within(anyError * exact));
            assertThat(high).isCloseTo(exact, within(anyError * exact));
        }
    }

    @Property(tries = 200)
    void noCountEverFalls(@ForAll("durations") long[] before, @ForAll("durations") long[] after) {
        Map<Integer, Long> first = buckets(NativeHistograms.of(recorded(before), NANOS));
        long[] all = Arrays.copyOf(before, before.length + after.length);
        System.arraycopy(after, 0, all, before.length, after.length);
        Map<Integer, Long> then = buckets(NativeHistograms.of(recorded(all), NANOS));
        first.forEach((index, count) ->
                assertThat(then.getOrDefault(index, 0L)).as("bucket " + index).isGreaterThanOrEqualTo(count));
    }

    @Property
    void everyBoundIsOffByTheStatedFactor(@ForAll @IntRange(min = 0, max = 8) int schema, @ForAll boolean nanos) {
        double unit = nanos ? NANOS : 1;
        BucketScale scale = BucketScale.of(schema);
        double factor = NativeHistograms.displacement(schema, unit);
        for (int index = 0; index <= 40 << schema; index++) {
            double shown = scale.upperBound(index + NativeHistograms.shift(schema, unit));
            assertThat(shown / (scale.upperBound(index) * unit)).isCloseTo(factor, within(ROUNDING));
        }
        double halfABucket = Math.pow(2, 0.5 / (1 << schema));
        assertThat(factor).isBetween(1 / halfABucket, halfABucket);
        assertThat(nanos || factor == 1).as("exact in its own unit").isTrue();
    }

    @Example
    void theFiguresOfTheDocumentsAreThese() {
        assertThat(NativeHistograms.shift(5, NANOS)).isEqualTo(-957);
        assertThat(NativeHistograms.displacement(5, NANOS)).isBetween(0.9938, 0.9939);
        assertThat(NativeHistograms.relativeError(5, NANOS)).isBetween(0.0169, 0.017);
        assertThat(NativeHistograms.interpolationError(5, NANOS)).isBetween(0.0274, 0.028);
        assertThat(NativeHistograms.relativeError(5, 1))
                .isCloseTo(BucketScale.of(5).relativeError(), within(ROUNDING));
    }

    @Example
    void nothingIsNativeToo() {
        Histogram empty = NativeHistograms.of(SparseHistogram.empty(Window.SCHEMA), NANOS);
        assertThat(empty.countBits()).isZero();
        assertThat(empty.layout().positiveSpans()).isZero();
        assertThat(empty.layout().zeroThreshold()).isPositive();
    }

    private static SparseHistogram recorded(long[] values) {
        ConcurrentHistogram histogram = new ConcurrentHistogram(Window.SCHEMA);
        for (long value : values) {
            histogram.record(value, 1);
        }
        return histogram.freeze();
    }

    private static Map<Integer, Long> buckets(Histogram histogram) {
        Map<Integer, Long> buckets = new TreeMap<>();
        int index = 0;
        int place = 0;
        for (int span = 0; span < histogram.layout().positiveSpans(); span++) {
            index += histogram.layout().spanOffset(span);
            for (int i = 0; i < histogram.layout().spanLength(span); i++) {
                buckets.put(index++, histogram.bucketBits(place++));
            }
        }
        return buckets;
    }

    private static int bucketOfRank(Map<Integer, Long> buckets, long rank) {
        long left = rank;
        for (var bucket : buckets.entrySet()) {
            left -= bucket.getValue();
            if (left < 0) {
                return bucket.getKey();
            }
        }
        throw new AssertionError("rank beyond all buckets: " + rank);
    }

    /** Heavy-tailed, bimodal, constant, and anything up to an hour. */
    @Provide
    Arbitrary<long[]> durations() {
        Arbitrary<Long> heavy =
                Arbitraries.doubles().between(0, 1).map(u -> (long) (20_000 / Math.pow(1.000_001 - u, 1.2)));
        Arbitrary<Long> bimodal = Arbitraries.oneOf(
                Arbitraries.longs().between(900, 1_100), Arbitraries.longs().between(20_000_000, 30_000_000));
        Arbitrary<Long> any = Arbitraries.longs().between(0, 3_600_000_000_000L);
        return Arbitraries.oneOf(
                sized(heavy),
                sized(bimodal),
                sized(any),
                Arbitraries.longs().between(0, 10_000_000_000L).map(value -> {
                    long[] constant = new long[100];
                    Arrays.fill(constant, value);
                    return constant;
                }));
    }

    private static Arbitrary<long[]> sized(Arbitrary<Long> values) {
        return values.array(Long[].class).ofMinSize(1).ofMaxSize(300).map(boxed -> Arrays.stream(boxed)
                .mapToLong(Long::longValue)
                .toArray());
    }
}
