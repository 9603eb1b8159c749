package io.varve.core.read;

import io.varve.codec.PageCodec;
import io.varve.core.block.BlockReader;
import io.varve.core.block.DecodeScratch;
import io.varve.core.compact.Cutoffs;
import io.varve.core.head.Generation;
import io.varve.core.model.TimeRange;
import io.varve.core.storage.Hole;
import io.varve.core.storage.ReadBudget;
import io.varve.core.storage.SeriesSet;
import java.util.ArrayList;
import java.util.List;

/** All series of given blocks, or of a generation: what is written into a new block. */
public final class BlockMerge {

    private BlockMerge() {}

    /** All samples of a frozen generation that are not deleted. */
    public static SeriesSet of(Generation generation, Deletions deletions) {
        SeriesSource source = new HeadSeries(
                generation,
                new PageCodec(),
                generation.registry().index().all(),
                ReadBudget.UNLIMITED,
                deletions.upTo());
        return new MergedSeriesSet(List.of(source), TimeRange.ALL, Cutoffs.NONE, new ArrayList<>());
    }

    /** All samples of blocks that are not expired or deleted; the blocks come in the order of their log positions. */
    public static SeriesSet of(List<BlockReader> blocks, Cutoffs cutoffs, Deletions deletions) {
        List<Hole> holes = new ArrayList<>();
        List<SeriesSource> sources = new ArrayList<>();
        DecodeScratch scratch = new DecodeScratch();
        for (BlockReader block : blocks) {
            sources.add(new BlockSeries(
                    block, scratch, block.index().all(), ReadBudget.UNLIMITED, holes::add, deletions.mask(block)));
        }
        return new MergedSeriesSet(sources, TimeRange.ALL, cutoffs, holes);
    }
}
