package io.varve.core.read;

import io.varve.core.block.BlockMeta;
import io.varve.core.block.BlockReader;
import io.varve.core.block.BlockSession;
import io.varve.core.block.DecodeScratch;
import io.varve.core.compact.Cutoffs;
import io.varve.core.head.Generation;
import io.varve.core.head.SeriesRegistry;
import io.varve.core.index.LabelIndex;
import io.varve.core.index.PostingsSelector;
import io.varve.core.model.Labels;
import io.varve.core.model.Matcher;
import io.varve.core.model.TimeRange;
import io.varve.core.storage.ReadBudget;
import java.util.Arrays;
import java.util.function.IntFunction;
import java.util.function.IntPredicate;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.roaringbitmap.buffer.ImmutableRoaringBitmap;
import org.roaringbitmap.buffer.MutableRoaringBitmap;

/**
 * A block or generation of which labels are listed. One thread.
 *
 * @param index its labels
 * @param labels those of a series by its number; going forward is cheap
 * @param present which of its series count, as {@link Listing} has it; null for all
 * @param sorted puts numbers of series into the order of their labels; null if they are
 * @param newest newest time of a sample in it
 * @param block what the block is; null of a generation
 */
record ListedPart(
        LabelIndex index,
        IntFunction<Labels> labels,
        @Nullable IntPredicate present,
        @Nullable UnaryOperator<int[]> sorted,
        long newest,
        @Nullable BlockMeta block) {

    static ListedPart of(BlockReader block, BlockMask mask, DecodeScratch scratch, TimeRange range, Cutoffs cutoffs) {
        BlockSession session = block.session(scratch);
        IntPredicate present = new Listing(range, cutoffs).of(block, mask, scratch);
        return new ListedPart(
                block.index(), session::labels, present, null, block.meta().maxTime(), block.meta());
    }

    static ListedPart of(Generation generation, long upTo, TimeRange range, Cutoffs cutoffs) {
        SeriesRegistry registry = generation.registry();
        IntPredicate present = new Listing(range, cutoffs).of(generation, upTo);
        return new ListedPart(
                registry.index(), registry::labels, present, registry::sorted, generation.maxTime(), null);
    }

    boolean has(int series) {
        return present == null || present.test(series);
    }

    /** Series that matchers select, without those of which nothing is left; null if that is all of them. */
    @Nullable
    ImmutableRoaringBitmap selected(Cutoffs cutoffs, ReadBudget budget, Matcher... matchers) {
        boolean allAlive = cutoffs.keepAll(TimeRange.of(newest, newest));
        if (matchers.length == 0 && allAlive) {
            return null;
        }
        MutableRoaringBitmap selected = PostingsSelector.select(index, budget, matchers);
        if (!allAlive) {
            selected.andNot(cutoffs.expired(index, newest));
        }
        return selected;
    }

    /** Numbers of those that matchers select, in the order of their labels; some may not count. */
    int[] numbers(Cutoffs cutoffs, ReadBudget budget, Matcher... matchers) {
        ImmutableRoaringBitmap some = selected(cutoffs, budget, matchers);
        int[] numbers = (some == null ? index.all() : some).toArray();
        budget.charge(0, 4L * numbers.length);
        if (sorted == null) {
            return numbers;
        }
        return sorted.apply(Arrays.stream(numbers).filter(this::has).toArray());
    }
}
