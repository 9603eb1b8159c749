package io.varve.codec.predict;

/** A predictor with its parameters, as the analysis chose it. Mutable and reused; one thread at a time. */
public final class PredictionPlan {

    private Predictor predictor = Predictor.NONE;
    private long step;
    private long base;
    private int width;
    private double bits = Double.MAX_VALUE;

    void clear() {
        bits = Double.MAX_VALUE;
    }

    void offer(Predictor offered, long offeredStep, long offeredBase, int offeredWidth, double offeredBits) {
        if (offeredBits < bits) {
            predictor = offered;
            step = offeredStep;
            base = offeredBase;
            width = offeredWidth;
            bits = offeredBits;
        }
    }

    /** The predictor. */
    public Predictor predictor() {
        return predictor;
    }

    /** Step of the grid. */
    public long step() {
        return step;
    }

    /** What is taken from each residual; those outside base .. base + 2^width - 1 are patched. */
    public long base() {
        return base;
    }

    /** Bits of the residuals that are not patched. */
    public int width() {
        return width;
    }

    /** Computed size of the residuals. */
    public double bits() {
        return bits;
    }
}
