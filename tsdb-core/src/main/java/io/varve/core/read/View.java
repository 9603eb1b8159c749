package io.varve.core.read;

import io.varve.core.block.BlockReader;
import io.varve.core.head.Generation;
import io.varve.core.storage.Hole;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What the store consists of at one moment: sealed blocks and generations, oldest log positions first, the active
 * generation last. Immutable but for its pins: whoever reads pins it, and with the last pin it lets go of its blocks
 * and generations. A new view starts with one pin, that of the store.
 */
public final class View {

    private final List<BlockReader> blocks;
    private final List<Generation> generations;
    private final List<Hole> losses;
    private final Deletions deletions;
    private final Rollups rollups;
    private final AtomicInteger pins = new AtomicInteger(1);

    /**
     * A view that holds each block and generation once.
     *
     * @param losses what is missing because whole blocks were set aside, or records of the log were lost
     * @param deletions what is hidden of blocks and generations
     */
    public View(List<BlockReader> blocks, List<Generation> generations, List<Hole> losses, Deletions deletions) {
        this(blocks, generations, losses, deletions, Rollups.NONE);
    }

    /** As the other, with rollups, each of which is held once too. */
    public View(
            List<BlockReader> blocks,
            List<Generation> generations,
            List<Hole> losses,
            Deletions deletions,
            Rollups rollups) {
        this.blocks = List.copyOf(blocks);
        this.generations = List.copyOf(generations);
        this.losses = List.copyOf(losses);
        this.deletions = deletions;
        this.rollups = rollups;
        this.generations.forEach(Generation::retain);
        this.blocks.forEach(View::retain);
        rollups.blocks().forEach(rollup -> retain(rollup.reader()));
    }

    private static void retain(BlockReader block) {
        if (!block.retain()) {
            throw new AssertionError("BUG: block of a new view is closed: " + block.meta());
        }
    }

    /** Another view, with the rollups of this one. */
    public View with(
            List<BlockReader> newBlocks,
            List<Generation> newGenerations,
            List<Hole> newLosses,
            Deletions newDeletions) {
        return new View(newBlocks, newGenerations, newLosses, newDeletions, rollups);
    }

    /** This view with other rollups. */
    public View with(Rollups newRollups) {
        return new View(blocks, generations, losses, deletions, newRollups);
    }

    /** Pins this view, or answers false if its last pin has gone: there is a newer one then. */
    public boolean pin() {
        int count = pins.get();
        while (count > 0) {
            if (pins.compareAndSet(count, count + 1)) {
                return true;
            }
            count = pins.get();
        }
        return false;
    }

    /** Lets go of one pin. */
    public void unpin() {
        int left = pins.decrementAndGet();
        if (left < 0) {
            throw new AssertionError("BUG: view unpinned twice");
        }
        if (left == 0) {
            blocks.forEach(BlockReader::release);
            rollups.blocks().forEach(rollup -> rollup.reader().release());
            generations.forEach(Generation::release);
        }
    }

    /** Whether nobody reads it any more, nor ever will again. */
    public boolean isReleased() {
        return pins.get() <= 0;
    }

    /** Sealed blocks in the order of their log positions. */
    public List<BlockReader> blocks() {
        return blocks;
    }

    /** Time of the newest sample, {@link Long#MIN_VALUE} if there is none. */
    public long newestSample() {
        long newest = Long.MIN_VALUE;
        for (BlockReader block : blocks) {
            newest = Math.max(newest, block.meta().newestSample());
        }
        for (Generation generation : generations) {
            newest = Math.max(newest, generation.maxTime());
        }
        return newest;
    }

    /** Generations, oldest first; the last is active. */
    public List<Generation> generations() {
        return generations;
    }

    /** What is missing as a whole. */
    public List<Hole> losses() {
        return losses;
    }

    /** Rollups of what blocks hold and held. */
    public Rollups rollups() {
        return rollups;
    }

    /** What is deleted of blocks and generations. */
    public Deletions deletions() {
        return deletions;
    }
}
