package io.varve.core.head;

import io.varve.core.index.PostingsSelector;
import io.varve.core.model.Deletion;
import io.varve.core.model.Matcher;
import io.varve.core.model.TimeRange;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.roaringbitmap.PeekableIntIterator;
import org.roaringbitmap.buffer.ImmutableRoaringBitmap;
import org.roaringbitmap.buffer.MutableRoaringBitmap;

/**
 * What is deleted of a generation, oldest first. Nothing is taken out: a deletion notes how much of each series it
 * concerns, and readers pass over that. A reader minds the deletions of its view alone, so that one that comes
 * meanwhile hides everything from the next reader and nothing from this one.
 *
 * <p>Added to by the agent, by copying; read by any thread.
 */
public final class HeadDeletions {

    private static final HeadDeletion[] NONE = {};

    private volatile HeadDeletion[] all = NONE;
    private volatile long bytes;

    HeadDeletions() {}

    /**
     * Deletes from the generations of a writer what its series had before the deletion's place in the log. The agent
     * alone, or replay.
     *
     * @param generations oldest first; only the last one is still written to
     */
    public static void apply(Deletion deletion, List<Generation> generations) {
        Generation active = generations.get(generations.size() - 1);
        ImmutableRoaringBitmap matched = PostingsSelector.select(
                active.registry().index(), deletion.matchers().toArray(new Matcher[0]));
        for (Generation generation : generations) {
            if (deletion.range().overlaps(generation.minTime(), generation.maxTime())) {
                generation.deletions().add(deletion, generation, matched, generation != active);
            }
        }
    }

    private void add(Deletion deletion, Generation of, ImmutableRoaringBitmap matched, boolean frozen) {
        SeriesTable table = of.table();
        MutableRoaringBitmap concerned = new MutableRoaringBitmap();
        for (PeekableIntIterator numbers = matched.getIntIterator(); numbers.hasNext(); ) {
            int series = numbers.next();
            if (of.kinds().histograms(series) != null || mayConcern(table, series, deletion.range())) {
                concerned.add(series);
            }
        }
        if (concerned.isEmpty()) {
            return;
        }
        concerned.runOptimize();
        int[] rows = null;
        int[] late = null;
        int[] histograms = null;
        if (!frozen) {
            rows = new int[concerned.getCardinality()];
            late = new int[rows.length];
            histograms = new int[rows.length];
            PeekableIntIterator numbers = concerned.getIntIterator();
            for (int place = 0; place < rows.length; place++) {
                int series = numbers.next();
                LateSamples behind = table.late(series);
                rows[place] = table.rows(series);
                late[place] = behind == null ? 0 : behind.size();
                HistogramSeries forms = of.kinds().histograms(series);
                histograms[place] = forms == null ? 0 : forms.size();
            }
        }
        HeadDeletion added = new HeadDeletion(deletion.position(), deletion.range(), concerned, rows, late, histograms);
        HeadDeletion[] more = Arrays.copyOf(all, all.length + 1);
        more[all.length] = added;
        long before = bytes; // one writer: no other thread adds
        bytes = before + added.bytes();
        all = more;
    }

    private static boolean mayConcern(SeriesTable table, int series, TimeRange range) {
        return table.rows(series) > 0 && (table.lastTime.get(series) >= range.from() || table.late(series) != null);
    }

    long bytes() {
        return bytes;
    }

    /** Whether a row of a series is deleted. The agent alone. */
    boolean hidesRow(int series, int row, long time) {
        for (HeadDeletion deletion : all) {
            int place = deletion.place(series);
            if (place >= 0 && deletion.hidesRow(place, row, time)) {
                return true;
            }
        }
        return false;
    }

    /** Whether a late sample of a series is deleted. The agent alone. */
    boolean hidesLate(int series, int index, long time) {
        for (HeadDeletion deletion : all) {
            int place = deletion.place(series);
            if (place >= 0 && deletion.hidesLate(place, index, time)) {
                return true;
            }
        }
        return false;
    }

    /** Whether a histogram of a series is deleted. The agent alone. */
    boolean hidesHistogram(int series, int index, long time) {
        for (HeadDeletion deletion : all) {
            int place = deletion.place(series);
            if (place >= 0 && deletion.hidesHistogram(place, index, time)) {
                return true;
            }
        }
        return false;
    }

    /**
     * What is deleted of a series, or null if nothing is.
     *
     * @param upTo position of the newest deletion to mind
     */
    @Nullable
    Mask mask(int series, long upTo) {
        Mask mask = null;
        for (HeadDeletion deletion : all) {
            int place = deletion.position > upTo ? -1 : deletion.place(series);
            if (place >= 0) {
                mask = new Mask(deletion, place, mask);
            }
        }
        return mask;
    }

    /** What is deleted of one series. */
    static final class Mask {

        private final HeadDeletion deletion;
        private final int place;
        private final @Nullable Mask older;

        Mask(HeadDeletion deletion, int place, @Nullable Mask older) {
            this.deletion = deletion;
            this.place = place;
            this.older = older;
        }

        boolean hidesRow(int row, long time) {
            for (Mask mask = this; mask != null; mask = mask.older) {
                if (mask.deletion.hidesRow(mask.place, row, time)) {
                    return true;
                }
            }
            return false;
        }

        boolean hidesHistogram(int index, long time) {
            for (Mask mask = this; mask != null; mask = mask.older) {
                if (mask.deletion.hidesHistogram(mask.place, index, time)) {
                    return true;
                }
            }
            return false;
        }

        boolean hidesLate(int index, long time) {
            for (Mask mask = this; mask != null; mask = mask.older) {
                if (mask.deletion.hidesLate(mask.place, index, time)) {
                    return true;
                }
            }
            return false;
        }
    }
}
