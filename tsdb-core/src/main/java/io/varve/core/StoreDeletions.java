package io.varve.core;

import io.varve.core.block.BlockReader;
import io.varve.core.fs.FileSystem;
import io.varve.core.model.Deletion;
import io.varve.core.model.TimeRange;
import io.varve.core.read.Deletions;
import io.varve.core.read.View;
import io.varve.core.storage.Hole;
import java.io.IOException;
import java.util.List;

/**
 * Which deletions a store keeps, and where. The log holds those behind the start of its live part; the list beside the
 * manifest holds the older ones that some block still needs. Guarded by the lock of {@link Store}.
 */
final class StoreDeletions {

    /** Most deletions that are live at a time; each costs every reading something until it is applied. */
    static final int MAX_LIVE = 10_000;

    private static final String LOST = "the list of deletions was lost: what was deleted and not yet removed from"
            + " blocks may be in the answer; delete it again, then call clean_tombstones";

    private final FileSystem files;
    private DeletionFile saved;

    /** @param saved what the files hold */
    StoreDeletions(FileSystem files, DeletionFile saved) {
        this.files = files;
        this.saved = saved;
    }

    /**
     * What is live at start, before the log is read.
     *
     * @param logStart where the live part of the log begins; it alone says what was deleted behind that, as far as the
     *     manifest knows of it
     */
    static Deletions initial(DeletionFile saved, long logStart) {
        return Deletions.of(saved.deletions().stream()
                .filter(deletion -> logStart == 0 || deletion.position() < logStart)
                .toList());
    }

    /** What answers miss, or have too much, if a list was lost. */
    static List<Hole> losses(DeletionFile saved) {
        return saved.lost() ? List.of(new Hole(-1, TimeRange.ALL, LOST)) : List.of();
    }

    /** The list that goes with a sealed view, of which no log is kept. */
    static DeletionFile of(View view, Manifest manifest) {
        return new DeletionFile(
                manifest.deletions(),
                view.losses().stream().anyMatch(loss -> loss.cause().equals(LOST)),
                view.deletions().live().stream()
                        .filter(deletion -> deletion.position() < manifest.logStart())
                        .toList());
    }

    /** Losses without that of a list of deletions. */
    static List<Hole> confirmed(List<Hole> losses) {
        return losses.stream().filter(loss -> !loss.cause().equals(LOST)).toList();
    }

    /**
     * Without what is needed no more: applied to all blocks, or of no concern to any.
     *
     * @param blocks the live blocks
     * @param closed blocks that cannot be opened at the moment; they may be put back
     */
    static Deletions needed(Deletions all, List<BlockReader> blocks, List<Manifest.Block> closed, long logStart) {
        return all.retain(
                blocks,
                deletion -> deletion.position() >= logStart
                        || closed.stream()
                                .anyMatch(block -> deletion.range().overlaps(block.minTime(), block.maxTime())));
    }

    /**
     * Writes the list if it is not what the files hold.
     *
     * @param logStart deletions from there on are still in the log
     * @return number of the list
     */
    long save(Deletions live, long logStart) throws IOException {
        return write(live, logStart, saved.lost());
    }

    /** As {@link #save}, and whatever a lost list held has been deleted again. */
    long confirm(Deletions live, long logStart) throws IOException {
        return write(live, logStart, false);
    }

    private long write(Deletions live, long logStart, boolean lost) throws IOException {
        List<Deletion> old = live.live().stream()
                .filter(deletion -> deletion.position() < logStart)
                .toList();
        if (lost != saved.lost() || !old.equals(saved.deletions())) {
            DeletionFile fresh = new DeletionFile(saved.number() + 1, lost, old);
            fresh.write(files);
            saved = fresh;
        }
        return saved.number();
    }

    boolean lost() {
        return saved.lost();
    }
}
