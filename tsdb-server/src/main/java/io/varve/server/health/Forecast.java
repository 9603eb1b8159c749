package io.varve.server.health;

import java.util.Arrays;
import java.util.function.DoubleSupplier;

/**
 * Says from the trend of a use when it will reach a bound. It keeps at most {@value #MOST} observations: at first one
 * every five seconds; whenever they are full every second one goes and the distance doubles, up to a quarter of an
 * hour, so that they reach back at most {@value #MOST} quarters of an hour (a day). From then on the oldest goes.
 *
 * <p>The trend is the median of the slopes between all pairs of observations (Theil and Sen), which up to 29 % of wild
 * observations do not move: a merge or a moment of load is no trend. Any thread.
 */
final class Forecast {

    /** Most observations that are kept. */
    static final int MOST = 96;

    /** Fewest from which a trend is told. */
    static final int LEAST = 5;

    private static final long FIRST_DISTANCE = 5_000_000_000L;
    private static final long LONGEST_DISTANCE = 900_000_000_000L;
    private static final double NANOS = 1e9;

    private final long[] times = new long[MOST];
    private final double[] values = new double[MOST];
    private int count;
    private long distance = FIRST_DISTANCE;

    /**
     * Takes note of a use, if it is time for another observation.
     *
     * @param nanoTime by a clock that nobody sets
     * @param use asked only then; NaN is left out
     */
    synchronized void observe(long nanoTime, DoubleSupplier use) {
        if (count > 0 && nanoTime - times[count - 1] < distance) {
            return;
        }
        double value = use.getAsDouble();
        if (Double.isNaN(value)) {
            return;
        }
        if (count == MOST) {
            makeRoom();
            if (nanoTime - times[count - 1] < distance) {
                return;
            }
        }
        times[count] = nanoTime;
        values[count] = value;
        count++;
    }

    private void makeRoom() {
        if (distance >= LONGEST_DISTANCE) {
            System.arraycopy(times, 1, times, 0, MOST - 1);
            System.arraycopy(values, 1, values, 0, MOST - 1);
            count--;
            return;
        }
        int kept = 0;
        for (int i = 1; i < MOST; i += 2) { // the newest stays
            times[kept] = times[i];
            values[kept++] = values[i];
        }
        count = kept;
        distance = Math.min(LONGEST_DISTANCE, 2 * distance);
    }

    /**
     * Seconds from the newest observation until the bound is reached.
     *
     * @return 0 if it is reached, positive infinity if the use does not grow, NaN while fewer than {@value #LEAST}
     *     observations are there
     */
    synchronized double secondsUntil(double bound) {
        if (count > 0 && values[count - 1] >= bound) {
            return 0;
        }
        if (count < LEAST) {
            return Double.NaN;
        }
        double slope = slope();
        return slope > 0 ? (bound - values[count - 1]) / slope : Double.POSITIVE_INFINITY;
    }

    /** Growth a second. */
    private double slope() {
        double[] slopes = new double[count * (count - 1) / 2];
        int at = 0;
        for (int i = 0; i < count; i++) {
            for (int j = i + 1; j < count; j++) {
                slopes[at++] = (values[j] - values[i]) / ((times[j] - times[i]) / NANOS);
            }
        }
        Arrays.sort(slopes);
        int middle = slopes.length / 2;
        return slopes.length % 2 == 1 ? slopes[middle] : (slopes[middle - 1] + slopes[middle]) / 2;
    }
}
