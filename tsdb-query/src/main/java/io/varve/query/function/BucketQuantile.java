package io.varve.query.function;

/**
 * A quantile or fraction out of the cumulative buckets of a classic histogram, interpolated linearly within a bucket.
 * Reused from step to step; one thread.
 */
public final class BucketQuantile {

    /** Neighbours that differ by less than this, relatively, differ by rounding alone. */
    private static final double TOLERANCE = 1e-12;

    private double[] bounds = new double[16];
    private double[] counts = new double[16];
    private int size;
    private boolean repaired;
    private double repairedFrom;
    private double repairedTo;
    private double largestGap;

    /** Forgets all buckets. */
    public void clear() {
        size = 0;
        repaired = false;
        repairedFrom = Double.POSITIVE_INFINITY;
        repairedTo = Double.NEGATIVE_INFINITY;
        largestGap = 0;
    }

    /**
     * Adds a bucket; buckets come by ascending bound, equal bounds are merged.
     *
     * @param bound upper bound
     * @param count observations up to the bound
     */
    public void add(double bound, double count) {
        if (size > 0 && bounds[size - 1] == bound) {
            counts[size - 1] += count;
            return;
        }
        if (size == bounds.length) {
            bounds = java.util.Arrays.copyOf(bounds, 2 * size);
            counts = java.util.Arrays.copyOf(counts, 2 * size);
        }
        bounds[size] = bound;
        counts[size++] = count;
    }

    /** Whether there is no bucket. */
    public boolean isEmpty() {
        return size == 0;
    }

    /** Whether counts decreased with their bound and were raised to compute the last quantile. */
    public boolean wasRepaired() {
        return repaired;
    }

    /** Lowest bound of a bucket whose count was raised. */
    public double repairedFrom() {
        return repairedFrom;
    }

    /** Highest bound of a bucket whose count was raised. */
    public double repairedTo() {
        return repairedTo;
    }

    /** By how much a count was raised at most. */
    public double largestGap() {
        return largestGap;
    }

    /**
     * The share of observations between two values; NaN without a last bucket of +Inf or without observations. Of a
     * bucket without an end that a value cuts nothing is taken.
     */
    public double fraction(double lower, double upper) {
        boolean hasLast = size > 0 && bounds[size - 1] == Double.POSITIVE_INFINITY;
        if (!hasLast || Double.isNaN(lower) || Double.isNaN(upper)) {
            return Double.NaN;
        }
        double observations = counts[size - 1];
        if (observations == 0 || Double.isNaN(observations)) {
            return Double.NaN;
        }
        if (lower >= upper) {
            return 0;
        }
        double inside = 0;
        for (int i = 0; i < size; i++) {
            double lowest = bounds[0] > 0 ? 0 : Double.NEGATIVE_INFINITY;
            double from = i == 0 ? lowest : bounds[i - 1];
            double to = bounds[i];
            double count = i == 0 ? counts[0] : counts[i] - counts[i - 1];
            boolean open = Double.isInfinite(from) || Double.isInfinite(to);
            if (from >= lower && to <= upper) {
                inside += count;
            } else if (!open && from < upper && to > lower) {
                inside += count * ((Math.min(upper, to) - Math.max(lower, from)) / (to - from));
            }
        }
        return inside / observations;
    }

    /** The quantile; NaN without a last bucket of +Inf, without a second one, or without observations. */
    public double quantile(double q) {
        if (Double.isNaN(q)) {
            return Double.NaN;
        }
        if (q < 0 || q > 1) {
            return q < 0 ? Double.NEGATIVE_INFINITY : Double.POSITIVE_INFINITY;
        }
        if (size < 2 || bounds[size - 1] != Double.POSITIVE_INFINITY) {
            return Double.NaN;
        }
        makeMonotonic();
        double observations = counts[size - 1];
        if (observations == 0 || Double.isNaN(observations)) {
            return Double.NaN;
        }
        double rank = q * observations;
        int bucket = 0;
        while (bucket < size - 1 && counts[bucket] < rank) {
            bucket++;
        }
        if (bucket == size - 1) {
            return bounds[size - 2];
        }
        if (bucket == 0 && bounds[0] <= 0) {
            return bounds[0];
        }
        double lower = bucket == 0 ? 0 : bounds[bucket - 1];
        double below = bucket == 0 ? 0 : counts[bucket - 1];
        return lower + (bounds[bucket] - lower) * ((rank - below) / (counts[bucket] - below));
    }

    private void makeMonotonic() {
        double highest = counts[0];
        for (int i = 1; i < size; i++) {
            double count = counts[i];
            double scale = Math.min(Math.abs(count) + Math.abs(highest), Double.MAX_VALUE);
            if (count != highest && Math.abs(count - highest) / scale < TOLERANCE) {
                counts[i] = highest;
            } else if (count < highest) {
                counts[i] = highest;
                repaired = true;
                repairedFrom = Math.min(repairedFrom, bounds[i]);
                repairedTo = Math.max(repairedTo, bounds[i]);
                largestGap = Math.max(largestGap, highest - count);
            } else {
                highest = count;
            }
        }
    }
}
