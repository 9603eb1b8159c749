package io.varve.query.histogram;

import io.varve.core.model.Histogram;
import io.varve.core.model.HistogramLayout;
import io.varve.core.model.ResetHint;

/** Arithmetic and comparison of native histograms; all results have counts that are doubles. */
public final class HistogramMath {

    private static final int[] NO_SPANS = {};
    private static final long[] NO_BUCKETS = {};

    private HistogramMath() {}

    /** All counts and the sum times a factor; a gauge if that is negative. */
    public static Histogram times(Histogram histogram, double factor) {
        HistogramLayout layout = histogram.layout().withFloats();
        long[] buckets = new long[layout.buckets()];
        for (int i = 0; i < buckets.length; i++) {
            buckets[i] = Double.doubleToRawLongBits(histogram.bucket(i) * factor);
        }
        return Histogram.stored(
                layout,
                factor < 0 ? ResetHint.GAUGE : histogram.hint(),
                zero(layout, histogram.zeroCount() * factor),
                Double.doubleToRawLongBits(histogram.count() * factor),
                histogram.sum() * factor,
                buckets);
    }

    /** All counts and the sum divided; by zero without any bucket but the zero bucket. A gauge if that is negative. */
    public static Histogram divided(Histogram histogram, double divisor) {
        HistogramLayout layout = histogram.layout().withFloats();
        long[] buckets = NO_BUCKETS;
        if (divisor == 0) {
            layout = withoutBuckets(layout);
        } else {
            buckets = new long[layout.buckets()];
            for (int i = 0; i < buckets.length; i++) {
                buckets[i] = Double.doubleToRawLongBits(histogram.bucket(i) / divisor);
            }
        }
        return Histogram.stored(
                layout,
                divisor < 0 ? ResetHint.GAUGE : histogram.hint(),
                zero(layout, histogram.zeroCount() / divisor),
                Double.doubleToRawLongBits(histogram.count() / divisor),
                histogram.sum() / divisor,
                buckets);
    }

    private static HistogramLayout withoutBuckets(HistogramLayout layout) {
        if (layout.schema() != HistogramLayout.CUSTOM_SCHEMA) {
            return HistogramLayout.exponential(layout.schema(), true, layout.zeroThreshold(), NO_SPANS, NO_SPANS);
        }
        double[] bounds = new double[layout.bounds()];
        for (int i = 0; i < bounds.length; i++) {
            bounds[i] = layout.bound(i);
        }
        return HistogramLayout.custom(true, NO_SPANS, bounds);
    }

    /** Custom buckets have no zero bucket, which so stays empty whatever it is multiplied with. */
    private static long zero(HistogramLayout layout, double count) {
        return layout.schema() == HistogramLayout.CUSTOM_SCHEMA ? 0 : Double.doubleToRawLongBits(count);
    }

    /** Whether two histograms have the same buckets with the same counts, empty buckets aside, and the same sum. */
    public static boolean areEqual(Histogram a, Histogram b) {
        HistogramLayout left = a.layout();
        HistogramLayout right = b.layout();
        if (left.schema() != right.schema()
                || left.zeroThreshold() != right.zeroThreshold()
                || Double.compare(a.sum(), b.sum()) != 0
                || Double.compare(a.count(), b.count()) != 0
                || Double.compare(a.zeroCount(), b.zeroCount()) != 0
                || left.bounds() != right.bounds()) {
            return false;
        }
        for (int i = 0; i < left.bounds(); i++) {
            if (left.bound(i) != right.bound(i)) {
                return false;
            }
        }
        return areEqual(a, b, true) && areEqual(a, b, false);
    }

    /** Walks over the buckets of one sign. */
    private static boolean areEqual(Histogram a, Histogram b, boolean positive) {
        int[] left = a.layout().indexes();
        int[] right = b.layout().indexes();
        int i = positive ? 0 : a.layout().positiveBuckets();
        int k = positive ? 0 : b.layout().positiveBuckets();
        int leftEnd = positive ? a.layout().positiveBuckets() : left.length;
        int rightEnd = positive ? b.layout().positiveBuckets() : right.length;
        while (true) {
            while (i < leftEnd && a.bucket(i) == 0) {
                i++;
            }
            while (k < rightEnd && b.bucket(k) == 0) {
                k++;
            }
            if (i == leftEnd || k == rightEnd) {
                return i == leftEnd && k == rightEnd;
            }
            if (left[i] != right[k] || Double.compare(a.bucket(i++), b.bucket(k++)) != 0) {
                return false;
            }
        }
    }
}
