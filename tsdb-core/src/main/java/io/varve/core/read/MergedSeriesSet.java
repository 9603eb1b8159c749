package io.varve.core.read;

import io.varve.core.compact.Cutoffs;
import io.varve.core.model.Exemplar;
import io.varve.core.model.Labels;
import io.varve.core.model.Metadata;
import io.varve.core.model.StartTime;
import io.varve.core.model.TimeRange;
import io.varve.core.storage.ColumnCursor;
import io.varve.core.storage.Found;
import io.varve.core.storage.Hole;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * Series of several sources in label order, each once, with its samples merged. Sources are given in the order of their
 * log positions: of samples with equal times the last source's wins.
 */
final class MergedSeriesSet implements MergeSet {

    private final SeriesSource[] sources;
    private final @Nullable Labels[] heads;
    private final List<Hole> holes;
    private final TimeRange range;
    private final Cutoffs cutoffs;
    private final MergedCursor cursor = new MergedCursor();
    private final Runnable whenClosed;
    private boolean closed;
    private Labels current = Labels.EMPTY;

    /** Sources that stand on the current series: they move on only when its samples are no longer wanted. */
    private boolean @Nullable [] consumed;

    /** Where metadata come from, for a set of everything: then series without samples count too. */
    private final @Nullable SideReader everything;

    private List<Exemplar> exemplars = List.of();
    private List<StartTime> starts = List.of();

    /**
     * A visit of sources.
     *
     * @param range what is wanted of each series, as far as it has not expired
     * @param holes filled by the sources while they read
     * @param whenClosed done once, at the end of the visit
     */
    MergedSeriesSet(
            List<SeriesSource> sources, TimeRange range, Cutoffs cutoffs, List<Hole> holes, Runnable whenClosed) {
        this(sources, range, cutoffs, holes, null, whenClosed);
    }

    MergedSeriesSet(
            List<SeriesSource> sources,
            TimeRange range,
            Cutoffs cutoffs,
            List<Hole> holes,
            @Nullable SideReader everything) {
        this(sources, range, cutoffs, holes, everything, () -> {});
    }

    private MergedSeriesSet(
            List<SeriesSource> sources,
            TimeRange range,
            Cutoffs cutoffs,
            List<Hole> holes,
            @Nullable SideReader everything,
            Runnable whenClosed) {
        this.whenClosed = whenClosed;
        this.everything = everything;
        this.range = range;
        this.cutoffs = cutoffs;
        this.sources = sources.toArray(SeriesSource[]::new);
        this.heads = new Labels[this.sources.length];
        this.holes = holes;
        for (int i = 0; i < heads.length; i++) {
            advance(i);
        }
    }

    private void advance(int source) {
        heads[source] = sources[source].next() ? sources[source].labels() : null;
    }

    @Override
    public boolean next() {
        while (true) {
            Labels least = least();
            if (least == null) {
                return false;
            }
            current = least;
            TimeRange alive = cutoffs.within(least, range);
            List<ColumnCursor> parts = new ArrayList<>(2);
            boolean[] used = new boolean[sources.length];
            for (int i = 0; i < sources.length; i++) {
                if (least.equals(heads[i])) {
                    if (!alive.isEmpty()) {
                        sources[i].columns(alive, parts);
                    }
                    used[i] = true;
                }
            }
            cursor.over(parts);
            boolean hasSamples = cursor.prefetch();
            consumed = used;
            boolean hasSides = everything != null && readSides(used);
            if (hasSamples || hasSides) {
                return true;
            }
        }
    }

    /** Reads the exemplars and start times of the current series; false if there are none. */
    private boolean readSides(boolean[] used) {
        List<Exemplar> someExemplars = new ArrayList<>();
        List<StartTime> someStarts = new ArrayList<>();
        for (int i = 0; i < used.length; i++) {
            if (used[i]) {
                sources[i].exemplars(someExemplars);
                sources[i].starts(someStarts);
            }
        }
        exemplars = Sides.exemplars(someExemplars);
        starts = Sides.starts(someStarts);
        return !exemplars.isEmpty() || !starts.isEmpty();
    }

    @Override
    public List<Exemplar> exemplars() {
        return exemplars;
    }

    @Override
    public List<StartTime> starts() {
        return starts;
    }

    @Override
    public SortedMap<String, Metadata> metadata() {
        SideReader reader = everything;
        if (reader == null) {
            return Collections.emptySortedMap();
        }
        Found<SortedMap<String, Metadata>> known = reader.metadata("");
        holes.addAll(known.holes());
        return known.found();
    }

    private @Nullable Labels least() {
        boolean[] used = consumed;
        if (used != null) {
            for (int i = 0; i < used.length; i++) {
                if (used[i]) {
                    advance(i);
                }
            }
            consumed = null;
        }
        Labels least = null;
        for (Labels head : heads) {
            if (head != null && (least == null || head.compareTo(least) < 0)) {
                least = head;
            }
        }
        return least;
    }

    @Override
    public Labels labels() {
        return current;
    }

    @Override
    public ColumnCursor columns() {
        return cursor;
    }

    @Override
    public List<Hole> holes() {
        return List.copyOf(holes);
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            whenClosed.run();
        }
    }
}
