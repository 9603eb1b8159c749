package io.varve.core.read;

import io.varve.core.block.BlockReader;
import io.varve.core.model.Labels;
import io.varve.core.storage.Hole;
import io.varve.core.storage.ReadBudget;
import io.varve.core.storage.SummaryRule;
import java.util.function.Consumer;
import org.roaringbitmap.buffer.ImmutableRoaringBitmap;

/**
 * Series of a block, whose numbers are in label order.
 *
 * @param series their numbers; not changed afterwards
 */
record FoundInBlock(BlockReader block, ImmutableRoaringBitmap series, BlockMask mask) implements FoundSeries {

    @Override
    public int size() {
        return series.getCardinality();
    }

    @Override
    public Labels labels(int index) {
        return block.labels(series.select(index));
    }

    @Override
    public SeriesSource open(
            int from, int to, SummaryRule rule, ReadScratch scratch, ReadBudget budget, Consumer<Hole> holes) {
        return new BlockSeries(block, scratch.session(block), series, from, to, rule, budget, holes, mask);
    }
}
