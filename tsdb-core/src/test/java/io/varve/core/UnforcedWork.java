package io.varve.core;

import io.varve.core.model.Exemplar;
import io.varve.core.model.Labels;
import io.varve.core.model.Matcher;
import io.varve.core.model.Metadata;
import io.varve.core.model.TimeRange;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What may be found of a store after a loss of power: what was forced, and of the records behind that any, since a disk
 * writes what is not forced in any order. Each sample is one of what some of those records make of it.
 */
final class UnforcedWork {

    /** What was forced. */
    private final PlainStore base;

    /** What a sample may be, where there is more than one answer; an empty one if it is absent. */
    private final Map<Labels, TreeMap<Long, Set<Optional<Object>>>> samples = new HashMap<>();

    private final PlainStore added = new PlainStore();
    private final Map<Labels, Map<Long, Set<Long>>> starts = new HashMap<>();
    private final Map<String, Set<Metadata>> metadata = new HashMap<>();

    UnforcedWork(PlainStore base) {
        this.base = base;
    }

    long newestForced() {
        return base.newest();
    }

    void batch(PlainBatch batch) {
        batch.forEach(said -> {
            PlainStore alone = new PlainStore();
            said.accept(alone);
            alone.samples.forEach((labels, some) -> some.forEach((time, sample) -> sample(labels, time, sample)));
            alone.starts.forEach((labels, some) ->
                    some.forEach((start, time) -> starts.computeIfAbsent(labels, key -> new HashMap<>())
                            .computeIfAbsent(start, key -> new HashSet<>())
                            .add(time)));
            alone.metadata.forEach((metric, some) ->
                    metadata.computeIfAbsent(metric, key -> new HashSet<>()).add(some));
            said.accept(added);
        });
    }

    private void sample(Labels labels, long time, Object sample) {
        Set<Optional<Object>> may = possible(labels, time);
        for (Optional<Object> before : Set.copyOf(may)) {
            boolean stays = before.isPresent() && PlainStore.isStale(sample) && !PlainStore.isStale(before.get());
            may.add(stays ? before : Optional.of(sample));
        }
    }

    private Set<Optional<Object>> possible(Labels labels, long time) {
        return samples.computeIfAbsent(labels, key -> new TreeMap<>())
                .computeIfAbsent(time, key -> new HashSet<>(Set.of(forced(labels, time))));
    }

    private Optional<Object> forced(Labels labels, long time) {
        return Optional.ofNullable(
                base.samples.getOrDefault(labels, new TreeMap<>()).get(time));
    }

    void deletion(List<Matcher> matchers, TimeRange range) {
        base.samples.forEach((labels, some) -> some.keySet().forEach(time -> mayBeGone(labels, time, matchers, range)));
        samples.forEach(
                (labels, some) -> List.copyOf(some.keySet()).forEach(time -> mayBeGone(labels, time, matchers, range)));
    }

    private void mayBeGone(Labels labels, long time, List<Matcher> matchers, TimeRange range) {
        if (range.contains(time) && PlainStore.matches(labels, matchers)) {
            possible(labels, time).add(Optional.empty());
        }
    }

    /** What is nearest to what was found of all that may be found; equal to it if it may be. */
    PlainStore nearest(PlainStore found) {
        PlainStore nearest = base.copy();
        samples.forEach((labels, some) -> some.forEach((time, may) -> {
            Optional<Object> is = Optional.ofNullable(
                    found.samples.getOrDefault(labels, new TreeMap<>()).get(time));
            put(nearest, labels, time, may.contains(is) ? is : forced(labels, time));
        }));
        nearest.samples.values().removeIf(TreeMap::isEmpty);
        added.exemplars.forEach((labels, some) -> {
            for (Exemplar exemplar : some) {
                if (found.exemplars.getOrDefault(labels, new TreeSet<>()).contains(exemplar)) {
                    nearest.exemplar(labels, exemplar);
                }
            }
        });
        starts.forEach((labels, some) -> some.forEach((start, times) -> {
            Long is = found.starts.getOrDefault(labels, new TreeMap<>()).get(start);
            if (is != null && times.contains(is)) {
                nearest.start(labels, new io.varve.core.model.StartTime(start, is));
            }
        }));
        metadata.forEach((metric, some) -> {
            Metadata is = found.metadata.get(metric);
            if (is != null && some.contains(is)) {
                nearest.metadata.put(metric, is);
            }
        });
        return nearest;
    }

    private static void put(PlainStore store, Labels labels, long time, Optional<Object> sample) {
        TreeMap<Long, Object> of = store.samples.computeIfAbsent(labels, key -> new TreeMap<>());
        if (sample.isPresent()) {
            of.put(time, sample.get());
        } else {
            of.remove(time);
        }
    }
}
