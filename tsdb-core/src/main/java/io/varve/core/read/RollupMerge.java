package io.varve.core.read;

import io.varve.core.block.BlockReader;
import io.varve.core.block.BucketGatherer;
import io.varve.core.block.DecodeScratch;
import io.varve.core.block.RollupBuckets;
import io.varve.core.block.RollupSession;
import io.varve.core.block.RollupSpan;
import io.varve.core.block.RollupWriter;
import io.varve.core.compact.Cutoffs;
import io.varve.core.compact.RawFloors;
import io.varve.core.model.Labels;
import io.varve.core.model.TimeRange;
import io.varve.core.storage.ColumnCursor;
import io.varve.core.storage.Hole;
import io.varve.core.storage.ReadBudget;
import io.varve.core.storage.SummaryRule;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Writes rollups: from samples, from samples and the rollup that was made before some of them came, or from rollups.
 * A bucket is made from samples only if all of them are still there; of one of which some have gone the older rollup
 * stays, marked if it is known not to say what they said. One thread.
 */
public final class RollupMerge {

    private final Input input;
    private final RollupSpan span;
    private final BucketGatherer gatherer;
    private final DecodeScratch scratch = new DecodeScratch();
    private final List<Hole> holes = new ArrayList<>();

    /**
     * What rollups are made from.
     *
     * @param raw all raw blocks in the order of their positions
     * @param deletions which are applied
     * @param floors from when on samples are all there
     * @param losses what is missing of raw blocks as a whole
     * @param cutoffs what has expired
     * @param wanted which series get rollups
     */
    public record Input(
            List<BlockReader> raw,
            Deletions deletions,
            RawFloors floors,
            List<Hole> losses,
            Cutoffs cutoffs,
            Predicate<Labels> wanted) {}

    private RollupMerge(Input input, RollupSpan span) {
        this.input = input;
        this.span = span;
        this.gatherer = new BucketGatherer(span.width(), span.sketch());
    }

    /** Writes rollups of what no rollup covers yet. */
    public static void fresh(Input input, RollupSpan span, RollupWriter writer) throws IOException {
        new RollupMerge(input, span).writeFresh(writer);
    }

    /**
     * Writes a rollup once more, with what came since.
     *
     * @return what is damaged of it; it was made from samples again, or is marked
     */
    public static List<Hole> settled(Input input, Rollups.Block old, RollupWriter writer) throws IOException {
        return new RollupMerge(input, old.span()).writeSettled(old, writer);
    }

    /** Writes what can be read of a rollup whose samples nobody can look at, as {@link #settled} does. */
    public static List<Hole> rescued(BlockReader reader, RollupWriter writer) throws IOException {
        RawFloors gone = RawFloors.NONE.withAllUpTo(Long.MAX_VALUE - 1);
        Input nothing = new Input(List.of(), Deletions.NONE, gone, List.of(), Cutoffs.NONE, labels -> false);
        return settled(nothing, new Rollups.Block(reader, Long.MAX_VALUE), writer);
    }

    /**
     * Writes the buckets of several rollups into one.
     *
     * @param sources rollups of one width by time
     * @return what is damaged in them; then the result must not take their place
     */
    public static List<Hole> merged(List<Rollups.Block> sources, RollupSpan span, Cutoffs cutoffs, RollupWriter writer)
            throws IOException {
        List<Hole> holes = new ArrayList<>();
        List<RollupSeries> series = new ArrayList<>();
        DecodeScratch scratch = new DecodeScratch();
        for (Rollups.Block source : sources) {
            series.add(new RollupSeries(source.reader(), source.reader().index().all(), scratch));
        }
        long expired = cutoffs.rollups().of(span.width());
        for (Labels next = RollupSeries.least(series); next != null; next = RollupSeries.least(series)) {
            RollupBuckets all = new RollupBuckets(span.width());
            for (RollupSeries source : series) {
                if (source.isAt(next)) {
                    RollupBuckets some = source.read(TimeRange.ALL, true, ReadBudget.UNLIMITED, holes::add);
                    for (int i = 0; i < some.size(); i++) {
                        if (some.ends()[i] > expired) {
                            all.add(some, i);
                        }
                    }
                    source.advance();
                }
            }
            writer.series(next, all);
        }
        return holes;
    }

    private LockstepSeries series(List<BlockReader> blocks) {
        List<SeriesSource> sources = new ArrayList<>();
        for (BlockReader block : blocks) {
            sources.add(new BlockSeries(
                    block,
                    scratch,
                    block.index().all(),
                    SummaryRule.NONE,
                    ReadBudget.UNLIMITED,
                    holes::add,
                    input.deletions().mask(block)));
        }
        return new LockstepSeries(sources);
    }

    private List<BlockReader> overlapping() {
        return input.raw().stream()
                .filter(block -> block.meta().overlaps(span.covered()))
                .toList();
    }

    private void writeFresh(RollupWriter writer) throws IOException {
        LockstepSeries all = series(overlapping());
        for (Labels labels = all.next(); labels != null; labels = all.next()) {
            if (input.wanted().test(labels)) {
                writer.series(labels, whole(labels, buckets(all, span.covered())));
            }
        }
    }

    /** Buckets of samples in a range of whole buckets; what is damaged of them marks them, in the range at least. */
    private RollupBuckets buckets(LockstepSeries source, TimeRange range) {
        holes.clear();
        RollupBuckets found = new RollupBuckets(span.width());
        gatherer.gather(source.columns(range), found);
        if (!holes.isEmpty()) {
            found = withDamage(found, range, holes);
        }
        for (int i = 0; i < found.size(); i++) {
            if (isDamaged(found.ends()[i], input.losses())) {
                found.markPartial(i);
            }
        }
        return found;
    }

    private RollupBuckets withDamage(RollupBuckets found, TimeRange range, List<Hole> damage) {
        RollupBuckets marked = new RollupBuckets(span.width());
        int at = 0;
        long last = RollupSpan.endOf(range.to(), span.width());
        for (long end = RollupSpan.endOf(range.from(), span.width()); end <= last; end += span.width()) {
            boolean there = at < found.size() && found.ends()[at] == end;
            boolean damaged = isDamaged(end, damage);
            if (there) {
                marked.add(found, at++);
            } else if (damaged) {
                marked.addEmpty(end, span.sketch());
            }
            if (damaged) {
                marked.markPartial(marked.size() - 1);
            }
        }
        return marked;
    }

    private boolean isDamaged(long end, List<Hole> by) {
        for (Hole hole : by) {
            if (hole.range().overlaps(end - span.width() + 1, end)) {
                return true;
            }
        }
        return false;
    }

    /** Only buckets of which no sample has gone, and which have not expired themselves. */
    private RollupBuckets whole(Labels labels, RollupBuckets found) {
        long floor = input.floors().of(labels);
        long expired = input.cutoffs().rollups().of(span.width());
        RollupBuckets kept = new RollupBuckets(span.width());
        for (int i = 0; i < found.size(); i++) {
            long end = found.ends()[i];
            if (end > expired && isWhole(floor, end)) {
                kept.add(found, i);
            }
        }
        return kept;
    }

    private boolean isWhole(long floor, long end) {
        return floor == Long.MIN_VALUE || end - span.width() + 1 >= floor;
    }

    private List<Hole> writeSettled(Rollups.Block old, RollupWriter writer) throws IOException {
        List<Hole> damaged = new ArrayList<>();
        List<BlockReader> newer = overlapping().stream()
                .filter(block -> block.meta().header().lastPosition() > old.position())
                .toList();
        LockstepSeries late = series(newer);
        LockstepSeries all = series(overlapping());
        RollupSession session = new RollupSession(old.reader(), scratch);
        BlockMask mask = input.deletions().mask(old.reader());
        int number = 0;
        int count = old.reader().meta().series();
        Labels known = count > 0 ? session.labels(0) : null;
        Labels fresh = late.next();
        while (known != null || fresh != null) {
            boolean isKnown = known != null && (fresh == null || known.compareTo(fresh) <= 0);
            Labels labels = Objects.requireNonNull(isKnown ? known : fresh);
            boolean isLate = fresh != null && labels.equals(fresh);
            TimeRange touched = isLate ? extent(late.columns(span.covered())) : null;
            Settling settling = new Settling(labels, touched, isKnown ? mask.of(number) : null);
            if (isKnown) {
                List<Hole> damage = new ArrayList<>();
                settling.old = session.read(number, TimeRange.ALL, true, ReadBudget.UNLIMITED, damage::add);
                settling.damaged(damage);
                damaged.addAll(damage);
                number++;
                known = number < count ? session.labels(number) : null;
            }
            if (isKnown || touched != null && input.wanted().test(labels)) {
                writer.series(labels, settling.settle(all));
            }
            fresh = isLate ? late.next() : fresh;
        }
        return damaged;
    }

    /** The range that holds all samples of a cursor, or null if there are none. */
    private static @Nullable TimeRange extent(ColumnCursor columns) {
        long from = Long.MAX_VALUE;
        long to = Long.MIN_VALUE;
        while (columns.nextPage()) {
            from = Math.min(from, columns.times()[0]);
            to = Math.max(to, columns.times()[columns.size() - 1]);
        }
        return to < from ? null : TimeRange.of(from, to);
    }

    /** The way of one series from its old buckets to its new ones. */
    private final class Settling {

        private final Labels labels;
        private final @Nullable TimeRange touched;
        private final List<TimeRange> deleted;
        private long from = Long.MAX_VALUE;
        private long to = Long.MIN_VALUE;
        private RollupBuckets old = new RollupBuckets(span.width());

        Settling(Labels labels, @Nullable TimeRange touched, @Nullable List<TimeRange> deleted) {
            this.labels = labels;
            this.touched = touched;
            this.deleted = deleted == null ? List.of() : deleted;
            this.deleted.forEach(this::touch);
            if (touched != null) {
                touch(touched);
            }
        }

        /** What cannot be read of the old buckets is made again, or known to be missing. */
        void damaged(List<Hole> damage) {
            if (!damage.isEmpty()) {
                old = withDamage(old, span.covered(), damage);
                damage.forEach(hole -> touch(hole.range()));
            }
        }

        private void touch(TimeRange range) {
            from = Math.min(from, Math.max(range.from(), span.covered().from()));
            to = Math.max(to, Math.min(range.to(), span.to()));
        }

        RollupBuckets settle(LockstepSeries all) {
            TimeRange again = again();
            if (again.isEmpty()) {
                return old;
            }
            all.seek(labels);
            RollupBuckets fresh = buckets(all, again);
            long floor = input.floors().of(labels);
            RollupBuckets out = new RollupBuckets(span.width());
            int i = 0;
            int k = 0;
            while (i < old.size() || k < fresh.size()) {
                long end = Math.min(
                        i < old.size() ? old.ends()[i] : Long.MAX_VALUE,
                        k < fresh.size() ? fresh.ends()[k] : Long.MAX_VALUE);
                int before = i < old.size() && old.ends()[i] == end ? i++ : -1;
                int now = k < fresh.size() && fresh.ends()[k] == end ? k++ : -1;
                if (!again.contains(end)) {
                    out.add(old, before);
                } else if (isWhole(floor, end) && !isDamaged(end, input.losses()) && (holes.isEmpty() || before < 0)) {
                    if (now >= 0) {
                        out.add(fresh, now);
                    }
                } else {
                    keep(before, fresh, now, out);
                }
            }
            return out;
        }

        /** What is to be made again: whole buckets that hold all that was touched; may be empty. */
        private TimeRange again() {
            return to < from
                    ? TimeRange.of(1, 0)
                    : TimeRange.of(RollupSpan.startOf(from, span.width()) + 1, RollupSpan.endOf(to, span.width()));
        }

        /** Of a bucket whose samples are not all there the old rollup stays, as far as it is not deleted. */
        private void keep(int before, RollupBuckets fresh, int now, RollupBuckets out) {
            if (before < 0 || RollupSeries.covers(deleted, old.extent(before))) {
                if (now >= 0 && isVisible(fresh.ends()[now])) {
                    out.add(fresh, now);
                    out.markPartial(out.size() - 1);
                }
                return;
            }
            TimeRange extent = old.extent(before);
            out.add(old, before);
            boolean cut = deleted.stream().anyMatch(range -> range.overlaps(extent.from(), extent.to()));
            boolean more = now >= 0
                    && touches(old.ends()[before])
                    && isVisible(old.ends()[before])
                    && !fresh.sameAs(now, old, before);
            if (cut || more) {
                out.markPartial(out.size() - 1);
            }
        }

        private boolean touches(long end) {
            return touched != null && touched.overlaps(end - span.width() + 1, end);
        }

        /** Whether samples of a bucket have not expired: what came after that is no part of any answer. */
        private boolean isVisible(long end) {
            return end >= input.cutoffs().of(labels);
        }
    }
}
