package io.varve.query.script;

import io.varve.core.model.Histogram;
import io.varve.core.model.Labels;
import io.varve.core.model.Matcher;
import io.varve.core.model.Resolution;
import io.varve.core.model.SampleKind;
import io.varve.core.model.StartTime;
import io.varve.core.model.TimeRange;
import io.varve.core.storage.ColumnCursor;
import io.varve.core.storage.Found;
import io.varve.core.storage.Hole;
import io.varve.core.storage.Querier;
import io.varve.core.storage.Queryable;
import io.varve.core.storage.ReadBudget;
import io.varve.core.storage.SeriesSet;
import io.varve.core.storage.SeriesStarts;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A store in memory. Pages have a varying number of samples, and cursors hand out reused arrays with garbage behind
 * the samples, as the contract allows; series loaded together share their time arrays.
 */
public final class FakeStore implements Queryable {

    private static final int[] PAGE_SIZES = {1, 3, 2, 7, 5};

    private final Resolution resolution;
    private final List<Hole> holes = new ArrayList<>();
    private final Map<Labels, TreeMap<Long, Sample>> series = new TreeMap<>();
    private final Map<Labels, List<StartTime>> starts = new TreeMap<>();
    private final int pageFactor;
    private int openQueriers;

    private record Sample(double value, @Nullable Histogram histogram) {

        boolean isFloat() {
            return histogram == null;
        }
    }

    /** An empty store. */
    public FakeStore(Resolution resolution, int pageFactor) {
        this.resolution = resolution;
        this.pageFactor = pageFactor;
    }

    /** Adds a sample. */
    public void add(Labels labels, long time, double value) {
        add(labels, time, new Sample(value, null));
    }

    /** Adds a sample. */
    public void add(Labels labels, long time, Histogram histogram) {
        add(labels, time, new Sample(-54321, histogram));
    }

    private void add(Labels labels, long time, Sample sample) {
        series.computeIfAbsent(labels, l -> new TreeMap<>()).put(time, sample);
    }

    /** Says when a series began to count; later ones after earlier ones. */
    public void start(Labels labels, StartTime start) {
        starts.computeIfAbsent(labels, l -> new ArrayList<>()).add(start);
    }

    /** Reports damage with each read from now on. */
    public void damage(Hole hole) {
        holes.add(hole);
    }

    /** Queriers that were not closed. */
    public int openQueriers() {
        return openQueriers;
    }

    @Override
    public Resolution resolution() {
        return resolution;
    }

    @Override
    public Querier querier(TimeRange range, ReadBudget budget) {
        openQueriers++;
        return new Querier() {
            @Override
            public SeriesSet select(Matcher... matchers) {
                if (matchers.length == 0) {
                    throw new IllegalArgumentException("at least one matcher");
                }
                return new FakeSet(matchers, range, budget);
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
            public Found<List<SeriesStarts>> startTimes(Matcher... matchers) {
                return new Found<>(
                        starts.entrySet().stream()
                                .filter(e -> Arrays.stream(matchers)
                                        .allMatch(m -> m.matches(e.getKey().get(m.name()))))
                                .map(e -> new SeriesStarts(e.getKey(), List.copyOf(e.getValue())))
                                .toList(),
                        List.of());
            }

            @Override
            public void close() {
                openQueriers--;
            }
        };
    }

    private final class FakeSet implements SeriesSet {
        private final Iterator<Map.Entry<Labels, TreeMap<Long, Sample>>> rest;
        private final TimeRange range;
        private final ReadBudget budget;
        private Map.@Nullable Entry<Labels, TreeMap<Long, Sample>> current;

        FakeSet(Matcher[] matchers, TimeRange range, ReadBudget budget) {
            this.range = range;
            this.budget = budget;
            this.rest = series.entrySet().stream()
                    .filter(e -> Arrays.stream(matchers)
                            .allMatch(m -> m.matches(e.getKey().get(m.name()))))
                    .filter(e -> !range.isEmpty()
                            && !e.getValue()
                                    .subMap(range.from(), true, range.to(), true)
                                    .isEmpty())
                    .iterator();
        }

        @Override
        public boolean next() {
            boolean more = rest.hasNext();
            current = more ? rest.next() : null;
            return more;
        }

        @Override
        public Labels labels() {
            return Objects.requireNonNull(current).getKey();
        }

        @Override
        public ColumnCursor columns() {
            var samples = Objects.requireNonNull(current).getValue().subMap(range.from(), true, range.to(), true);
            return new FakeCursor(List.copyOf(samples.entrySet()), budget, pageFactor);
        }

        @Override
        public List<Hole> holes() {
            return holes;
        }

        @Override
        public void close() {}
    }

    private static final class FakeCursor implements ColumnCursor {
        private final List<Map.Entry<Long, Sample>> samples;
        private final ReadBudget budget;
        private final long[] times;
        private final double[] values;
        private final int pageFactor;
        private int at;
        private int page;
        private int size;
        private boolean floats;

        FakeCursor(List<Map.Entry<Long, Sample>> samples, ReadBudget budget, int pageFactor) {
            this.samples = samples;
            this.budget = budget;
            this.pageFactor = pageFactor;
            this.times = new long[8 * pageFactor];
            this.values = new double[8 * pageFactor];
        }

        @Override
        public boolean nextPage() {
            if (at == samples.size()) {
                return false;
            }
            size = Math.min(samples.size() - at, PAGE_SIZES[page % PAGE_SIZES.length] * pageFactor);
            page++;
            floats = samples.get(at).getValue().isFloat();
            for (int i = 1; i < size; i++) {
                if (samples.get(at + i).getValue().isFloat() != floats) {
                    size = i; // a page has samples of one kind
                }
            }
            budget.charge(size, 0);
            Arrays.fill(times, Long.MIN_VALUE);
            Arrays.fill(values, -12345);
            for (int i = 0; i < size; i++) {
                times[i] = samples.get(at + i).getKey();
                values[i] = samples.get(at + i).getValue().value();
            }
            at += size;
            return true;
        }

        @Override
        public int size() {
            return size;
        }

        @Override
        public long[] times() {
            return times;
        }

        @Override
        public SampleKind kind() {
            return floats ? SampleKind.FLOAT : SampleKind.HISTOGRAM;
        }

        @Override
        public Histogram histogram(int index) {
            return Objects.requireNonNull(
                    samples.get(at - size + index).getValue().histogram());
        }

        @Override
        public double[] values() {
            if (!floats) {
                throw new IllegalStateException("a page of histograms");
            }
            return values;
        }
    }
}
