package io.varve.core.read;

import io.varve.core.block.BlockMeta;
import io.varve.core.block.BlockReader;
import io.varve.core.index.PostingsSelector;
import io.varve.core.model.Deletion;
import io.varve.core.model.Matcher;
import java.util.concurrent.ConcurrentHashMap;
import org.roaringbitmap.buffer.ImmutableRoaringBitmap;

/** A deletion and which series of each block it concerns, looked up once a block. Any thread. */
final class LiveDeletion {

    private final Deletion deletion;
    private final ConcurrentHashMap<String, ImmutableRoaringBitmap> concerned = new ConcurrentHashMap<>();

    LiveDeletion(Deletion deletion) {
        this.deletion = deletion;
    }

    Deletion deletion() {
        return deletion;
    }

    /**
     * Whether all samples of a block came before the deletion, and it was not applied when the block was written, and
     * some may lie in its range.
     */
    boolean covers(BlockMeta block) {
        return deletion.position() >= block.header().lastPosition()
                && deletion.position() > block.header().deletedTo()
                && block.overlaps(deletion.range());
    }

    /** The series of a block that it covers. */
    ImmutableRoaringBitmap series(BlockReader block) {
        ImmutableRoaringBitmap known = concerned.get(block.meta().id());
        if (known == null) {
            known = PostingsSelector.select(block.index(), deletion.matchers().toArray(new Matcher[0]));
            concerned.put(block.meta().id(), known);
        }
        return known;
    }

    /** Whether it hides something of a block. */
    boolean hides(BlockReader block) {
        return covers(block.meta()) && !series(block).isEmpty();
    }

    /** Lets go of what is known of a block that is no longer part of the store. */
    void forget(String block) {
        concerned.remove(block);
    }
}
