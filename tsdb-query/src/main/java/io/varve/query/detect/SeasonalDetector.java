package io.varve.query.detect;

/**
 * How far a sample lies from what is usual at its hour of the week ({@link SeasonalBaseline}), by the hours before
 * its own.
 *
 * <p>The score is signed and lies between ±{@link RobustScale#MOST_SCORE}. It is NaN for NaN, which is not learned, and
 * while there are fewer than {@link SeasonalBaseline#LEAST_HOURS} hours with samples.
 */
public final class SeasonalDetector implements Detector {

    private static final int WEEK = 168;
    private static final int MOST_WEEKS = 520;
    private static final long HOUR_MS = 3_600_000;

    private final int span;
    private final HourlyLevels hours;
    private final SeasonalBaseline baseline = new SeasonalBaseline();
    private long last = Long.MIN_VALUE;
    private long hour = Long.MIN_VALUE;
    private boolean known;

    /**
     * A detector that knows nothing.
     *
     * @param weeks how far back hours count, 1 to 520
     */
    public SeasonalDetector(int weeks) {
        if (weeks < 1 || weeks > MOST_WEEKS) {
            throw new IllegalArgumentException("weeks lie from 1 to " + MOST_WEEKS + ": weeks=" + weeks);
        }
        this.span = weeks * WEEK;
        this.hours = new HourlyLevels(span + span / 4);
    }

    @Override
    public double score(long timeMs, double value) {
        if (Double.isNaN(value)) {
            return Double.NaN;
        }
        last = Math.max(last, Math.max(timeMs, Long.MIN_VALUE + HOUR_MS));
        long now = Math.floorDiv(last - 1, HOUR_MS);
        boolean isNew = now != hour;
        hours.add(now, value); // which does not count before its hour is complete
        if (isNew) {
            hour = now;
            known = baseline.of(hours, hours.from(now - span), hours.size(), now);
        }
        return known ? baseline.score(value) : Double.NaN;
    }
}
