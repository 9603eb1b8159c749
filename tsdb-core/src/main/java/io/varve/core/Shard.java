package io.varve.core;

import io.varve.core.block.BlockMeta;
import io.varve.core.block.BlockReader;
import io.varve.core.head.Generation;
import io.varve.core.head.SeriesRegistry;
import io.varve.core.ingest.IngestShard;
import io.varve.core.ingest.ShardCommons;
import io.varve.core.ingest.ShardLimits;
import io.varve.core.model.Deletion;
import io.varve.core.model.Resolution;
import io.varve.core.read.View;
import io.varve.core.storage.CommitException;
import io.varve.core.wal.SegmentLog;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * A whole small engine in a directory: log, head, blocks, manifest, and the threads that write them. It knows of no
 * other; {@link Tsdb} is what callers see of it. Safe for any number of threads.
 */
final class Shard {

    private static final long AHEAD_MILLIS = 24 * 3_600_000L;

    private final Store store;
    private final SeriesRegistry registry;
    private final SegmentLog log;
    private final IngestShard ingest;
    private final Retention retention;
    private final Upkeep upkeep;
    private final boolean sealFirst;
    private final TsdbConfig share;

    /**
     * A shard that is open, and not started yet.
     *
     * @param opened what its directory holds
     * @param config its part of the store's
     * @param place which shard it is
     * @param commons what it shares with the others
     */
    Shard(
            Recovery.Opened opened,
            TsdbConfig config,
            TsdbRuntime runtime,
            ShardPlace place,
            ShardCommons commons,
            StoreMetrics metrics,
            RetentionMetrics retained) {
        store = opened.store();
        registry = opened.registry();
        log = opened.log();
        sealFirst = opened.sealFirst();
        share = config;
        retention = new Retention(store, config, runtime, retained, log);
        upkeep = new Upkeep(store, config, runtime, log, retention, metrics.operations());
        store.onFrozen(upkeep::wake);
        ingest = new IngestShard(
                limits(config),
                runtime.clock(),
                commons,
                place.index(),
                runtime.threads("ingest"),
                opened.active(),
                log,
                store,
                store,
                metrics);
    }

    static ShardLimits limits(TsdbConfig config) {
        Resolution resolution = config.resolution();
        return new ShardLimits(
                config.ringBytes(),
                config.admissionWait().toNanos(),
                config.diskPatience().toNanos(),
                config.maxSeries(),
                config.headBytes() / 4 * 3,
                config.newSeriesPerMinute(),
                config.seriesIdle().toNanos(),
                resolution.ticksOfMillis(config.outOfOrderWindow().toMillis()),
                resolution.ticksOfMillis(AHEAD_MILLIS),
                resolution.nanosPerTick());
    }

    /**
     * Does what has to be done before samples are taken.
     *
     * @param others the other shards of the store
     */
    void prepare(Retention.Others others) {
        retention.begin(others);
        if (sealFirst) {
            upkeep.sealBeforeWriting();
        }
    }

    /** Starts the threads; samples are taken from then on. */
    void start() {
        ingest.start();
        store.onSealed(ingest::reapSeries);
        upkeep.start(ingest::refuseWrites);
    }

    /** Bytes of the log on disk. */
    long logBytes() {
        return log.diskBytes();
    }

    /** Bytes of the log that the active generation has. */
    long generationLogBytes() {
        return log.generationBytes();
    }

    SeriesRegistry registry() {
        return registry;
    }

    /** How its parts feel. */
    List<TsdbCondition> health() {
        return ShardHealth.of(this, share);
    }

    Store store() {
        return store;
    }

    IngestShard ingest() {
        return ingest;
    }

    Retention retention() {
        return retention;
    }

    Upkeep upkeep() {
        return upkeep;
    }

    /** What it holds and how it feels. */
    TsdbStatus status() {
        View view = store.pinnedView();
        try {
            long blockBytes = 0;
            long blockSamples = 0;
            long headSamples = 0;
            long headBytes = registry.bytes();
            long oldest = Long.MAX_VALUE;
            for (BlockReader block : view.blocks()) {
                BlockMeta meta = block.meta();
                blockBytes += meta.bytes();
                blockSamples += meta.samples();
                oldest = meta.samples() > 0 ? Math.min(oldest, meta.minTime()) : oldest;
            }
            for (Generation generation : view.generations()) {
                headSamples += generation.samples();
                headBytes += generation.bytes();
                oldest = Math.min(oldest, generation.minTime());
            }
            return new TsdbStatus(
                    true,
                    ingest.trouble(),
                    registry.size(),
                    view.blocks().size(),
                    blockSamples + headSamples,
                    blockBytes,
                    blockSamples,
                    log.diskBytes(),
                    headBytes,
                    oldest,
                    view.newestSample(),
                    retention.waiting());
        } finally {
            view.unpin();
        }
    }

    /** Exemplars that had to leave the head's generations for want of room, of those that it holds now. */
    double exemplarsEvicted() {
        View view = store.pinnedView();
        try {
            return view.generations().stream()
                    .mapToLong(generation -> generation.kinds().exemplarsEvicted())
                    .sum();
        } finally {
            view.unpin();
        }
    }

    /** A refusal of one deletion more, or null if there is room for it. */
    @Nullable
    CompletableFuture<Void> tooManyDeletions() {
        return store.liveDeletions() < StoreDeletions.MAX_LIVE
                ? null
                : CompletableFuture.failedFuture(new CommitException(
                        CommitException.Reason.OVERLOADED,
                        "cannot delete: " + StoreDeletions.MAX_LIVE
                                + " deletions are not applied to blocks yet: flush, then clean tombstones",
                        null));
    }

    /** Deletes; fails with a {@link CommitException}. See {@link Tsdb#delete}. */
    CompletableFuture<Void> delete(Deletion deletion) {
        return ingest.delete(deletion).thenAccept(done -> {}).toCompletableFuture();
    }

    /** Lets go of log and blocks, when the threads of all shards have ended. */
    void close() throws IOException {
        try {
            log.close();
        } finally {
            store.close();
        }
    }
}
