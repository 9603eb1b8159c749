package io.varve.core.block;

import io.varve.core.model.TimeRange;

/**
 * What a finished block is and holds.
 *
 * @param header what was known beforehand
 * @param minTime time of the first sample, {@link Long#MAX_VALUE} if there is none
 * @param maxTime time of the last sample, {@link Long#MIN_VALUE} if there is none
 * @param series number of series, each with at least one sample
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

    /** Whether a sample of this block may lie in a range. */
    public boolean overlaps(TimeRange range) {
        return minTime <= maxTime && range.overlaps(minTime, maxTime);
    }
}
