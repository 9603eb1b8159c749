package io.varve.core.ingest;

import io.varve.core.head.SeriesRegistry;
import io.varve.core.index.KeyedHash;
import io.varve.core.model.TimeSource;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.LongAdder;

/**
 * What the shards of a store share on the way in: the label cache with its key, and how many series there may be. Any
 * thread.
 *
 * <p>A reference that leaves a shard carries the shard's number in the upper bits of its lower half, where no series
 * number reaches; those of shard 0 are the same inside and outside.
 *
 * <pre>
 *   63       32 31    26 25          0
 *   |  epoch   | shard  |  number     |
 * </pre>
 */
public final class ShardCommons {

    private static final int SHARD_SHIFT = 26;
    private static final long SHARD_MASK = 63L << SHARD_SHIFT;

    private final List<SeriesRegistry> registries;
    private final LabelCache cache;
    private final KeyedHash hash;
    private final SeriesRate rate;
    private final int maxSeries;
    private final LongAdder cacheHits = new LongAdder();
    private final LongAdder cacheMisses = new LongAdder();

    /**
     * For all shards of a store.
     *
     * @param limits how many series the store accepts
     * @param secrets where the label cache's key comes from
     * @param registries of the shards, in their order
     */
    public ShardCommons(ShardLimits limits, TimeSource clock, Random secrets, List<SeriesRegistry> registries) {
        this.registries = List.copyOf(registries);
        maxSeries = limits.maxSeries();
        cache = new LabelCache(Math.max(1 << 16, (int) Math.min(1L << 24, 4L * maxSeries)));
        hash = KeyedHash.withSecret(secrets);
        rate = new SeriesRate(limits.newSeriesPerMinute(), clock.nanoTime());
    }

    /** Shard of a reference as callers have it; may be one that is not there. */
    static int shardOf(long ref) {
        return (int) (ref >>> SHARD_SHIFT) & 63;
    }

    /** The reference within its shard. */
    static long inside(long ref) {
        return ref & ~SHARD_MASK;
    }

    /** The reference as callers have it. */
    static long outside(int shard, long ref) {
        return ref | (long) shard << SHARD_SHIFT;
    }

    SeriesRegistry registry(int shard) {
        return registries.get(shard);
    }

    LabelCache cache() {
        return cache;
    }

    /** Counts what an appender found in the label cache and what it did not, once a batch. */
    void looked(int hits, int misses) {
        cacheHits.add(hits);
        cacheMisses.add(misses);
    }

    /** Series that were found in the label cache. */
    public long cacheHits() {
        return cacheHits.sum();
    }

    /** Series that the label cache did not know, or knew by a reference that was dead. */
    public long cacheMisses() {
        return cacheMisses.sum();
    }

    /** How many new series came in the last minute, as far as their limit counts them. */
    public double newSeriesInMinute(long nowNanos) {
        return rate.taken(nowNanos);
    }

    /** The label cache's hash, for one thread. */
    KeyedHash hash() {
        return hash.copy();
    }

    SeriesRate rate() {
        return rate;
    }

    /** Whether the store has as many series as it may. */
    boolean isFull() {
        long series = 0;
        for (int i = 0; i < registries.size(); i++) {
            series += registries.get(i).size();
        }
        return series >= maxSeries;
    }

    /** Whether a reference of the label cache names a series that lives. */
    boolean lives(long ref) {
        int shard = shardOf(ref);
        return shard < registries.size() && registries.get(shard).number(inside(ref)) >= 0;
    }

    /** Memory of the label cache, in bytes. */
    public long bytes() {
        return cache.bytes();
    }
}
