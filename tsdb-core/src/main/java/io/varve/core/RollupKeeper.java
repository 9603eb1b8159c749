package io.varve.core;

import io.varve.core.block.BlockHeader;
import io.varve.core.block.BlockMeta;
import io.varve.core.block.BlockReader;
import io.varve.core.block.RollupSpan;
import io.varve.core.compact.Cutoffs;
import io.varve.core.compact.MergePlanner;
import io.varve.core.compact.RawFloors;
import io.varve.core.compact.RetentionPolicy;
import io.varve.core.compact.RollupPlanner;
import io.varve.core.compact.RollupPlanner.Piece;
import io.varve.core.head.Generation;
import io.varve.core.model.RollupRule;
import io.varve.core.read.BlockMask;
import io.varve.core.read.Deletions;
import io.varve.core.read.RollupMerge;
import io.varve.core.read.Rollups;
import io.varve.core.read.View;
import io.varve.core.storage.Hole;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Makes rollups happen: writes them from sealed blocks, writes them again when samples or deletions came since, merges
 * them, and lets them go. Says which samples may go because what is to be kept of them is durable.
 *
 * <p>Upkeep works; a step is one block. See docs/adr/0016-rollups.md.
 */
final class RollupKeeper {

    private static final long SPANS_PER_AGE = 4;

    private final Store store;
    private final TsdbConfig config;
    private final TsdbRuntime runtime;
    private final BlockFactory blocks;
    private final RetentionPolicy policy;
    private final RollupFiles files;
    private final List<RollupRule> rules;

    RollupKeeper(
            Store store,
            TsdbConfig config,
            TsdbRuntime runtime,
            BlockFactory blocks,
            RetentionPolicy policy,
            RollupFiles files) {
        this.store = store;
        this.config = config;
        this.runtime = runtime;
        this.blocks = blocks;
        this.policy = policy;
        this.files = files;
        this.rules = policy.activeRollups();
    }

    private long width(RollupRule rule) {
        return config.resolution().ticksOfMillis(rule.width().toMillis());
    }

    /** A view and what of it a plan needs; the view is pinned. */
    private record Moment(View view, Deletions deletions, List<BlockMeta> raw, List<Piece> pieces) {

        RollupPlanner planner(long width) {
            return new RollupPlanner(width, raw, pieces);
        }

        Rollups.Block block(Piece piece) {
            return view.rollups().blocks().stream()
                    .filter(block -> block.id().equals(piece.block().id()))
                    .findFirst()
                    .orElseThrow();
        }
    }

    /** Something done with a moment. */
    @FunctionalInterface
    private interface Work<T> {
        T with(Moment moment) throws IOException;
    }

    private <T> T now(Work<T> work) throws IOException {
        View view = store.pinnedView();
        try {
            Deletions deletions = blocks.deletions();
            return work.with(new Moment(
                    view,
                    deletions,
                    view.blocks().stream().map(BlockReader::meta).toList(),
                    view.rollups().blocks().stream()
                            .map(block -> block.piece(deletions))
                            .toList()));
        } finally {
            view.unpin();
        }
    }

    /**
     * One step of what is due; true if there was one.
     *
     * @param everything whether all that can be done is due
     */
    boolean work(boolean everything, Cutoffs cutoffs) throws IOException {
        boolean expired = expire(cutoffs);
        return expired
                || now(moment -> writeNext(moment, cutoffs, everything ? 1 : RollupPlanner.SLOT)
                        || settleNext(moment, cutoffs, everything)
                        || mergeNext(moment, cutoffs, everything));
    }

    private boolean writeNext(Moment moment, Cutoffs cutoffs, int least) throws IOException {
        for (RollupRule rule : rules) {
            RollupPlanner planner = moment.planner(width(rule));
            long until = until(moment, width(rule));
            RollupSpan span = planner.next(oldest(cutoffs, width(rule)), until, least, rule.sketch());
            if (span != null) {
                write(moment, planner, rule, span, cutoffs, until);
                return true;
            }
        }
        return false;
    }

    /** Samples before this are not rolled up: some of them may have gone, or the rollup would have expired. */
    private long oldest(Cutoffs cutoffs, long width) {
        return Math.max(store.manifest().floors().lowest(), cutoffs.rollups().of(width));
    }

    /** End of the last bucket that may be rolled up: no sample is expected for it, or it has waited long enough. */
    private long until(Moment moment, long width) {
        long newest = Long.MIN_VALUE;
        for (BlockMeta block : moment.raw()) {
            newest = Math.max(newest, block.newestSample());
        }
        newest = Math.min(
                newest, runtime.clock().epochNanos() / config.resolution().nanosPerTick());
        long head = Long.MAX_VALUE;
        for (Generation generation : moment.view().generations()) {
            head = generation.samples() > 0 ? Math.min(head, generation.minTime()) : head;
        }
        if (newest == Long.MIN_VALUE) {
            return newest;
        }
        long end = Math.floorDiv(newest, width) * width;
        long untouched = head == Long.MAX_VALUE ? end : RollupSpan.startOf(head, width);
        return Math.min(end, Math.max(untouched, end - RollupPlanner.GRACE * width));
    }

    private void write(
            Moment moment, RollupPlanner planner, RollupRule rule, RollupSpan first, Cutoffs cutoffs, long until)
            throws IOException {
        RollupSpan span = first;
        RollupMerge.Input input = input(moment, cutoffs, rule);
        while (true) {
            RollupSpan covered = span;
            BlockReader written = files.write(
                    header(moment, 0, covered, List.of()), writer -> RollupMerge.fresh(input, covered, writer));
            RollupSpan longer = planner.extended(span, until);
            if (written.meta().series() > 0 || longer.equals(span)) {
                replace(Set.of(), written, RollupPlanner.newestPosition(moment.raw()));
                return;
            }
            files.discard(written); // an empty stretch of time is no reason for a file of its own
            span = longer;
        }
    }

    private RollupMerge.Input input(Moment moment, Cutoffs cutoffs, @Nullable RollupRule rule) {
        return new RollupMerge.Input(
                moment.view().blocks(),
                moment.deletions(),
                store.manifest().floors(),
                moment.view().losses(),
                cutoffs,
                labels -> rule != null && policy.hasRollups(labels, rule));
    }

    private BlockHeader header(Moment moment, int level, RollupSpan span, List<String> replaces) throws IOException {
        return BlockHeader.rollup(
                store.newBlockId(),
                level,
                RollupPlanner.newestPosition(moment.raw()),
                moment.deletions().upTo(),
                config.resolution(),
                span,
                replaces);
    }

    private void replace(Set<String> gone, BlockReader fresh, long position) throws IOException {
        List<BlockMeta> old = new ArrayList<>();
        View view = store.pinnedView();
        try {
            for (BlockReader reader : view.rollups().readers()) {
                if (gone.contains(reader.meta().id())) {
                    old.add(reader.meta());
                }
            }
        } finally {
            view.unpin();
        }
        store.rollups(gone, List.of(new Rollups.Block(fresh, position)));
        files.written(fresh.meta());
        fresh.release(); // the view holds it now
        store.blockFiles().delete(old);
        store.saveDeletions();
    }

    /** Writes one rollup again that something came behind, if samples that it would be made from are about to go. */
    private boolean settleNext(Moment moment, Cutoffs cutoffs, boolean everything) throws IOException {
        List<MergePlanner.Hidden> hidden = new ArrayList<>();
        for (Piece piece : moment.pieces()) {
            boolean due = everything || piece.span().from() < cutoffs.highest();
            if (due && !moment.planner(piece.span().width()).isCurrent(piece)) {
                settle(moment, piece, cutoffs);
                return true;
            }
            if (piece.hidden()) {
                BlockMask mask = moment.deletions().mask(moment.block(piece).reader());
                hidden.add(new MergePlanner.Hidden(piece.block(), mask.deletions(), mask.share(piece.block())));
            }
        }
        List<BlockMeta> chosen = MergePlanner.nextRewrite(hidden, Set.of(), false);
        for (Piece piece : moment.pieces()) {
            if (chosen.contains(piece.block())) {
                settle(moment, piece, cutoffs);
                return true;
            }
        }
        return false;
    }

    /** Makes a rollup say what blocks say now, as far as their samples are all there. */
    private void settle(Moment moment, Piece piece, Cutoffs cutoffs) throws IOException {
        RollupRule rule = null;
        for (RollupRule candidate : rules) {
            rule = width(candidate) == piece.span().width() ? candidate : rule;
        }
        RollupMerge.Input input = input(moment, cutoffs, rule);
        Rollups.Block old = moment.block(piece);
        BlockReader written = files.write(
                header(moment, piece.block().header().level(), piece.span(), List.of(old.id())),
                writer -> RollupMerge.settled(input, old, writer));
        replace(Set.of(old.id()), written, RollupPlanner.newestPosition(moment.raw()));
    }

    private boolean mergeNext(Moment moment, Cutoffs cutoffs, boolean everything) throws IOException {
        for (long width : moment.view().rollups().widths()) {
            List<Piece> chosen = moment.planner(width).nextMerge(everything, longest(width));
            if (!chosen.isEmpty()) {
                merge(moment, chosen, cutoffs);
                return true;
            }
        }
        return false;
    }

    private long longest(long width) {
        for (RollupRule rule : rules) {
            if (width(rule) == width && !rule.time().isZero()) {
                return config.resolution().ticksOfMillis(rule.time().toMillis()) / SPANS_PER_AGE;
            }
        }
        return Long.MAX_VALUE;
    }

    private void merge(Moment moment, List<Piece> chosen, Cutoffs cutoffs) throws IOException {
        List<Rollups.Block> sources = chosen.stream().map(moment::block).toList();
        List<String> ids = sources.stream().map(Rollups.Block::id).toList();
        int level = 0;
        for (Piece piece : chosen) {
            level = Math.max(level, piece.block().header().level());
        }
        RollupSpan first = sources.get(0).span();
        RollupSpan span = new RollupSpan(
                first.width(),
                first.from(),
                sources.get(sources.size() - 1).span().to(),
                first.sketch());
        List<Hole> damage = new ArrayList<>();
        BlockReader written = files.write(
                header(moment, level + 1, span, ids),
                writer -> damage.addAll(RollupMerge.merged(sources, span, cutoffs, writer)));
        if (damage.isEmpty()) {
            replace(new HashSet<>(ids), written, RollupPlanner.newestPosition(moment.raw()));
            return;
        }
        files.discard(written);
        for (Piece piece : chosen) { // what is damaged is made again from samples, or marked
            String path = moment.block(piece).reader().path();
            if (damage.stream().anyMatch(hole -> hole.cause().startsWith(path))) {
                settle(moment, piece, cutoffs);
            }
        }
    }

    /** Lets rollups go of which every bucket has expired; true if there were some. */
    private boolean expire(Cutoffs cutoffs) throws IOException {
        return now(moment -> remove(moment.pieces().stream()
                .filter(piece ->
                        piece.span().to() <= cutoffs.rollups().of(piece.span().width()))
                .map(Piece::block)
                .toList()));
    }

    private boolean remove(List<BlockMeta> gone) throws IOException {
        if (gone.isEmpty()) {
            return false;
        }
        Set<String> ids = new HashSet<>();
        gone.forEach(block -> ids.add(block.id()));
        store.rollups(ids, List.of());
        store.blockFiles().delete(gone);
        store.saveDeletions();
        return true;
    }

    /** Lets go of the oldest rollups, of at least so many bytes; the newest one stays. */
    void removeOldest(long bytes) throws IOException {
        if (bytes <= 0) {
            return;
        }
        now(moment -> {
            List<Piece> oldest = new ArrayList<>(moment.pieces());
            oldest.sort(Comparator.comparingLong(piece -> piece.span().to()));
            List<BlockMeta> gone = new ArrayList<>();
            long freed = 0;
            for (int i = 0; i + 1 < oldest.size() && freed < bytes; i++) {
                gone.add(oldest.get(i).block());
                freed += oldest.get(i).block().bytes();
            }
            return remove(gone);
        });
    }

    /**
     * Before raw blocks are merged: a rollup that knows some of them and not others would no longer know which samples
     * of the merged block are new to it, so it learns of them first.
     *
     * @return whether a rollup was written, so that it has to be planned again
     */
    boolean settleBefore(List<BlockMeta> chosen, Cutoffs cutoffs) throws IOException {
        return now(moment -> {
            List<Rollups.Block> advanced = new ArrayList<>();
            Set<String> ids = new HashSet<>();
            long newest = RollupPlanner.newestPosition(moment.raw());
            for (Piece piece : moment.pieces()) {
                boolean older = chosen.stream().anyMatch(b -> b.header().lastPosition() <= piece.position());
                boolean newer = chosen.stream().anyMatch(b -> b.header().lastPosition() > piece.position());
                RollupPlanner planner = moment.planner(piece.span().width());
                if (older && newer && !planner.newer(piece).isEmpty()) {
                    settle(moment, piece, cutoffs);
                    return true;
                }
                if (older && newer) {
                    advanced.add(new Rollups.Block(moment.block(piece).reader(), newest));
                    ids.add(piece.block().id());
                }
            }
            if (!advanced.isEmpty()) {
                store.rollups(ids, advanced);
            }
            return false;
        });
    }

    /** The same cutoffs, but that no sample goes of which a rollup is due and not durable. */
    Cutoffs removable(Cutoffs cutoffs) throws IOException {
        if (rules.isEmpty()) {
            return cutoffs;
        }
        return now(moment -> {
            long widest = rules.stream().mapToLong(this::width).max().orElse(1);
            // Whole buckets go, so that a bucket is made again from all of its samples or from none.
            return cutoffs.mapped(durableUntil(moment, cutoffs), widest);
        });
    }

    /** Notes, before samples are taken out of files, that they may be missing from now on. */
    void removing(Cutoffs applied) throws IOException {
        store.floors(store.manifest().floors().with(applied));
    }

    /** As {@link #removing}: all samples up to a time may be missing. */
    void removingAllUpTo(long time) throws IOException {
        RawFloors floors = store.manifest().floors();
        store.floors(floors.withAllUpTo(time));
    }

    /**
     * Rolls up all that can be up to a time, however few buckets that are, for samples that have to go.
     *
     * @return before which time samples may go
     */
    long reach(long time, Cutoffs cutoffs) throws IOException {
        boolean more = !rules.isEmpty();
        while (more) {
            more = now(moment -> {
                for (Piece piece : moment.pieces()) {
                    if (piece.span().from() < time
                            && !moment.planner(piece.span().width()).isCurrent(piece)) {
                        settle(moment, piece, cutoffs);
                        return true;
                    }
                }
                return durableUntil(moment, cutoffs) <= time && writeNext(moment, cutoffs, 1);
            });
        }
        return now(moment -> durableUntil(moment, cutoffs));
    }

    private long durableUntil(Moment moment, Cutoffs cutoffs) {
        long until = Long.MAX_VALUE;
        for (RollupRule rule : rules) {
            long width = width(rule);
            long oldest = oldest(cutoffs, width);
            until = Math.min(until, moment.planner(width).durableUntil(oldest));
            for (Generation generation : moment.view().generations()) {
                // What was written late is to be rolled up together with what was there before it.
                boolean counts = generation.samples() > 0 && generation.minTime() >= oldest;
                until = counts ? Math.min(until, generation.minTime()) : until;
            }
        }
        return until;
    }
}
