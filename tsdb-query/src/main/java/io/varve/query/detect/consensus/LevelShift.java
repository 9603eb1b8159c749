package io.varve.query.detect.consensus;

import io.varve.query.detect.Detector;
import io.varve.query.detect.MovingScale;

/**
 * How far the level of the last {@link #LENGTH} samples lies from that of the samples before them: the mean of
 * asinh(z) over the last samples, of which z is the deviation from the slowly moving mean of what came before, in its
 * mean deviations ({@link MovingScale}). The inverse hyperbolic sine is linear for small deviations and logarithmic
 * for large ones, so that a lasting shift outweighs an outlier.
 *
 * <p>The score is at least 0. NaN for NaN, which is not learned, and for the first {@link #LEAST_SAMPLES} samples.
 */
final class LevelShift implements Detector {

    static final int LENGTH = 10;
    static final int MEMORY = 1_024;
    static final int LEAST_SAMPLES = 30;

    private final MovingScale before = new MovingScale(MEMORY);
    private final double[] values = new double[LENGTH];
    private final double[] deviations = new double[LENGTH];
    private long seen;

    @Override
    public double score(long timeMs, double value) {
        if (Double.isNaN(value)) {
            return Double.NaN;
        }
        int place = (int) (seen % LENGTH);
        values[place] = value;
        deviations[place] = asinh(before.deviation(value));
        seen++;
        if (seen >= LENGTH) {
            before.learn(values[(place + 1) % LENGTH]); // the oldest, which the next sample replaces
        }
        double sum = 0;
        for (double deviation : deviations) {
            sum += deviation;
        }
        return seen <= LEAST_SAMPLES ? Double.NaN : Math.abs(sum / LENGTH);
    }

    private static double asinh(double z) {
        double size = Math.abs(z);
        return Math.copySign(StrictMath.log(size + Math.sqrt(size * size + 1)), z);
    }
}
