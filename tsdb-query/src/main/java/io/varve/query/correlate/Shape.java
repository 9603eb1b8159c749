package io.varve.query.correlate;

import io.varve.query.detect.RobustScale;
import java.util.Arrays;

/**
 * What is compared of a series on a grid: the ranks of its levels, and the ranks of its jumps. A jump is the
 * difference of the medians of {@link #SIDE} values behind and before a time, in robust spreads of all such
 * differences of the series; less than {@link #NOISE} of them are none, nor is what is small beside the largest. So a
 * series that has always risen has no jumps, nor has noise, while a step has one, of which the time shows. Reused for
 * one series after the other; one thread.
 */
final class Shape {

    /** Values on either side of a jump. */
    static final int SIDE = 5;

    /** Spreads that a difference must have to be a jump. */
    static final double NOISE = 3;

    /** Part of the largest jump of a series that another one of it must have. */
    private static final double PART_OF_PEAK = 0.2;

    /** Values on either side at least: of two, one alone could move the median. */
    private static final int LEAST_SIDE = 3;

    private final int count;
    private final Ranks levels;
    private final Ranks jumps;
    private final double[] differences;
    private final double[] scratch;
    private final double[] side = new double[SIDE];
    private final RobustScale scale = new RobustScale();
    private double peak;

    /** A shape for a grid of so many times. */
    Shape(int count) {
        this.count = count;
        this.levels = new Ranks(count);
        this.jumps = new Ranks(count);
        this.differences = new double[count];
        this.scratch = new double[count];
    }

    /** Memory of a shape, in bytes. */
    static long bytes(int count) {
        return 100L * count;
    }

    /**
     * Takes a series.
     *
     * @param values as many as the grid has times; NaN for none
     * @return whether it moved at all
     */
    boolean of(double[] values) {
        boolean moved = levels.of(values);
        int known = 0;
        for (int i = 0; i < count; i++) {
            differences[i] = difference(values, i);
            if (!Double.isNaN(differences[i])) {
                scratch[known++] = differences[i];
            }
        }
        peak = 0;
        if (known > 0) {
            scale.of(scratch, 0, known);
            for (int i = 0; i < count; i++) {
                differences[i] = (differences[i] - scale.location()) / scale.scale();
                peak = Math.abs(differences[i]) > peak ? Math.abs(differences[i]) : peak; // NaN is not
            }
            double least = Math.max(NOISE, PART_OF_PEAK * peak); // ranks would take a small jump for a large one
            for (int i = 0; i < count; i++) {
                differences[i] = Math.signum(differences[i]) * Math.max(0, Math.abs(differences[i]) - least);
            }
        }
        jumps.of(differences);
        return moved;
    }

    private double difference(double[] values, int at) {
        int before = gather(values, at - SIDE, at);
        double left = before < LEAST_SIDE ? Double.NaN : median(before);
        int behind = gather(values, at, at + SIDE);
        if (behind < LEAST_SIDE || Double.isNaN(left)) {
            return Double.NaN;
        }
        return (median(behind) - left) / Math.sqrt(1.0 / before + 1.0 / behind);
    }

    private int gather(double[] values, int from, int to) {
        int found = 0;
        for (int i = Math.max(0, from); i < Math.min(count, to); i++) {
            if (!Double.isNaN(values[i])) {
                side[found++] = values[i];
            }
        }
        return found;
    }

    private double median(int found) {
        Arrays.sort(side, 0, found);
        return side[(found - 1) / 2] * 0.5 + side[found / 2] * 0.5;
    }

    Ranks levels() {
        return levels;
    }

    Ranks jumps() {
        return jumps;
    }

    /** The largest jump, in spreads; whether there is one is told by {@link #jumped}. */
    double peak() {
        return peak;
    }

    /** Whether there is a jump. */
    boolean jumped() {
        return peak > NOISE;
    }
}
