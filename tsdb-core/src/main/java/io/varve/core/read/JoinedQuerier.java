package io.varve.core.read;

import io.varve.core.model.Labels;
import io.varve.core.model.Matcher;
import io.varve.core.model.Metadata;
import io.varve.core.storage.Found;
import io.varve.core.storage.Hole;
import io.varve.core.storage.Querier;
import io.varve.core.storage.RollupSet;
import io.varve.core.storage.Selection;
import io.varve.core.storage.SeriesExemplars;
import io.varve.core.storage.SeriesSet;
import io.varve.core.storage.SeriesStarts;
import io.varve.core.storage.SummaryRule;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;

/**
 * Reads several shards as one store. No two have a series in common. Each is consistent in itself, pinned one behind
 * the other: of a batch that went to several, a querier that is opened meanwhile may see a part.
 */
public final class JoinedQuerier implements Querier {

    private final List<Part> parts;

    /**
     * A shard.
     *
     * @param querier closed with the whole
     * @param name what the causes of its holes begin with; empty for none
     */
    public record Part(Querier querier, String name) {

        /** Holes as they are told of the whole. */
        List<Hole> named(List<Hole> holes) {
            return name.isEmpty()
                    ? holes
                    : holes.stream()
                            .map(hole -> new Hole(hole.series(), hole.range(), name + ": " + hole.cause()))
                            .toList();
        }
    }

    /** @param parts in the order of the shards */
    public JoinedQuerier(List<Part> parts) {
        this.parts = List.copyOf(parts);
    }

    @Override
    public SeriesSet select(Matcher... matchers) {
        return select(SummaryRule.NONE, matchers);
    }

    @Override
    public SeriesSet select(SummaryRule rule, Matcher... matchers) {
        return joined(querier -> querier.select(rule, matchers));
    }

    private SeriesSet joined(Function<Querier, SeriesSet> selection) {
        List<JoinedSeriesSet.Part> sets = new ArrayList<>();
        try {
            for (Part part : parts) {
                sets.add(new JoinedSeriesSet.Part(selection.apply(part.querier()), part));
            }
        } catch (RuntimeException | Error e) {
            sets.forEach(set -> set.series().close());
            throw e;
        }
        return new JoinedSeriesSet(sets);
    }

    @Override
    public Selection find(Matcher... matchers) {
        return new JoinedSelection(parts.stream()
                .map(part -> new JoinedSelection.Part(part.querier().find(matchers), part))
                .toList());
    }

    @Override
    public SeriesSet list(Matcher... matchers) {
        return joined(querier -> querier.list(matchers));
    }

    @Override
    public long samplesFrom() {
        return parts.stream()
                .mapToLong(part -> part.querier().samplesFrom())
                .max()
                .orElse(Long.MIN_VALUE);
    }

    @Override
    public List<Long> rollupWidths() {
        TreeSet<Long> widths = new TreeSet<>();
        parts.forEach(part -> widths.addAll(part.querier().rollupWidths()));
        return List.copyOf(widths);
    }

    @Override
    public RollupSet rollups(long width, Matcher... matchers) {
        List<JoinedRollupSet.Part> sets = new ArrayList<>();
        for (Part part : parts) {
            sets.add(new JoinedRollupSet.Part(part.querier().rollups(width, matchers), part));
        }
        return new JoinedRollupSet(sets);
    }

    @Override
    public List<String> labelNames(Matcher... matchers) {
        return sorted(querier -> querier.labelNames(matchers));
    }

    @Override
    public List<String> labelValues(String name, Matcher... matchers) {
        return sorted(querier -> querier.labelValues(name, matchers));
    }

    private List<String> sorted(Function<Querier, List<String>> texts) {
        TreeSet<String> all = new TreeSet<>(Labels::compareCodePoints);
        parts.forEach(part -> all.addAll(texts.apply(part.querier())));
        return List.copyOf(all);
    }

    @Override
    public List<Hole> losses() {
        List<Hole> all = new ArrayList<>();
        parts.forEach(part -> all.addAll(part.named(part.querier().losses())));
        return List.copyOf(all);
    }

    @Override
    public Found<List<SeriesExemplars>> exemplars(Matcher... matchers) {
        return joined(querier -> querier.exemplars(matchers), SeriesExemplars::series);
    }

    @Override
    public Found<List<SeriesStarts>> startTimes(Matcher... matchers) {
        return joined(querier -> querier.startTimes(matchers), SeriesStarts::series);
    }

    private <T> Found<List<T>> joined(Function<Querier, Found<List<T>>> read, Function<T, Labels> series) {
        List<T> all = new ArrayList<>();
        List<Hole> holes = new ArrayList<>();
        for (Part part : parts) {
            Found<List<T>> found = read.apply(part.querier());
            all.addAll(found.found());
            holes.addAll(part.named(found.holes()));
        }
        all.sort(Comparator.comparing(series));
        return new Found<>(all, holes);
    }

    @Override
    public Found<SortedMap<String, Metadata>> metadata(String metric) {
        SortedMap<String, Metadata> all = new TreeMap<>(Labels::compareCodePoints);
        List<Hole> holes = new ArrayList<>();
        for (Part part : parts) {
            Found<SortedMap<String, Metadata>> found = part.querier().metadata(metric);
            all.putAll(found.found());
            holes.addAll(part.named(found.holes()));
        }
        return new Found<>(all, holes);
    }

    @Override
    public void close() {
        parts.forEach(part -> part.querier().close());
    }
}
