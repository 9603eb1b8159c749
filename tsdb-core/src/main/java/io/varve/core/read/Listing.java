package io.varve.core.read;

import io.varve.core.block.BlockReader;
import io.varve.core.block.BlockSession;
import io.varve.core.block.DecodeScratch;
import io.varve.core.block.SamplePresence;
import io.varve.core.compact.Cutoffs;
import io.varve.core.head.Generation;
import io.varve.core.model.Labels;
import io.varve.core.model.TimeRange;
import java.util.function.IntFunction;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/**
 * Which series count when labels are listed: those that have a float or a histogram in the range, which is neither
 * deleted nor expired. So the answer does not hang on what lies in the head, or in which block, and is that of a
 * selection; series with exemplars or start times alone are not listed.
 */
final class Listing {

    private final TimeRange range;
    private final Cutoffs cutoffs;

    Listing(TimeRange range, Cutoffs cutoffs) {
        this.range = range;
        this.cutoffs = cutoffs;
    }

    /**
     * Series of a block, by their numbers in it; good for one thread until the scratch is used otherwise. Null if all
     * count, which is known without looking at any.
     */
    @Nullable
    IntPredicate of(BlockReader block, BlockMask mask, DecodeScratch scratch) {
        BlockSession session = block.session(scratch);
        SamplePresence samples = new SamplePresence(block, session);
        boolean keepsAll = keepsAll(block.meta().minTime());
        if (keepsAll && mask.isEmpty() && samples.everywhere(range)) {
            return null;
        }
        return series -> {
            TimeRange alive = keepsAll ? range : alive(session::labels, series);
            if (alive.isEmpty() || mask.isEmpty()) {
                return !alive.isEmpty() && samples.any(series, alive);
            }
            return mask.visible(series, alive).stream().anyMatch(part -> samples.any(series, part));
        };
    }

    /**
     * Series of a generation, by their numbers in the registry.
     *
     * @param upTo position of the newest deletion to mind
     */
    IntPredicate of(Generation generation, long upTo) {
        boolean keepsAll = keepsAll(generation.minTime());
        return series -> generation.has(series)
                && generation.has(series, keepsAll ? range : alive(generation.registry()::labels, series), upTo);
    }

    private boolean keepsAll(long oldest) {
        return cutoffs.keepAll(TimeRange.of(Math.max(range.from(), oldest), range.to()));
    }

    private TimeRange alive(IntFunction<Labels> labels, int series) {
        return cutoffs.within(labels.apply(series), range);
    }
}
