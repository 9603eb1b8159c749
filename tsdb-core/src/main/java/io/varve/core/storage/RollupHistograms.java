package io.varve.core.storage;

import io.varve.core.model.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * What is known of the native histograms of a bucket. A stale marker counts as one, and is in nothing else here. The
 * increase over buckets that follow each other is the last histogram less the first, plus the corrections of all, plus
 * the last histogram of each bucket behind which the next begins anew ({@code HistogramResets}).
 *
 * @param count how many there are
 * @param stales how many stale markers there are
 * @param resets how often one begins anew after the one before it in the bucket
 * @param firstTime time of the first one in ticks; the bucket's end if there is none
 * @param lastTime time of the last one in ticks; the bucket's end if there is none
 * @param summed whether there are sums; there are none if no layout holds all of the bucket, as with custom bounds and
 *     others
 * @param first the first one, bit for bit; null if there is none
 * @param last the last one, bit for bit; null if there is none
 * @param sum all added up, in the layout that holds all ({@code HistogramSum}); null if there is none
 * @param correction those added up that others begin anew after; null if there is none
 */
public record RollupHistograms(
        long count,
        long stales,
        long resets,
        long firstTime,
        long lastTime,
        boolean summed,
        @Nullable Histogram first,
        @Nullable Histogram last,
        @Nullable Histogram sum,
        @Nullable Histogram correction) {

    /** The same with its histograms, of which nothing but what is counted was read. */
    public RollupHistograms with(
            @Nullable Histogram firstOne,
            @Nullable Histogram lastOne,
            @Nullable Histogram all,
            @Nullable Histogram corrected) {
        return new RollupHistograms(
                count, stales, resets, firstTime, lastTime, summed, firstOne, lastOne, all, corrected);
    }
}
