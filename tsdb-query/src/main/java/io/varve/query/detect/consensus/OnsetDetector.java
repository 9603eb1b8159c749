package io.varve.query.detect.consensus;

import io.varve.query.detect.Detector;

/**
 * Where incidents begin: the scores of another detector, of which one that reaches the threshold makes the following
 * ones rest, so that an incident is one alert and not one a sample. A resting score is at most half of the threshold.
 * One that exceeds all since the incident began by {@link #WORSE} is another incident, which must not hide behind a
 * harmless one.
 *
 * <p>For alerts that are counted, as the benchmark and {@code varve backtest} do. A rule has its own states, and wants
 * the plain scores.
 */
public final class OnsetDetector implements Detector {

    /** Samples after the beginning of an incident that belong to it. */
    public static final int REST = 150;

    /** By how much a score exceeds those of an incident to begin another; 1 is always enough if those are lower. */
    public static final double WORSE = 0.3;

    private final Detector detector;
    private final double threshold;
    private final int rest;
    private int resting;
    private double highest;

    /**
     * Makes onsets of a detector's scores.
     *
     * @param detector whose scores lie between 0 and 1
     * @param threshold above 0, the score at which an incident begins
     * @param rest samples that an incident takes, at least 0
     */
    public OnsetDetector(Detector detector, double threshold, int rest) {
        if (!(threshold > 0) || rest < 0) {
            throw new IllegalArgumentException(
                    "a threshold must be above 0, a rest at least 0: threshold=" + threshold + ", rest=" + rest);
        }
        this.detector = detector;
        this.threshold = threshold;
        this.rest = rest;
    }

    /** Onsets of the consensus, with its threshold: what the figures of the benchmark are measured with. */
    public static OnsetDetector ofConsensus() {
        return new OnsetDetector(new ConsensusDetector(), ConsensusDetector.ALERT, REST);
    }

    @Override
    public double score(long timeMs, double value) {
        double score = detector.score(timeMs, value);
        boolean isWorse = score > highest && score >= Math.min(1, highest + WORSE);
        if (resting > 0 && !(isWorse && score >= threshold)) {
            resting--;
            highest = score > highest ? score : highest; // a NaN is none
            return Math.min(score, threshold) / 2;
        }
        if (score >= threshold) {
            resting = rest;
            highest = score;
        }
        return score;
    }
}
