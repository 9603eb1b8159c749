package io.varve.query.detect;

import io.varve.query.kernel.SortKeys;
import io.varve.query.kernel.SortedWindow;

/**
 * Where the middle of some values lies and how far they spread around it, unmoved by a minority of outliers: the median
 * and the median absolute deviation (C. Leys et al., "Detecting outliers: Do not use standard deviation around the
 * mean, use absolute deviation around the median", Journal of Experimental Social Psychology 49, 2013).
 *
 * <p>The spread is {@link #CONSISTENCY} times the median distance from the median. Where more than half of the values
 * are the same, that is 0, and {@link #MEAN_CONSISTENCY} times the mean distance stands in (B. Iglewicz and D.
 * Hoaglin, "How to Detect and Handle Outliers", 1993). What is left of a constant is rounding: a spread of less than
 * {@link #ROUNDING} of the median is none, and a thousandth of the median is taken instead, or {@link #LEAST} if the
 * median is 0 too.
 *
 * <p>Values are cut off at ±{@link #MOST_VALUE}, so that no difference overflows. Reused for one set after the other;
 * one thread.
 */
public final class RobustScale {

    /** Makes the median absolute deviation of normal values their standard deviation. */
    public static final double CONSISTENCY = 1.4826;

    /** Makes the mean absolute deviation of normal values their standard deviation. */
    public static final double MEAN_CONSISTENCY = 1.2533;

    /** Scores beyond this say no more than this. */
    public static final double MOST_SCORE = 1_000;

    static final double MOST_VALUE = 1e300;
    static final double ROUNDING = 1e-9;
    static final double LEAST = 1e-9;
    private static final double OF_CONSTANT = 1e-3;

    private final SortedWindow own = new SortedWindow();
    private long[] keys = new long[64];
    private double location = Double.NaN;
    private double spread = Double.NaN;
    private double scale = Double.NaN;

    /** A value as it counts: cut off, infinities too; NaN stays. */
    public static double cut(double value) {
        return Math.max(-MOST_VALUE, Math.min(MOST_VALUE, value));
    }

    /** Takes values, at least one, all of them cut and none of them NaN; they are left as they are. */
    public void of(double[] values, int from, int to) {
        int count = to - from;
        if (keys.length < count) {
            keys = new long[Math.max(count, 2 * keys.length)];
        }
        SortKeys.of(values, from, to, keys, 0);
        own.clear();
        own.slide(keys, 0, keys, count);
        of(own);
    }

    /** Takes values by their keys; there must be at least one, all of them cut and none of them NaN. */
    public void of(SortedWindow values) {
        int count = values.size();
        location = middle(at(values, (count - 1) / 2), at(values, count / 2));
        double lower = distance(values, count, (count - 1) / 2);
        double upper = count % 2 == 1 ? lower : distance(values, count, count / 2);
        spread = CONSISTENCY * middle(lower, upper);
        if (spread == 0) {
            spread = MEAN_CONSISTENCY * meanDistance(values, count);
        }
        scale = floored(spread, location);
    }

    private static double at(SortedWindow values, int rank) {
        return SortKeys.value(values.at(rank));
    }

    /** A spread, or what stands for it where it is none beside a location. */
    static double floored(double spread, double location) {
        double level = Math.abs(location);
        if (spread > Math.max(ROUNDING * level, Double.MIN_NORMAL)) {
            return spread;
        }
        return Math.max(OF_CONSTANT * level, LEAST);
    }

    static double middle(double a, double b) {
        return a * 0.5 + b * 0.5;
    }

    /**
     * The distance from the median that so many others are at most as far away: as many values beside each other lie
     * within it, and where the two ends of such a stretch are equally far, it is the narrowest.
     */
    private double distance(SortedWindow values, int count, int rank) {
        int low = 0;
        int high = count - 1 - rank;
        while (low < high) { // the first stretch whose right end is as far away as its left one
            int middle = low + high >>> 1;
            if (at(values, middle + rank) - location >= location - at(values, middle)) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        double found = reach(values, low, rank);
        return low == 0 ? found : Math.min(found, reach(values, low - 1, rank));
    }

    private double reach(SortedWindow values, int first, int rank) {
        return Math.max(location - at(values, first), at(values, first + rank) - location);
    }

    /** The mean distance from the median; those at it, mostly most of them, are passed over. */
    private double meanDistance(SortedWindow values, int count) {
        int below = firstBeyond(values, count, false);
        int above = firstBeyond(values, count, true);
        double sum = 0;
        for (int rank = 0; rank < below; rank++) {
            sum += location - at(values, rank);
        }
        for (int rank = above; rank < count; rank++) {
            sum += at(values, rank) - location;
        }
        return sum / count;
    }

    /** The first rank whose value is above the median, or not below it. */
    private int firstBeyond(SortedWindow values, int count, boolean above) {
        int low = 0;
        int high = count;
        while (low < high) {
            int middle = low + high >>> 1;
            double value = at(values, middle);
            if (value < location || above && value == location) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    /** The median. */
    public double location() {
        return location;
    }

    /** The spread as it is, 0 of a constant. */
    double spread() {
        return spread;
    }

    /** The spread, or what stands for that of a constant; above zero. */
    public double scale() {
        return scale;
    }

    /** How many spreads a value lies above the median, or below it if negative; NaN for NaN. */
    public double score(double value) {
        return score(value, location, scale);
    }

    /** How many spreads a value lies above a location, cut off at ±{@link #MOST_SCORE}; NaN for NaN. */
    static double score(double value, double location, double scale) {
        double score = (cut(value) - location) / scale;
        return Math.max(-MOST_SCORE, Math.min(MOST_SCORE, score));
    }
}
