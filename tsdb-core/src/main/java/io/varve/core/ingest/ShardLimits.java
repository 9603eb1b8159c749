package io.varve.core.ingest;

/**
 * What a shard accepts.
 *
 * @param ringBytes capacity of the ring, a power of two
 * @param admissionNanos how long a batch waits for room before it is refused
 * @param diskPatienceNanos how long a batch waits for a disk that has failed before it is answered as unknown
 * @param maxSeries most series of the store, whatever number of shards it has
 * @param seriesBytes memory of what is known of this shard's series beyond which there are no new ones
 * @param newSeriesPerMinute most new series of the store a minute, 0 for no limit
 * @param seriesIdleNanos how long a series is without samples at least before it dies
 * @param windowTicks how far behind its series' newest sample a sample may be, 0 for no limit
 * @param aheadTicks how far ahead of the wall clock a sample may be
 * @param nanosPerTick the store's resolution
 */
public record ShardLimits(
        int ringBytes,
        long admissionNanos,
        long diskPatienceNanos,
        int maxSeries,
        long seriesBytes,
        int newSeriesPerMinute,
        long seriesIdleNanos,
        long windowTicks,
        long aheadTicks,
        long nanosPerTick) {}
