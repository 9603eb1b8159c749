package io.varve.codec.predict;

/**
 * Finds for a column the predictor that leaves the fewest bits when residuals are packed in a fixed width and outliers
 * patched, by computed size. Holds scratch memory: one thread at a time.
 */
public final class PredictionAnalysis {

    private static final Predictor[] ORDER = {Predictor.GRID, Predictor.DELTA, Predictor.NONE, Predictor.DELTA_OF_DELTA
    };

    private final ResidualWindow window = new ResidualWindow();
    private final PredictionPlan packed = new PredictionPlan();

    /**
     * Analyses a page; {@link #packed()} then holds the plan.
     *
     * @param x integers, the first one 0, without divisor
     * @param count 1 or more
     * @param scratch as long as x
     */
    public void analyse(long[] x, int count, long[] scratch) {
        packed.clear();
        for (Predictor predictor : ORDER) {
            long step = predictor == Predictor.GRID ? Prediction.meanStep(x, count) : 0;
            if (predictor.given() >= count || (predictor == Predictor.GRID && step == 0)) {
                continue;
            }
            int n = count - predictor.given();
            Prediction.takeOut(predictor, x, 0, count, step, scratch);
            window.analyse(scratch, n);
            double parameters = 16.0 * predictor.given();
            double bits = parameters + window.choose();
            packed.offer(predictor, step, window, bits);
            if (bits == parameters) {
                return;
            }
        }
    }

    /** The plan for packing in a fixed width; its bits are computed. */
    public PredictionPlan packed() {
        return packed;
    }
}
