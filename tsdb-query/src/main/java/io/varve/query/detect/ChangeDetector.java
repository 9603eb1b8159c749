package io.varve.query.detect;

/**
 * Whether the level has changed: two-sided cumulative sums (E. S. Page, "Continuous inspection schemes", Biometrika 41,
 * 1954) of what samples lie above or below a reference by more than {@link #SLACK} of its spreads. Time is cut into
 * halves of a window, (k·w/2, (k+1)·w/2]; the samples of one half are the reference ({@link RobustScale}) of the
 * next, in which sums begin at 0. What a single sample adds is cut off at {@link #MOST_DEVIATION} spreads, so that an
 * outlier is no change.
 *
 * <p>The score is the larger sum, negative if it is the one of lower samples, and lies between ±{@link
 * RobustScale#MOST_SCORE}. Page's usual limit is 5; an independent normal series reaches it once in about 465
 * samples, and 8 once in about 9,600. It is NaN for NaN, which is not learned, and where there are fewer than {@link
 * #LEAST_REFERENCE} samples in the half before.
 */
public final class ChangeDetector implements Detector {

    /** Deviation from the reference that is none, in spreads: half of the smallest change that is looked for. */
    public static final double SLACK = 0.5;

    /** What counts of a deviation at most, in spreads. */
    public static final double MOST_DEVIATION = 3;

    /** Samples of the half before that are needed. */
    public static final int LEAST_REFERENCE = 10;

    private final long half;
    private final ThinnedSamples samples = new ThinnedSamples();
    private final RobustScale reference = new RobustScale();
    private boolean known;
    private long part = Long.MIN_VALUE;
    private long last = Long.MIN_VALUE;
    private double above;
    private double below;

    /**
     * A detector that knows nothing.
     *
     * @param windowMs length of the reference and of what is compared with it, together, milliseconds
     */
    public ChangeDetector(long windowMs) {
        if (windowMs <= 0) {
            throw new IllegalArgumentException("a window must be above zero: windowMs=" + windowMs);
        }
        this.half = Math.max(1, windowMs / 2);
    }

    @Override
    public double score(long timeMs, double value) {
        if (Double.isNaN(value)) {
            return Double.NaN;
        }
        last = Math.max(last, Math.max(timeMs, Long.MIN_VALUE + 1));
        long now = Math.floorDiv(last - 1, half);
        if (now != part) {
            known = now - part == 1 && samples.size() >= LEAST_REFERENCE;
            if (known) {
                samples.measure(reference);
            }
            samples.clear();
            above = 0;
            below = 0;
            part = now;
        }
        samples.add(RobustScale.cut(value));
        if (!known) {
            return Double.NaN;
        }
        double deviation = Math.max(-MOST_DEVIATION, Math.min(MOST_DEVIATION, reference.score(value)));
        above = Math.max(0, above + deviation - SLACK);
        below = Math.max(0, below - deviation - SLACK);
        double score = Math.min(RobustScale.MOST_SCORE, Math.max(above, below));
        return above >= below ? score : -score;
    }

    /** Memory at most, in bytes. */
    public static long bytes() {
        return 40L * ThinnedSamples.MOST;
    }
}
