package io.varve.core;

import io.varve.core.block.BlockMeta;
import io.varve.core.block.BlockReader;
import io.varve.core.block.RollupSpan;
import io.varve.core.compact.RawFloors;
import io.varve.core.fs.CorruptFileException;
import io.varve.core.fs.FileSystem;
import io.varve.core.model.Deletion;
import io.varve.core.model.Resolution;
import io.varve.core.model.TimeRange;
import io.varve.core.storage.Hole;
import io.varve.core.wal.LogBeginning;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A manifest made anew from the blocks that are there: those that no other replaces are live, in the order of their
 * first positions, and so is the log from where the last of them ends. Changes nothing.
 *
 * @param manifest the manifest; blocks that cannot be read are losses in it
 * @param unreadable names of block files that cannot be read, each with what is wrong
 */
record ManifestRebuild(Manifest manifest, Map<String, String> unreadable) {

    private static final String SUFFIX = ".varve";
    private static final int MOST_DIGITS = 18;
    private static final long UNKNOWN = -1;

    /** The clock of a rebuilt manifest: every time is a jump from there, so nothing expires before it is confirmed. */
    private static final long UNTRUSTED = 1;

    /**
     * Reads the blocks.
     *
     * @param otherwise resolution of the store if no block says it
     * @param place which shard the blocks are of
     * @param epoch above any that the store had
     * @throws io.varve.core.fs.UnsupportedFormatException if a newer version wrote a block or the log
     */
    static ManifestRebuild of(FileSystem files, Resolution otherwise, ShardPlace place, long epoch) throws IOException {
        List<BlockMeta> metas = new ArrayList<>();
        Map<String, String> unreadable = new TreeMap<>();
        long next = 1;
        for (String name : files.list(Store.BLOCKS)) {
            if (name.endsWith(SUFFIX)) {
                next = Math.max(next, numberOf(name) + 1);
                try {
                    BlockReader reader = BlockReader.open(files, Store.BLOCKS + "/" + name);
                    metas.add(reader.meta());
                    reader.release();
                } catch (CorruptFileException e) {
                    unreadable.put(name, String.valueOf(e.getMessage()));
                }
            }
        }
        for (String name : files.list(Quarantine.DIRECTORY)) {
            next = Math.max(next, numberOf(name) + 1);
        }
        List<String> replaced = metas.stream()
                .flatMap(meta -> meta.header().replaces().stream())
                .toList();
        List<Manifest.Block> blocks = metas.stream()
                .filter(meta -> !replaced.contains(meta.id()))
                .sorted(Comparator.comparing((BlockMeta meta) -> meta.header().kind())
                        .thenComparingLong(meta -> meta.header().firstPosition()))
                .map(meta -> Manifest.Block.of(meta, meta.header().lastPosition()))
                .toList();
        List<Manifest.Loss> losses = new ArrayList<>();
        unreadable.forEach((name, cause) -> losses.add(Manifest.Loss.of(new Hole(
                UNKNOWN, TimeRange.ALL, "block set aside in " + Quarantine.DIRECTORY + "/" + name + ": " + cause))));
        Resolution resolution =
                metas.isEmpty() ? otherwise : metas.get(0).header().resolution();
        long logStart = beginning(files, metas, !unreadable.isEmpty()).find(files, 0);
        Manifest manifest =
                new Manifest(resolution, place, epoch, logStart, next, UNTRUSTED, 0, blocks, List.of(), floors(metas));
        return new ManifestRebuild(manifest.withMoreLosses(losses), unreadable);
    }

    private static LogBeginning beginning(FileSystem files, List<BlockMeta> metas, boolean older) throws IOException {
        long sealedTo = 0;
        long deletedTo = 0;
        for (BlockMeta meta : metas) {
            sealedTo = Math.max(sealedTo, meta.header().lastPosition());
            deletedTo = Math.max(deletedTo, meta.header().deletedTo());
        }
        for (Deletion deletion : DeletionFile.read(files, 0).content().deletions()) {
            deletedTo = Math.max(deletedTo, deletion.position());
        }
        return new LogBeginning(sealedTo, deletedTo, older);
    }

    /** Nobody knows how many of the samples have gone that rollups were made from. */
    private static RawFloors floors(List<BlockMeta> metas) {
        long rolledUp = Long.MIN_VALUE;
        for (BlockMeta meta : metas) {
            RollupSpan span = meta.header().rollup();
            rolledUp = span == null ? rolledUp : Math.max(rolledUp, span.to());
        }
        return rolledUp == Long.MIN_VALUE ? RawFloors.NONE : RawFloors.NONE.withAllUpTo(rolledUp);
    }

    private static long numberOf(String blockFile) {
        String digits = blockFile.replaceFirst("\\..*", "");
        return !digits.isEmpty()
                        && digits.length() <= MOST_DIGITS
                        && digits.chars().allMatch(Character::isDigit)
                ? Long.parseLong(digits)
                : 0;
    }
}
