package io.varve.core.read;

import io.varve.core.model.Labels;
import io.varve.core.model.TimeRange;
import io.varve.core.storage.Hole;
import io.varve.core.storage.RollupCursor;
import io.varve.core.storage.RollupSet;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Rollups of shards, which have no series in common, as one set in label order. One thread. */
final class JoinedRollupSet implements RollupSet {

    /**
     * The rollups of a shard.
     *
     * @param part says how its holes are told
     */
    record Part(RollupSet set, JoinedQuerier.Part part) {}

    private record Head(Labels labels, RollupSet set) {}

    private final List<Part> sets;
    private final PriorityQueue<Head> heads = new PriorityQueue<>(Comparator.comparing(Head::labels));
    private @Nullable Head current;
    private boolean begun;

    JoinedRollupSet(List<Part> sets) {
        this.sets = List.copyOf(sets);
    }

    @Override
    public boolean next() {
        Head last = current;
        if (!begun) {
            begun = true;
            sets.forEach(part -> advance(part.set()));
        } else if (last != null) {
            advance(last.set());
        }
        current = heads.poll();
        return current != null;
    }

    private void advance(RollupSet set) {
        if (set.next()) {
            heads.add(new Head(set.labels(), set));
        }
    }

    private Head current() {
        Head head = current;
        if (head == null) {
            throw new IllegalStateException("no series: next() was not called, or has returned false");
        }
        return head;
    }

    @Override
    public Labels labels() {
        return current().labels();
    }

    @Override
    public RollupCursor buckets() {
        return current().set().buckets();
    }

    @Override
    public List<TimeRange> touched() {
        return current().set().touched();
    }

    @Override
    public long samplesFrom() {
        return current().set().samplesFrom();
    }

    /** Where all shards have rollups. */
    @Override
    public List<TimeRange> covered() {
        return inAll(RollupSet::covered);
    }

    @Override
    public List<TimeRange> sketched() {
        return inAll(RollupSet::sketched);
    }

    private List<TimeRange> inAll(Function<RollupSet, List<TimeRange>> ranges) {
        List<TimeRange> all = null;
        for (Part part : sets) {
            List<TimeRange> some = ranges.apply(part.set());
            all = all == null ? some : both(all, some);
        }
        return all == null ? List.of() : all;
    }

    private static List<TimeRange> both(List<TimeRange> some, List<TimeRange> others) {
        List<TimeRange> found = new ArrayList<>();
        for (TimeRange one : some) {
            for (TimeRange other : others) {
                TimeRange part = TimeRange.of(Math.max(one.from(), other.from()), Math.min(one.to(), other.to()));
                if (!part.isEmpty()) {
                    found.add(part);
                }
            }
        }
        return found;
    }

    @Override
    public List<Hole> holes() {
        List<Hole> holes = new ArrayList<>();
        sets.forEach(part -> holes.addAll(part.part().named(part.set().holes())));
        return holes;
    }

    @Override
    public void close() {
        sets.forEach(part -> part.set().close());
    }
}
