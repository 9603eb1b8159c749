package io.varve.query.kernel;

import java.util.Arrays;

/**
 * Sums of runs of values with the rounding errors collected beside them, in several lanes: value i goes to lane i
 * modulo their number, so that an addition waits for none but those of its own lane, and the lanes are added up in the
 * end. The error of each addition is exact (D. E. Knuth, The Art of Computer Programming 2, 4.2.2, theorem B), so that
 * the result is as good as that of {@link CompensatedSum}. Where it would not be finite, values are added one after
 * the other instead: infinities, NaN and overflows give what they give there. A result depends on the values alone.
 * One thread.
 */
final class LaneSum {

    /** Below this number of values lanes cost more than they bring. */
    private static final int FEW = 16;

    /** Lanes of long runs: as many as the compiler's vector loops need to be worth their beginning and end. */
    private static final int LANES = 256;

    private static final int LONG_RUN = 2 * LANES;
    private static final double[] NONE = {};

    private final CompensatedSum plain = new CompensatedSum();
    private double[] sums = NONE;
    private double[] errors = NONE;
    private double[] more = NONE;
    private double sum;
    private double error;

    /** The sum of at least one value, from one index to before another. */
    double sum(double[] values, int from, int to) {
        return total(values, from, to) ? sum + error : oneByOne(values, from, to);
    }

    /**
     * Adds up at least one value.
     *
     * @return whether the sum is finite; {@link #value} is it then
     */
    boolean total(double[] values, int from, int to) {
        int count = to - from;
        if (count < FEW) {
            oneByOne(values, from, to);
        } else if (count < LONG_RUN) {
            fourLanes(values, from, to);
        } else {
            manyLanes(values, from, to);
        }
        return Double.isFinite(sum + error);
    }

    /** The sum that was added up last. */
    double value() {
        return sum + error;
    }

    private double oneByOne(double[] values, int from, int to) {
        plain.reset(values[from]);
        for (int i = from + 1; i < to; i++) {
            plain.add(values[i]);
        }
        sum = plain.value();
        error = 0;
        return sum;
    }

    private void fourLanes(double[] values, int from, int to) {
        double s0 = 0;
        double s1 = 0;
        double s2 = 0;
        double s3 = 0;
        double e0 = 0;
        double e1 = 0;
        double e2 = 0;
        double e3 = 0;
        int i = from;
        for (; i <= to - 4; i += 4) {
            double t0 = s0 + values[i];
            double t1 = s1 + values[i + 1];
            double t2 = s2 + values[i + 2];
            double t3 = s3 + values[i + 3];
            e0 += lost(s0, values[i], t0);
            e1 += lost(s1, values[i + 1], t1);
            e2 += lost(s2, values[i + 2], t2);
            e3 += lost(s3, values[i + 3], t3);
            s0 = t0;
            s1 = t1;
            s2 = t2;
            s3 = t3;
        }
        sum = s0;
        error = (e0 + e1) + (e2 + e3);
        addOne(s1);
        addOne(s2);
        addOne(s3);
        for (; i < to; i++) {
            addOne(values[i]);
        }
    }

    private void addOne(double value) {
        double next = sum + value;
        error += lost(sum, value, next);
        sum = next;
    }

    private void manyLanes(double[] values, int from, int to) {
        if (sums.length == 0) {
            sums = new double[LANES];
            errors = new double[LANES];
            more = new double[LANES];
        }
        System.arraycopy(values, from, sums, 0, LANES);
        Arrays.fill(errors, 0);
        // Copied first, so that all arrays of the loop have one index: otherwise the compiler of JDK 17 sees no
        // vectors.
        for (int i = from + LANES; i < to; i += LANES) {
            int n = Math.min(LANES, to - i);
            System.arraycopy(values, i, more, 0, n);
            add(sums, errors, more, n);
        }
        int lanes = LANES;
        while (lanes > FEW) {
            lanes >>= 1;
            System.arraycopy(sums, lanes, more, 0, lanes);
            add(sums, errors, more, lanes);
            System.arraycopy(errors, lanes, more, 0, lanes);
            add(errors, more, lanes);
        }
        sum = 0;
        error = 0;
        for (int lane = 0; lane < lanes; lane++) {
            addOne(sums[lane]);
            error += errors[lane];
        }
    }

    private static void add(double[] sums, double[] errors, double[] more, int n) {
        for (int lane = 0; lane < n; lane++) {
            double old = sums[lane];
            double value = more[lane];
            double next = old + value;
            errors[lane] += lost(old, value, next);
            sums[lane] = next;
        }
    }

    private static void add(double[] target, double[] more, int n) {
        for (int lane = 0; lane < n; lane++) {
            target[lane] += more[lane];
        }
    }

    /** What {@code next = old + value} lost by rounding. */
    private static double lost(double old, double value, double next) {
        double taken = next - old;
        return (old - (next - taken)) + (value - taken);
    }
}
