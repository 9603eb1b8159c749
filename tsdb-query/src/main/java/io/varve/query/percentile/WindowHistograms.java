package io.varve.query.percentile;

import io.varve.core.model.Histogram;
import io.varve.core.model.HistogramLayout;
import io.varve.core.sketch.HistogramSum;
import io.varve.query.plan.QueryBudget;
import org.jspecify.annotations.Nullable;

/**
 * The native histograms of a group, step by step: exponential ones of all schemas in one, and those of custom bounds in
 * another. One thread.
 */
final class WindowHistograms {

    private final @Nullable HistogramSum[] exponential;
    private final @Nullable HistogramSum[] custom;
    private final QueryBudget budget;

    WindowHistograms(int steps, QueryBudget budget) {
        exponential = new @Nullable HistogramSum[steps];
        custom = new @Nullable HistogramSum[steps];
        this.budget = budget;
        budget.charge(0, 16L * steps);
    }

    /** Adds what was observed in a window. */
    void add(int step, Histogram observed) {
        @Nullable
        HistogramSum[] sums = observed.layout().schema() == HistogramLayout.CUSTOM_SCHEMA ? custom : exponential;
        HistogramSum sum = sums[step];
        if (sum == null) {
            budget.charge(0, 256 + 24L * observed.layout().buckets());
            sum = new HistogramSum();
            sums[step] = sum;
        }
        sum.add(observed);
    }

    /** All exponential histograms of a window in one, or null if there are none. */
    @Nullable
    Histogram exponential(int step) {
        return total(exponential[step]);
    }

    /** The same of those with custom bounds. */
    @Nullable
    Histogram custom(int step) {
        return total(custom[step]);
    }

    private static @Nullable Histogram total(@Nullable HistogramSum sum) {
        return sum == null ? null : sum.total();
    }
}
