package io.varve.core.read;

import io.varve.core.block.BlockReader;
import io.varve.core.model.Deletion;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongPredicate;
import java.util.function.Predicate;

/**
 * The deletions that a view minds. Of generations it hides what deletions up to {@link #upTo} noted there; of blocks
 * what live deletions cover: those that came behind the block and were not applied when it was written. Immutable.
 */
public final class Deletions {

    /** Nothing was ever deleted. */
    public static final Deletions NONE = new Deletions(List.of(), 0);

    private final List<LiveDeletion> live;
    private final long upTo;

    private Deletions(List<LiveDeletion> live, long upTo) {
        this.live = List.copyOf(live);
        this.upTo = upTo;
    }

    /** Deletions in the order of their positions. */
    public static Deletions of(List<Deletion> deletions) {
        Deletions all = NONE;
        for (Deletion deletion : deletions) {
            all = all.with(deletion);
        }
        return all;
    }

    /** With one more; a deletion that is among them already is not added again. */
    public Deletions with(Deletion deletion) {
        if (live.stream().anyMatch(known -> known.deletion().position() == deletion.position())) {
            return this;
        }
        List<LiveDeletion> more = new ArrayList<>(live);
        more.add(new LiveDeletion(deletion));
        return new Deletions(more, Math.max(upTo, deletion.position()));
    }

    /**
     * Without those that nothing needs any more.
     *
     * @param blocks the live blocks; what hides something of one is needed
     * @param needed tells what is needed besides
     */
    public Deletions retain(List<BlockReader> blocks, Predicate<Deletion> needed) {
        List<LiveDeletion> kept = live.stream()
                .filter(known ->
                        needed.test(known.deletion()) || blocks.stream().anyMatch(known::hides))
                .toList();
        return kept.size() == live.size() ? this : new Deletions(kept, upTo);
    }

    /** Only those whose positions pass a test, which is monotonous: no position passes above one that does not. */
    public Deletions only(LongPredicate test) {
        List<LiveDeletion> kept = live.stream()
                .filter(known -> test.test(known.deletion().position()))
                .toList();
        return kept.size() == live.size()
                ? this
                : new Deletions(
                        kept,
                        kept.isEmpty()
                                ? 0
                                : kept.get(kept.size() - 1).deletion().position());
    }

    /** Position of the newest deletion there ever was, live or not; 0 if there was none. */
    public long upTo() {
        return upTo;
    }

    /** Whether no deletion is live. */
    public boolean isEmpty() {
        return live.isEmpty();
    }

    /** Live deletions in the order of their positions. */
    public List<Deletion> live() {
        return live.stream().map(LiveDeletion::deletion).toList();
    }

    /** What is hidden of a block. */
    public BlockMask mask(BlockReader block) {
        BlockMask mask = BlockMask.NONE;
        for (LiveDeletion candidate : live) {
            if (candidate.covers(block.meta())) {
                mask = mask.and(candidate.deletion(), candidate.series(block));
            }
        }
        return mask;
    }

    /** Lets go of what is known of a block that is no longer part of the store. */
    public void forget(String block) {
        live.forEach(known -> known.forget(block));
    }
}
