package io.varve.core;

import io.varve.core.block.BlockHeader;
import io.varve.core.block.BlockMeta;
import io.varve.core.block.BlockReader;
import io.varve.core.block.RollupWriter;
import io.varve.core.fs.FileSystem;
import io.varve.core.telemetry.Counter;
import io.varve.core.telemetry.Metric;
import io.varve.core.telemetry.Telemetry;
import java.io.IOException;

/** Writes the files of rollups; a file is in its place only when it is durable. */
final class RollupFiles {

    private final FileSystem files;
    private final Counter blocks;
    private final Counter bytes;

    /** @param store name of the store in metrics */
    RollupFiles(FileSystem files, Telemetry telemetry, String store) {
        this.files = files;
        blocks = telemetry
                .counter(
                        Metric.of(
                                "varve_rollup_blocks_written_total", "Blocks of rollups written, merged ones included"),
                        "store")
                .labels(store);
        bytes = telemetry
                .counter(Metric.of("varve_rollup_bytes_written_total", "Bytes of blocks of rollups written"), "store")
                .labels(store);
    }

    /** What is written into a block. */
    @FunctionalInterface
    interface Content {
        /** Writes all series. */
        void into(RollupWriter writer) throws IOException;
    }

    /** Writes a block, and opens it. */
    BlockReader write(BlockHeader header, Content content) throws IOException {
        return write(files, header, content);
    }

    static BlockReader write(FileSystem files, BlockHeader header, Content content) throws IOException {
        String unfinished = Store.BLOCKS + "/" + header.id() + ".tmp";
        files.delete(unfinished);
        try (RollupWriter writer = RollupWriter.create(files, unfinished, header)) {
            content.into(writer);
            writer.finish();
        }
        String path = Store.blockPath(header.id());
        files.rename(unfinished, path);
        files.forceDirectory(Store.BLOCKS);
        return BlockReader.open(files, path);
    }

    /** Counts a block that is part of the store now. */
    void written(BlockMeta block) {
        blocks.inc();
        bytes.add(block.bytes());
    }

    /** A block that was written and is not wanted. */
    void discard(BlockReader block) throws IOException {
        String path = block.path();
        block.release();
        files.delete(path);
    }
}
