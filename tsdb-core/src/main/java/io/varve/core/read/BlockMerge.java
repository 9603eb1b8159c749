package io.varve.core.read;

import io.varve.codec.PageCodec;
import io.varve.core.block.BlockReader;
import io.varve.core.block.DecodeScratch;
import io.varve.core.compact.Cutoffs;
import io.varve.core.head.Generation;
import io.varve.core.model.TimeRange;
import io.varve.core.storage.Hole;
import io.varve.core.storage.ReadBudget;
import java.util.ArrayList;
import java.util.List;

/** All series of given blocks, or of a generation: what is written into a new block. */
public final class BlockMerge {

    private BlockMerge() {}

    /** All that a frozen generation holds. */
    public static MergeSet of(Generation generation) {
        SeriesSource source = new HeadSeries(
                generation,
                series -> generation.has(series) || generation.kinds().has(series),
                new PageCodec(),
                generation.registry().index().all(),
                ReadBudget.UNLIMITED);
        SideReader sides = new SideReader(List.of(), List.of(generation), TimeRange.ALL, ReadBudget.UNLIMITED);
        return new MergedSeriesSet(List.of(source), TimeRange.ALL, Cutoffs.NONE, new ArrayList<>(), sides);
    }

    /** All that blocks hold and that has not expired; the blocks are given in the order of their log positions. */
    public static MergeSet of(List<BlockReader> blocks, Cutoffs cutoffs) {
        List<Hole> holes = new ArrayList<>();
        List<SeriesSource> sources = new ArrayList<>();
        DecodeScratch scratch = new DecodeScratch();
        for (BlockReader block : blocks) {
            block.sides().reportExemplars(TimeRange.ALL, holes::add);
            block.sides().reportStarts(TimeRange.ALL, holes::add);
            sources.add(new BlockSeries(block, scratch, block.index().all(), ReadBudget.UNLIMITED, holes::add));
        }
        SideReader sides = new SideReader(blocks, List.of(), TimeRange.ALL, ReadBudget.UNLIMITED);
        return new MergedSeriesSet(sources, TimeRange.ALL, cutoffs, holes, sides);
    }
}
