package io.varve.query.detect.consensus;

import io.varve.query.detect.Detector;

/**
 * How new the course of the last {@link #LENGTH} samples is: its Euclidean distance from the most similar one that
 * ended within the last {@link #MEMORY} samples and overlaps it by half at most, in the series' unit. That is the left
 * matrix profile of the series, not normalised (C.-C. M. Yeh et al., "Matrix Profile I", ICDM 2016), whose peaks are
 * discords.
 *
 * <p>NaN for NaN, which is not learned, and while fewer than {@link #LEAST_COURSES} courses can be compared. Values
 * are cut off at ±{@link #MOST_VALUE}, so that no square overflows. 17 kB.
 */
final class ShapeNovelty implements Detector {

    static final int LENGTH = 32;
    static final int MEMORY = 1_024;
    static final int LEAST_COURSES = 6;

    private static final double MOST_VALUE = 1e150;
    private static final int LEAST_LAG = LENGTH / 2 + 1;
    private static final int KEPT = MEMORY + LENGTH;

    /** The last samples twice, one copy behind the other, so that each course lies in one piece. */
    private final double[] samples = new double[2 * KEPT];

    private int next;
    private long seen;

    @Override
    public double score(long timeMs, double value) {
        if (Double.isNaN(value)) {
            return Double.NaN;
        }
        double cut = Math.max(-MOST_VALUE, Math.min(MOST_VALUE, value));
        samples[next] = cut;
        samples[next + KEPT] = cut;
        int newest = next + KEPT;
        next = (next + 1) % KEPT;
        seen++;
        int most = (int) Math.min(MEMORY, seen - LENGTH); // the largest lag of a course that is complete
        return most - LEAST_LAG + 1 < LEAST_COURSES ? Double.NaN : Math.sqrt(nearest(newest, most));
    }

    /** Smallest squared distance of the course that ends at an index from those that end some samples earlier. */
    private double nearest(int end, int mostLag) {
        double[] all = samples;
        double least = Double.POSITIVE_INFINITY;
        for (int lag = LEAST_LAG; lag <= mostLag; lag++) {
            int other = end - lag;
            if (other < LENGTH - 1) {
                other += KEPT;
            }
            double sum = 0;
            for (int k = 0; k < LENGTH && sum < least; k += 4) {
                double a = all[end - k] - all[other - k];
                double b = all[end - k - 1] - all[other - k - 1];
                double c = all[end - k - 2] - all[other - k - 2];
                double d = all[end - k - 3] - all[other - k - 3];
                sum += a * a + b * b + (c * c + d * d);
            }
            least = Math.min(least, sum);
        }
        return least;
    }
}
