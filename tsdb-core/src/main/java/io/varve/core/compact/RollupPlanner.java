package io.varve.core.compact;

import io.varve.core.block.BlockMeta;
import io.varve.core.block.RollupSpan;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Decides which rollups of one width are written, written again and merged; pure. See docs/adr/0016-rollups.md.
 *
 * <p>A rollup says up to which log position it holds what raw blocks held. It is current if no block behind that
 * position has samples where it is, and no deletion hides something of it.
 */
public final class RollupPlanner {

    /** Buckets that are waited for, so that upkeep does not write files of a few. */
    public static final int SLOT = 24;

    /** Buckets that are written at a time, when many are due. */
    public static final int MOST = 32 * SLOT;

    /** Buckets behind the newest sample that are rolled up although late samples of them are in the head. */
    public static final int GRACE = SLOT;

    private static final int FAN_IN = 8;
    private static final int TIERS = 4;
    private static final long MAX_BYTES = 1L << 30;

    private final long width;
    private final List<BlockMeta> raw;
    private final List<Piece> pieces;

    /**
     * A block of rollups.
     *
     * @param block what it is and holds
     * @param position up to which log position it holds what there was
     * @param hidden whether a deletion hides something of it
     */
    public record Piece(BlockMeta block, long position, boolean hidden) {

        /** What it covers. */
        public RollupSpan span() {
            return Objects.requireNonNull(block.header().rollup(), "a block of rollups");
        }
    }

    /**
     * A plan for the blocks of a moment.
     *
     * @param raw live raw blocks
     * @param pieces live rollups, of any width
     */
    public RollupPlanner(long width, List<BlockMeta> raw, List<Piece> pieces) {
        this.width = width;
        this.raw = List.copyOf(raw);
        this.pieces = pieces.stream()
                .filter(piece -> piece.span().width() == width)
                .sorted(Comparator.comparingLong(piece -> piece.span().from()))
                .toList();
    }

    /** Rollups of the width by time. */
    public List<Piece> pieces() {
        return pieces;
    }

    /**
     * The next range of buckets to roll up: those of the earliest samples that no rollup covers.
     *
     * @param from samples before this do not count, since some may be gone
     * @param until end of the last bucket that may be rolled up by now
     * @param least buckets that are worth a block
     * @param sketch whether sketches are made
     * @return the range, or null if nothing is due
     */
    public @Nullable RollupSpan next(long from, long until, int least, boolean sketch) {
        // A bucket that begins before has lost some of its samples.
        long aligned = from == Long.MIN_VALUE ? from : ceiling(from - 1);
        long earliest = Long.MAX_VALUE;
        for (BlockMeta block : raw) {
            if (block.samples() > 0) {
                long start = aligned == Long.MIN_VALUE ? block.minTime() : Math.max(block.minTime(), aligned + 1);
                earliest = Math.min(earliest, uncovered(start, block.maxTime(), piece -> true));
            }
        }
        if (earliest == Long.MAX_VALUE) {
            return null;
        }
        long begin = RollupSpan.startOf(earliest, width);
        long start = begin;
        long end = begin + Math.min(MOST, Math.max(0, (until - begin) / width)) * width;
        boolean enclosed = false;
        for (Piece piece : pieces) {
            if (piece.span().to() <= begin && piece.span().to() >= aligned) {
                start = piece.span().to(); // there is nothing between, so nothing is missing between them
            } else if (piece.span().from() > begin && piece.span().from() <= end) {
                end = piece.span().from();
                enclosed = true;
                break;
            }
        }
        boolean due = end > begin && (enclosed || (end - begin) / width >= least);
        return due ? new RollupSpan(width, start, end, sketch) : null;
    }

    private long ceiling(long time) {
        return -Math.floorDiv(-time, width) * width;
    }

    /** The range once more and longer, as far as nothing covers it and it may be rolled up by now. */
    public RollupSpan extended(RollupSpan span, long until) {
        long room = until - span.to();
        long length = span.to() - span.from();
        long end = span.to() + (length > room / 16 ? room : 16 * length);
        for (Piece piece : pieces) {
            if (piece.span().from() >= span.to()) {
                end = Math.min(end, piece.span().from());
            }
        }
        return room <= 0 || end <= span.to() ? span : new RollupSpan(width, span.from(), end, span.sketch());
    }

    /** Whether a rollup counts as covering. */
    private interface Counts {
        boolean test(Piece piece);
    }

    /** The first time from one on up to another that no rollup of some covers; the largest number if all is covered. */
    private long uncovered(long from, long to, Counts counts) {
        long at = from;
        for (Piece piece : pieces) {
            if (piece.span().from() < at && piece.span().to() >= at && counts.test(piece)) {
                at = piece.span().to() + 1;
            }
        }
        return at <= to ? at : Long.MAX_VALUE;
    }

    /**
     * Before which time every sample that counts is held by a current rollup.
     *
     * @param from samples before this do not count, since they cannot be rolled up any more
     */
    public long durableUntil(long from) {
        long aligned = from == Long.MIN_VALUE ? from : ceiling(from - 1);
        long until = Long.MAX_VALUE;
        for (BlockMeta block : raw) {
            if (block.samples() > 0) {
                long start = aligned == Long.MIN_VALUE ? block.minTime() : Math.max(block.minTime(), aligned + 1);
                until = Math.min(
                        until,
                        uncovered(
                                start,
                                block.maxTime(),
                                piece -> !piece.hidden()
                                        && piece.position() >= block.header().lastPosition()));
            }
        }
        return until;
    }

    /** Raw blocks that hold something that a rollup may not know of. */
    public List<BlockMeta> newer(Piece piece) {
        return raw.stream()
                .filter(block -> block.header().lastPosition() > piece.position()
                        && block.overlaps(piece.span().covered()))
                .toList();
    }

    /** Whether a rollup is what the raw blocks say. */
    public boolean isCurrent(Piece piece) {
        return !piece.hidden() && newer(piece).isEmpty();
    }

    /** Position of the newest raw block; 0 if there is none. */
    public static long newestPosition(List<BlockMeta> raw) {
        return raw.stream()
                .mapToLong(block -> block.header().lastPosition())
                .max()
                .orElse(0);
    }

    /**
     * The next rollups to merge into one: neighbours in time that are current.
     *
     * @param everything whether to leave as few as possible, rather than to wait for enough of a tier
     * @param longest ticks that a block may span
     * @return the blocks by time, or an empty list
     */
    public List<Piece> nextMerge(boolean everything, long longest) {
        for (int tier = 1; tier <= TIERS; tier++) {
            int wanted = everything ? 2 : FAN_IN;
            int level = everything ? Integer.MAX_VALUE : tier;
            List<Piece> run = run(wanted, everything ? Integer.MAX_VALUE : FAN_IN, level, longest);
            if (run.size() >= wanted) {
                return run;
            }
        }
        return List.of();
    }

    private List<Piece> run(int wanted, int most, int level, long longest) {
        List<Piece> run = new ArrayList<>();
        long bytes = 0;
        for (Piece piece : pieces) {
            boolean fits = piece.block().header().level() < level && isCurrent(piece);
            boolean follows = !run.isEmpty()
                    && run.get(run.size() - 1).span().to() == piece.span().from()
                    && run.get(0).span().sketch() == piece.span().sketch()
                    && piece.span().to() - run.get(0).span().from() <= longest
                    && bytes + piece.block().bytes() <= MAX_BYTES;
            if (!run.isEmpty() && !(fits && follows) && run.size() >= wanted) {
                return List.copyOf(run);
            }
            if (!fits || !follows) {
                run.clear();
                bytes = 0;
            }
            if (fits) {
                run.add(piece);
                bytes += piece.block().bytes();
            }
            if (run.size() == most) {
                return List.copyOf(run);
            }
        }
        return run.size() >= wanted ? List.copyOf(run) : List.of();
    }
}
