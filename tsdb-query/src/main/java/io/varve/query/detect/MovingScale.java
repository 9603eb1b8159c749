package io.varve.query.detect;

/**
 * A slowly moving mean and mean absolute deviation of all samples so far: plain averages of the first samples,
 * exponentially forgetting ones from then on. Three numbers of memory. A sample counts at most as {@link #MOST_STEP}
 * deviations, so that one explosion doesn't blind it for the rest.
 */
public final class MovingScale {

    /** Deviations beyond this say no more than this, in mean deviations. */
    static final double MOST_DEVIATION = 1e6;

    private static final double MOST_STEP = 50;

    private final int memory;
    private long seen;
    private double mean;
    private double spread;

    /**
     * One that learned nothing.
     *
     * @param memory samples after which old ones are forgotten by the factor e
     */
    public MovingScale(int memory) {
        this.memory = memory;
    }

    /** Signed deviation from the mean in mean deviations; 0 where there is no difference or nothing was learned. */
    public double deviation(double value) {
        double difference = RobustScale.cut(value) - mean;
        if (seen == 0 || difference == 0) {
            return 0;
        }
        double deviation = spread == 0 ? Math.copySign(MOST_DEVIATION, difference) : difference / spread;
        return Math.max(-MOST_DEVIATION, Math.min(MOST_DEVIATION, deviation));
    }

    /** Learns a value that is not NaN. */
    public void learn(double value) {
        seen++;
        if (seen == 1) {
            mean = RobustScale.cut(value);
            return;
        }
        double share = 1.0 / Math.min(seen, memory);
        double difference = RobustScale.cut(value) - mean;
        double limit = spread > 0 ? MOST_STEP * spread : Math.abs(difference);
        double step = Math.max(-limit, Math.min(limit, difference));
        mean += share * step;
        spread += share * (Math.abs(step) - spread);
    }
}
