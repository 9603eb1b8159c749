package io.varve.core.block;

import io.varve.core.model.TimeRange;

/**
 * What a finished block is and holds.
 *
 * @param header what was known beforehand
 * @param minTime first time of what it holds, {@link Long#MAX_VALUE} if it holds nothing; metadata alone stand for the
 *     moment at which they were sealed
 * @param maxTime last time of what it holds, {@link Long#MIN_VALUE} if it holds nothing
 * @param series number of series, each with a sample, an exemplar or a start
 * @param samples number of samples
 * @param columns number of distinct time columns
 * @param pages number of value pages
 * @param bytes size of the file
 */
public record BlockMeta(
        BlockHeader header, long minTime, long maxTime, int series, long samples, int columns, long pages, long bytes) {

    /** Opaque name of the block. */
    public String id() {
        return header.id();
    }

    /** No sample is newer; {@link Long#MIN_VALUE} if there is none. */
    public long newestSample() {
        return samples > 0 ? maxTime : Long.MIN_VALUE;
    }

    /** Whether a sample of this block may lie in a range. */
    public boolean overlaps(TimeRange range) {
        return minTime <= maxTime && range.overlaps(minTime, maxTime);
    }
}
