package io.varve.codec.predict;

/**
 * Finds for a page the predictor that leaves the fewest bits: once for packing in a fixed width, by computed size, and
 * once for an entropy coder, by the entropy of the size classes. Holds scratch memory: one thread at a time.
 */
public final class PredictionAnalysis {

    /** Widths up to a byte cost an entropy coder nothing; beyond, it loses little for so many bits. */
    private static final int PLANE_BITS = 8;

    private static final int TAIL_BITS = 4;

    /** Up to this width residuals share bytes, which saves at least one bit of so many residuals. */
    private static final int SHARED_BITS = 4;

    private static final int SHARING_GAIN = 4;

    private static final Predictor[] ORDER = {Predictor.GRID, Predictor.DELTA, Predictor.NONE, Predictor.DELTA_OF_DELTA
    };

    private final ResidualWindow window = new ResidualWindow();
    private final PredictionPlan packed = new PredictionPlan();
    private final PredictionPlan coded = new PredictionPlan();

    /**
     * Analyses a page; {@link #packed()} and {@link #coded()} then hold the plans.
     *
     * @param x integers, the first one 0, without divisor
     * @param count 1 or more
     * @param scratch as long as x
     */
    public void analyse(long[] x, int count, long[] scratch) {
        packed.clear();
        coded.clear();
        for (Predictor predictor : ORDER) {
            long step = predictor == Predictor.GRID ? meanStep(x, count) : 0;
            if (predictor.given() >= count || (predictor == Predictor.GRID && step == 0)) {
                continue;
            }
            int n = count - predictor.given();
            Prediction.takeOut(predictor, x, count, step, scratch);
            window.analyse(scratch, n);
            double parameters = 16.0 * predictor.given();
            double bits = parameters + window.choose(0);
            packed.offer(predictor, step, window, bits);
            if (bits == parameters) {
                return;
            }
            double entropy = parameters + chooseForPlanes(n) + window.entropyBits();
            coded.offer(predictor, step, window, entropy);
        }
    }

    /** Leaves the window chosen for planes; returns the bits of its patches. */
    private long chooseForPlanes(int n) {
        int packedWidth = window.width();
        long shared = packedWidth < SHARED_BITS ? window.choose(SHARED_BITS) : Long.MAX_VALUE;
        long whole = window.choose(Math.max(PLANE_BITS, packedWidth + TAIL_BITS));
        return shared - n / SHARING_GAIN <= whole ? window.choose(SHARED_BITS) : whole;
    }

    /** The step of a grid from the first to the last integer, rounded: exact while jitter is small against the page. */
    private static long meanStep(long[] x, int count) {
        if (count < 2) {
            return 0;
        }
        long intervals = count - 1L;
        long span = x[count - 1];
        return Math.floorDiv(span, intervals) + (Math.floorMod(span, intervals) * 2 >= intervals ? 1 : 0);
    }

    /** The plan for packing in a fixed width; its bits are computed. */
    public PredictionPlan packed() {
        return packed;
    }

    /** The plan for an entropy coder; its bits are an estimate, and unset if packing needs none. */
    public PredictionPlan coded() {
        return coded;
    }
}
