package io.varve.query.detect;

import java.util.Arrays;

/**
 * What is usual at an hour of the week. The level is a median over the same hours of the week, shrunk towards that
 * over the same hours of the day, and this towards that over all hours: a mean of n hours' level and the wider one,
 * with the weights n and κ = {@link #KAPPA} (the weights of empirical Bayes: B. Efron and C. Morris, "Stein's paradox
 * in statistics", Scientific American 236, 1977). The scale joins two spreads as the hypotenuse: that within the
 * hours, shrunk in the same way, and that of hours around their own baseline, over all hours.
 *
 * <p>Reused for one baseline after the other; one thread.
 */
public final class SeasonalBaseline {

    /** How many hours of its own weigh as much as what is known of wider classes of hours. */
    public static final int KAPPA = 1;

    /** Hours with samples that are needed. */
    public static final int LEAST_HOURS = 24;

    private static final int DAY = 24;
    private static final int WEEK = 168;
    /** Monday is the first day of a week; the epoch was a Thursday. */
    private static final int EPOCH = 72;

    private final int[] ends = new int[WEEK];
    private final double[] baselines = new double[WEEK];
    private final double[] ofDay = new double[DAY];
    private int[] order = new int[64];
    private double[] scratch = new double[64];
    private double location = Double.NaN;
    private double scale = Double.NaN;

    /** A column of hours. */
    @FunctionalInterface
    private interface Column {
        double at(HourlyLevels hours, int index);
    }

    /** The hour of the week of an hour since the epoch, from Monday 0:00 UTC. */
    static int cell(long hour) {
        return Math.floorMod(hour + EPOCH, WEEK);
    }

    /**
     * Computes what is usual.
     *
     * @param hours what is known
     * @param from first hour that counts
     * @param to behind the last hour that counts
     * @param hour the hour in question, since the epoch
     * @return whether there were enough hours; if not, nothing has changed
     */
    public boolean of(HourlyLevels hours, int from, int to, long hour) {
        int count = to - from;
        if (count < LEAST_HOURS) {
            return false;
        }
        if (order.length < count) {
            order = new int[Math.max(count, 2 * order.length)];
            scratch = new double[order.length];
        }
        sortByCell(hours, from, to);
        int cell = cell(hour);
        double all = overall(hours, HourlyLevels::spread, count);
        double within = shrunk(hours, HourlyLevels::spread, cell, ofDay(hours, HourlyLevels::spread, cell % DAY, all));
        double level = overall(hours, HourlyLevels::level, count);
        for (int i = 0; i < DAY; i++) {
            ofDay[i] = ofDay(hours, HourlyLevels::level, i, level);
        }
        for (int i = 0; i < WEEK; i++) {
            baselines[i] = shrunk(hours, HourlyLevels::level, i, ofDay[i % DAY]);
        }
        location = baselines[cell];
        scale = RobustScale.floored(Math.hypot(within, between(hours, count)), location);
        return true;
    }

    /** Puts hours in the order of their cells, so that those of a cell stand beside each other. */
    private void sortByCell(HourlyLevels hours, int from, int to) {
        Arrays.fill(ends, 0);
        for (int i = from; i < to; i++) {
            ends[cell(hours.hour(i))]++;
        }
        int sum = 0;
        for (int i = 0; i < WEEK; i++) {
            sum += ends[i];
            ends[i] = sum - ends[i];
        }
        for (int i = from; i < to; i++) {
            order[ends[cell(hours.hour(i))]++] = i;
        }
    }

    private int start(int cell) {
        return cell == 0 ? 0 : ends[cell - 1];
    }

    private double overall(HourlyLevels hours, Column column, int count) {
        for (int i = 0; i < count; i++) {
            scratch[i] = column.at(hours, order[i]);
        }
        return median(count);
    }

    private double ofDay(HourlyLevels hours, Column column, int hourOfDay, double wider) {
        int count = 0;
        for (int cell = hourOfDay; cell < WEEK; cell += DAY) {
            for (int i = start(cell); i < ends[cell]; i++) {
                scratch[count++] = column.at(hours, order[i]);
            }
        }
        return shrunk(count, wider);
    }

    private double shrunk(HourlyLevels hours, Column column, int cell, double wider) {
        int count = 0;
        for (int i = start(cell); i < ends[cell]; i++) {
            scratch[count++] = column.at(hours, order[i]);
        }
        return shrunk(count, wider);
    }

    private double shrunk(int count, double wider) {
        if (count == 0) {
            return wider;
        }
        double weight = count / (double) (count + KAPPA);
        return weight * median(count) + (1 - weight) * wider;
    }

    /** How far the levels of hours spread around their baselines. */
    private double between(HourlyLevels hours, int count) {
        double sum = 0;
        for (int i = 0; i < count; i++) {
            int hour = order[i];
            scratch[i] = Math.abs(hours.level(hour) - baselines[cell(hours.hour(hour))]);
            sum += scratch[i];
        }
        double middle = median(count);
        return middle > 0 ? RobustScale.CONSISTENCY * middle : RobustScale.MEAN_CONSISTENCY * (sum / count);
    }

    private double median(int count) {
        Arrays.sort(scratch, 0, count);
        return RobustScale.middle(scratch[(count - 1) / 2], scratch[count / 2]);
    }

    /** What is usual. */
    public double location() {
        return location;
    }

    /** How far samples usually lie from it, above zero. */
    public double scale() {
        return scale;
    }

    /** How many scales a value lies above what is usual, cut off at ±{@link RobustScale#MOST_SCORE}; NaN for NaN. */
    public double score(double value) {
        return RobustScale.score(value, location, scale);
    }
}
