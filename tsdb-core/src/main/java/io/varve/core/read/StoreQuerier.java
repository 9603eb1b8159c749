package io.varve.core.read;

import io.varve.core.block.BlockReader;
import io.varve.core.block.DecodeScratch;
import io.varve.core.compact.Cutoffs;
import io.varve.core.compact.RawFloors;
import io.varve.core.head.Generation;
import io.varve.core.index.PostingsSelector;
import io.varve.core.model.Matcher;
import io.varve.core.model.Metadata;
import io.varve.core.model.TimeRange;
import io.varve.core.storage.Found;
import io.varve.core.storage.Hole;
import io.varve.core.storage.Querier;
import io.varve.core.storage.ReadBudget;
import io.varve.core.storage.RollupSet;
import io.varve.core.storage.Selection;
import io.varve.core.storage.SeriesExemplars;
import io.varve.core.storage.SeriesSet;
import io.varve.core.storage.SeriesStarts;
import io.varve.core.storage.SummaryRule;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.roaringbitmap.buffer.ImmutableRoaringBitmap;

/** Reads a pinned view in a range. */
public final class StoreQuerier implements Querier {

    private final View view;
    private final TimeRange range;

    /** The range as it was asked for: rollups outlive samples. */
    private final TimeRange wanted;

    private final Cutoffs cutoffs;
    private final RawFloors floors;
    private final ReadBudget budget;
    private final ScratchPool pool;
    private final PartScratches parts;
    private final LongSupplier exemplarsFrom;
    private @Nullable DecodeScratch scratch;
    private boolean closed;

    /**
     * A querier of a view.
     *
     * @param view pinned for this querier, which lets go of it when it is closed
     * @param cutoffs what has expired, and so is not answered
     * @param floors from when on samples are all there in files
     * @param exemplarsFrom the oldest time of exemplars that are not past a retention of their own
     */
    public StoreQuerier(
            View view,
            TimeRange range,
            Cutoffs cutoffs,
            RawFloors floors,
            ReadBudget budget,
            ScratchPool pool,
            LongSupplier exemplarsFrom) {
        this.exemplarsFrom = exemplarsFrom;
        this.pool = pool;
        this.parts = new PartScratches(pool);
        this.view = view;
        this.cutoffs = cutoffs;
        this.floors = floors;
        this.wanted = range;
        this.range = TimeRange.of(Math.max(range.from(), cutoffs.lowest()), range.to());
        this.budget = budget;
    }

    private List<BlockReader> blocksInRange() {
        return view.blocks().stream()
                .filter(block -> !range.isEmpty()
                        && range.overlaps(block.meta().minTime(), block.meta().maxTime()))
                .toList();
    }

    private List<Generation> generationsInRange() {
        return view.generations().stream()
                .filter(generation -> !range.isEmpty() && range.overlaps(generation.minTime(), generation.maxTime()))
                .toList();
    }

    /** One for all blocks, generations and selections of this querier, which one thread uses, one series at a time. */
    private DecodeScratch scratch() {
        DecodeScratch taken = scratch;
        if (taken == null) {
            taken = pool.take();
            scratch = taken;
        }
        return taken;
    }

    private void ensureOpen() {
        if (closed) {
            throw new IllegalStateException("a querier is not used after close");
        }
    }

    private void requireMatchers(Matcher... matchers) {
        ensureOpen();
        if (matchers.length == 0) {
            throw new IllegalArgumentException("a selection has at least one matcher: matchers=0");
        }
    }

    @Override
    public SeriesSet select(Matcher... matchers) {
        return select(SummaryRule.NONE, matchers);
    }

    @Override
    public SeriesSet select(SummaryRule rule, Matcher... matchers) {
        return find(matchers).open(rule, budget);
    }

    @Override
    public Selection find(Matcher... matchers) {
        requireMatchers(matchers);
        List<Hole> holes = new ArrayList<>(losses());
        List<FoundSeries> places = new ArrayList<>();
        MeteredBudget metered = new MeteredBudget(budget);
        for (BlockReader block : blocksInRange()) {
            try {
                ImmutableRoaringBitmap selected = PostingsSelector.select(block.index(), metered, matchers);
                if (!selected.isEmpty()) {
                    places.add(new FoundInBlock(block, selected, mask(block)));
                }
            } catch (InternalError e) { // of a mapped page that the device did not deliver
                holes.add(BlockSeries.unreadable(block.meta(), block.meta().series(), "its index: " + e));
            }
        }
        for (Generation generation : generationsInRange()) {
            ImmutableRoaringBitmap selected =
                    PostingsSelector.select(generation.registry().index(), metered, matchers);
            if (!selected.isEmpty()) {
                places.add(new FoundInHead(generation, selected, budget, upTo()));
            }
        }
        return StoreSelection.of(
                new StoreSelection.Shared(
                        List.copyOf(places), List.copyOf(holes), metered.bytesRead(), range, cutoffs, parts),
                this::scratch);
    }

    private BlockMask mask(BlockReader block) {
        return view.deletions().mask(block);
    }

    private long upTo() {
        return view.deletions().upTo();
    }

    /** What labels are listed of. */
    private List<ListedPart> listed() {
        List<ListedPart> parts = new ArrayList<>();
        for (BlockReader block : blocksInRange()) {
            parts.add(ListedPart.of(block, mask(block), scratch(), range, cutoffs));
        }
        for (Generation generation : generationsInRange()) {
            parts.add(ListedPart.of(generation, upTo(), range, cutoffs));
        }
        return parts;
    }

    @Override
    public SeriesSet list(Matcher... matchers) {
        requireMatchers(matchers);
        return new ListedSeries(listed(), losses(), cutoffs, budget, matchers);
    }

    @Override
    public List<String> labelNames(Matcher... matchers) {
        ensureOpen();
        return new NameListing(listed(), cutoffs, budget).names(matchers);
    }

    @Override
    public List<String> labelValues(String name, Matcher... matchers) {
        ensureOpen();
        return new NameListing(listed(), cutoffs, budget).values(name, matchers);
    }

    @Override
    public List<Hole> losses() {
        ensureOpen();
        return view.losses().stream()
                .filter(loss -> range.overlaps(loss.range().from(), loss.range().to()))
                .toList();
    }

    @Override
    public Found<List<SeriesExemplars>> exemplars(Matcher... matchers) {
        requireMatchers(matchers);
        return new SideReader(view, range, budget).exemplars(exemplarsFrom.getAsLong(), cutoffs, matchers);
    }

    @Override
    public Found<List<SeriesStarts>> startTimes(Matcher... matchers) {
        requireMatchers(matchers);
        return new SideReader(view, range, budget).starts(matchers);
    }

    @Override
    public Found<SortedMap<String, Metadata>> metadata(String metric) {
        ensureOpen();
        return new SideReader(view, range, budget).metadata(metric);
    }

    @Override
    public long samplesFrom() {
        ensureOpen();
        return Math.max(cutoffs.highest(), floors.highest());
    }

    @Override
    public List<Long> rollupWidths() {
        ensureOpen();
        return view.rollups().widths();
    }

    @Override
    public RollupSet rollups(long width, Matcher... matchers) {
        requireMatchers(matchers);
        return new StoreRollups(view, width, wanted, cutoffs, floors, budget, scratch(), matchers);
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            if (scratch != null) {
                pool.giveBack(scratch);
            }
            parts.close();
            view.unpin();
        }
    }
}
