package io.varve.codec.predict;

/**
 * Finds for a column the predictor that leaves the fewest bits when residuals are packed in a fixed width and outliers
 * patched. Predictors of a long column are compared on a sample; the window of the best one is then computed on all of
 * it, unless the sample is as wide as the whole, so that there are no outliers. Holds scratch memory: one thread at a
 * time.
 */
public final class PredictionAnalysis {

    private static final Predictor[] ORDER = {Predictor.GRID, Predictor.DELTA, Predictor.NONE, Predictor.DELTA_OF_DELTA
    };

    /** Columns up to this length are compared whole. */
    private static final int WHOLE = 512;

    /** A sample of a longer one: so many runs of so many residuals. */
    private static final int RUNS = 4;

    private static final int RUN = 64;

    /** What a parameter costs, in bits. */
    private static final int PARAMETER_BITS = 16;

    private final ResidualWindow window = new ResidualWindow();
    private final PredictionPlan packed = new PredictionPlan();
    private final long[] run = new long[RUN];
    private final long[] sample = new long[RUNS * RUN];

    /**
     * Analyses a page; {@link #packed()} then holds the plan.
     *
     * @param x integers, the first one 0, without divisor
     * @param count 1 or more
     * @param scratch as long as x
     */
    public void analyse(long[] x, int count, long[] scratch) {
        packed.clear();
        long step = Prediction.meanStep(x, count);
        for (Predictor predictor : ORDER) {
            if (predictor.given() < count && (predictor != Predictor.GRID || step != 0)) {
                offer(predictor, predictor == Predictor.GRID ? step : 0, x, count, scratch);
                if (packed.width() == 0 && packed.bits() == PARAMETER_BITS * predictor.given()) {
                    break;
                }
            }
        }
        if (count > WHOLE) {
            planWhole(x, count, scratch);
        }
    }

    private void offer(Predictor predictor, long step, long[] x, int count, long[] scratch) {
        int n = count - predictor.given();
        long[] residuals = scratch;
        if (count > WHOLE) {
            n = sample(predictor, step, x, count);
            residuals = sample;
        } else {
            Prediction.takeOut(predictor, x, 0, count, step, scratch);
        }
        window.analyse(residuals, n);
        double bits = window.choose() + (double) PARAMETER_BITS * predictor.given();
        packed.offer(predictor, step, window.base(), window.width(), bits);
    }

    private int sample(Predictor predictor, long step, long[] x, int count) {
        int n = RUN - predictor.given();
        for (int i = 0; i < RUNS; i++) {
            int from = (int) ((long) (count - RUN) * i / (RUNS - 1));
            Prediction.takeOut(predictor, x, from, RUN, step, run);
            System.arraycopy(run, 0, sample, i * n, n);
        }
        return RUNS * n;
    }

    /** The window for all residuals of the predictor that is best on the sample. */
    private void planWhole(long[] x, int count, long[] scratch) {
        Predictor predictor = packed.predictor();
        long step = packed.step();
        int sampled = packed.width();
        Prediction.takeOut(predictor, x, 0, count, step, scratch);
        int n = count - predictor.given();
        long least = scratch[0];
        long most = least;
        for (int i = 1; i < n; i++) {
            least = Math.min(least, scratch[i]);
            most = Math.max(most, scratch[i]);
        }
        int width = Long.SIZE - Long.numberOfLeadingZeros(most - least);
        packed.clear();
        packed.offer(predictor, step, least, width, (double) n * width);
        if (width > sampled + 1) {
            window.analyse(scratch, n);
            double bits = window.choose();
            packed.offer(predictor, step, window.base(), window.width(), bits);
        }
    }

    /** The plan for packing in a fixed width. */
    public PredictionPlan packed() {
        return packed;
    }
}
