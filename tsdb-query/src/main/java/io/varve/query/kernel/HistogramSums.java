package io.varve.query.kernel;

import io.varve.core.model.Histogram;
import io.varve.query.histogram.Flaw;
import io.varve.query.histogram.HistogramFold;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Sums or means over the histograms of a group of series, step by step. */
public final class HistogramSums {

    private final @Nullable HistogramFold[] folds;
    private final boolean mean;
    private final Set<Flaw> flaws;

    /**
     * Sums of nothing.
     *
     * @param flaws what is noted goes there
     */
    public HistogramSums(int steps, boolean mean, Set<Flaw> flaws) {
        this.folds = new HistogramFold[steps];
        this.mean = mean;
        this.flaws = flaws;
    }

    /** Takes in the histograms of a row, which stays the caller's. */
    public void add(Row row) {
        for (int step = 0; step < folds.length; step++) {
            Histogram histogram = row.has(step) ? row.histogram(step) : null;
            if (histogram != null) {
                HistogramFold fold = folds[step];
                if (fold == null) {
                    fold = new HistogramFold(flaws);
                    folds[step] = fold;
                }
                if (mean) {
                    fold.average(histogram);
                } else {
                    fold.add(histogram);
                }
            }
        }
    }

    /** Puts the results beside those of floats; where there are both there is nothing. */
    public void finish(Row out) {
        for (int step = 0; step < folds.length; step++) {
            HistogramFold fold = folds[step];
            if (fold == null) {
                continue;
            }
            if (out.has(step)) {
                out.remove(step);
                flaws.add(Flaw.MIXED_SAMPLES);
                continue;
            }
            fold.checkResets();
            Histogram result = mean ? fold.mean() : fold.total();
            if (result != null) {
                out.set(step, result);
            }
        }
    }
}
