package io.varve.query;

import io.varve.core.model.Matcher;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which percentiles of which samples.
 *
 * @param selectors series that satisfy all matchers of any of these lists
 * @param q quantiles, each from 0 to 1
 * @param start ticks; without a step the one window is (start, end]
 * @param end ticks
 * @param step distance of points, ticks; 0 for one point at {@code end}
 * @param window each point at t answers for (t - window, t], ticks; 0 for the step
 * @param grouping how series are merged, or null for one result a series
 */
public record PercentilesRequest(
        List<List<Matcher>> selectors,
        List<Double> q,
        long start,
        long end,
        long step,
        long window,
        @Nullable Grouping grouping) {

    /**
     * Which labels make a group.
     *
     * @param without whether the listed labels are the ones left out; the metric name is left out then as well
     * @param labels the labels
     */
    public record Grouping(boolean without, List<String> labels) {}
}
