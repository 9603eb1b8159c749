package io.varve.core.read;

import io.varve.codec.bits.MalformedPageException;
import io.varve.core.block.DecodeScratch;
import io.varve.core.compact.Cutoffs;
import io.varve.core.model.Labels;
import io.varve.core.model.TimeRange;
import io.varve.core.storage.Hole;
import io.varve.core.storage.ReadBudget;
import io.varve.core.storage.ReadEstimate;
import io.varve.core.storage.Selection;
import io.varve.core.storage.SeriesSet;
import io.varve.core.storage.SummaryRule;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Series that were found in the blocks and generations of a pinned view, from one place in label order to another. The
 * places of cuts are looked for from one to the next, so that cutting costs few labels each. Valid while the view is
 * pinned.
 */
final class StoreSelection implements Selection {

    /** What all parts of a selection share. */
    record Shared(
            List<FoundSeries> places,
            List<Hole> holes,
            long postingsBytes,
            TimeRange range,
            Cutoffs cutoffs,
            PartScratches scratches) {}

    private final Shared shared;
    private final int[] from;
    private final int[] to;

    /** Scratch memory of the querier, for a selection that its thread reads; null for parts, which take their own. */
    private final @Nullable Supplier<DecodeScratch> scratch;

    /** What {@link #cuts} said last. */
    private volatile @Nullable Cuts lastCuts;

    /** Cuts between so many series of a place, whose places are known. */
    private record Cuts(List<Labels> labels, int place, int size) {}

    private StoreSelection(Shared shared, int[] from, int[] to, @Nullable Supplier<DecodeScratch> scratch) {
        this.shared = shared;
        this.from = from;
        this.to = to;
        this.scratch = scratch;
    }

    /** All series that were found, in places that are given in the order of their log positions. */
    static StoreSelection of(Shared shared, Supplier<DecodeScratch> scratch) {
        int[] to = shared.places().stream().mapToInt(FoundSeries::size).toArray();
        return new StoreSelection(shared, new int[to.length], to, scratch);
    }

    @Override
    public int series() {
        int largest = largest();
        return largest < 0 ? 0 : to[largest] - from[largest];
    }

    /** The place with most series, or -1 if there is none. */
    private int largest() {
        int largest = -1;
        for (int i = 0; i < from.length; i++) {
            if (largest < 0 || to[i] - from[i] > to[largest] - from[largest]) {
                largest = i;
            }
        }
        return largest;
    }

    @Override
    public SeriesSet open(SummaryRule rule, ReadBudget budget) {
        Supplier<DecodeScratch> lent = scratch;
        ReadScratch used = lent == null ? shared.scratches().take() : new ReadScratch(lent.get(), false);
        List<Hole> holes = new ArrayList<>(shared.holes());
        List<SeriesSource> sources = sources(rule, used, budget, holes);
        Runnable whenClosed = lent == null ? () -> shared.scratches().giveBack(used) : () -> {};
        return new MergedSeriesSet(sources, shared.range(), shared.cutoffs(), holes, whenClosed);
    }

    private List<SeriesSource> sources(SummaryRule rule, ReadScratch used, ReadBudget budget, List<Hole> holes) {
        List<SeriesSource> sources = new ArrayList<>();
        for (int i = 0; i < from.length; i++) {
            if (from[i] < to[i]) {
                sources.add(shared.places().get(i).open(from[i], to[i], rule, used, budget, holes::add));
            }
        }
        return sources;
    }

    @Override
    public ReadEstimate estimate(SummaryRule rule, ReadBudget budget) {
        Supplier<DecodeScratch> lent = scratch;
        ReadScratch used = lent == null ? shared.scratches().take() : new ReadScratch(lent.get(), false);
        try {
            List<SeriesSource> sources = sources(rule, used, budget, new ArrayList<>());
            return new SelectionEstimate(sources).of(shared.range(), shared.cutoffs(), budget, shared.postingsBytes());
        } finally {
            if (lent == null) {
                shared.scratches().giveBack(used);
            }
        }
    }

    @Override
    public List<Labels> cuts(int size, int most) {
        int largest = largest();
        if (largest < 0) {
            return List.of();
        }
        FoundSeries place = shared.places().get(largest);
        List<Labels> cuts = new ArrayList<>();
        try {
            for (long at = from[largest] + (long) size; at < to[largest] && cuts.size() < most; at += size) {
                cuts.add(place.labels((int) at));
            }
        } catch (MalformedPageException | InternalError e) {
            return List.of(); // reading it whole tells what is wrong
        }
        List<Labels> made = List.copyOf(cuts);
        lastCuts = new Cuts(made, largest, size);
        return made;
    }

    @Override
    public List<Selection> cut(List<Labels> at) {
        try {
            return cutAt(at);
        } catch (MalformedPageException | InternalError e) { // the first part has all: reading it tells what is wrong
            List<Selection> parts =
                    new ArrayList<>(Collections.nCopies(at.size() + 1, new StoreSelection(shared, to, to, null)));
            parts.set(0, new StoreSelection(shared, from, to, null));
            return parts;
        }
    }

    private List<Selection> cutAt(List<Labels> at) {
        Cuts known = lastCuts;
        int own = known != null && isSame(known.labels(), at) ? known.place() : -1;
        int size = known == null ? 0 : known.size();
        List<Selection> parts = new ArrayList<>(at.size() + 1);
        int[] begin = from;
        for (Labels labels : at) {
            int[] end = new int[from.length];
            for (int i = 0; i < end.length; i++) {
                end[i] = own == i ? begin[i] + size : firstFrom(shared.places().get(i), begin[i], to[i], labels);
            }
            parts.add(new StoreSelection(shared, begin, end, null));
            begin = end;
        }
        parts.add(new StoreSelection(shared, begin, to, null));
        return parts;
    }

    @SuppressWarnings("ReferenceEquality") // what was made here is known without looking
    private static boolean isSame(List<Labels> made, List<Labels> given) {
        return made == given;
    }

    /** The first of some series that does not come before given labels, in steps that double until it is passed. */
    private static int firstFrom(FoundSeries place, int from, int to, Labels labels) {
        int low = from;
        int high = from;
        for (int step = 1; high < to && place.labels(high).compareTo(labels) < 0; step *= 2) {
            low = high + 1;
            high = (int) Math.min(to, (long) high + step);
        }
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (place.labels(middle).compareTo(labels) < 0) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }
}
