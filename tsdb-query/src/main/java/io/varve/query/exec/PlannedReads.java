package io.varve.query.exec;

import io.varve.core.model.Labels;
import io.varve.core.model.Matcher;
import io.varve.core.model.TimeRange;
import io.varve.core.storage.ColumnCursor;
import io.varve.core.storage.Hole;
import io.varve.core.storage.Querier;
import io.varve.core.storage.ReadBudget;
import io.varve.core.storage.ReadEstimate;
import io.varve.core.storage.Selection;
import io.varve.core.storage.SeriesSet;
import io.varve.core.storage.SummaryRule;
import io.varve.query.QueryPlan;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;

/**
 * The selections of a query that is evaluated without series, so that those are noted which the evaluation asks for,
 * with the ranges and rules that it asks with.
 */
final class PlannedReads {

    private final IdentityHashMap<List<Matcher>, List<QueryPlan.Read>> bySelector = new IdentityHashMap<>();

    /** A selection that notes what it would read when it is opened, and has no series. */
    Selection find(Querier querier, TimeRange range, List<Matcher> matchers) {
        return new Planned(querier, range, matchers);
    }

    /** A selection of a plan. */
    final class Planned implements Selection {

        private final Selection found;
        private final List<Hole> losses;
        private final TimeRange range;
        private final List<Matcher> matchers;
        private boolean rolled;

        private Planned(Querier querier, TimeRange range, List<Matcher> matchers) {
            this.found = querier.find(matchers.toArray(new Matcher[0]));
            this.losses = querier.losses();
            this.range = range;
            this.matchers = matchers;
        }

        /** Buckets of rollups would answer beside samples. */
        Selection rolled() {
            rolled = true;
            return this;
        }

        @Override
        public int series() {
            return 0;
        }

        @Override
        public SeriesSet open(SummaryRule rule, ReadBudget budget) {
            ReadEstimate estimate = found.estimate(rule, budget);
            bySelector
                    .computeIfAbsent(matchers, m -> new ArrayList<>(1))
                    .add(new QueryPlan.Read(matchers, range.from(), range.to(), path(estimate), estimate));
            return new NoSeries(losses);
        }

        /** Ways of answering, joined by a plus sign where there are several. */
        private String path(ReadEstimate estimate) {
            List<String> ways = new ArrayList<>();
            if (rolled) {
                ways.add("rollup");
            }
            if (estimate.head().summarizedPages() + estimate.blocks().summarizedPages() > 0) {
                ways.add("statistics");
            }
            if (estimate.head().decodedPages() + estimate.blocks().decodedPages() > 0) {
                ways.add("decode");
            }
            return ways.isEmpty() ? "none" : String.join("+", ways);
        }

        @Override
        public List<Labels> cuts(int size, int most) {
            return List.of();
        }

        @Override
        public List<Selection> cut(List<Labels> at) {
            return List.of(this);
        }
    }

    /** The selections of a selector, which are told once. */
    List<QueryPlan.Read> take(List<Matcher> matchers) {
        List<QueryPlan.Read> reads = bySelector.remove(matchers);
        return reads == null ? List.of() : List.copyOf(reads);
    }

    /** Selections that were not told yet. */
    List<QueryPlan.Read> takeRest() {
        List<QueryPlan.Read> rest =
                bySelector.values().stream().flatMap(List::stream).toList();
        bySelector.clear();
        return rest;
    }

    private record NoSeries(List<Hole> holes) implements SeriesSet {

        @Override
        public boolean next() {
            return false;
        }

        @Override
        public Labels labels() {
            throw new IllegalStateException("no series: holes=" + holes.size());
        }

        @Override
        public ColumnCursor columns() {
            throw new IllegalStateException("no series: holes=" + holes.size());
        }

        @Override
        public void close() {}
    }
}
