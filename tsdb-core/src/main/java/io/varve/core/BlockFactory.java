package io.varve.core;

import io.varve.codec.Effort;
import io.varve.core.block.BlockHeader;
import io.varve.core.block.BlockMeta;
import io.varve.core.block.BlockReader;
import io.varve.core.block.BlockWriter;
import io.varve.core.fs.FileSystem;
import io.varve.core.head.Generation;
import io.varve.core.model.Resolution;
import io.varve.core.read.BlockMerge;
import io.varve.core.storage.ColumnCursor;
import io.varve.core.storage.SeriesSet;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Writes blocks: from a frozen generation, or from several blocks. A block is in its place only when it is durable. */
final class BlockFactory {

    private final Store store;
    private final FileSystem files;
    private final Resolution resolution;

    BlockFactory(Store store, Resolution resolution) {
        this.store = store;
        this.files = store.files();
        this.resolution = resolution;
    }

    /**
     * Writes a generation.
     *
     * @param firstPosition where it begins in the log
     * @param lastPosition where the next one begins
     * @param effort how hard its pages are made small
     * @return the opened block; empty if the generation has no samples
     */
    List<BlockReader> seal(Generation generation, long firstPosition, long lastPosition, Effort effort)
            throws IOException {
        if (generation.samples() == 0) {
            return List.of();
        }
        String id = store.newBlockId();
        BlockHeader header = BlockHeader.raw(id, firstPosition, lastPosition, resolution);
        try (SeriesSet series = BlockMerge.of(generation)) {
            return List.of(write(header, series, effort));
        }
    }

    /** Merges neighbours in position order; null if one of them has damaged pages. */
    @Nullable
    BlockReader merge(List<BlockReader> sources) throws IOException {
        int level = 0;
        for (BlockReader source : sources) {
            level = Math.max(level, source.meta().header().level());
        }
        BlockHeader header = new BlockHeader(
                store.newBlockId(),
                level + 1,
                sources.get(0).meta().header().firstPosition(),
                sources.get(sources.size() - 1).meta().header().lastPosition(),
                resolution,
                BlockHeader.Kind.RAW,
                sources.stream().map(source -> source.meta().id()).toList());
        try (SeriesSet series = BlockMerge.of(sources)) {
            BlockReader merged = write(header, series, Effort.BEST);
            if (series.holes().isEmpty()) {
                return merged;
            }
            merged.release();
            files.delete(Store.blockPath(header.id()));
            return null;
        }
    }

    private BlockReader write(BlockHeader header, SeriesSet series, Effort effort) throws IOException {
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

    /** Deletes the files of blocks that are no longer live; whoever still reads them keeps their maps. */
    void delete(List<BlockMeta> blocks) throws IOException {
        for (BlockMeta block : blocks) {
            files.delete(Store.blockPath(block.id()));
        }
        files.forceDirectory(Store.BLOCKS);
    }
}
