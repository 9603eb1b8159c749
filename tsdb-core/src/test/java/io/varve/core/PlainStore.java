package io.varve.core;

import static org.assertj.core.api.Assertions.assertThat;

import io.varve.core.model.Exemplar;
import io.varve.core.model.Histogram;
import io.varve.core.model.Labels;
import io.varve.core.model.Matcher;
import io.varve.core.model.Metadata;
import io.varve.core.model.SampleKind;
import io.varve.core.model.StaleMarker;
import io.varve.core.model.StartTime;
import io.varve.core.model.TimeRange;
import io.varve.core.storage.ColumnCursor;
import io.varve.core.storage.Found;
import io.varve.core.storage.Querier;
import io.varve.core.storage.SeriesExemplars;
import io.varve.core.storage.SeriesSet;
import io.varve.core.storage.SeriesStarts;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/** What a store holds, of all kinds, as plain maps. Floats stand there as their bits. */
final class PlainStore {

    /** A float's bits as {@link Long}, or a {@link Histogram}, by series and time. */
    final TreeMap<Labels, TreeMap<Long, Object>> samples = new TreeMap<>();

    final TreeMap<Labels, TreeSet<Exemplar>> exemplars = new TreeMap<>();

    /** Of each start of a series the time of the earliest sample that told it. */
    final TreeMap<Labels, TreeMap<Long, Long>> starts = new TreeMap<>();

    final TreeMap<String, Metadata> metadata = new TreeMap<>();

    PlainStore copy() {
        PlainStore copy = new PlainStore();
        samples.forEach((labels, some) -> copy.samples.put(labels, new TreeMap<>(some)));
        exemplars.forEach((labels, some) -> copy.exemplars.put(labels, new TreeSet<>(some)));
        starts.forEach((labels, some) -> copy.starts.put(labels, new TreeMap<>(some)));
        copy.metadata.putAll(metadata);
        return copy;
    }

    /** The later one wins, but a stale marker never replaces a value. */
    void sample(Labels labels, long time, Object sample) {
        TreeMap<Long, Object> of = samples.computeIfAbsent(labels, key -> new TreeMap<>());
        Object before = of.get(time);
        if (before == null || !isStale(sample) || isStale(before)) {
            of.put(time, sample);
        }
    }

    static boolean isStale(Object sample) {
        return sample instanceof Histogram histogram ? histogram.isStale() : (Long) sample == StaleMarker.BITS;
    }

    void exemplar(Labels labels, Exemplar exemplar) {
        exemplars.computeIfAbsent(labels, key -> new TreeSet<>()).add(exemplar);
    }

    void start(Labels labels, StartTime start) {
        starts.computeIfAbsent(labels, key -> new TreeMap<>()).merge(start.start(), start.time(), Math::min);
    }

    /** Takes away samples; what else a series has stays. */
    void delete(List<Matcher> matchers, TimeRange range) {
        samples.forEach((labels, some) -> {
            if (matches(labels, matchers)) {
                some.keySet().removeIf(range::contains);
            }
        });
        samples.values().removeIf(TreeMap::isEmpty);
    }

    static boolean matches(Labels labels, List<Matcher> matchers) {
        return matchers.stream().allMatch(matcher -> {
            String value = labels.get(matcher.name());
            return matcher.matches(value == null ? "" : value);
        });
    }

    /** All that a store answers for all times; nothing of it may be missing, out of order or there twice. */
    static PlainStore read(Tsdb db, Matcher all) {
        PlainStore found = new PlainStore();
        try (Querier querier = db.querier(TimeRange.ALL)) {
            samples(querier, all).forEach((labels, some) -> found.samples.put(labels, new TreeMap<>(some)));
            for (SeriesExemplars of : whole(querier.exemplars(all))) {
                assertThat(of.exemplars()).as("exemplars in order, each once").isSorted();
                found.exemplars.put(of.series(), new TreeSet<>(of.exemplars()));
                assertThat(found.exemplars.get(of.series())).hasSameSizeAs(of.exemplars());
            }
            for (SeriesStarts of : whole(querier.startTimes(all))) {
                of.starts().forEach(start -> found.start(of.series(), start));
                assertThat(found.starts.get(of.series())).hasSameSizeAs(of.starts());
            }
            found.metadata.putAll(whole(querier.metadata("")));
            List<String> hosts = found.samples.keySet().stream()
                    .map(labels -> String.valueOf(labels.get("host")))
                    .toList();
            assertThat(querier.labelValues("host"))
                    .as("each series is found by its labels")
                    .containsAll(hosts);
        }
        return found;
    }

    /** Samples in the range of a querier. */
    static SortedMap<Labels, SortedMap<Long, Object>> samples(Querier querier, Matcher all) {
        TreeMap<Labels, SortedMap<Long, Object>> found = new TreeMap<>();
        try (SeriesSet set = querier.select(all)) {
            while (set.next()) {
                Map.Entry<Labels, ?> before = found.lastEntry();
                assertThat(before == null || before.getKey().compareTo(set.labels()) < 0)
                        .as("order of series")
                        .isTrue();
                SortedMap<Long, Object> of = samples(set.columns());
                assertThat(of).as("a series that is answered has samples").isNotEmpty();
                found.put(set.labels(), of);
            }
            assertThat(set.holes()).as("holes").isEmpty();
        }
        return found;
    }

    /** Labels of the series that are listed, in the order in which they are. */
    static List<Labels> listed(Querier querier, Matcher matcher) {
        List<Labels> found = new ArrayList<>();
        try (SeriesSet set = querier.list(matcher)) {
            while (set.next()) {
                found.add(set.labels());
            }
            assertThat(set.holes()).as("holes").isEmpty();
        }
        return found;
    }

    private static SortedMap<Long, Object> samples(ColumnCursor columns) {
        TreeMap<Long, Object> found = new TreeMap<>();
        long before = Long.MIN_VALUE;
        while (columns.nextPage()) {
            for (int i = 0; i < columns.size(); i++) {
                long time = columns.times()[i];
                assertThat(time).as("order of times").isGreaterThan(before);
                before = time;
                found.put(
                        time,
                        columns.kind() == SampleKind.HISTOGRAM
                                ? columns.histogram(i)
                                : (Object) Double.doubleToRawLongBits(columns.values()[i]));
            }
        }
        return found;
    }

    private static <T> T whole(Found<T> answer) {
        assertThat(answer.holes()).as("holes").isEmpty();
        return answer.found();
    }

    /** Newest time of a sample, {@link Long#MIN_VALUE} if there is none. */
    long newest() {
        return samples.values().stream().mapToLong(TreeMap::lastKey).max().orElse(Long.MIN_VALUE);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof PlainStore store
                && store.samples.equals(samples)
                && store.exemplars.equals(exemplars)
                && store.starts.equals(starts)
                && store.metadata.equals(metadata);
    }

    @Override
    public int hashCode() {
        return samples.hashCode() + 31 * metadata.hashCode();
    }
}
