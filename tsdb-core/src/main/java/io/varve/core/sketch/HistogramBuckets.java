package io.varve.core.sketch;

import io.varve.core.model.Histogram;
import io.varve.core.model.HistogramLayout;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The buckets of a native histogram from the lowest to the highest, with their bounds and where within a bucket a share
 * of its observations is taken to lie. Read one histogram after the other: bounds are kept while the layout stays. One
 * thread.
 *
 * <p>Observations are spread evenly over the logarithms of an exponential bucket, and evenly over the values of a
 * custom bucket and of the zero bucket. A zero bucket is taken to be of one sign where all other observations are, and
 * a lowest custom bucket to begin at 0 unless its bound is not positive. Exponential buckets that the zero bucket
 * overlaps are cut at its bound.
 */
public final class HistogramBuckets {

    private static final double LOG_TWO = Math.log(2);

    /** The power of two above the largest double. */
    private static final double HIGHEST_POWER = 1024;

    private @Nullable HistogramLayout layout;
    private int size;

    /** Place of the zero bucket, or -1. */
    private int zero;

    /** Place of the first positive bucket, or of the first custom one. */
    private int positive;

    private double[] lower = {};
    private double[] upper = {};

    /** Powers of two of the magnitudes of the bounds; of exponential buckets. */
    private double[] lowerPower = {};

    private double[] upperPower = {};
    private double[] counts = {};

    /** Where the zero bucket's observations are taken to lie. */
    private double zeroFrom;

    private double zeroTo;

    /** Reads a histogram, which is no stale marker. */
    public void read(Histogram histogram) {
        HistogramLayout next = histogram.layout();
        if (layout == null || !next.equals(layout)) {
            layout(next);
            layout = next;
        }
        int negative = next.negativeBuckets();
        boolean hasNegative = false;
        boolean hasPositive = false;
        for (int i = 0; i < negative; i++) {
            counts[i] = histogram.bucket(next.buckets() - 1 - i);
            hasNegative |= counts[i] != 0;
        }
        for (int i = 0; i < next.positiveBuckets(); i++) {
            counts[positive + i] = histogram.bucket(i);
            hasPositive |= counts[positive + i] != 0;
        }
        if (zero >= 0) {
            counts[zero] = histogram.zeroCount();
            zeroFrom = hasPositive && !hasNegative ? 0 : -next.zeroThreshold();
            zeroTo = hasNegative && !hasPositive ? 0 : next.zeroThreshold();
        }
    }

    private void layout(HistogramLayout next) {
        boolean custom = next.schema() == HistogramLayout.CUSTOM_SCHEMA;
        size = next.buckets() + (custom ? 0 : 1);
        zero = custom ? -1 : next.negativeBuckets();
        positive = zero + 1;
        lower = new double[size];
        upper = new double[size];
        lowerPower = new double[size];
        upperPower = new double[size];
        counts = new double[size];
        int[] indexes = next.indexes();
        if (custom) {
            for (int i = 0; i < size; i++) {
                int index = indexes[i];
                lower[i] = index == 0 ? Double.NEGATIVE_INFINITY : next.bound(index - 1);
                upper[i] = index < next.bounds() ? next.bound(index) : Double.POSITIVE_INFINITY;
            }
            return;
        }
        lower[zero] = -next.zeroThreshold();
        upper[zero] = next.zeroThreshold();
        for (int i = 0; i < indexes.length; i++) {
            boolean isPositive = i < next.positiveBuckets();
            exponential(isPositive ? positive + i : indexes.length - 1 - i, indexes[i], isPositive, next);
        }
    }

    private void exponential(int place, int index, boolean isPositive, HistogramLayout of) {
        double threshold = of.zeroThreshold();
        double nearPower = Math.scalb(index - 1.0, -of.schema());
        double farPower = Math.scalb((double) index, -of.schema());
        double near = bound(of.schema(), index - 1, nearPower);
        double far = bound(of.schema(), index, farPower);
        if (near < threshold && far > threshold) {
            near = threshold;
            nearPower = power(threshold);
        }
        lower[place] = isPositive ? near : -far;
        upper[place] = isPositive ? far : -near;
        lowerPower[place] = isPositive ? nearPower : farPower;
        upperPower[place] = isPositive ? farPower : nearPower;
    }

    /** The last bucket of finite values ends at the largest double; the one behind it is for infinity. */
    private static double bound(int schema, int index, double power) {
        return power == HIGHEST_POWER
                ? Double.MAX_VALUE
                : BucketScale.of(schema).upperBound(index);
    }

    private static double power(double value) {
        int exponent = Math.getExponent(value);
        return value < Double.MIN_NORMAL
                ? Math.log(value) / LOG_TWO
                : exponent + Math.log(Math.scalb(value, -exponent)) / LOG_TWO; // exact for powers of two
    }

    /** Number of buckets, empty ones among them. */
    public int size() {
        return size;
    }

    /** Observations in a bucket. */
    public double count(int place) {
        return counts[place];
    }

    /** Lower bound of a bucket. */
    public double lower(int place) {
        return lower[place];
    }

    /** Upper bound of a bucket. */
    public double upper(int place) {
        return upper[place];
    }

    /** Whether this is the zero bucket, which both of its bounds belong to. */
    public boolean isZero(int place) {
        return place == zero;
    }

    /** Whether a bucket is below the zero bucket, so that its lower bound belongs to it and its upper one does not. */
    public boolean isNegative(int place) {
        return place < zero;
    }

    /** Place of a bucket among those of its histogram's layout; not of the zero bucket. */
    public int layoutPlace(int place) {
        return place < zero ? size - 2 - place : place - positive;
    }

    private boolean isLinear(int place) {
        return zero < 0 || place == zero;
    }

    /** From where on the observations of a bucket are taken to lie; minus infinity where nothing is known. */
    public double from(int place) {
        if (place == zero) {
            return zeroFrom;
        }
        boolean lowest = zero < 0 && lower[place] == Double.NEGATIVE_INFINITY;
        return lowest && upper[place] > 0 ? 0 : lower[place];
    }

    /** Up to where the observations of a bucket are taken to lie; infinity where nothing is known. */
    public double to(int place) {
        return place == zero ? zeroTo : upper[place];
    }

    /** Whether it is known where the observations of a bucket begin and end. */
    public boolean isBounded(int place) {
        return !Double.isInfinite(from(place)) && !Double.isInfinite(to(place));
    }

    /** The value below which a share of a bucket's observations is taken to lie; the share from 0 to 1. */
    public double value(int place, double share) {
        double from = from(place);
        double to = to(place);
        if (share <= 0 || share >= 1) {
            return share <= 0 ? from : to;
        }
        if (isLinear(place)) {
            return from + (to - from) * share;
        }
        double power = lowerPower[place] + (upperPower[place] - lowerPower[place]) * share;
        double magnitude = Math.pow(2, power);
        return place < zero ? -magnitude : magnitude;
    }

    /** The share of a bucket's observations that is taken to lie below a value; for a bucket with known bounds. */
    public double shareBelow(int place, double value) {
        double from = from(place);
        double to = to(place);
        if (value <= from || value >= to) {
            return value <= from ? 0 : 1;
        }
        if (isLinear(place)) {
            return (value - from) / (to - from);
        }
        return (power(Math.abs(value)) - lowerPower[place]) / (upperPower[place] - lowerPower[place]);
    }

    /**
     * The mean that observations of a part of a bucket are taken to have; where one end is not known the other one.
     *
     * @param from lower end of the part
     * @param to upper end of the part
     */
    public double mean(int place, double from, double to) {
        if (Double.isInfinite(from) || Double.isInfinite(to)) {
            return Double.isInfinite(to) ? from : to;
        }
        if (isLinear(place)) {
            return from / 2 + to / 2;
        }
        double mean = Math.sqrt(Math.abs(from)) * Math.sqrt(Math.abs(to)); // the product alone may be infinite
        return place < zero ? -mean : mean;
    }

    /** Observations in all buckets together. */
    public double total() {
        return Arrays.stream(counts, 0, size).sum();
    }
}
