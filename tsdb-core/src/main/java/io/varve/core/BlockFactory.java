package io.varve.core;

import io.varve.codec.Effort;
import io.varve.core.block.BlockHeader;
import io.varve.core.block.BlockMeta;
import io.varve.core.block.BlockReader;
import io.varve.core.block.BlockWriter;
import io.varve.core.compact.Cutoffs;
import io.varve.core.fs.FileSystem;
import io.varve.core.head.Generation;
import io.varve.core.model.Resolution;
import io.varve.core.read.BlockMerge;
import io.varve.core.read.Deletions;
import io.varve.core.storage.ColumnCursor;
import io.varve.core.storage.SeriesSet;
import io.varve.core.wal.IngestLog;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Writes blocks: from a frozen generation, or from several blocks. A block is in its place only when it is durable. */
final class BlockFactory {

    private final Store store;
    private final FileSystem files;
    private final Resolution resolution;
    private final IngestLog log;

    BlockFactory(Store store, Resolution resolution, IngestLog log) {
        this.store = store;
        this.log = log;
        this.files = store.files();
        this.resolution = resolution;
    }

    /**
     * Writes a generation.
     *
     * @param firstPosition where it begins in the log
     * @param lastPosition where the next one begins
     * @param effort how hard its pages are made small
     * @param deletions what is left out of it
     * @return the opened block; empty if nothing is left of the generation
     */
    List<BlockReader> seal(
            Generation generation, long firstPosition, long lastPosition, Effort effort, Deletions deletions)
            throws IOException {
        if (generation.samples() == 0) {
            return List.of();
        }
        String id = store.newBlockId();
        BlockHeader header = BlockHeader.raw(id, firstPosition, lastPosition, deletions.upTo(), resolution);
        try (SeriesSet series = BlockMerge.of(generation, deletions)) {
            BlockReader sealed = write(header, series, effort);
            if (sealed.meta().samples() > 0) {
                return List.of(sealed);
            }
            discard(sealed);
            return List.of();
        }
    }

    /**
     * Merges blocks, or writes one anew, without what has expired.
     *
     * @param sources in position order
     * @param damaged takes the ids of sources with damaged pages
     * @return the opened block, which may hold nothing; null if a source has damaged pages
     */
    @Nullable
    BlockReader merge(List<BlockReader> sources, Cutoffs cutoffs, Set<String> damaged) throws IOException {
        int level = 0;
        long last = Long.MIN_VALUE;
        for (BlockReader source : sources) {
            level = Math.max(level, source.meta().header().level());
            last = Math.max(last, source.meta().header().lastPosition());
        }
        Deletions deletions = deletions();
        BlockHeader header = new BlockHeader(
                store.newBlockId(),
                sources.size() == 1 ? level : level + 1,
                sources.get(0).meta().header().firstPosition(),
                last,
                deletions.upTo(),
                resolution,
                BlockHeader.Kind.RAW,
                sources.stream().map(source -> source.meta().id()).toList());
        try (SeriesSet series = BlockMerge.of(sources, cutoffs, deletions)) {
            BlockReader merged = write(header, series, Effort.BEST);
            if (series.holes().isEmpty()) {
                return merged;
            }
            for (BlockReader source : sources) {
                if (series.holes().stream().anyMatch(hole -> hole.cause().startsWith(source.path()))) {
                    damaged.add(source.meta().id());
                }
            }
            discard(merged);
            return null;
        }
    }

    /**
     * What is left out of blocks that are merged: a deletion that a power loss could still take from the log must not
     * be left half done. Below the start of the live log the list has them, and blocks may end behind them.
     */
    Deletions deletions() {
        return store.deletions(log::isDurable);
    }

    /** A block that was written and is not wanted. */
    void discard(BlockReader block) throws IOException {
        BlockMeta meta = block.meta();
        block.release();
        files.delete(Store.blockPath(meta.id()));
    }

    /**
     * Lets a block that was just written take the place of others, whose files go.
     *
     * @param replacement held by the view from now on, unless it is empty: then nothing takes their place
     */
    void replace(List<BlockMeta> old, BlockReader replacement) throws IOException {
        if (replacement.meta().samples() == 0) {
            discard(replacement);
            remove(old);
            return;
        }
        store.replaced(old, List.of(replacement));
        replacement.release();
        store.blockFiles().delete(old);
        store.saveDeletions();
    }

    /** Takes blocks out of the store. */
    void remove(List<BlockMeta> old) throws IOException {
        store.replaced(old, List.of());
        store.blockFiles().delete(old);
        store.saveDeletions();
    }

    private BlockReader write(BlockHeader header, SeriesSet series, Effort effort) throws IOException {
        return write(files, header, series, effort);
    }

    /** Writes a block of given series and opens it. */
    static BlockReader write(FileSystem files, BlockHeader header, SeriesSet series, Effort effort) throws IOException {
        String unfinished = Store.BLOCKS + "/" + header.id() + ".tmp";
        files.delete(unfinished);
        try (BlockWriter writer = BlockWriter.create(files, unfinished, header, effort)) {
            while (series.next()) {
                writer.series(series.labels());
                ColumnCursor columns = series.columns();
                while (columns.nextPage()) {
                    writer.samples(columns.times(), columns.values(), 0, columns.size());
                }
            }
            writer.finish();
        }
        String path = Store.blockPath(header.id());
        files.rename(unfinished, path);
        files.forceDirectory(Store.BLOCKS);
        return BlockReader.open(files, path);
    }
}
