package io.varve.core.compact;

import io.varve.core.block.BlockMeta;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Decides which blocks to merge. Only neighbours in log position are merged, so that of equal samples the later one
 * still wins behind any merge.
 */
public final class MergePlanner {

    /** Neighbours of one level that are merged into one of the next. */
    private static final int FAN_IN = 6;

    private static final int MAX_LEVEL = 4;

    /** Bytes beyond which blocks are not merged into one. */
    private static final long MAX_BYTES = 2L << 30;

    private MergePlanner() {}

    /**
     * The next merge that ordinary upkeep asks for: the oldest neighbours of the lowest level.
     *
     * @param blocks live blocks in position order
     * @param excluded ids of blocks that must stay as they are
     * @return the blocks to merge, or an empty list
     */
    public static List<BlockMeta> next(List<BlockMeta> blocks, Set<String> excluded) {
        for (int level = 0; level < MAX_LEVEL; level++) {
            List<BlockMeta> run = new ArrayList<>();
            for (BlockMeta block : blocks) {
                if (block.header().level() != level || excluded.contains(block.id())) {
                    run.clear();
                    continue;
                }
                run.add(block);
                if (run.size() == FAN_IN) {
                    if (bytes(run) <= MAX_BYTES) {
                        return List.copyOf(run);
                    }
                    run.clear();
                }
            }
        }
        return List.of();
    }

    /**
     * The next merge that leaves as few blocks as possible; parameters and result as {@link #next}.
     */
    public static List<BlockMeta> nextOfAll(List<BlockMeta> blocks, Set<String> excluded) {
        List<BlockMeta> run = new ArrayList<>();
        for (BlockMeta block : blocks) {
            boolean excludedBlock = excluded.contains(block.id());
            if (excludedBlock || bytes(run) + block.bytes() > MAX_BYTES) {
                if (run.size() > 1) {
                    return List.copyOf(run);
                }
                run.clear();
            }
            if (!excludedBlock) {
                run.add(block);
            }
        }
        return run.size() > 1 ? List.copyOf(run) : List.of();
    }

    private static long bytes(List<BlockMeta> blocks) {
        return blocks.stream().mapToLong(BlockMeta::bytes).sum();
    }

    /**
     * Blocks whose every sample is too old.
     *
     * @param cutoff ticks; samples before it may go
     */
    public static List<BlockMeta> expired(List<BlockMeta> blocks, long cutoff) {
        return blocks.stream().filter(block -> block.maxTime() < cutoff).toList();
    }
}
