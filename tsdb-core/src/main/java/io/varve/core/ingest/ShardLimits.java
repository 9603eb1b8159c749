package io.varve.core.ingest;

/**
 * What a shard accepts.
 *
 * @param ringBytes capacity of the ring, a power of two
 * @param admissionNanos how long a batch waits for room before it is refused
 * @param maxSeries most series
 * @param windowTicks how far behind its series' newest sample a sample may be, 0 for no limit
 * @param aheadTicks how far ahead of the wall clock a sample may be
 * @param nanosPerTick the store's resolution
 */
public record ShardLimits(
        int ringBytes, long admissionNanos, int maxSeries, long windowTicks, long aheadTicks, long nanosPerTick) {}
