package io.varve.query.exec;

import io.varve.core.model.Labels;
import io.varve.core.model.Matcher;
import io.varve.core.model.Resolution;
import io.varve.core.model.TimeRange;
import io.varve.core.storage.Querier;
import io.varve.core.storage.Queryable;
import io.varve.core.storage.ReadBudget;
import io.varve.core.storage.Selection;
import io.varve.core.storage.SeriesSet;
import io.varve.core.storage.SummaryRule;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** A store that counts selections that were found, and parts of them that are opened by another thread than its maker's. */
final class OpenedParts implements Queryable {

    private final Queryable store;
    private final Thread own = Thread.currentThread();
    private final AtomicInteger byOthers = new AtomicInteger();
    private final AtomicInteger found = new AtomicInteger();

    OpenedParts(Queryable store) {
        this.store = store;
    }

    int byOthers() {
        return byOthers.get();
    }

    int found() {
        return found.get();
    }

    @Override
    public Resolution resolution() {
        return store.resolution();
    }

    @Override
    public Querier querier(TimeRange range, ReadBudget budget) {
        Querier querier = store.querier(range, budget);
        return new Querier() {
            @Override
            public SeriesSet select(Matcher... matchers) {
                return querier.select(matchers);
            }

            @Override
            public Selection find(Matcher... matchers) {
                found.incrementAndGet();
                return new Counted(querier.find(matchers));
            }

            @Override
            public List<String> labelNames(Matcher... matchers) {
                return querier.labelNames(matchers);
            }

            @Override
            public List<String> labelValues(String name, Matcher... matchers) {
                return querier.labelValues(name, matchers);
            }

            @Override
            public void close() {
                querier.close();
            }
        };
    }

    private final class Counted implements Selection {

        private final Selection selection;

        Counted(Selection selection) {
            this.selection = selection;
        }

        @Override
        public int series() {
            return selection.series();
        }

        @Override
        public SeriesSet open(SummaryRule rule, ReadBudget budget) {
            if (Thread.currentThread() != own) {
                byOthers.incrementAndGet();
            }
            return selection.open(rule, budget);
        }

        @Override
        public List<Labels> cuts(int size, int most) {
            return selection.cuts(size, most);
        }

        @Override
        public List<Selection> cut(List<Labels> at) {
            return selection.cut(at).stream().<Selection>map(Counted::new).toList();
        }
    }
}
