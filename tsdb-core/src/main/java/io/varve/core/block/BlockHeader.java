package io.varve.core.block;

import io.varve.core.model.Resolution;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the writer of a block knows about it beforehand.
 *
 * @param id opaque name of this block, 1 to 31 ASCII characters
 * @param level 0 for a sealed head, one more than its highest source for a merged block
 * @param firstPosition log position of the first record that went into the block
 * @param lastPosition log position of the last one
 * @param deletedTo log position up to which deletions were applied when it was written
 * @param resolution unit of its times
 * @param kind what its pages hold
 * @param replaces ids of the blocks that this one stands for
 * @param rollup what a block of rollups covers; null for a raw one
 */
public record BlockHeader(
        String id,
        int level,
        long firstPosition,
        long lastPosition,
        long deletedTo,
        Resolution resolution,
        Kind kind,
        List<String> replaces,
        @Nullable RollupSpan rollup) {

    /** What the pages of a block hold. */
    public enum Kind {
        /** Samples as they came. */
        RAW,
        /** Aggregates of samples. */
        ROLLUP
    }

    /** Checks and copies. */
    public BlockHeader {
        if (level < 0) {
            throw new IllegalArgumentException("level >= 0: level=" + level);
        }
        if ((kind == Kind.ROLLUP) != (rollup != null)) {
            throw new IllegalArgumentException("a rollup says what it covers: kind=" + kind + ", rollup=" + rollup);
        }
        replaces = List.copyOf(replaces);
    }

    /** The header of a block that covers no rollups. */
    public BlockHeader(
            String id,
            int level,
            long firstPosition,
            long lastPosition,
            long deletedTo,
            Resolution resolution,
            Kind kind,
            List<String> replaces) {
        this(id, level, firstPosition, lastPosition, deletedTo, resolution, kind, replaces, null);
    }

    /**
     * The header of a block of rollups.
     *
     * @param position log position up to which it holds what there was
     */
    public static BlockHeader rollup(
            String id,
            int level,
            long position,
            long deletedTo,
            Resolution resolution,
            RollupSpan span,
            List<String> replaces) {
        return new BlockHeader(id, level, position, position, deletedTo, resolution, Kind.ROLLUP, replaces, span);
    }

    /** The header of a raw block at level 0 that replaces none. */
    public static BlockHeader raw(
            String id, long firstPosition, long lastPosition, long deletedTo, Resolution resolution) {
        return new BlockHeader(id, 0, firstPosition, lastPosition, deletedTo, resolution, Kind.RAW, List.of());
    }
}
