package io.varve.core.read;

import io.varve.codec.PageCodec;
import io.varve.core.block.BlockReader;
import io.varve.core.block.DecodeScratch;
import io.varve.core.compact.Cutoffs;
import io.varve.core.head.Generation;
import io.varve.core.model.TimeRange;
import io.varve.core.storage.Hole;
import io.varve.core.storage.ReadBudget;
import io.varve.core.storage.SummaryRule;
import java.util.ArrayList;
import java.util.List;

/** All series of given blocks, or of a generation: what is written into a new block. */
public final class BlockMerge {

    private BlockMerge() {}

    /** All of a frozen generation that is not deleted. */
    public static MergeSet of(Generation generation, Deletions deletions) {
        SeriesSource source = new HeadSeries(
                generation,
                series -> generation.has(series) || generation.kinds().has(series),
                new PageCodec(),
                generation.registry().index().all(),
                ReadBudget.UNLIMITED,
                deletions.upTo());
        SideReader sides = new SideReader(List.of(), List.of(generation), TimeRange.ALL, ReadBudget.UNLIMITED);
        return new MergedSeriesSet(List.of(source), TimeRange.ALL, Cutoffs.NONE, new ArrayList<>(), sides);
    }

    /** All that blocks hold and that is not expired or deleted; the blocks come in the order of their log positions. */
    public static MergeSet of(List<BlockReader> blocks, Cutoffs cutoffs, Deletions deletions) {
        List<Hole> holes = new ArrayList<>();
        List<SeriesSource> sources = new ArrayList<>();
        DecodeScratch scratch = new DecodeScratch();
        for (BlockReader block : blocks) {
            block.sides().reportExemplars(TimeRange.ALL, holes::add);
            block.sides().reportStarts(TimeRange.ALL, holes::add);
            sources.add(new BlockSeries(
                    block,
                    scratch,
                    block.index().all(),
                    SummaryRule.NONE,
                    ReadBudget.UNLIMITED,
                    holes::add,
                    deletions.mask(block)));
        }
        SideReader sides = new SideReader(blocks, List.of(), TimeRange.ALL, ReadBudget.UNLIMITED);
        return new MergedSeriesSet(sources, TimeRange.ALL, cutoffs, holes, sides);
    }
}
