package io.varve.query.percentile;

import io.varve.core.sketch.BucketScale;
import io.varve.core.sketch.ExponentialHistogram;
import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * Observations of which each is known to lie in an interval. The k-th smallest of them lies between the k-th smallest
 * lower and the k-th smallest upper bound, whatever intervals they are: so that samples, sketches and buckets of all
 * kinds can be ranked together. NaN ranks below all. Grows as it is filled, then answers; one thread.
 */
final class Pieces {

    private double[] lows = new double[64];
    private double[] highs = new double[64];
    private double[] middles = new double[64];
    private double[] counts = new double[64];
    private int size;
    private double nans;
    private double total;

    private Order byLow = Order.NONE;
    private Order byHigh = Order.NONE;
    private Order byMiddle = Order.NONE;

    /** Bounds in order, and how many observations there are up to each. */
    @SuppressWarnings("ArrayRecordComponent") // private columns
    private record Order(double[] bounds, double[] upTo) {

        static final Order NONE = new Order(new double[0], new double[0]);

        /** The bound of a rank from 0. */
        double at(double rank) {
            int low = 0;
            int high = upTo.length - 1;
            while (low < high) {
                int middle = low + high >>> 1;
                if (upTo[middle] > rank) {
                    high = middle;
                } else {
                    low = middle + 1;
                }
            }
            return bounds[low];
        }
    }

    /** Adds observations. */
    void add(double low, double high, double middle, double count) {
        if (!(count > 0)) {
            return;
        }
        if (size == lows.length) {
            lows = Arrays.copyOf(lows, 2 * size);
            highs = Arrays.copyOf(highs, 2 * size);
            middles = Arrays.copyOf(middles, 2 * size);
            counts = Arrays.copyOf(counts, 2 * size);
        }
        lows[size] = low;
        highs[size] = high;
        middles[size] = middle;
        counts[size++] = count;
        total += count;
    }

    private void addExactly(double value, double count) {
        add(value, value, value, count);
    }

    /** Adds observations that are NaN. */
    void addNans(double count) {
        nans += count;
        total += count;
    }

    /** Adds what a sketch holds; its smallest and its largest value are known. */
    void add(ExponentialHistogram sketch) {
        addNans((double) sketch.nanCount());
        long[] infinities = sketch.infinities();
        addExactly(Double.NEGATIVE_INFINITY, (double) infinities[1]);
        long finite = sketch.count() - infinities[0] - infinities[1];
        if (finite > 0) {
            addExactly(sketch.min(), 1);
            int begin = size;
            addBuckets(sketch);
            take(begin);
            if (finite > 1) {
                take(size - 1);
                addExactly(sketch.max(), 1);
            }
        }
        addExactly(Double.POSITIVE_INFINITY, (double) infinities[0]);
    }

    private void addBuckets(ExponentialHistogram sketch) {
        int begin = size;
        BucketScale scale = BucketScale.of(sketch.schema());
        sketch.forEachBucket(true, (index, count) -> {
            double low = Math.max(sketch.min(), -scale.upperBound(index));
            double high = Math.min(sketch.max(), -scale.lowerBound(index));
            add(low, high, middle(low, high), (double) count);
        });
        reverse(begin);
        addExactly(0, (double) sketch.zeroCount());
        sketch.forEachBucket(false, (index, count) -> {
            double low = Math.max(sketch.min(), scale.lowerBound(index));
            double high = Math.min(sketch.max(), scale.upperBound(index));
            add(low, high, middle(low, high), (double) count);
        });
    }

    /** Takes one observation out of a piece, which is told apart. */
    private void take(int place) {
        counts[place]--;
        total--;
    }

    /** Negative buckets come by ascending magnitude. */
    private void reverse(int begin) {
        for (int i = begin, j = size - 1; i < j; i++, j--) {
            swap(lows, i, j);
            swap(highs, i, j);
            swap(middles, i, j);
            swap(counts, i, j);
        }
    }

    private static void swap(double[] values, int i, int j) {
        double kept = values[i];
        values[i] = values[j];
        values[j] = kept;
    }

    /** As far, relatively, from one bound as from the other. */
    private static double middle(double low, double high) {
        if (low == high) {
            return low;
        }
        if (low <= 0 && high >= 0 || Double.isInfinite(low) || Double.isInfinite(high)) {
            return low <= 0 && high >= 0 ? low + (high - low) / 2 : Double.isInfinite(low) ? high : low;
        }
        double middle = 2 * low * (high / (low + high));
        return middle >= low && middle <= high ? middle : low / 2 + high / 2;
    }

    /** Adds what another holds. */
    void add(Pieces other) {
        for (int i = 0; i < other.size; i++) {
            add(other.lows[i], other.highs[i], other.middles[i], other.counts[i]);
        }
        addNans(other.nans);
    }

    /** Number of observations. */
    double total() {
        return total;
    }

    /** Brings all into order; to be called before questions. */
    void order() {
        byLow = order(lows);
        byHigh = order(highs);
        byMiddle = order(middles);
    }

    private Order order(double[] bounds) {
        double[] sorted = new double[size];
        double[] upTo = new double[size];
        int[] places = places(bounds);
        double sum = nans;
        for (int i = 0; i < size; i++) {
            sorted[i] = bounds[places[i]];
            sum += counts[places[i]];
            upTo[i] = sum;
        }
        return new Order(sorted, upTo);
    }

    private int[] places(double[] bounds) {
        int[] places = new int[size];
        boolean ascending = true;
        for (int i = 0; i < size; i++) {
            places[i] = i;
            ascending &= i == 0 || bounds[i - 1] <= bounds[i];
        }
        return ascending
                ? places
                : IntStream.range(0, size)
                        .boxed()
                        .sorted(Comparator.comparingDouble(i -> bounds[i]))
                        .mapToInt(Integer::intValue)
                        .toArray();
    }

    /** A rank between two observations. */
    record Rank(double below, double above, double weight) {

        /** The rank of a quantile of so many, as {@code quantile_over_time} interpolates. */
        static Rank of(double q, double count) {
            double rank = q * Math.max(0, count - 1);
            double below = Math.floor(rank);
            return new Rank(below, Math.max(below, Math.min(count - 1, below + 1)), rank - below);
        }
    }

    /** Whether the observation of a rank is NaN. */
    boolean isNan(double rank) {
        return rank < nans || size == 0;
    }

    /** Whether nothing is there but NaN. */
    boolean isOnlyNan() {
        return size == 0;
    }

    /** The lower bound of a rank; minus infinity where NaN are. */
    double low(double rank) {
        return rank < nans || size == 0 ? Double.NEGATIVE_INFINITY : byLow.at(rank);
    }

    /** The upper bound of a rank. */
    double high(double rank) {
        return size == 0 ? Double.NEGATIVE_INFINITY : byHigh.at(rank);
    }

    /** What lies between two observations, weighted: by lower bounds, by middles, or by upper bounds. */
    double low(Rank rank) {
        return between(byLow, rank);
    }

    double middle(Rank rank) {
        return between(byMiddle, rank);
    }

    double high(Rank rank) {
        return between(byHigh, rank);
    }

    private static double between(Order order, Rank rank) {
        double a = order.at(rank.below());
        return rank.weight() == 0 ? a : a * (1 - rank.weight()) + order.at(rank.above()) * rank.weight();
    }

    /** Whether the observation of a rank surely is infinite. */
    boolean isSurelyInfinite(double rank) {
        double low = byLow.at(rank);
        return Double.isInfinite(low) && low == byHigh.at(rank);
    }
}
