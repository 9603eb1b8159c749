package io.varve.query.detect.consensus;

import io.varve.query.detect.Detector;
import io.varve.query.detect.SeasonalDetector;

/**
 * Several views of a series of which two must agree: how new the value is, how new the course of the last samples is,
 * how far their level has shifted, and how far the value lies from what is usual at its hour of the week or its time
 * of day, which are one view as they are no independent witnesses. Each score is turned into how rare it is among the
 * same detector's earlier ones ({@link Rarity}); the consensus is the mean of the two rarest. No view has a limit that
 * somebody must choose.
 *
 * <p>The score lies between 0 and 1 and is linear in decades of rarity: {@link #ALERT} says that one sample in 200 is
 * as unusual, 1 that it is one in 40,000 or fewer. It stays high as long as the series is unusual, and falls as that
 * becomes usual: what a rule with {@code for} wants. {@link OnsetDetector} makes one alert of each incident. NaN for
 * NaN, which is not learned, and for about the first hundred samples.
 *
 * <p>The settings are the same for all series; docs/anomalies.md tells how they were chosen.
 */
public final class ConsensusDetector implements Detector {

    /** The score from which a sample is an anomaly. */
    public static final double ALERT = 0.5;

    private static final double DECADES_OF_ALERT = 2.3;
    private static final int WEEKS = 4;

    private final Detector value = new ValueNovelty();
    private final Detector course = new ShapeNovelty();
    private final Detector level = new LevelShift();
    private final Detector hour = new SeasonalDetector(WEEKS);
    private final Detector day = new DayNovelty();

    private final Rarity valueRarity = new Rarity();
    private final Rarity courseRarity = new Rarity();
    private final Rarity levelRarity = new Rarity();
    private final Rarity hourRarity = new Rarity();
    private final Rarity dayRarity = new Rarity();
    private final double[] decades = new double[4]; // of a sample, a view each

    /** A detector that knows nothing. */
    public ConsensusDetector() {}

    @Override
    public double score(long timeMs, double sample) {
        if (Double.isNaN(sample)) {
            return Double.NaN;
        }
        decades[0] = valueRarity.ofScore(value.score(timeMs, sample));
        decades[1] = courseRarity.ofScore(course.score(timeMs, sample));
        decades[2] = levelRarity.ofScore(level.score(timeMs, sample));
        decades[3] =
                either(hourRarity.ofScore(hour.score(timeMs, sample)), dayRarity.ofScore(day.score(timeMs, sample)));
        return Math.min(1, ALERT * twoRarest() / DECADES_OF_ALERT);
    }

    /** The larger of two of which each may be unknown. */
    private static double either(double a, double b) {
        return Double.isNaN(a) ? b : Double.isNaN(b) ? a : Math.max(a, b);
    }

    /** Mean of the two largest; NaN where fewer than two are known. */
    private double twoRarest() {
        double first = Double.NaN;
        double second = Double.NaN;
        for (double one : decades) {
            if (Double.isNaN(one)) {
                continue;
            }
            if (Double.isNaN(first) || one > first) {
                second = first;
                first = one;
            } else if (Double.isNaN(second) || one > second) {
                second = one;
            }
        }
        return (first + second) / 2;
    }

    /** Memory at most, in bytes. */
    public static long bytes() {
        return 220_000;
    }
}
