package io.varve.query.percentile;

import io.varve.core.model.Histogram;
import io.varve.core.model.HistogramLayout;
import io.varve.core.sketch.BucketScale;
import java.util.Arrays;

/**
 * The buckets of a native histogram in the order of their values, and quantiles interpolated in them as
 * {@code histogram_quantile} does: exponentially, in the zero bucket and between custom bounds linearly. One thread.
 */
final class NativeBuckets {

    private final boolean custom;
    private final double zeroThreshold;
    private final double observations;
    private final double[] lows;
    private final double[] highs;
    private final double[] counts;
    private int size;
    private boolean anyNegative;
    private boolean anyPositive;

    /** The buckets of a histogram; counts below zero, which sums of gauges may have, are taken for none. */
    NativeBuckets(Histogram histogram) {
        HistogramLayout layout = histogram.layout();
        custom = layout.schema() == HistogramLayout.CUSTOM_SCHEMA;
        zeroThreshold = layout.zeroThreshold();
        int most = layout.buckets() + 1;
        lows = new double[most];
        highs = new double[most];
        counts = new double[most];
        if (custom) {
            addSpans(histogram, 0, layout.positiveSpans(), 0, false);
        } else {
            addSpans(histogram, layout.positiveSpans(), layout.negativeSpans(), layout.positiveBuckets(), true);
            anyNegative = size > 0;
            reverse();
            add(-zeroThreshold, zeroThreshold, histogram.zeroCount());
            int before = size;
            addSpans(histogram, 0, layout.positiveSpans(), 0, false);
            anyPositive = size > before;
        }
        double inBuckets = Arrays.stream(counts, 0, size).sum();
        observations = Math.max(inBuckets, histogram.count());
    }

    private void add(double low, double high, double count) {
        if (count > 0) {
            lows[size] = low;
            highs[size] = high;
            counts[size++] = count;
        }
    }

    private void addSpans(Histogram histogram, int firstSpan, int spans, int firstPlace, boolean negative) {
        HistogramLayout layout = histogram.layout();
        int place = firstPlace;
        int index = 0;
        for (int span = firstSpan; span < firstSpan + spans; span++) {
            index += layout.spanOffset(span);
            for (int i = layout.spanLength(span); i > 0; i--, index++) {
                double low = custom
                        ? customLow(layout, index)
                        : BucketScale.of(layout.schema()).lowerBound(index);
                double high = custom
                        ? customHigh(layout, index)
                        : BucketScale.of(layout.schema()).upperBound(index);
                double count = histogram.bucket(place++);
                add(negative ? -high : low, negative ? -low : high, count);
            }
        }
    }

    private static double customHigh(HistogramLayout layout, int index) {
        return index < layout.bounds() ? layout.bound(index) : Double.POSITIVE_INFINITY;
    }

    /** The first bucket begins at 0 if it ends above, as that of a classic histogram does. */
    private static double customLow(HistogramLayout layout, int index) {
        if (index > 0) {
            return layout.bound(index - 1);
        }
        return customHigh(layout, 0) > 0 ? 0 : Double.NEGATIVE_INFINITY;
    }

    private void reverse() {
        for (int i = 0, j = size - 1; i < j; i++, j--) {
            swap(lows, i, j);
            swap(highs, i, j);
            swap(counts, i, j);
        }
    }

    private static void swap(double[] values, int i, int j) {
        double kept = values[i];
        values[i] = values[j];
        values[j] = kept;
    }

    /** Number of observations, those that are NaN too. */
    double observations() {
        return observations;
    }

    /** Adds the buckets to others, with observations that are NaN above all, as the language ranks them. */
    void addTo(Pieces pieces) {
        double left = observations;
        for (int i = 0; i < size; i++) {
            pieces.add(lows[i], highs[i], interpolated(i, 0.5), counts[i]);
            left -= counts[i];
        }
        if (left > 1e-6 * observations) {
            pieces.add(Double.NaN, Double.NaN, Double.NaN, left);
        }
    }

    /** A quantile; NaN if it falls on observations that are. */
    double quantile(double q) {
        double rank = q * observations;
        double before = 0;
        for (int i = 0; i < size; i++) {
            if (before + counts[i] >= rank) {
                return interpolated(i, (rank - before) / counts[i]);
            }
            before += counts[i];
        }
        boolean rounding = size > 0 && rank - before <= 1e-6 * observations;
        return rounding ? interpolated(size - 1, 1) : Double.NaN;
    }

    private double interpolated(int bucket, double fraction) {
        double low = lows[bucket];
        double high = highs[bucket];
        if (custom) {
            if (Double.isInfinite(low) || Double.isInfinite(high)) {
                return Double.isInfinite(low) ? high : low;
            }
            return low + (high - low) * fraction;
        }
        if (low <= 0 && high >= 0) {
            double from = anyPositive && !anyNegative ? 0 : low;
            double to = anyNegative && !anyPositive ? 0 : high;
            return from + (to - from) * fraction;
        }
        if (Double.isInfinite(high) || Double.isInfinite(low)) {
            return Double.isInfinite(high) ? low : high;
        }
        return low * Math.pow(high / low, fraction); // of negative ones both magnitudes fall
    }
}
