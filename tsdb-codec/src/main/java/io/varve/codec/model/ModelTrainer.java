package io.varve.codec.model;

import io.varve.codec.bits.RadixSort;
import io.varve.codec.entropy.BinPlanner;
import io.varve.codec.entropy.Bins;
import io.varve.codec.number.FormSearch;
import io.varve.codec.number.NumberForm;
import io.varve.codec.predict.CommonDivisor;
import io.varve.codec.predict.Prediction;
import io.varve.codec.predict.Predictor;
import org.jspecify.annotations.Nullable;

/**
 * Trains a model on the pages of a group: their values as exact decimals of one exponent, the predictor that leaves the
 * fewest bits over all pages, bins over all residuals. Pages that are no such decimals take no part. Mutable scratch:
 * one thread at a time.
 */
public final class ModelTrainer {

    /** Most values of a group that are looked at. */
    public static final int CAPACITY = 1 << 16;

    private static final Predictor[] PREDICTORS = {Predictor.DELTA, Predictor.NONE, Predictor.DELTA_OF_DELTA};

    /** A range that any bin can hold. */
    private static final int RANGE_BITS = Bins.MAX_EXTRA;

    /** Outliers that pages will patch, so that the others have narrower bins: one in so many. */
    private static final int OUTLIERS = 512;

    private final double[] values = new double[CAPACITY];
    private final int[] ends = new int[CAPACITY / 2];
    private final long[] x = new long[CAPACITY];
    private final long[] residuals = new long[CAPACITY];
    private final long[] page = new long[CAPACITY];
    private final RadixSort sorting = new RadixSort(CAPACITY);
    private final BinPlanner planner = new BinPlanner(BinPlanner.IN_A_MODEL);
    private final FormSearch search = new FormSearch();
    private final long[] taken = new long[CAPACITY];
    private final Bins bins = new Bins();
    private int pages;
    private int size;
    private int exponent;
    private long base;

    /** Forgets all pages. */
    public void clear() {
        pages = 0;
        size = 0;
        exponent = 0;
    }

    /**
     * Adds a page.
     *
     * @return whether there was room for it
     */
    public boolean add(double[] source, int offset, int count) {
        if (count > CAPACITY - size || pages == ends.length) {
            return false;
        }
        int needed = search.exactExponent(source, offset, count);
        if (needed >= 0 && count > 2) {
            exponent = Math.max(exponent, needed);
            System.arraycopy(source, offset, values, size, count);
            size += count;
            ends[pages++] = size;
        }
        return true;
    }

    /**
     * Trains.
     *
     * @return the model, or null if fewer than two pages could take part or their range is too wide
     */
    public @Nullable CodingModel train() {
        if (pages < 2) {
            return null;
        }
        NumberForm form = new NumberForm().decimal(exponent);
        form.encode(values, 0, size, x);
        long origin = x[0];
        long divisor = divisor();
        Predictor best = null;
        double least = Double.MAX_VALUE;
        for (Predictor predictor : PREDICTORS) {
            int n = collect(predictor, divisor, origin);
            double bits = n == 0 ? Double.MAX_VALUE : plan(n);
            if (bits < least) {
                least = bits;
                best = predictor;
            }
        }
        if (best == null) {
            return null;
        }
        int n = collect(best, divisor, origin);
        plan(n);
        return new CodingModel(form, best, divisor, origin, base, bins.trimmed());
    }

    private double plan(int n) {
        long[] sorted = sorting.sort(residuals, 0, n);
        int outliers = n / OUTLIERS;
        int from = 0;
        int to = n;
        // Cut from the end that is farther out until the rest fits.
        while (to - from > n - outliers && sorted[to - 1] - sorted[from] >>> RANGE_BITS != 0) {
            long middle = sorted[(from + to) / 2];
            if (sorted[to - 1] - middle > middle - sorted[from]) {
                to--;
            } else {
                from++;
            }
        }
        base = sorting.least() + sorted[from];
        if (sorted[to - 1] - sorted[from] >>> RANGE_BITS != 0) {
            return Double.MAX_VALUE;
        }
        long lowest = sorted[from];
        for (int i = from; i < to; i++) {
            sorted[i - from] = sorted[i] - lowest;
        }
        return planner.plan(sorted, to - from, 1, bins);
    }

    /** The common divisor of all pages' distances from their first integers. */
    private long divisor() {
        int n = 0;
        page[n++] = 0;
        for (int p = 0, from = 0; p < pages; p++) {
            for (int i = from + 1; i < ends[p] && n < CAPACITY; i++) {
                page[n++] = x[i] - x[from];
            }
            from = ends[p];
        }
        return CommonDivisor.takeOut(page, n);
    }

    /** Residuals of all pages, one after the other. */
    private int collect(Predictor predictor, long divisor, long origin) {
        int n = 0;
        for (int p = 0, from = 0; p < pages; p++) {
            int count = ends[p] - from;
            long first = predictor.given() > 0 ? x[from] : origin + Math.floorMod(x[from] - origin, divisor);
            for (int i = 0; i < count; i++) {
                page[i] = (x[from + i] - first) / divisor;
            }
            if (count > predictor.given()) {
                Prediction.takeOut(predictor, page, 0, count, 0, taken);
                System.arraycopy(taken, 0, residuals, n, count - predictor.given());
                n += count - predictor.given();
            }
            from = ends[p];
        }
        return n;
    }
}
