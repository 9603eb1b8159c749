package io.varve.server.tenant;

import io.varve.core.model.Labels;
import io.varve.core.model.Matcher;
import io.varve.core.model.Resolution;
import io.varve.core.model.TimeRange;
import io.varve.core.storage.ColumnCursor;
import io.varve.core.storage.Hole;
import io.varve.core.storage.Querier;
import io.varve.core.storage.Queryable;
import io.varve.core.storage.ReadBudget;
import io.varve.core.storage.SeriesSet;
import java.util.List;

/**
 * What a tenant has to whom nothing was written yet: no series, and no directory.
 *
 * @param resolution that its store would have
 */
public record EmptyStore(Resolution resolution) implements Queryable {

    @Override
    public Querier querier(TimeRange range, ReadBudget budget) {
        return new Nothing();
    }

    /** No series. */
    private static final class Nothing implements Querier, SeriesSet {

        @Override
        public SeriesSet select(Matcher... matchers) {
            if (matchers.length == 0) {
                throw new IllegalArgumentException("at least one matcher: matchers=0");
            }
            return this;
        }

        @Override
        public List<String> labelNames(Matcher... matchers) {
            return List.of();
        }

        @Override
        public List<String> labelValues(String name, Matcher... matchers) {
            return List.of();
        }

        @Override
        public boolean next() {
            return false;
        }

        @Override
        public Labels labels() {
            throw new IllegalStateException("labels are asked for after next() was true");
        }

        @Override
        public ColumnCursor columns() {
            throw new IllegalStateException("columns are asked for after next() was true");
        }

        @Override
        public List<Hole> holes() {
            return List.of();
        }

        @Override
        public void close() {}
    }
}
