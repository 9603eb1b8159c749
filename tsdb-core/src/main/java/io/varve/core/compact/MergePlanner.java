package io.varve.core.compact;

import io.varve.core.block.BlockMeta;
import io.varve.core.model.TimeRange;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;

/**
 * Decides which blocks to merge; pure. A merged block stands at the place of its first source, so blocks are merged
 * only if none that stays between them in position overlaps the merged block in time: of equal samples the later one
 * then still wins behind any merge.
 *
 * <p>Blocks merge upwards in four tiers. A merge of tier n takes blocks of levels below n whose samples lie within the
 * span of that tier, at least as many as {@link Patience} says, and its level is one above its highest source's. So
 * ordinary upkeep rewrites a sample at most four times, however it came; see docs/adr/0010-merging-by-time.md.
 */
public final class MergePlanner {

    /** How many blocks a merge waits for. */
    public enum Patience {
        /** In steady work, for four. */
        STEADY(4),

        /** While much is loaded, for as many as one merge takes: so that what is loaded is written once, not twice. */
        BULK(MOST);

        private final int fanIn;

        Patience(int fanIn) {
            this.fanIn = fanIn;
        }
    }

    /** Blocks that a merge takes at most, when many wait. */
    private static final int MOST = 16;

    /** Blocks that stay where they are and are looked past, at most. */
    private static final int LOOK_PAST = 64;

    /** Bytes beyond which blocks are not merged into one. */
    private static final long MAX_BYTES = 2L << 30;

    /** Part of a block's samples from which on it is written anew without those that are deleted. */
    private static final double DELETED_SHARE = 0.2;

    /** Deletions from which on a block is written anew, whatever they hide: each costs every reading something. */
    private static final int MANY_DELETIONS = 100;

    /**
     * What deletions hide of a block.
     *
     * @param deletions how many hide something
     * @param share estimated part of its samples that is hidden, 0 to 1
     */
    public record Hidden(BlockMeta block, int deletions, double share) {}

    /** Longest merged block of each tier, in spans of a sealed block: 12 h, 2 d, 8 d and 32 d for two hours. */
    private static final int[] TIERS = {6, 24, 96, 384};

    /** Ticks that a merged block of each tier may span. */
    private final long[] spans;

    /**
     * A planner.
     *
     * @param sealedSpan ticks that a sealed block spans as a rule, at least 1
     * @param longest ticks that retention lets a block span; what is below the first tier's span counts as that
     */
    public MergePlanner(long sealedSpan, long longest) {
        long[] all = new long[TIERS.length];
        int tiers = 0;
        for (int factor : TIERS) {
            long span = sealedSpan > Long.MAX_VALUE / factor ? Long.MAX_VALUE : sealedSpan * factor;
            if (tiers == 0 || span <= longest) {
                all[tiers++] = span;
            }
        }
        spans = java.util.Arrays.copyOf(all, tiers);
    }

    /**
     * The next merge that ordinary upkeep asks for: of the lowest tier that has one, the first in position.
     *
     * @param blocks live blocks in position order
     * @param excluded ids of blocks that must stay as they are
     * @return the blocks to merge, in position order, or an empty list
     */
    public List<BlockMeta> next(List<BlockMeta> blocks, Set<String> excluded, Patience patience) {
        for (int tier = 1; tier <= spans.length; tier++) {
            for (int start = 0; start + patience.fanIn <= blocks.size(); start++) {
                List<BlockMeta> run = gather(blocks, excluded, start, tier);
                if (run.size() >= patience.fanIn) {
                    return run;
                }
            }
        }
        for (int tier = 1; tier <= spans.length; tier++) {
            List<BlockMeta> run = wide(blocks, excluded, tier, patience.fanIn);
            if (!run.isEmpty()) {
                return run;
            }
        }
        return List.of();
    }

    /** Blocks from a place on that fit into one of a tier. */
    private List<BlockMeta> gather(List<BlockMeta> blocks, Set<String> excluded, int start, int tier) {
        List<BlockMeta> run = new ArrayList<>();
        List<BlockMeta> passed = new ArrayList<>();
        TimeRange hull = TimeRange.of(Long.MAX_VALUE, Long.MIN_VALUE);
        long bytes = 0;
        for (int i = start; i < blocks.size() && run.size() < MOST && passed.size() < LOOK_PAST; i++) {
            BlockMeta block = blocks.get(i);
            TimeRange grown =
                    TimeRange.of(Math.min(hull.from(), block.minTime()), Math.max(hull.to(), block.maxTime()));
            boolean fits = block.header().level() < tier
                    && !excluded.contains(block.id())
                    && grown.to() - grown.from() <= spans[tier - 1]
                    && bytes + block.bytes() <= MAX_BYTES
                    && passed.stream().noneMatch(other -> other.overlaps(grown));
            if (fits) {
                run.add(block);
                hull = grown;
                bytes += block.bytes();
            } else if (run.isEmpty() || block.overlaps(hull)) {
                break; // what comes later must not be moved before it
            } else {
                passed.add(block);
            }
        }
        return List.copyOf(run);
    }

    /**
     * Neighbours that span more time than the last tier allows, as backfill beside live samples leaves them, with what
     * stands between them. They are merged too, by the same levels, since they would pile up otherwise.
     */
    private List<BlockMeta> wide(List<BlockMeta> blocks, Set<String> excluded, int tier, int fanIn) {
        List<BlockMeta> run = new ArrayList<>();
        int found = 0;
        long bytes = 0;
        for (BlockMeta block : blocks) {
            boolean wide = block.maxTime() - block.minTime() > spans[spans.length - 1];
            boolean fits = block.header().level() < tier
                    && !excluded.contains(block.id())
                    && bytes + block.bytes() <= MAX_BYTES;
            if (!fits) {
                run.clear();
                found = 0;
                bytes = 0;
            } else if (wide || found > 0) {
                run.add(block);
                bytes += block.bytes();
                found += wide ? 1 : 0;
                if (found == fanIn) {
                    return List.copyOf(run);
                }
            }
        }
        return List.of();
    }

    /**
     * The next merge that leaves as few blocks as possible; parameters and result as of {@link #next}. Each sample is
     * rewritten, so this is for when somebody asks for it.
     */
    public static List<BlockMeta> nextOfAll(List<BlockMeta> blocks, Set<String> excluded) {
        List<BlockMeta> run = new ArrayList<>();
        long bytes = 0;
        for (BlockMeta block : blocks) {
            boolean excludedBlock = excluded.contains(block.id());
            if (excludedBlock || bytes + block.bytes() > MAX_BYTES) {
                if (run.size() > 1) {
                    return List.copyOf(run);
                }
                run.clear();
                bytes = 0;
            }
            if (!excludedBlock) {
                run.add(block);
                bytes += block.bytes();
            }
        }
        return run.size() > 1 ? List.copyOf(run) : List.of();
    }

    /**
     * The next block to write anew, alone and on its level, without what is deleted: the one of which most is hidden.
     *
     * @param hidden blocks of which something is hidden
     * @param excluded ids of blocks that must stay as they are
     * @param all whether any deletion is reason enough; else only where it is worth the work
     * @return the block, or an empty list
     */
    public static List<BlockMeta> nextRewrite(List<Hidden> hidden, Set<String> excluded, boolean all) {
        return hidden.stream()
                .filter(candidate -> candidate.deletions() > 0
                        && !excluded.contains(candidate.block().id()))
                .filter(candidate ->
                        all || candidate.share() >= DELETED_SHARE || candidate.deletions() >= MANY_DELETIONS)
                .max(Comparator.comparingDouble(Hidden::share))
                .map(chosen -> List.of(chosen.block()))
                .orElse(List.of());
    }
}
