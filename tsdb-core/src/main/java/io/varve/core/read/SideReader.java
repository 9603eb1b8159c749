package io.varve.core.read;

import io.varve.core.block.BlockReader;
import io.varve.core.block.BlockSides;
import io.varve.core.compact.Cutoffs;
import io.varve.core.head.Generation;
import io.varve.core.head.HeadKinds;
import io.varve.core.index.PostingsSelector;
import io.varve.core.model.Exemplar;
import io.varve.core.model.Labels;
import io.varve.core.model.Matcher;
import io.varve.core.model.Metadata;
import io.varve.core.model.StartTime;
import io.varve.core.model.TimeRange;
import io.varve.core.storage.Found;
import io.varve.core.storage.Hole;
import io.varve.core.storage.ReadBudget;
import io.varve.core.storage.SeriesExemplars;
import io.varve.core.storage.SeriesStarts;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** Reads exemplars, start times and metadata of a pinned view. One thread. */
final class SideReader {

    private static final int BYTES_OF_EXEMPLAR = 256;
    private static final int BYTES_OF_START = 48;
    private static final int BYTES_OF_METADATA = 256;

    private final List<BlockReader> blocks;
    private final List<Generation> generations;
    private final TimeRange range;
    private final ReadBudget budget;
    private final List<Hole> holes = new ArrayList<>();

    SideReader(View view, TimeRange range, ReadBudget budget) {
        this(view.blocks(), view.generations(), range, budget);
        for (Hole loss : view.losses()) {
            if (range.overlaps(loss.range().from(), loss.range().to())) {
                holes.add(loss);
            }
        }
    }

    SideReader(List<BlockReader> blocks, List<Generation> generations, TimeRange range, ReadBudget budget) {
        this.blocks = blocks;
        this.generations = generations;
        this.range = range;
        this.budget = budget;
    }

    /**
     * Exemplars in the range.
     *
     * @param from older exemplars are past their retention
     * @param cutoffs and those that are past that of their series
     */
    Found<List<SeriesExemplars>> exemplars(long from, Cutoffs cutoffs, Matcher... matchers) {
        TimeRange kept = TimeRange.of(Math.max(range.from(), from), range.to());
        TreeMap<Labels, List<Exemplar>> found = new TreeMap<>();
        for (BlockReader block : blocks) {
            BlockSides sides = block.sides();
            if (sides.hasExemplars() && block.meta().overlaps(kept)) {
                sides.reportExemplars(kept, holes::add);
                List<Exemplar> some = new ArrayList<>();
                PostingsSelector.select(block.index(), budget, matchers).forEach((int series) -> {
                    sides.exemplars(series, kept, some, holes::add);
                    add(found, block.labels(series), some, BYTES_OF_EXEMPLAR);
                });
            }
        }
        for (Generation generation : generations) {
            HeadKinds kinds = generation.kinds();
            if (kinds.exemplarsOverlap(kept)) {
                List<Exemplar> some = new ArrayList<>();
                PostingsSelector.select(generation.registry().index(), budget, matchers)
                        .forEach((int series) -> {
                            kinds.exemplars(series, kept, some);
                            add(found, generation.registry().labels(series), some, BYTES_OF_EXEMPLAR);
                        });
            }
        }
        List<SeriesExemplars> answer = new ArrayList<>();
        found.forEach((labels, all) -> {
            long cutoff = cutoffs.of(labels);
            all.removeIf(exemplar -> exemplar.time() < cutoff);
            if (!all.isEmpty()) {
                answer.add(new SeriesExemplars(labels, Sides.exemplars(all)));
            }
        });
        return new Found<>(answer, List.copyOf(holes));
    }

    /** Moves what was read of a series to what was found of it. */
    private <T> void add(Map<Labels, List<T>> found, Labels labels, List<T> some, int bytesEach) {
        if (!some.isEmpty()) {
            budget.charge(some.size(), (long) bytesEach * some.size());
            found.computeIfAbsent(labels, series -> new ArrayList<>()).addAll(some);
            some.clear();
        }
    }

    Found<List<SeriesStarts>> starts(Matcher... matchers) {
        TreeMap<Labels, List<StartTime>> found = new TreeMap<>();
        for (BlockReader block : blocks) {
            BlockSides sides = block.sides();
            if (sides.hasStarts()) {
                sides.reportStarts(range, holes::add);
                List<StartTime> some = new ArrayList<>();
                PostingsSelector.select(block.index(), budget, matchers).forEach((int series) -> {
                    sides.starts(series, some, holes::add);
                    add(found, block.labels(series), some, BYTES_OF_START);
                });
            }
        }
        for (Generation generation : generations) {
            HeadKinds kinds = generation.kinds();
            if (kinds.hasStarts()) {
                List<StartTime> some = new ArrayList<>();
                PostingsSelector.select(generation.registry().index(), budget, matchers)
                        .forEach((int series) -> {
                            kinds.starts(series, some);
                            add(found, generation.registry().labels(series), some, BYTES_OF_START);
                        });
            }
        }
        List<SeriesStarts> answer = new ArrayList<>();
        found.forEach((labels, all) -> {
            List<StartTime> inRange = inRange(Sides.starts(all));
            if (!inRange.isEmpty()) {
                answer.add(new SeriesStarts(labels, inRange));
            }
        });
        return new Found<>(answer, List.copyOf(holes));
    }

    /** The starts in the range and the one before it. */
    private List<StartTime> inRange(List<StartTime> ascending) {
        int from = 0;
        while (from + 1 < ascending.size() && ascending.get(from + 1).start() < range.from()) {
            from++;
        }
        int to = from;
        while (to < ascending.size() && ascending.get(to).start() <= range.to()) {
            to++;
        }
        return List.copyOf(ascending.subList(from, to));
    }

    /** What was said last, blocks before generations, later ones over earlier ones. */
    Found<SortedMap<String, Metadata>> metadata(String metric) {
        SortedMap<String, Metadata> found = new TreeMap<>(Labels::compareCodePoints);
        for (BlockReader block : blocks) {
            block.sides().metadata((name, said) -> put(found, metric, name, said), holes::add);
        }
        for (Generation generation : generations) {
            generation.kinds().metadata().forEach((name, said) -> put(found, metric, name, said));
        }
        return new Found<>(found, List.copyOf(holes));
    }

    private void put(SortedMap<String, Metadata> found, String wanted, String name, Metadata said) {
        if (wanted.isEmpty() || wanted.equals(name)) {
            if (found.put(name, said) == null) {
                budget.charge(0, BYTES_OF_METADATA + said.help().length());
            }
        }
    }
}
