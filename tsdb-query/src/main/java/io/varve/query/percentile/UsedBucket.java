package io.varve.query.percentile;

import io.varve.core.storage.RollupCursor;
import io.varve.core.storage.RollupHistograms;
import org.jspecify.annotations.Nullable;

/**
 * What counters need of a bucket of rollups that answers instead of samples.
 *
 * @param end last tick of the bucket
 * @param correction what the counter had reached before the resets in the bucket
 */
record UsedBucket(
        long end,
        long numbers,
        long firstTime,
        double first,
        long lastTime,
        double last,
        double correction,
        @Nullable RollupHistograms histograms) {

    /** The bucket of a page. */
    static UsedBucket of(RollupCursor page, int index, @Nullable RollupHistograms histograms) {
        return new UsedBucket(
                page.ends()[index],
                page.numbers()[index],
                page.firstTimes()[index],
                page.firsts()[index],
                page.lastTimes()[index],
                page.lasts()[index],
                page.corrections()[index],
                histograms);
    }
}
