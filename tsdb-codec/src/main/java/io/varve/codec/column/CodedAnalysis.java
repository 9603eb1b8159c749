package io.varve.codec.column;

import io.varve.codec.bits.RadixSort;
import io.varve.codec.entropy.BinPlanner;
import io.varve.codec.entropy.Bins;
import io.varve.codec.predict.Prediction;
import io.varve.codec.predict.Predictor;

/**
 * Finds the predictor whose residuals take the fewest bits in bins: each predictor is judged on a sample of the column,
 * the best one is then planned on all of it. Holds scratch memory: one thread at a time.
 */
final class CodedAnalysis {

    private static final Predictor[] ORDER = {Predictor.DELTA, Predictor.NONE, Predictor.GRID, Predictor.DELTA_OF_DELTA
    };

    /** A sample is so many runs of so many residuals; shorter columns are taken whole. */
    private static final int RUNS = 4;

    private static final int RUN = 128;
    private static final int SAMPLE = RUNS * RUN;
    private static final int WHOLE = SAMPLE + SAMPLE / 2;

    /** A predictor that leaves so many more digits a residual than another is not planned. */
    private static final double SPREAD_MARGIN = 0.5;

    /** Outliers that are patched if that saves the rest from wide bins: one in so many. */
    private static final int OUTLIERS = 64;

    /** Bits of a patch: a gap and a wide value. */
    private static final int PATCH_BITS = 72;

    /** A range that any bin can hold. */
    private static final int RANGE_BITS = Bins.MAX_EXTRA;

    private final long[] sample;
    private final long[] run = new long[RUN + 2];
    private final RadixSort sorting;
    private final BinPlanner planner = new BinPlanner(BinPlanner.IN_A_PAGE);
    private final PackedSearch packing = new PackedSearch();
    private final CodedPlan plan = new CodedPlan();
    private long[] sorted;
    private int kept;
    private Predictor best = Predictor.NONE;

    CodedAnalysis(int capacity) {
        sample = new long[Math.max(capacity, WHOLE)];
        sorting = new RadixSort(Math.max(capacity, WHOLE));
        sorted = sample;
    }

    CodedPlan plan() {
        return plan;
    }

    /**
     * What the best predictor would leave, from the sample alone.
     *
     * @param x integers, the first one 0, without divisor
     * @return bits of the whole column
     */
    double estimate(long[] x, int count) {
        double least = Double.MAX_VALUE;
        double spread = Double.MAX_VALUE;
        best = Predictor.NONE;
        for (Predictor predictor : ORDER) {
            long step = predictor == Predictor.GRID ? Prediction.meanStep(x, count) : 0;
            if (predictor.given() >= count || (predictor == Predictor.GRID && step == 0)) {
                continue;
            }
            int n = count - predictor.given();
            int taken = sample(predictor, step, x, count);
            double size = spread(sample, taken);
            if (predictor != Predictor.NONE && size > spread) {
                continue;
            }
            spread = Math.min(spread, size + SPREAD_MARGIN);
            double bits = planOf(sample, taken, n / (double) taken) + 16.0 * predictor.given();
            if (bits < least) {
                least = bits;
                best = predictor;
            }
            if (sorted[taken - 1] == 0) {
                break;
            }
        }
        return least;
    }

    /** Mean binary digits of the distances from a residual: the best of three, since one may be an outlier. */
    private static double spread(long[] residuals, int n) {
        double half = spread(residuals, n, residuals[n / 2]);
        double thirds = Math.min(spread(residuals, n, residuals[n / 3]), spread(residuals, n, residuals[2 * n / 3]));
        return Math.min(half, thirds);
    }

    private static double spread(long[] residuals, int n, long centre) {
        long digits = 0;
        for (int i = 0; i < n; i++) {
            long distance = residuals[i] - centre;
            digits += bitLength(distance ^ distance >> 63);
        }
        return (double) digits / n;
    }

    /**
     * Analyses a column; the plan then holds predictor, window and bins for all of it.
     *
     * @param scratch as long as x
     */
    void analyse(long[] x, int count, long[] scratch) {
        estimate(x, count);
        long step = best == Predictor.GRID ? Prediction.meanStep(x, count) : 0;
        plan.set(best, step);
        int n = count - best.given();
        Prediction.takeOut(best, x, 0, count, step, scratch);
        sorted = sorting.sort(scratch, 0, n);
        packing.search(sorted, n);
        plan.packed(sorting.least() + packing.base(), packing.width(), packing.bits());
        findFrequent(n);
        plan.cost(planSorted(n, 1));
    }

    /** Residuals of evenly spread runs, or of all. */
    private int sample(Predictor predictor, long step, long[] x, int count) {
        if (count <= WHOLE) {
            Prediction.takeOut(predictor, x, 0, count, step, sample);
            return count - predictor.given();
        }
        int given = predictor.given();
        int at = 0;
        for (int i = 0; i < RUNS; i++) {
            int from = (int) ((long) (count - RUN - given) * i / (RUNS - 1));
            Prediction.takeOut(predictor, x, from, RUN + given, step, run);
            System.arraycopy(run, 0, sample, at, RUN);
            at += RUN;
        }
        return at;
    }

    private double planOf(long[] residuals, int n, double weight) {
        sorted = sorting.sort(residuals, 0, n);
        return planSorted(n, weight);
    }

    /** Plans bins for sorted residuals; sets the window. */
    private double planSorted(int n, double weight) {
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
        plan.window(base, sorted[kept - 1], plainBits);
        if (plainBits > 0) {
            for (int i = 0; i < kept; i++) {
                sorted[i] >>>= plainBits;
            }
        }
        return planner.plan(sorted, kept, weight, plan.bins())
                + weight * ((double) kept * plainBits + (double) patched * PATCH_BITS);
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

    private void findFrequent(int n) {
        int most = 0;
        long value = 0;
        for (int i = 0; i < n; ) {
            int end = i + 1;
            while (end < n && sorted[end] == sorted[i]) {
                end++;
            }
            if (end - i > most) {
                most = end - i;
                value = sorted[i];
            }
            i = end;
        }
        plan.mostFrequent(sorting.least() + value, most);
    }

    private static int bitLength(long value) {
        return Long.SIZE - Long.numberOfLeadingZeros(value);
    }
}
