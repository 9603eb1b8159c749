package io.varve.core.block;

import io.varve.core.model.TimeRange;

/**
 * What a block of rollups covers: buckets {@code (end - width, end]}, of which the first begins behind {@code from} and
 * the last ends at {@code to}. A series without a bucket there had no sample in it.
 *
 * @param width ticks of a bucket, at least 1
 * @param from a multiple of the width
 * @param to a multiple of the width beyond {@code from}
 * @param sketch whether buckets have sketches
 */
public record RollupSpan(long width, long from, long to, boolean sketch) {

    /** Checks. */
    public RollupSpan {
        if (width < 1 || to <= from || Math.floorMod(from, width) != 0 || Math.floorMod(to, width) != 0) {
            throw new IllegalArgumentException(
                    "rollups cover whole buckets: width=" + width + ", from=" + from + ", to=" + to);
        }
    }

    /** End of the bucket that holds a time. */
    public static long endOf(long time, long width) {
        return startOf(time, width) + width;
    }

    /** Where the bucket that holds a time begins; the bucket does not hold its start. */
    public static long startOf(long time, long width) {
        return Math.floorDiv(time - 1, width) * width;
    }

    /** Ticks that are covered, both ends included. */
    public TimeRange covered() {
        return TimeRange.of(from + 1, to);
    }
}
