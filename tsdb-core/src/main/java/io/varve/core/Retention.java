package io.varve.core;

import io.varve.core.OperationMetrics.Operation;
import io.varve.core.block.BlockMeta;
import io.varve.core.block.BlockReader;
import io.varve.core.compact.Cutoffs;
import io.varve.core.compact.RetentionClock;
import io.varve.core.compact.RetentionPolicy;
import io.varve.core.model.TimeRange;
import io.varve.core.read.View;
import io.varve.core.wal.IngestLog;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes retention happen: says what has expired, deletes blocks of which nothing is left, rewrites those of which a
 * worthwhile part has expired, and deletes the oldest when the store is too large.
 *
 * <p>Upkeep works; any thread asks for {@link #cutoffs()}, confirms the clock and reads {@link #waiting()}.
 */
final class Retention {

    private static final Logger LOG = LoggerFactory.getLogger(Retention.class);
    private static final long EVERY_NANOS = 60_000_000_000L;
    private static final long DAY_MILLIS = 86_400_000L;
    private static final long HOUR_MILLIS = 3_600_000L;

    /** Part of the longest age that one block may span, so that whole blocks expire. */
    private static final long BLOCKS_PER_AGE = 4;

    private final Store store;
    private final TsdbConfig config;
    private final TsdbRuntime runtime;
    private final BlockFactory blocks;
    private final RetentionPolicy policy;
    private final RetentionClock clock;
    private final RetentionMetrics metrics;
    private final IngestLog log;
    private final RollupKeeper rollups;

    private volatile Others others = Others.NONE;
    private volatile Cutoffs cutoffs = Cutoffs.NONE;
    private volatile @Nullable String waiting;
    private long due;

    /** What the other shards of the store hold: ages and size are those of the whole store. Any thread. */
    interface Others {

        /** There are no others. */
        Others NONE = new Others() {
            @Override
            public long newestSample() {
                return Long.MIN_VALUE;
            }

            @Override
            public List<BlockMeta> blocksWith(List<BlockMeta> own) {
                return own;
            }

            @Override
            public List<BlockMeta> rollupsWith(List<BlockMeta> own) {
                return own;
            }

            @Override
            public long logBytes() {
                return 0;
            }
        };

        /** Time of their newest sample, {@link Long#MIN_VALUE} if there is none. */
        long newestSample();

        /** Their blocks and some of this shard's, in the order of shards: all see equally old ones in one order. */
        List<BlockMeta> blocksWith(List<BlockMeta> own);

        /** The same of rollups. */
        List<BlockMeta> rollupsWith(List<BlockMeta> own);

        /** Bytes of their logs on disk. */
        long logBytes();
    }

    Retention(Store store, TsdbConfig config, TsdbRuntime runtime, RetentionMetrics metrics, IngestLog log) {
        this.store = store;
        this.config = config;
        this.runtime = runtime;
        this.log = log;
        blocks = new BlockFactory(store, config, runtime.clock(), log);
        policy = new RetentionPolicy(
                config.resolution(),
                config.retention(),
                config.retentionRules(),
                config.retentionBytes(),
                config.rollups());
        rollups = new RollupKeeper(
                store,
                config,
                runtime,
                blocks,
                policy,
                new RollupFiles(store.files(), runtime.telemetry(), metrics.store()));
        clock = new RetentionClock(store.manifest().clock(), config.resolution().ticksOfMillis(DAY_MILLIS));
        this.metrics = metrics;
        due = runtime.clock().nanoTime();
    }

    /** Looks at the clocks for the first time, when all shards are open; before any of them works. */
    void begin(Others otherShards) {
        others = otherShards;
        observe();
    }

    /** Ticks that a block should span at most. */
    long longestBlock() {
        long age = policy.longestAge();
        return age == Long.MAX_VALUE ? age : age / BLOCKS_PER_AGE;
    }

    /** Whoever writes rollups. */
    RollupKeeper rollups() {
        return rollups;
    }

    /** What has expired and may go, since its rollups are durable. */
    Cutoffs removable() throws IOException {
        return rollups.removable(cutoffs);
    }

    /**
     * What samples of some blocks may be left out when they are written anew; noted, since rollups cannot be made again
     * from what is left.
     */
    Cutoffs removing(List<BlockMeta> written) throws IOException {
        Cutoffs removable = removable();
        if (!written.stream().allMatch(b -> removable.keepAll(TimeRange.of(b.minTime(), b.maxTime())))) {
            rollups.removing(removable);
        }
        return removable;
    }

    /** What has expired at this moment. */
    Cutoffs cutoffs() {
        return cutoffs;
    }

    /** Why ages are not counted from today, or null if they are. */
    @Nullable
    String waiting() {
        return waiting;
    }

    /** Somebody says that the wall clock is right. */
    void confirmClock() {
        synchronized (clock) {
            clock.confirm();
        }
        observe();
    }

    private void observe() {
        if (!policy.byAge()) {
            return;
        }
        long nanosPerTick = config.resolution().nanosPerTick();
        synchronized (clock) {
            long newest = newestSample(); // before the clock: samples that come after it is set back are not its own
            boolean noticed = clock.observe(
                    runtime.clock().epochNanos() / nanosPerTick, runtime.clock().nanoTime() / nanosPerTick, newest);
            Long jump = clock.waitsToJumpTo();
            if (jump != null) {
                waiting = "clock and samples jumped from "
                        + config.resolution().instant(clock.trusted()) + " to "
                        + config.resolution().instant(jump)
                        + "; nothing more expires until the clock is confirmed, or has been in step with samples for"
                        + " 24 h";
            } else if (waiting != null) {
                LOG.info("retention of {} goes on", store.files().describe());
                waiting = null;
            }
            if (noticed) {
                LOG.warn("retention of {} waits: {}", store.files().describe(), waiting);
            }
            if (clock.trusted() > 0) {
                cutoffs = policy.at(clock.trusted());
            }
        }
    }

    private long newestSample() {
        return Math.max(newestSample(store), others.newestSample());
    }

    /** Time of the newest sample of a shard, {@link Long#MIN_VALUE} if there is none. */
    static long newestSample(Store store) {
        View view = store.pinnedView();
        try {
            return view.newestSample();
        } finally {
            view.unpin();
        }
    }

    /** {@link #work} once a minute; true if it did something. */
    boolean workIfDue(Set<String> damaged) throws IOException {
        long now = runtime.clock().nanoTime();
        if (now - due < 0) {
            return false;
        }
        boolean worked = work(damaged);
        due = now + EVERY_NANOS;
        return worked;
    }

    /**
     * Lets everything go that has to; true if there was something.
     *
     * @param damaged blocks that stay as they are, unless they go as a whole; grows by those that are found damaged
     */
    boolean work(Set<String> damaged) throws IOException {
        long began = metrics.operations().now();
        observe();
        rememberClock();
        Cutoffs removable = removable();
        boolean worked = deleteExpired(removable);
        worked |= deleteBeyondSize();
        while (rewriteOne(damaged, removable)) {
            worked = true;
        }
        store.forgetLossesBefore(cutoffs.lowest(), cutoffs.rollups());
        metrics.operations().took(Operation.RETENTION, began);
        return worked;
    }

    private void rememberClock() throws IOException {
        long trusted;
        synchronized (clock) {
            trusted = clock.trusted();
        }
        long known = store.manifest().clock();
        if (trusted - known >= config.resolution().ticksOfMillis(HOUR_MILLIS)) {
            store.trustClock(trusted);
        }
    }

    private boolean deleteExpired(Cutoffs removable) throws IOException {
        View view = store.pinnedView();
        try {
            List<BlockMeta> gone = new ArrayList<>();
            for (BlockReader block : view.blocks()) {
                BlockMeta meta = block.meta();
                boolean expired = meta.series() > 0
                        ? expiredSeries(block, removable) == meta.series()
                        : meta.maxTime() < removable.lowest(); // metadata alone
                if (expired) {
                    gone.add(block.meta());
                }
            }
            if (!gone.isEmpty()) {
                rollups.removing(removable);
            }
            delete(gone, "age");
            return !gone.isEmpty();
        } finally {
            view.unpin();
        }
    }

    /** Series of a block of which nothing is left. */
    private static long expiredSeries(BlockReader block, Cutoffs removable) {
        long newest = block.meta().maxTime();
        return removable.keepAll(TimeRange.of(newest, newest))
                ? 0
                : removable.expired(block.index(), newest).getLongCardinality();
    }

    /** Samples go first, oldest first; rollups only when that is not enough. */
    private boolean deleteBeyondSize() throws IOException {
        View view = store.pinnedView();
        try {
            List<BlockMeta> own = view.blocks().stream().map(BlockReader::meta).toList();
            List<BlockMeta> all = others.blocksWith(own);
            List<BlockMeta> ownRollups =
                    view.rollups().readers().stream().map(BlockReader::meta).toList();
            List<BlockMeta> allRollups = others.rollupsWith(ownRollups);
            long logs = log.diskBytes() + others.logBytes();
            Set<BlockMeta> beyond = Collections.newSetFromMap(new IdentityHashMap<>());
            beyond.addAll(policy.beyondSize(all, logs + bytes(allRollups)));
            if (beyond.isEmpty()) {
                beyond.addAll(policy.rollupsBeyondSize(allRollups, logs + bytes(all)));
                rollups.removeOldest(
                        bytes(ownRollups.stream().filter(beyond::contains).toList()));
                return false;
            }
            long newest = Long.MIN_VALUE;
            for (BlockMeta block : own) { // other shards delete their own
                newest = beyond.contains(block) ? Math.max(newest, block.maxTime()) : newest;
            }
            long durable = newest == Long.MIN_VALUE ? newest : rollups.reach(newest, cutoffs);
            List<BlockMeta> gone = own.stream()
                    .filter(block -> beyond.contains(block) && block.maxTime() < durable)
                    .toList();
            if (!gone.isEmpty()) {
                rollups.removingAllUpTo(newest);
            }
            delete(gone, "size");
            return !gone.isEmpty();
        } finally {
            view.unpin();
        }
    }

    private static long bytes(List<BlockMeta> some) {
        return some.stream().mapToLong(BlockMeta::bytes).sum();
    }

    private void delete(List<BlockMeta> gone, String reason) throws IOException {
        if (gone.isEmpty()) {
            return;
        }
        blocks.remove(gone);
        long samples = 0;
        long newest = Long.MIN_VALUE;
        for (BlockMeta block : gone) {
            samples += block.samples();
            newest = Math.max(newest, block.maxTime());
        }
        long bytes = bytes(gone);
        metrics.deleted(reason, gone.size(), bytes, samples);
        LOG.info(
                "retention by {} deleted {} blocks of {}: {} bytes, {} samples up to {}",
                reason,
                gone.size(),
                store.files().describe(),
                bytes,
                samples,
                config.resolution().instant(newest));
    }

    private boolean rewriteOne(Set<String> damaged, Cutoffs removable) throws IOException {
        View view = store.pinnedView();
        try {
            for (BlockReader block : view.blocks()) {
                BlockMeta meta = block.meta();
                if (!damaged.contains(meta.id())
                        && RetentionPolicy.isWorthRewriting(meta, expiredSeries(block, removable), removable)) {
                    rewrite(block, view, damaged, removable);
                    return true;
                }
            }
            return false;
        } finally {
            view.unpin();
        }
    }

    private void rewrite(BlockReader block, View view, Set<String> damaged, Cutoffs removable) throws IOException {
        BlockMeta meta = block.meta();
        rollups.removing(removable);
        BlockReader rest = blocks.merge(List.of(block), removable, view, damaged, BlockFactory.Interlude.NONE);
        if (rest == null) {
            LOG.warn("a block with damaged pages keeps what has expired: {}", meta);
            return;
        }
        BlockMeta left = rest.meta();
        blocks.replace(List.of(meta), rest);
        metrics.deleted(
                "age", left.samples() == 0 ? 1 : 0, meta.bytes() - left.bytes(), meta.samples() - left.samples());
    }
}
