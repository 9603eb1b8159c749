package io.varve.core.read;

import io.varve.core.block.BlockMeta;
import io.varve.core.block.BlockReader;
import io.varve.core.block.DecodeScratch;
import io.varve.core.block.RollupBuckets;
import io.varve.core.block.RollupSpan;
import io.varve.core.compact.Cutoffs;
import io.varve.core.compact.RawFloors;
import io.varve.core.head.Generation;
import io.varve.core.index.PostingsSelector;
import io.varve.core.model.Labels;
import io.varve.core.model.Matcher;
import io.varve.core.model.TimeRange;
import io.varve.core.storage.ColumnCursor;
import io.varve.core.storage.Hole;
import io.varve.core.storage.ReadBudget;
import io.varve.core.storage.RollupCursor;
import io.varve.core.storage.RollupSet;
import io.varve.core.storage.SummaryRule;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.roaringbitmap.buffer.ImmutableRoaringBitmap;

/** The rollups of one width in a view, and where samples say more than they do. One thread. */
final class StoreRollups implements RollupSet {

    private final View view;
    private final long width;
    private final TimeRange range;
    private final Cutoffs cutoffs;
    private final RawFloors floors;
    private final ReadBudget budget;
    private final Matcher[] matchers;
    private final DecodeScratch scratch;
    private final List<Hole> holes = new ArrayList<>();
    private final List<Rollups.Block> blocks;
    private final List<RollupSeries> series = new ArrayList<>();
    private final List<BlockMask> masks = new ArrayList<>();
    private final List<Later> later = new ArrayList<>();
    private Labels current = Labels.EMPTY;
    private boolean begun;
    private RollupBucketCursor cursor = new RollupBucketCursor(List.of(), List.of());
    private List<TimeRange> touched = List.of();

    /** Samples behind the position of some rollup: whose series they are, and that position's rollups. */
    private static final class Later {

        private final SeriesSource source;
        private final List<TimeRange> where;
        private @Nullable Labels head;

        Later(SeriesSource source, List<TimeRange> where) {
            this.source = source;
            this.where = where;
            advance();
        }

        boolean isAt(Labels labels) {
            Labels at = head;
            return at != null && at.equals(labels);
        }

        void advance() {
            head = source.next() ? source.labels() : null;
        }
    }

    /**
     * Rollups of a view.
     *
     * @param wanted buckets that hold a tick of it
     * @param floors from when on samples are all there
     */
    StoreRollups(
            View view,
            long width,
            TimeRange wanted,
            Cutoffs cutoffs,
            RawFloors floors,
            ReadBudget budget,
            DecodeScratch scratch,
            Matcher... matchers) {
        this.view = view;
        this.width = width;
        this.cutoffs = cutoffs;
        this.floors = floors;
        this.budget = budget;
        this.matchers = matchers.clone();
        this.scratch = scratch;
        long expired = cutoffs.rollups().of(width);
        // A bucket that ends at the cutoff has expired; the one behind it has not, whatever of it is older.
        long oldest = expired == Long.MIN_VALUE ? expired : RollupSpan.endOf(expired + 1, width) - width + 1;
        this.range = TimeRange.of(Math.max(wanted.from(), oldest), wanted.to());
        blocks = view.rollups().of(width).stream()
                .filter(block -> !range.isEmpty() && block.reader().meta().overlaps(range))
                .toList();
        for (Rollups.Lost lost : view.rollups().losses()) {
            TimeRange missing = lost.hole().range();
            if (lost.width() == width && !range.isEmpty() && range.overlaps(missing.from(), missing.to())) {
                holes.add(lost.hole());
            }
        }
        for (Rollups.Block block : blocks) {
            series.add(new RollupSeries(
                    block.reader(), PostingsSelector.select(block.reader().index(), budget, matchers), scratch));
            masks.add(view.deletions().mask(block.reader()));
        }
        addLater();
    }

    private void addLater() {
        for (BlockReader block : view.blocks()) {
            BlockMeta meta = block.meta();
            List<TimeRange> where = covered(meta.header().lastPosition(), meta.minTime(), meta.maxTime());
            ImmutableRoaringBitmap selected =
                    where.isEmpty() ? null : PostingsSelector.select(block.index(), budget, matchers);
            if (selected != null && !selected.isEmpty()) {
                BlockMask mask = view.deletions().mask(block);
                later.add(new Later(
                        new BlockSeries(block, scratch, selected, SummaryRule.NONE, budget, holes::add, mask), where));
            }
        }
        for (Generation generation : view.generations()) {
            List<TimeRange> where = covered(Long.MAX_VALUE, generation.minTime(), generation.maxTime());
            ImmutableRoaringBitmap selected = where.isEmpty()
                    ? null
                    : PostingsSelector.select(generation.registry().index(), budget, matchers);
            if (selected != null && !selected.isEmpty()) {
                SeriesSource source = new HeadSeries(
                        generation,
                        generation::has,
                        scratch.codec(),
                        selected,
                        budget,
                        view.deletions().upTo());
                later.add(new Later(source, where));
            }
        }
    }

    /** Parts of the wanted range in which rollups end before a position. */
    private List<TimeRange> covered(long position, long minTime, long maxTime) {
        List<TimeRange> found = new ArrayList<>();
        for (Rollups.Block block : blocks) {
            if (block.position() < position && minTime <= maxTime) {
                TimeRange all = block.span().covered();
                TimeRange part = TimeRange.of(Math.max(all.from(), range.from()), Math.min(all.to(), range.to()));
                if (!part.isEmpty() && part.overlaps(minTime, maxTime)) {
                    found.add(part);
                }
            }
        }
        return found;
    }

    @Override
    public boolean next() {
        while (true) {
            if (begun) {
                leave();
            }
            begun = true;
            Labels least = RollupSeries.least(series);
            for (Later one : later) {
                Labels head = one.head;
                if (head != null && (least == null || head.compareTo(least) < 0)) {
                    least = head;
                }
            }
            if (least == null) {
                return false;
            }
            current = least;
            if (read()) {
                return true;
            }
        }
    }

    private void leave() {
        for (RollupSeries one : series) {
            if (one.isAt(current)) {
                one.advance();
            }
        }
        for (Later one : later) {
            if (one.isAt(current)) {
                one.advance();
            }
        }
    }

    /** Reads the current series; false if it has nothing in range. */
    private boolean read() {
        TreeSet<Long> ends = new TreeSet<>();
        for (Later one : later) {
            if (one.isAt(current)) {
                one.where.forEach(part -> addTouched(one.source, part, ends));
            }
        }
        List<RollupBucketCursor.Page> pages = new ArrayList<>();
        for (int i = 0; i < series.size(); i++) {
            RollupSeries one = series.get(i);
            if (one.isAt(current)) {
                RollupBuckets all = one.read(range, false, budget, holes::add);
                RollupBuckets left = withoutDeleted(all, masks.get(i).of(one.number()), ends);
                if (left.size() > 0) {
                    pages.add(new RollupBucketCursor.Page(
                            left,
                            () -> one.read(range, true, budget, this::addHole),
                            targets -> one.addSketches(left, budget, this::addHole, targets)));
                }
            }
        }
        touched = ranges(ends);
        cursor = new RollupBucketCursor(pages, List.copyOf(ends));
        return !pages.isEmpty() || !ends.isEmpty();
    }

    /** Adds what is missing, unless the same is missing already. */
    private void addHole(Hole hole) {
        if (!holes.contains(hole)) {
            holes.add(hole);
        }
    }

    private void addTouched(SeriesSource source, TimeRange part, Set<Long> ends) {
        List<ColumnCursor> columns = new ArrayList<>();
        source.columns(part, columns);
        for (ColumnCursor column : columns) {
            while (column.nextPage()) {
                long end = Long.MIN_VALUE;
                for (int i = 0; i < column.size(); i++) {
                    if (column.times()[i] > end) {
                        end = RollupSpan.endOf(column.times()[i], width);
                        ends.add(end);
                    }
                }
            }
        }
    }

    /** Leaves out buckets of which everything is deleted, and notes those of which a part is. */
    private RollupBuckets withoutDeleted(RollupBuckets all, @Nullable List<TimeRange> deleted, Set<Long> touchedEnds) {
        if (deleted == null) {
            return all;
        }
        RollupBuckets left = new RollupBuckets(width);
        for (int i = 0; i < all.size(); i++) {
            TimeRange extent = all.extent(i);
            if (!RollupSeries.covers(deleted, extent)) {
                left.add(all, i);
                if (deleted.stream().anyMatch(range -> range.overlaps(extent.from(), extent.to()))) {
                    touchedEnds.add(all.ends()[i]);
                }
            }
        }
        return left;
    }

    private List<TimeRange> ranges(Set<Long> ends) {
        List<TimeRange> merged = new ArrayList<>();
        for (long end : ends) {
            int last = merged.size() - 1;
            long start = end - width + 1;
            if (last >= 0 && merged.get(last).to() + 1 == start) {
                merged.set(last, TimeRange.of(merged.get(last).from(), end));
            } else {
                merged.add(TimeRange.of(start, end));
            }
        }
        return List.copyOf(merged);
    }

    @Override
    public Labels labels() {
        return current;
    }

    @Override
    public RollupCursor buckets() {
        return cursor;
    }

    @Override
    public List<TimeRange> touched() {
        return touched;
    }

    @Override
    public long samplesFrom() {
        return Math.max(cutoffs.of(current), floors.of(current));
    }

    @Override
    public List<TimeRange> covered() {
        return merged(blocks);
    }

    @Override
    public List<TimeRange> sketched() {
        return merged(blocks.stream().filter(block -> block.span().sketch()).toList());
    }

    private List<TimeRange> merged(List<Rollups.Block> some) {
        List<TimeRange> merged = new ArrayList<>();
        List<TimeRange> all = new ArrayList<>();
        some.forEach(block -> all.add(block.span().covered()));
        all.sort(Comparator.comparingLong(TimeRange::from));
        for (TimeRange next : all) {
            int last = merged.size() - 1;
            long from = Math.max(next.from(), range.from() == Long.MIN_VALUE ? next.from() : wholeFrom());
            if (last >= 0 && merged.get(last).to() + 1 >= from) {
                merged.set(last, TimeRange.of(merged.get(last).from(), next.to()));
            } else {
                merged.add(TimeRange.of(from, next.to()));
            }
        }
        return List.copyOf(merged);
    }

    /** First tick of the bucket in which the range begins. */
    private long wholeFrom() {
        return RollupSpan.startOf(range.from(), width) + 1;
    }

    @Override
    public List<Hole> holes() {
        return List.copyOf(holes);
    }

    @Override
    public void close() {}
}
