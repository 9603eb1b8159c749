package io.varve.core.read;

import io.varve.core.block.BlockEstimate;
import io.varve.core.block.BlockMeta;
import io.varve.core.block.BlockReader;
import io.varve.core.block.BlockSession;
import io.varve.core.block.BlockSides;
import io.varve.core.block.DecodeScratch;
import io.varve.core.block.EstimatedPages;
import io.varve.core.model.Exemplar;
import io.varve.core.model.Labels;
import io.varve.core.model.StartTime;
import io.varve.core.model.TimeRange;
import io.varve.core.storage.ColumnCursor;
import io.varve.core.storage.Hole;
import io.varve.core.storage.ReadBudget;
import io.varve.core.storage.SummaryRule;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.roaringbitmap.PeekableIntIterator;
import org.roaringbitmap.buffer.ImmutableRoaringBitmap;

/** Series of a block; its numbers are in label order already. */
final class BlockSeries implements SeriesSource {

    private final BlockReader block;
    private final BlockSession session;
    private final BlockSides sides;
    private final BlockMeta meta;
    private final PeekableIntIterator numbers;
    private final SummaryRule rule;
    private final ReadBudget budget;
    private final Consumer<Hole> holes;
    private final BlockMask mask;
    private int left;
    private int current;
    private Labels labels = Labels.EMPTY;

    /** What reading would read; made when it is asked for. */
    private @Nullable BlockEstimate estimate;

    BlockSeries(
            BlockReader block,
            DecodeScratch scratch,
            ImmutableRoaringBitmap selected,
            SummaryRule rule,
            ReadBudget budget,
            Consumer<Hole> holes,
            BlockMask mask) {
        this(block, block.session(scratch), selected, 0, Integer.MAX_VALUE, rule, budget, holes, mask);
    }

    /** Some of the selected series: from the one at a place to the one before another. */
    BlockSeries(
            BlockReader block,
            BlockSession session,
            ImmutableRoaringBitmap selected,
            int from,
            int to,
            SummaryRule rule,
            ReadBudget budget,
            Consumer<Hole> holes,
            BlockMask mask) {
        this.left = to - from;
        this.block = block;
        this.rule = rule;
        this.meta = block.meta();
        this.session = session;
        this.sides = block.sides();
        session.reportHistograms(TimeRange.ALL, holes);
        this.numbers = selected.getIntIterator();
        if (from > 0) {
            numbers.advanceIfNeeded(selected.select(from));
        }
        this.budget = budget;
        this.holes = holes;
        this.mask = mask;
    }

    @Override
    public boolean next() {
        while (left > 0 && numbers.hasNext()) {
            left--;
            current = numbers.next();
            try {
                labels = session.labels(current);
                return true;
            } catch (InternalError e) { // of a mapped page that the device did not deliver
                holes.accept(unreadable(meta, 1, "labels of series " + current + ": " + e));
            }
        }
        return false;
    }

    /** A block of which something cannot be read. */
    static Hole unreadable(BlockMeta meta, long series, String what) {
        String cause = "block " + meta.id() + ": " + what;
        return new Hole(series, TimeRange.of(meta.minTime(), meta.maxTime()), cause);
    }

    @Override
    public Labels labels() {
        return labels;
    }

    @Override
    public void columns(TimeRange range, List<ColumnCursor> target) {
        List<TimeRange> hidden = mask.of(current);
        add(session.columns(current, range, rule, budget, holes), hidden, target);
        ColumnCursor histograms = session.histograms(current, range, budget, holes);
        if (histograms != null) {
            add(histograms, hidden, target);
        }
    }

    private static void add(ColumnCursor all, @Nullable List<TimeRange> hidden, List<ColumnCursor> target) {
        target.add(hidden == null ? all : new MaskedCursor(all, hidden));
    }

    @Override
    public boolean estimate(TimeRange range, EstimatedPages target) {
        BlockEstimate made = estimate;
        if (made == null) {
            made = block.estimate(rule);
            estimate = made;
        }
        made.pages(current, range, target);
        List<TimeRange> hidden = mask.of(current);
        boolean any = target.size() > 0;
        if (hidden != null) {
            any = false;
            for (int page = 0; page < target.size(); page++) {
                any |= hide(target, page, hidden);
            }
        }
        return any;
    }

    /** Pages of which some is hidden are decoded; whether any of it may not be hidden. */
    private static boolean hide(EstimatedPages target, int page, List<TimeRange> hidden) {
        boolean whole = false;
        for (TimeRange range : hidden) {
            if (range.overlaps(target.first(page), target.last(page))) {
                target.needValues(page);
                whole |= range.contains(target.first(page)) && range.contains(target.last(page));
            }
        }
        return !whole;
    }

    @Override
    public boolean isHead() {
        return false;
    }

    @Override
    public void exemplars(List<Exemplar> target) {
        sides.exemplars(current, TimeRange.ALL, target, holes);
    }

    @Override
    public void starts(List<StartTime> target) {
        sides.starts(current, target, holes);
    }
}
