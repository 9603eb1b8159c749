package io.varve.query.correlate;

import java.util.Arrays;

/** Ranks of the values of a series, equal ones sharing their mean rank, less the mean of all. Reused; one thread. */
final class Ranks {

    private final double[] ranks;
    private final double[] sorted;
    /** 1 where there is a value, 0 where there is none, so that sums need no question. */
    private final double[] known;

    Ranks(int count) {
        this.ranks = new double[count];
        this.sorted = new double[count];
        this.known = new double[count];
    }

    /**
     * Takes values; NaN is none.
     *
     * @return whether two of them differ
     */
    boolean of(double[] values) {
        int count = 0;
        for (int i = 0; i < ranks.length; i++) {
            boolean is = !Double.isNaN(values[i]);
            known[i] = is ? 1 : 0;
            if (is) {
                sorted[count++] = values[i] + 0.0; // -0 is 0
            }
        }
        Arrays.sort(sorted, 0, count);
        double mean = (count - 1) / 2.0;
        for (int i = 0; i < ranks.length; i++) {
            ranks[i] = known[i] == 0 ? 0 : rank(values[i] + 0.0, count) - mean;
        }
        return count > 0 && sorted[0] != sorted[count - 1];
    }

    private double rank(double value, int count) {
        int low = firstBeyond(value, count, false);
        int high = firstBeyond(value, count, true) - 1;
        return (low + high) / 2.0;
    }

    /** The first place whose value is larger, or not smaller. */
    private int firstBeyond(double value, int count, boolean larger) {
        int low = 0;
        int high = count;
        while (low < high) {
            int middle = low + high >>> 1;
            if (sorted[middle] < value || larger && sorted[middle] == value) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    /** How many places have a value here, and in another series so many places later. */
    int common(Ranks later, int lag) {
        double common = 0;
        for (int i = Math.max(0, lag); i < Math.min(known.length, known.length + lag); i++) {
            common += known[i - lag] * later.known[i];
        }
        return (int) common;
    }

    /**
     * The correlation of the ranks with those of another series so many places later, over the places that both have
     * (C. Spearman, "The proof and measurement of association between two things", American Journal of Psychology 15,
     * 1904; ranks are those in the whole range). 0 if one of them does not vary there.
     */
    double correlation(Ranks later, int lag) {
        double n = 0;
        double sumX = 0;
        double sumY = 0;
        double xx = 0;
        double yy = 0;
        double xy = 0;
        for (int i = Math.max(0, lag); i < Math.min(known.length, known.length + lag); i++) {
            double both = known[i - lag] * later.known[i];
            double x = ranks[i - lag] * both;
            double y = later.ranks[i] * both;
            n += both;
            sumX += x;
            sumY += y;
            xx += x * x;
            yy += y * y;
            xy += x * y;
        }
        double varianceX = n * xx - sumX * sumX;
        double varianceY = n * yy - sumY * sumY;
        if (!(varianceX > 1e-9 && varianceY > 1e-9)) {
            return 0;
        }
        double found = (n * xy - sumX * sumY) / Math.sqrt(varianceX * varianceY);
        return Math.max(-1, Math.min(1, found));
    }
}
