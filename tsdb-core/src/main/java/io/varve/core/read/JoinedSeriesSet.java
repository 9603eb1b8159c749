package io.varve.core.read;

import io.varve.core.model.Labels;
import io.varve.core.storage.ColumnCursor;
import io.varve.core.storage.Hole;
import io.varve.core.storage.SeriesSet;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/** Sets that have no series in common as one, in label order. One thread. */
final class JoinedSeriesSet implements SeriesSet {

    /**
     * The series of a shard.
     *
     * @param part says how its holes are told
     */
    record Part(SeriesSet series, JoinedQuerier.Part part) {}

    private record Head(Labels labels, SeriesSet set) {}

    private final List<Part> sets;
    private final PriorityQueue<Head> heads = new PriorityQueue<>(Comparator.comparing(Head::labels));
    private @Nullable Head current;
    private boolean begun;

    JoinedSeriesSet(List<Part> sets) {
        this.sets = List.copyOf(sets);
    }

    @Override
    public boolean next() {
        Head last = current;
        if (!begun) {
            begun = true;
            sets.forEach(set -> advance(set.series()));
        } else if (last != null) {
            advance(last.set());
        }
        current = heads.poll();
        return current != null;
    }

    private void advance(SeriesSet set) {
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
    public ColumnCursor columns() {
        return current().set().columns();
    }

    @Override
    public List<Hole> holes() {
        List<Hole> holes = new ArrayList<>();
        sets.forEach(set -> holes.addAll(set.part().named(set.series().holes())));
        return holes;
    }

    @Override
    public void close() {
        sets.forEach(set -> set.series().close());
    }
}
