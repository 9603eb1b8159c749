package io.varve.query.correlate;

/**
 * How alike the shapes of a candidate and a target are, at the lag at which they are most alike, and how likely the
 * candidate so is the cause. One thread.
 *
 * <pre>
 *   strength(lag) = 0.7 · |ρ of jumps| · p / (p + 6) + 0.3 · |ρ of levels|,   p: largest jump of the candidate, spreads
 *                 = |ρ of levels|                                              if the target has no jump
 *   score         = strength · timing(lag) · √(common times / times of the target)
 * </pre>
 */
final class Likeness {

    private static final double OF_JUMPS = 0.7;
    private static final double HALF_SURE = 6;
    private static final double TOGETHER = 0.95;
    private static final double LATER = 0.8;
    private static final double FARTHEST = 0.5;
    private static final int MOST_LAG = 60;

    private final Shape target;
    private final int mostLag;
    private final int least;
    private final double ofTarget;
    private int lag;
    private int common;
    private double correlation;
    private double score;

    /**
     * Candidates are compared with this.
     *
     * @param count times of the grid
     */
    Likeness(Shape target, int count) {
        this.target = target;
        this.mostLag = Math.min(MOST_LAG, count / 8);
        this.ofTarget = Math.max(1, target.levels().common(target.levels(), 0));
        this.least = (int) Math.max(Grid.LEAST / 2, ofTarget / 4);
    }

    /** Compares; whether there is anything in common. */
    boolean of(Shape candidate) {
        double best = 0;
        score = 0;
        for (int distance = 0; distance <= mostLag; distance++) {
            for (int at = distance;
                    at >= -distance;
                    at -= Math.max(1, 2 * distance)) { // earlier ones first, near first
                int both = candidate.levels().common(target.levels(), at);
                if (both < least) {
                    continue;
                }
                double levels = candidate.levels().correlation(target.levels(), at);
                double jumps = jumps(candidate, at);
                double strength = strength(candidate, levels, jumps) * Math.sqrt(Math.min(1, both / ofTarget));
                if (strength > best) {
                    best = strength;
                    lag = at;
                    common = both;
                    correlation = jumps != 0 ? jumps : levels;
                    score = strength * timing(at);
                }
            }
        }
        return score > 0;
    }

    private double jumps(Shape candidate, int at) {
        return target.jumped() && candidate.jumped() ? candidate.jumps().correlation(target.jumps(), at) : 0;
    }

    private double strength(Shape candidate, double levels, double jumps) {
        if (!target.jumped()) {
            return Math.abs(levels);
        }
        double sure = candidate.peak() / (candidate.peak() + HALF_SURE);
        return OF_JUMPS * Math.abs(jumps) * sure + (1 - OF_JUMPS) * Math.abs(levels);
    }

    /** What moved a moment earlier comes before what moved together with the target, and that before what followed. */
    private double timing(int at) {
        double near = 1 - FARTHEST * Math.max(0, Math.abs(at) - 1) / Math.max(1, mostLag);
        return at > 0 ? near : at == 0 ? TOGETHER : LATER * near;
    }

    /** By how many steps the candidate is earlier. */
    int lag() {
        return lag;
    }

    /** Times that both have at the lag. */
    int common() {
        return common;
    }

    /** Of jumps, or of levels where jumps say nothing. */
    double correlation() {
        return correlation;
    }

    /** From 0 to 1. */
    double score() {
        return score;
    }
}
