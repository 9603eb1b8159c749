package io.varve.codec.predict;

/** Takes predictions out of a column's integers; {@link Restorer} puts them back. */
public final class Prediction {

    private Prediction() {}

    /**
     * Takes the prediction out, except for the base.
     *
     * @param x integers, the first one 0, without divisor
     * @param from where to begin
     * @param count how many integers to look at
     * @param step of the grid; unused by the other predictors
     * @param target takes {@code count - predictor.given()} residuals
     */
    public static void takeOut(Predictor predictor, long[] x, int from, int count, long step, long[] target) {
        switch (predictor) {
            case NONE -> System.arraycopy(x, from, target, 0, count);
            case GRID -> {
                for (int i = 0; i < count; i++) {
                    target[i] = x[from + i] - step * (from + i);
                }
            }
            case DELTA -> {
                for (int i = 1; i < count; i++) {
                    target[i - 1] = x[from + i] - x[from + i - 1];
                }
            }
            case DELTA_OF_DELTA -> {
                for (int i = 2; i < count; i++) {
                    target[i - 2] = x[from + i] - 2 * x[from + i - 1] + x[from + i - 2];
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
}
