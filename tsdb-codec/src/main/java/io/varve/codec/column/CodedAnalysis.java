package io.varve.codec.column;

import io.varve.codec.entropy.BinPlanner;
import io.varve.codec.entropy.Bins;
import io.varve.codec.entropy.ResidualSort;
import io.varve.codec.predict.Prediction;
import io.varve.codec.predict.Predictor;

/**
 * Finds the predictor whose residuals take the fewest bits in bins: each predictor is judged on a sample of the column,
 * the best one is then planned on all of it. Holds scratch memory: one thread at a time.
 */
final class CodedAnalysis {

    private static final Predictor[] ORDER = {Predictor.DELTA, Predictor.NONE, Predictor.GRID, Predictor.DELTA_OF_DELTA
    };

    /** A sample is so many runs of so many residuals. */
    private static final int RUNS = 4;

    private static final int RUN = 512;

    /** Outliers that are patched if that saves the rest from wide bins: one in so many. */
    private static final int OUTLIERS = 64;

    /** Bits of a patch: a gap and a wide value. */
    private static final int PATCH_BITS = 72;

    /** A range that a table's entries still hold, with some room. */
    private static final int RANGE_BITS = 48;

    private final long[] sample = new long[RUNS * RUN];
    private final ResidualSort sorting;
    private final BinPlanner planner = new BinPlanner();
    private final CodedPlan plan = new CodedPlan();
    private long[] sorted = sample;
    private int kept;

    CodedAnalysis(int capacity) {
        sorting = new ResidualSort(Math.max(capacity, RUNS * RUN));
    }

    CodedPlan plan() {
        return plan;
    }

    /**
     * Analyses a column.
     *
     * @param x integers, the first one 0, without divisor
     * @param scratch as long as x
     */
    void analyse(long[] x, int count, long[] scratch) {
        Predictor best = Predictor.NONE;
        double least = Double.MAX_VALUE;
        for (Predictor predictor : ORDER) {
            long step = predictor == Predictor.GRID ? Prediction.meanStep(x, count) : 0;
            if (predictor.given() >= count || (predictor == Predictor.GRID && step == 0)) {
                continue;
            }
            int n = count - predictor.given();
            Prediction.takeOut(predictor, x, count, step, scratch);
            double bits = n <= RUNS * RUN ? planOf(scratch, n, 1) : planOf(sample, sample(scratch, n), n / (double) (RUNS * RUN));
            bits += 16.0 * predictor.given();
            if (bits < least) {
                least = bits;
                best = predictor;
            }
        }
        long step = best == Predictor.GRID ? Prediction.meanStep(x, count) : 0;
        plan.set(best, step);
        Prediction.takeOut(best, x, count, step, scratch);
        int n = count - best.given();
        plan.cost(planOf(scratch, n, 1));
        findFrequent();
    }

    private int sample(long[] residuals, int n) {
        for (int run = 0; run < RUNS; run++) {
            int from = (int) ((long) (n - RUN) * run / (RUNS - 1));
            System.arraycopy(residuals, from, sample, run * RUN, RUN);
        }
        return RUNS * RUN;
    }

    /** Plans bins for residuals; sets the window. */
    private double planOf(long[] residuals, int n, double weight) {
        sorted = sorting.sort(residuals, 0, n);
        kept = n;
        long base = sorting.least();
        int plainBits = 0;
        int patched = 0;
        if (sorted[n - 1] >>> RANGE_BITS != 0) {
            int window = n - n / OUTLIERS;
            int start = narrowest(n, window);
            long range = sorted[start + window - 1] - sorted[start];
            if (window < n && bitLength(range) + 8 < bitLength(sorted[n - 1]) && range >>> RANGE_BITS == 0) {
                base += sorted[start];
                shift(start, window);
                patched = n - window;
            }
            plainBits = Math.max(0, bitLength(sorted[kept - 1]) - RANGE_BITS);
        }
        long limit = sorted[kept - 1];
        if (plainBits > 0) {
            for (int i = 0; i < kept; i++) {
                sorted[i] >>>= plainBits;
            }
        }
        plan.window(base, limit, plainBits);
        Bins bins = plan.bins();
        return planner.plan(sorted, kept, weight, bins) + weight * ((double) kept * plainBits + (double) patched * PATCH_BITS);
    }

    /** Where the narrowest window of so many sorted residuals begins. */
    private int narrowest(int n, int window) {
        int start = 0;
        long least = -1L;
        for (int i = 0; i + window <= n; i++) {
            long range = sorted[i + window - 1] - sorted[i];
            if (Long.compareUnsigned(range, least) < 0) {
                least = range;
                start = i;
            }
        }
        return start;
    }

    private void shift(int start, int window) {
        long base = sorted[start];
        for (int i = 0; i < window; i++) {
            sorted[i] = sorted[start + i] - base;
        }
        kept = window;
    }

    private void findFrequent() {
        int best = 0;
        long value = 0;
        for (int i = 0; i < kept; ) {
            int end = i + 1;
            while (end < kept && sorted[end] == sorted[i]) {
                end++;
            }
            if (end - i > best) {
                best = end - i;
                value = sorted[i];
            }
            i = end;
        }
        plan.mostFrequent(plan.base() + value, plan.plainBits() == 0 ? best : 0);
    }

    private static int bitLength(long value) {
        return Long.SIZE - Long.numberOfLeadingZeros(value);
    }
}
