package io.varve.core.read;

import io.varve.core.block.BlockReader;
import io.varve.core.block.BlockSession;
import io.varve.core.block.DecodeScratch;
import io.varve.core.model.Labels;
import io.varve.core.model.TimeRange;
import io.varve.core.storage.ColumnCursor;
import io.varve.core.storage.Hole;
import io.varve.core.storage.ReadBudget;
import java.util.List;
import java.util.function.Consumer;
import org.roaringbitmap.PeekableIntIterator;
import org.roaringbitmap.buffer.ImmutableRoaringBitmap;

/** Series of a block; its numbers are in label order already. */
final class BlockSeries implements SeriesSource {

    private final BlockSession session;
    private final PeekableIntIterator numbers;
    private final ReadBudget budget;
    private final Consumer<Hole> holes;
    private final BlockMask mask;
    private int current;

    BlockSeries(
            BlockReader block,
            DecodeScratch scratch,
            ImmutableRoaringBitmap selected,
            ReadBudget budget,
            Consumer<Hole> holes,
            BlockMask mask) {
        this.session = block.session(scratch);
        this.numbers = selected.getIntIterator();
        this.budget = budget;
        this.holes = holes;
        this.mask = mask;
    }

    @Override
    public boolean next() {
        if (!numbers.hasNext()) {
            return false;
        }
        current = numbers.next();
        return true;
    }

    @Override
    public Labels labels() {
        return session.labels(current);
    }

    @Override
    public ColumnCursor columns(TimeRange range) {
        ColumnCursor all = session.columns(current, range, budget, holes);
        List<TimeRange> hidden = mask.of(current);
        return hidden == null ? all : new MaskedCursor(all, hidden);
    }
}
