package io.varve.core;

import io.varve.core.block.BlockReader;
import io.varve.core.compact.RollupCutoffs;
import io.varve.core.model.TimeRange;
import io.varve.core.read.Deletions;
import io.varve.core.read.Rollups;
import io.varve.core.read.View;
import java.util.ArrayList;
import java.util.List;

/**
 * What a store's manifest says of its blocks and rollups, and what they still need. Guarded by the lock of {@link
 * Store}.
 */
final class StoreEntries {

    private StoreEntries() {}

    /**
     * Entries of the manifest to come: live blocks, and those that were set aside and are reported as missing.
     *
     * @param view the view as it is
     * @param blocks raw blocks that are to be live
     * @param rollups rollups that are to be live; one that covers what was lost takes its place
     * @param manifest the manifest as it is
     */
    static List<Manifest.Block> of(View view, List<BlockReader> blocks, Rollups rollups, Manifest manifest) {
        List<Manifest.Block> entries = new ArrayList<>();
        List<Manifest.Block> closed = closed(view, manifest);
        blocks.forEach(reader -> entries.add(Manifest.Block.of(reader.meta(), 0)));
        closed.stream().filter(block -> block.rollup() == null).forEach(entries::add);
        rollups.blocks()
                .forEach(block -> entries.add(Manifest.Block.of(block.reader().meta(), block.position())));
        for (Manifest.Block block : closed) {
            Manifest.Rollup rollup = block.rollup();
            if (rollup != null && !rollups.covers(rollup.width(), TimeRange.of(block.minTime(), block.maxTime()))) {
                entries.add(block);
            }
        }
        return entries;
    }

    /** Blocks that the manifest names and that could not be opened. */
    private static List<Manifest.Block> closed(View view, Manifest manifest) {
        List<String> open = openIds(view);
        return manifest.blocks().stream()
                .filter(known -> !open.contains(known.id()))
                .toList();
    }

    /** Ids of the blocks of a view, raw ones and rollups. */
    static List<String> openIds(View view) {
        List<String> ids = new ArrayList<>();
        view.blocks().forEach(block -> ids.add(block.meta().id()));
        view.rollups().blocks().forEach(block -> ids.add(block.id()));
        return ids;
    }

    /** Deletions that blocks, rollups or the log need; parameters as {@link #of}. */
    static Deletions needed(View view, List<BlockReader> blocks, Rollups rollups, Manifest manifest, long logStart) {
        List<BlockReader> both = new ArrayList<>(blocks);
        both.addAll(rollups.readers());
        return StoreDeletions.needed(view.deletions(), both, closed(view, manifest), logStart);
    }

    /** Before which time all of a block has expired. */
    static long cutoff(Manifest.Block block, long raw, RollupCutoffs rollups) {
        Manifest.Rollup rollup = block.rollup();
        return rollup == null ? raw : rollups.of(rollup.width());
    }
}
