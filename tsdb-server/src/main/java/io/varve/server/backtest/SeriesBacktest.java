package io.varve.server.backtest;

import io.varve.query.detect.Detector;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** One series under its detector: what it would have alerted, counted sample by sample. */
final class SeriesBacktest {

    /**
     * A moment with a high score.
     *
     * @param timeMs of the sample
     * @param value its value
     * @param score without its sign
     */
    record Moment(long timeMs, double value, double score) {}

    static final int MOST_MOMENTS = 3;

    /** Moments that lie closer than this are one. */
    private static final long APART_MS = 3_600_000;

    private final String name;
    private final BacktestSettings settings;
    private final Detector detector;
    private final ScoreCounts scores = new ScoreCounts();
    private final List<Moment> moments = new ArrayList<>(MOST_MOMENTS + 1);
    private long samples;
    private long scored;
    private long alerts;
    private long alertingMs;
    private long firstMs;
    private long lastMs;
    private long sinceMs;
    private boolean isPending;
    private boolean isAlerting;

    SeriesBacktest(String name, BacktestSettings settings) {
        this.name = name;
        this.settings = settings;
        this.detector = settings.detector().make();
    }

    void take(long timeMs, double value) {
        samples++;
        double score = Math.abs(detector.score(timeMs, value));
        if (Double.isNaN(score)) {
            return; // neither begins nor ends anything
        }
        firstMs = scored == 0 ? timeMs : firstMs;
        alertingMs += isAlerting ? timeMs - lastMs : 0;
        lastMs = timeMs;
        scored++;
        scores.add(score);
        if (score < settings.threshold()) {
            isPending = false;
            isAlerting = false;
        } else {
            sinceMs = isPending ? sinceMs : timeMs;
            isPending = true;
            boolean isLongEnough = timeMs - sinceMs >= settings.forMs();
            alerts += isLongEnough && !isAlerting ? 1 : 0;
            isAlerting |= isLongEnough;
        }
        keep(timeMs, value, score);
    }

    private void keep(long timeMs, double value, double score) {
        if (moments.size() == MOST_MOMENTS
                && score <= moments.get(MOST_MOMENTS - 1).score()) {
            return;
        }
        for (Moment moment : moments) {
            if (timeMs - moment.timeMs() < APART_MS && moment.score() >= score) {
                return;
            }
        }
        moments.removeIf(moment -> timeMs - moment.timeMs() < APART_MS);
        moments.add(new Moment(timeMs, value, score));
        moments.sort(Comparator.comparingDouble(Moment::score).reversed());
        if (moments.size() > MOST_MOMENTS) {
            moments.remove(MOST_MOMENTS);
        }
    }

    String name() {
        return name;
    }

    long samples() {
        return samples;
    }

    long scored() {
        return scored;
    }

    long alerts() {
        return alerts;
    }

    /** Time of the first sample that has a score, and of the last one; only of a series that has some. */
    long firstMs() {
        return firstMs;
    }

    long lastMs() {
        return lastMs;
    }

    /** From the first score to the last one. */
    long coveredMs() {
        return lastMs - firstMs;
    }

    long alertingMs() {
        return alertingMs;
    }

    ScoreCounts scores() {
        return scores;
    }

    /** The highest scores, the highest first. */
    List<Moment> moments() {
        return moments;
    }
}
