package io.varve.core;

import io.varve.core.block.BlockMeta;
import io.varve.core.block.BlockReader;
import io.varve.core.block.RollupSpan;
import io.varve.core.fs.CorruptFileException;
import io.varve.core.fs.FileSystem;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Deletes the files of blocks that are no longer live. While somebody holds them, for a snapshot, they wait; what still
 * waits when the process ends is deleted at the next start, since the manifest does not name it. Any thread.
 */
final class BlockFiles {

    private final FileSystem files;
    private final List<String> waiting = new ArrayList<>();
    private int holds;

    BlockFiles(FileSystem files) {
        this.files = files;
    }

    /**
     * Opens the block of an entry.
     *
     * @throws CorruptFileException also if the file holds another block: under a wrong name it would be deleted in
     *     that one's place
     */
    static BlockReader open(FileSystem files, Manifest.Block entry) throws IOException {
        String path = Store.blockPath(entry.id());
        BlockReader reader = BlockReader.open(files, path);
        String found = reader.meta().id();
        RollupSpan span = reader.meta().header().rollup();
        if (!found.equals(entry.id()) || (span == null) != (entry.rollup() == null)) {
            reader.release();
            throw new CorruptFileException(
                    path,
                    0,
                    (entry.rollup() == null ? "block " : "rollup ") + entry.id(),
                    (span == null ? "block " : "rollup ") + found);
        }
        return reader;
    }

    /** No file goes until {@link #release} is called as often as this. */
    synchronized void hold() {
        holds++;
    }

    /** Takes back a {@link #hold}; with the last one the files that wait are deleted. */
    synchronized void release() throws IOException {
        holds--;
        if (holds == 0 && !waiting.isEmpty()) {
            List<String> paths = List.copyOf(waiting);
            waiting.clear();
            deletePaths(paths);
        }
    }

    /** Deletes the files of blocks, or has them wait; whoever still reads a block keeps its map. */
    synchronized void delete(List<BlockMeta> blocks) throws IOException {
        List<String> paths =
                blocks.stream().map(block -> Store.blockPath(block.id())).toList();
        if (holds > 0) {
            waiting.addAll(paths);
        } else {
            deletePaths(paths);
        }
    }

    private void deletePaths(List<String> paths) throws IOException {
        for (String path : paths) {
            files.delete(path);
        }
        files.forceDirectory(Store.BLOCKS);
    }
}
