package io.varve.core.read;

import io.varve.core.model.Labels;
import io.varve.core.storage.ReadBudget;
import io.varve.core.storage.ReadEstimate;
import io.varve.core.storage.Selection;
import io.varve.core.storage.SeriesSet;
import io.varve.core.storage.SummaryRule;
import java.util.ArrayList;
import java.util.List;

/** Selections of shards, which have no series in common, as one. Immutable. */
final class JoinedSelection implements Selection {

    /**
     * The selection of a shard.
     *
     * @param part says how its holes are told
     */
    record Part(Selection found, JoinedQuerier.Part part) {}

    private final List<Part> parts;

    JoinedSelection(List<Part> parts) {
        this.parts = List.copyOf(parts);
    }

    @Override
    public int series() {
        long series = 0;
        for (Part part : parts) {
            series += part.found().series();
        }
        return (int) Math.min(Integer.MAX_VALUE, series);
    }

    @Override
    public SeriesSet open(SummaryRule rule, ReadBudget budget) {
        List<JoinedSeriesSet.Part> sets = new ArrayList<>();
        try {
            for (Part part : parts) {
                sets.add(new JoinedSeriesSet.Part(part.found().open(rule, budget), part.part()));
            }
        } catch (RuntimeException | Error e) {
            sets.forEach(set -> set.series().close());
            throw e;
        }
        return new JoinedSeriesSet(sets);
    }

    @Override
    public ReadEstimate estimate(SummaryRule rule, ReadBudget budget) {
        ReadEstimate all = ReadEstimate.NONE;
        for (Part part : parts) {
            all = all.plus(part.found().estimate(rule, budget));
        }
        return all;
    }

    /** Series are spread evenly by their hashes, so where the largest shard is cut evenly the others are too. */
    @Override
    public List<Labels> cuts(int size, int most) {
        Selection largest = parts.get(0).found();
        for (Part part : parts) {
            largest = part.found().series() > largest.series() ? part.found() : largest;
        }
        return largest.cuts((int) Math.max(1, (long) size * largest.series() / Math.max(1, series())), most);
    }

    @Override
    public List<Selection> cut(List<Labels> at) {
        List<List<Selection>> byShard = new ArrayList<>();
        for (Part part : parts) {
            byShard.add(part.found().cut(at));
        }
        List<Selection> joined = new ArrayList<>();
        for (int i = 0; i <= at.size(); i++) {
            List<Part> some = new ArrayList<>();
            for (int shard = 0; shard < parts.size(); shard++) {
                some.add(new Part(byShard.get(shard).get(i), parts.get(shard).part()));
            }
            joined.add(new JoinedSelection(some));
        }
        return joined;
    }
}
