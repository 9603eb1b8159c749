package io.varve.core;

import static org.assertj.core.api.Assertions.assertThat;

import io.varve.core.block.RollupSpan;
import io.varve.core.model.Histogram;
import io.varve.core.model.Labels;
import io.varve.core.model.Matcher;
import io.varve.core.model.StaleMarker;
import io.varve.core.model.TimeRange;
import io.varve.core.sketch.ExponentialHistogram;
import io.varve.core.sketch.Quantile;
import io.varve.core.storage.Querier;
import io.varve.core.storage.RollupCursor;
import io.varve.core.storage.RollupHistograms;
import io.varve.core.storage.RollupSet;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Buckets as a plain list of samples says they are, and as a store answers them. */
final class RollupModel {

    /** What is kept of a bucket. */
    record Bucket(
            long numbers,
            long nans,
            long stales,
            long min,
            long max,
            long first,
            long firstTime,
            long last,
            long lastTime,
            long resets) {}

    /** A bucket of an answer. */
    record Answer(
            Bucket bucket,
            double sum,
            double correction,
            boolean exact,
            @Nullable ExponentialHistogram sketch,
            @Nullable RollupHistograms histograms) {}

    /** What a store answers of one series. */
    record Series(SortedMap<Long, Answer> buckets, List<TimeRange> touched) {

        boolean isTouched(long end) {
            return touched.stream().anyMatch(range -> range.contains(end));
        }
    }

    private RollupModel() {}

    /** Samples of each bucket, by its end. */
    static SortedMap<Long, SortedMap<Long, Object>> split(SortedMap<Long, Object> samples, long width) {
        SortedMap<Long, SortedMap<Long, Object>> split = new TreeMap<>();
        samples.forEach((time, sample) -> split.computeIfAbsent(RollupSpan.endOf(time, width), end -> new TreeMap<>())
                .put(time, sample));
        return split;
    }

    /** What a bucket is by its floats, bits by time. */
    static Bucket bucket(long end, SortedMap<Long, Long> samples) {
        long nans = 0;
        long stales = 0;
        long resets = 0;
        long numbers = 0;
        double min = Double.NaN;
        double max = Double.NaN;
        double first = Double.NaN;
        double last = Double.NaN;
        long firstTime = end;
        long lastTime = end;
        boolean any = false;
        for (Map.Entry<Long, Long> sample : samples.entrySet()) {
            double value = Double.longBitsToDouble(sample.getValue());
            if (StaleMarker.is(value)) {
                stales++;
                continue;
            }
            resets += value < last ? 1 : 0;
            if (!any) {
                first = value;
                firstTime = sample.getKey();
                any = true;
            }
            last = value;
            lastTime = sample.getKey();
            if (Double.isNaN(value)) {
                nans++;
                continue;
            }
            min = numbers == 0 || value < min ? value : min;
            max = numbers == 0 || value > max ? value : max;
            numbers++;
        }
        return new Bucket(
                numbers,
                nans,
                stales,
                Double.doubleToRawLongBits(min),
                Double.doubleToRawLongBits(max),
                Double.doubleToRawLongBits(first),
                firstTime,
                Double.doubleToRawLongBits(last),
                lastTime,
                resets);
    }

    /** All that a store answers. */
    static Map<Labels, Series> read(Tsdb db, long width) {
        return read(db, width, new ArrayList<>());
    }

    /** All that a store answers, and, of the same moment, where there are rollups. */
    static Map<Labels, Series> read(Tsdb db, long width, List<TimeRange> covered) {
        Map<Labels, Series> found = new TreeMap<>();
        try (Querier querier = db.querier(TimeRange.ALL);
                RollupSet set = querier.rollups(width, Matcher.equal("__name__", "m"))) {
            while (set.next()) {
                TreeMap<Long, Answer> buckets = new TreeMap<>();
                for (RollupCursor cursor = set.buckets(); cursor.nextPage(); ) {
                    assertAddsSketches(cursor);
                    for (int i = 0; i < cursor.size(); i++) {
                        assertThat(buckets.put(cursor.ends()[i], answer(cursor, i)))
                                .isNull();
                    }
                }
                assertThat(found.put(set.labels(), new Series(buckets, set.touched())))
                        .isNull();
            }
            assertThat(set.holes()).isEmpty();
            covered.addAll(set.covered());
        }
        return found;
    }

    static Answer answer(RollupCursor cursor, int i) {
        return new Answer(
                new Bucket(
                        cursor.numbers()[i],
                        cursor.nans()[i],
                        cursor.stales()[i],
                        Double.doubleToRawLongBits(cursor.mins()[i]),
                        Double.doubleToRawLongBits(cursor.maxs()[i]),
                        Double.doubleToRawLongBits(cursor.firsts()[i]),
                        cursor.firstTimes()[i],
                        Double.doubleToRawLongBits(cursor.lasts()[i]),
                        cursor.lastTimes()[i],
                        cursor.resets()[i]),
                cursor.sums()[i],
                cursor.corrections()[i],
                cursor.isExact(i),
                cursor.sketch(i),
                cursor.histograms(i));
    }

    /** Where there are rollups. */
    static List<TimeRange> covered(Tsdb db, long width) {
        try (Querier querier = db.querier(TimeRange.ALL);
                RollupSet set = querier.rollups(width, Matcher.equal("__name__", "m"))) {
            return set.covered();
        }
    }

    /** Compares an answer with the samples that it is to sum up. */
    static void assertSame(String context, long end, SortedMap<Long, Object> all, Answer answer) {
        SortedMap<Long, Long> samples = new TreeMap<>();
        SortedMap<Long, Histogram> histograms = new TreeMap<>();
        all.forEach((time, sample) -> {
            if (sample instanceof Histogram histogram) {
                histograms.put(time, histogram);
            } else {
                samples.put(time, (Long) sample);
            }
        });
        RollupHistogramsModel.assertSame(context, end, histograms, answer.histograms());
        assertThat(answer.bucket()).as(context).isEqualTo(bucket(end, samples));
        BigDecimal sum = BigDecimal.ZERO;
        BigDecimal correction = BigDecimal.ZERO;
        double before = Double.NaN;
        boolean finite = true;
        List<Double> numbers = new ArrayList<>();
        for (long bits : samples.values()) {
            double value = Double.longBitsToDouble(bits);
            if (StaleMarker.is(value)) {
                continue;
            }
            finite &= !Double.isInfinite(value);
            if (finite && value < before) {
                correction = correction.add(new BigDecimal(before));
            }
            before = value;
            if (!Double.isNaN(value)) {
                numbers.add(value);
                sum = finite ? sum.add(new BigDecimal(value)) : sum;
            }
        }
        if (finite) {
            assertNear(context, sum.doubleValue(), answer.sum());
            assertNear(context, correction.doubleValue(), answer.correction());
        }
        if (answer.sketch() != null) {
            assertSketch(context, numbers, answer.sketch());
        }
    }

    private static void assertNear(String context, double exact, double found) {
        assertThat(Math.abs(found - exact))
                .as(context + ": " + exact + " found " + found)
                .isLessThanOrEqualTo(1e-12 * Math.abs(exact));
    }

    /** Sketches that are added without being made are those that are made. */
    private static void assertAddsSketches(RollupCursor cursor) {
        ExponentialHistogram[] added = new ExponentialHistogram[cursor.size()];
        cursor.addSketches(i -> {
            added[i] = ExponentialHistogram.ofSchema(ExponentialHistogramForm.SCHEMA);
            return added[i];
        });
        for (int i = 0; i < cursor.size(); i++) {
            ExponentialHistogram made = cursor.sketch(i);
            assertThat(ExponentialHistogramForm.of(added[i])).isEqualTo(ExponentialHistogramForm.of(made));
        }
    }

    /** Quantiles lie in the interval that the sketch gives, and near by its stated error. */
    private static void assertSketch(String context, List<Double> numbers, ExponentialHistogram sketch) {
        assertThat(sketch.count()).as(context).isEqualTo(numbers.size());
        double[] sorted = numbers.stream().mapToDouble(value -> value).toArray();
        Arrays.sort(sorted);
        for (double q : new double[] {0, 0.5, 0.9, 1}) {
            Quantile answer = sketch.quantile(q);
            if (sorted.length > 0) {
                double rank = q * (sorted.length - 1);
                int below = (int) rank;
                double a = sorted[below];
                double b = sorted[Math.min(sorted.length - 1, below + 1)];
                double exact = rank == below || a == b ? a : a * (1 - (rank - below)) + b * (rank - below);
                if (!Double.isNaN(exact)) {
                    assertThat(answer.low() <= exact && exact <= answer.high())
                            .as(context + " q=" + q + ": " + exact + " in " + answer)
                            .isTrue();
                }
                if (a > 0 && !Double.isInfinite(b)) {
                    assertThat(Math.abs(answer.value() - exact))
                            .as(context + " q=" + q)
                            .isLessThanOrEqualTo(sketch.relativeError() * exact * (1 + 1e-9));
                }
            }
        }
    }
}
