package io.varve.server;

import io.varve.core.model.Exemplar;
import io.varve.core.model.Labels;
import io.varve.core.model.Matcher;
import io.varve.core.model.Resolution;
import io.varve.core.model.TimeRange;
import io.varve.core.storage.ColumnCursor;
import io.varve.core.storage.Found;
import io.varve.core.storage.Hole;
import io.varve.core.storage.Querier;
import io.varve.core.storage.Queryable;
import io.varve.core.storage.ReadBudget;
import io.varve.core.storage.SeriesExemplars;
import io.varve.core.storage.SeriesSet;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/** A store in maps, to be read only: the plainest thing that the API and the engine can stand on. */
final class MemoryStore implements Queryable {

    @SuppressWarnings("ArrayRecordComponent") // columns, never compared
    private record Column(long[] times, double[] values) {}

    private final TreeMap<Labels, Column> series = new TreeMap<>();
    private final TreeMap<Labels, Exemplar> exemplars = new TreeMap<>();

    MemoryStore add(Labels labels, long[] times, double... values) {
        series.put(labels, new Column(times, values));
        return this;
    }

    MemoryStore exemplar(Labels labels, Exemplar exemplar) {
        exemplars.put(labels, exemplar);
        return this;
    }

    @Override
    public Resolution resolution() {
        return Resolution.MILLIS;
    }

    @Override
    public Querier querier(TimeRange range, ReadBudget budget) {
        return new View(range, budget);
    }

    private final class View implements Querier {
        private final TimeRange range;
        private final ReadBudget budget;

        View(TimeRange range, ReadBudget budget) {
            this.range = range;
            this.budget = budget;
        }

        private Map<Labels, Column> matching(Matcher... matchers) {
            TreeMap<Labels, Column> found = new TreeMap<>();
            series.forEach((labels, column) -> {
                boolean fits = Arrays.stream(matchers).allMatch(m -> m.matches(labels.get(m.name())));
                int from = 0;
                int to = column.times.length;
                while (from < to && column.times[from] < range.from()) {
                    from++;
                }
                while (to > from && column.times[to - 1] > range.to()) {
                    to--;
                }
                if (fits && from < to) {
                    found.put(
                            labels,
                            new Column(
                                    Arrays.copyOfRange(column.times, from, to),
                                    Arrays.copyOfRange(column.values, from, to)));
                }
            });
            return found;
        }

        @Override
        public SeriesSet select(Matcher... matchers) {
            if (matchers.length == 0) {
                throw new IllegalArgumentException("at least one matcher");
            }
            return new Visit(matching(matchers), budget);
        }

        @Override
        public Found<List<SeriesExemplars>> exemplars(Matcher... matchers) {
            List<SeriesExemplars> found = new ArrayList<>();
            exemplars.forEach((labels, exemplar) -> {
                if (range.contains(exemplar.time())
                        && Arrays.stream(matchers).allMatch(m -> m.matches(labels.get(m.name())))) {
                    found.add(new SeriesExemplars(labels, List.of(exemplar)));
                }
            });
            return new Found<>(found, List.of());
        }

        @Override
        public List<String> labelNames(Matcher... matchers) {
            Collection<String> names = new TreeSet<>();
            matching(matchers).keySet().forEach(labels -> {
                for (int i = 0; i < labels.size(); i++) {
                    names.add(labels.name(i));
                }
            });
            return new ArrayList<>(names);
        }

        @Override
        public List<String> labelValues(String name, Matcher... matchers) {
            Collection<String> values = new TreeSet<>();
            matching(matchers).keySet().forEach(labels -> values.add(labels.get(name)));
            values.remove("");
            return new ArrayList<>(values);
        }

        @Override
        public void close() {}
    }

    private static final class Visit implements SeriesSet {
        private final Iterator<Map.Entry<Labels, Column>> all;
        private final ReadBudget budget;
        private Map.Entry<Labels, Column> current = Map.entry(Labels.EMPTY, new Column(new long[0], new double[0]));

        Visit(Map<Labels, Column> all, ReadBudget budget) {
            this.all = all.entrySet().iterator();
            this.budget = budget;
        }

        @Override
        public boolean next() {
            if (!all.hasNext()) {
                return false;
            }
            current = all.next();
            return true;
        }

        @Override
        public Labels labels() {
            return current.getKey();
        }

        @Override
        public ColumnCursor columns() {
            Column column = current.getValue();
            return new ColumnCursor() {
                private boolean read;

                @Override
                public boolean nextPage() {
                    boolean first = !read;
                    read = true;
                    if (first) {
                        budget.charge(column.times.length, 0);
                    }
                    return first && column.times.length > 0;
                }

                @Override
                public int size() {
                    return column.times.length;
                }

                @Override
                public long[] times() {
                    return column.times;
                }

                @Override
                public double[] values() {
                    return column.values;
                }
            };
        }

        @Override
        public List<Hole> holes() {
            return List.of();
        }

        @Override
        public void close() {}
    }
}
