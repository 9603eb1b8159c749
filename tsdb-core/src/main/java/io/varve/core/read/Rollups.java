package io.varve.core.read;

import io.varve.core.block.BlockReader;
import io.varve.core.block.RollupSpan;
import io.varve.core.compact.RollupPlanner;
import io.varve.core.model.TimeRange;
import io.varve.core.storage.Hole;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.function.Predicate;

/**
 * The rollups that a view has. Immutable.
 *
 * @param blocks by width, then time
 * @param losses what is missing because whole blocks of rollups were set aside
 */
public record Rollups(List<Block> blocks, List<Lost> losses) {

    /** None. */
    public static final Rollups NONE = new Rollups(List.of(), List.of());

    /**
     * A block of rollups that is not there.
     *
     * @param width ticks of its buckets
     */
    public record Lost(long width, Hole hole) {}

    /**
     * A block of rollups.
     *
     * @param reader the block
     * @param position up to which log position it holds what raw blocks hold; at least that of its header
     */
    public record Block(BlockReader reader, long position) {

        /** What it covers. */
        public RollupSpan span() {
            return Objects.requireNonNull(reader.meta().header().rollup(), "a block of rollups");
        }

        /** Name of the block. */
        public String id() {
            return reader.meta().id();
        }

        /** What a planner needs to know of it. */
        public RollupPlanner.Piece piece(Deletions deletions) {
            return new RollupPlanner.Piece(
                    reader.meta(), position, !deletions.mask(reader).isEmpty());
        }
    }

    /** Sorts and copies. */
    public Rollups {
        List<Block> sorted = new ArrayList<>(blocks);
        sorted.sort(Comparator.<Block>comparingLong(block -> block.span().width())
                .thenComparingLong(block -> block.span().from()));
        blocks = List.copyOf(sorted);
        losses = List.copyOf(losses);
    }

    /** With some blocks in place of others; what was lost and is covered by them is lost no more. */
    public Rollups with(Predicate<Block> gone, List<Block> fresh) {
        List<Block> all = new ArrayList<>(fresh);
        blocks.stream().filter(gone.negate()).forEach(all::add);
        return new Rollups(all, losses)
                .withLosses(lost -> !covers(fresh, lost.width(), lost.hole().range()));
    }

    /** With some of the losses. */
    public Rollups withLosses(Predicate<Lost> kept) {
        return new Rollups(blocks, losses.stream().filter(kept).toList());
    }

    /** Whether one of these rollups covers a range of ticks. */
    public boolean covers(long width, TimeRange range) {
        return covers(blocks, width, range);
    }

    private static boolean covers(List<Block> some, long width, TimeRange range) {
        return some.stream()
                .filter(block -> block.span().width() == width)
                .map(block -> block.span().covered())
                .anyMatch(covered -> covered.from() <= range.from() && covered.to() >= range.to());
    }

    /** The readers of all blocks. */
    public List<BlockReader> readers() {
        return blocks.stream().map(Block::reader).toList();
    }

    /** Bytes of all blocks. */
    public long bytes() {
        return blocks.stream().mapToLong(block -> block.reader().meta().bytes()).sum();
    }

    /** Widths that there are rollups of, in ticks, ascending. */
    public List<Long> widths() {
        return blocks.stream().map(block -> block.span().width()).distinct().toList();
    }

    /** The blocks of a width by time. */
    public List<Block> of(long width) {
        return blocks.stream().filter(block -> block.span().width() == width).toList();
    }
}
