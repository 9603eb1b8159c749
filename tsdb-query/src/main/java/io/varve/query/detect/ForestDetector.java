package io.varve.query.detect;

import com.amazon.randomcutforest.RandomCutForest;

/**
 * A random cut forest over the last samples (S. Guha, N. Mishra, G. Roy, O. Schrijvers, "Robust random cut forest
 * based anomaly detection on streams", ICML 2016): how much easier than its peers the vector of the last {@link
 * #SHINGLE} samples is cut off from the vectors that a forest of {@link #TREES} trees remembers.
 *
 * <p>Samples enter as deviations from a slowly moving mean in slowly moving mean deviations, cut off at ±{@link
 * #MOST_DEVIATION}, so that no scale is too large or too small for the forest's floats. The score is the forest's,
 * divided by its largest value log2({@link #MEMORY} + 1): it lies between 0 and 1, usual samples have about 0.1. It is
 * NaN for NaN, which is not learned, and for the first {@link #LEAST_SAMPLES} samples. Infinities count as the largest
 * doubles.
 *
 * <p>Costs some ten microseconds and about 200 kB a series; figures stand in docs/performance.md.
 */
public final class ForestDetector implements Detector {

    /** Samples that are looked at together. */
    public static final int SHINGLE = 8;

    /** Trees of the forest. */
    public static final int TREES = 30;

    /** Vectors that a tree remembers, a sample of all that prefers newer ones. */
    public static final int MEMORY = 256;

    /** Samples that are learned before the first score. */
    public static final int LEAST_SAMPLES = 64;

    /** Deviation from the mean that is the largest, in mean deviations. */
    public static final double MOST_DEVIATION = 20;

    private static final long SEED = 0x5ba2_afd0L;
    private static final double MOST_SCORE = Math.log(MEMORY + 1) / Math.log(2);

    private final RandomCutForest forest = RandomCutForest.builder()
            .dimensions(SHINGLE)
            .shingleSize(1)
            .numberOfTrees(TREES)
            .sampleSize(MEMORY)
            .outputAfter(LEAST_SAMPLES - SHINGLE)
            .timeDecay(1.0 / (10 * MEMORY))
            .randomSeed(SEED)
            .parallelExecutionEnabled(false)
            .internalShinglingEnabled(false)
            .build();
    private final MovingScale scale = new MovingScale(4 * MEMORY);
    private final float[] shingle = new float[SHINGLE];
    private long seen;

    /** A detector that knows nothing. */
    public ForestDetector() {}

    @Override
    public double score(long timeMs, double value) {
        if (Double.isNaN(value)) {
            return Double.NaN;
        }
        double deviation = scale.deviation(value);
        System.arraycopy(shingle, 1, shingle, 0, SHINGLE - 1);
        shingle[SHINGLE - 1] = (float) Math.max(-MOST_DEVIATION, Math.min(MOST_DEVIATION, deviation));
        scale.learn(value);
        if (++seen < SHINGLE) {
            return Double.NaN;
        }
        double score = seen <= LEAST_SAMPLES ? Double.NaN : forest.getAnomalyScore(shingle) / MOST_SCORE;
        forest.update(shingle);
        return Double.isNaN(score) ? Double.NaN : Math.max(0, Math.min(1, score));
    }

    /** Memory at most, in bytes. */
    public static long bytes() {
        return 250_000;
    }
}
