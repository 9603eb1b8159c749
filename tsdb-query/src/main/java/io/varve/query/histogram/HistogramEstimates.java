package io.varve.query.histogram;

import io.varve.core.model.Histogram;
import io.varve.core.sketch.HistogramBuckets;
import java.util.Set;

/** Estimates quantiles, fractions and spread from the buckets of native histograms, one after the other. */
public final class HistogramEstimates {

    private final HistogramBuckets buckets = new HistogramBuckets();
    private final Set<Flaw> flaws;

    /**
     * Estimates.
     *
     * @param flaws what is noted goes there
     */
    public HistogramEstimates(Set<Flaw> flaws) {
        this.flaws = flaws;
    }

    /**
     * The value below which a share of all observations lies. NaN counts as larger than every bucket; a rank among the
     * observations that are NaN gives NaN. Ranks are counted from the nearer end, but from below where the sum is NaN,
     * since then some observations may be in no bucket.
     */
    public double quantile(double q, Histogram histogram) {
        double all = histogram.count();
        if (q < 0 || q > 1) {
            return q < 0 ? Double.NEGATIVE_INFINITY : Double.POSITIVE_INFINITY;
        }
        if (Double.isNaN(q) || all == 0 || Double.isNaN(all)) {
            return Double.NaN;
        }
        buckets.read(histogram);
        boolean hasNaN = Double.isNaN(histogram.sum()) && buckets.total() < all;
        boolean upwards = Double.isNaN(histogram.sum()) || q < 0.5;
        double rank = upwards ? q * all : (1 - q) * all;
        int size = buckets.size();
        int last = -1;
        double counted = 0;
        for (int i = 0; i < size; i++) {
            int place = upwards ? i : size - 1 - i;
            double count = buckets.count(place);
            if (count == 0) {
                continue;
            }
            last = place;
            counted += count;
            if (counted >= rank) {
                if (hasNaN) {
                    flaws.add(Flaw.SKEWED);
                }
                double within = rank - (counted - count);
                return value(place, (upwards ? within : count - within) / count);
            }
        }
        if (hasNaN || last < 0) {
            if (hasNaN) {
                flaws.add(Flaw.ALL_BELOW);
            }
            return Double.NaN;
        }
        return value(last, upwards ? 1 : 0); // counts that were rounded need not add up
    }

    private double value(int place, double share) {
        if (buckets.isBounded(place)) {
            return buckets.value(place, share);
        }
        return Double.isInfinite(buckets.from(place)) ? buckets.to(place) : buckets.from(place);
    }

    /** The share of all observations that lies between two values; NaN is in no range. */
    public double fraction(double lower, double upper, Histogram histogram) {
        double all = histogram.count();
        if (all == 0 || Double.isNaN(all) || Double.isNaN(lower) || Double.isNaN(upper)) {
            return Double.NaN;
        }
        if (lower >= upper) {
            return 0;
        }
        buckets.read(histogram);
        if (Double.isNaN(histogram.sum()) && buckets.total() < all) {
            flaws.add(Flaw.EXCLUDED);
        }
        double inside = 0;
        for (int i = 0; i < buckets.size(); i++) {
            double count = buckets.count(i);
            double from = buckets.from(i);
            double to = buckets.to(i);
            if (count == 0 || to <= lower && from < lower || from >= upper) {
                continue;
            }
            if (from >= lower && to <= upper) {
                inside += count;
            } else if (buckets.isBounded(i)) {
                inside += count * (buckets.shareBelow(i, upper) - buckets.shareBelow(i, lower));
            }
        }
        return inside / all;
    }

    /** The mean of all observations. */
    public static double mean(Histogram histogram) {
        return histogram.sum() / histogram.count();
    }

    /** The variance of all observations, each taken to be the mean of its bucket. */
    public double variance(Histogram histogram) {
        buckets.read(histogram);
        double mean = mean(histogram);
        double squares = 0;
        double error = 0;
        for (int i = 0; i < buckets.size(); i++) {
            double count = buckets.count(i);
            if (count == 0) {
                continue;
            }
            double typical = buckets.isZero(i) ? 0 : buckets.mean(i, buckets.from(i), buckets.to(i));
            double square = count * (typical - mean) * (typical - mean);
            double next = squares + square;
            if (!Double.isInfinite(next)) {
                error += Math.abs(squares) >= Math.abs(square) ? squares - next + square : square - next + squares;
            }
            squares = next;
        }
        return (squares + error) / histogram.count();
    }
}
