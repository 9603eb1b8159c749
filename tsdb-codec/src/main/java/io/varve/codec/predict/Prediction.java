package io.varve.codec.predict;

/**
 * The integers of a page from their residuals r, and back. With origin o and divisor d, all modulo 2^64:
 *
 * <pre>
 * NONE            m[i] = o + d r[i]
 * GRID            m[i] = o + d (step i + r[i])
 * DELTA           m[0] = o,  m[i] = m[i-1] + d (base + r[i-1])
 * DELTA_OF_DELTA  m[0] = o,  m[1] = o + d slope,  m[i] = m[i-1] + D[i],  D[i] = D[i-1] + d (base + r[i-2])
 * </pre>
 */
public final class Prediction {

    private Prediction() {}

    /**
     * Takes the prediction out, except for the base.
     *
     * @param x integers, the first one 0, without divisor
     * @param step of the grid; unused by the other predictors
     * @param target takes {@code count - predictor.given()} residuals
     */
    public static void takeOut(Predictor predictor, long[] x, int count, long step, long[] target) {
        switch (predictor) {
            case NONE -> System.arraycopy(x, 0, target, 0, count);
            case GRID -> {
                for (int i = 0; i < count; i++) {
                    target[i] = x[i] - step * i;
                }
            }
            case DELTA -> {
                for (int i = 1; i < count; i++) {
                    target[i - 1] = x[i] - x[i - 1];
                }
            }
            case DELTA_OF_DELTA -> {
                for (int i = 2; i < count; i++) {
                    target[i - 2] = x[i] - 2 * x[i - 1] + x[i - 2];
                }
            }
        }
    }

    /** The step of a grid from the first to the last integer, rounded: exact while jitter is small against the page. */
    public static long meanStep(long[] x, int count) {
        if (count < 2) {
            return 0;
        }
        long intervals = count - 1L;
        long span = x[count - 1];
        return Math.floorDiv(span, intervals) + (Math.floorMod(span, intervals) * 2 >= intervals ? 1 : 0);
    }

    /** Restores a page without predictor: in place or not. */
    public static void restoreNone(long[] r, int count, long origin, long divisor, long[] target, int offset) {
        for (int i = 0; i < count; i++) {
            target[offset + i] = origin + divisor * r[i];
        }
    }

    /**
     * Restores a grid.
     *
     * @param step times the divisor
     */
    public static void restoreGrid(
            long[] r, int count, long origin, long divisor, long step, long[] target, int offset) {
        long next = origin;
        for (int i = 0; i < count; i++) {
            target[offset + i] = next + divisor * r[i];
            next += step;
        }
    }

    /** Restores a grid without residuals. */
    public static void restoreGrid(int count, long origin, long step, long[] target, int offset) {
        long next = origin;
        for (int i = 0; i < count; i++) {
            target[offset + i] = next;
            next += step;
        }
    }

    /**
     * Restores differences. Not in place: a sum is written one place behind its residual. Residuals are used up.
     *
     * @param base times the divisor
     */
    public static void restoreDelta(
            long[] r, int count, long origin, long divisor, long base, long[] target, int offset) {
        int n = count - 1;
        if (divisor != 1) {
            // A loop of its own, so that the sum below waits for one addition a step and nothing else.
            for (int i = 0; i < n; i++) {
                r[i] *= divisor;
            }
        }
        long sum = origin;
        target[offset] = origin;
        int to = offset + 1;
        for (int i = 0; i < n; i++) {
            sum += r[i] + base;
            target[to + i] = sum;
        }
    }

    /**
     * Restores differences of differences. Not in place.
     *
     * @param slope the first difference, times the divisor
     * @param base times the divisor
     */
    public static void restoreDeltaOfDelta(
            long[] r, int count, long origin, long divisor, long slope, long base, long[] target, int offset) {
        long sum = origin + slope;
        long difference = slope;
        target[offset] = origin;
        target[offset + 1] = sum;
        for (int i = 2; i < count; i++) {
            difference += divisor * r[i - 2] + base;
            sum += difference;
            target[offset + i] = sum;
        }
    }
}
