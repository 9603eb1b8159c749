package io.varve.core;

import io.varve.core.block.BlockMeta;
import io.varve.core.block.BlockReader;
import io.varve.core.fs.FileSystem;
import io.varve.core.ingest.IngestShard;
import io.varve.core.ingest.ShardCommons;
import io.varve.core.ingest.ShardedAppender;
import io.varve.core.model.Deletion;
import io.varve.core.model.TimeRange;
import io.varve.core.model.TimeSource;
import io.varve.core.read.JoinedQuerier;
import io.varve.core.read.ScratchPool;
import io.varve.core.read.StoreQuerier;
import io.varve.core.read.View;
import io.varve.core.storage.Appender;
import io.varve.core.storage.Durability;
import io.varve.core.storage.Querier;
import io.varve.core.storage.ReadBudget;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The shards of a store as one. A series lives in one of them; what concerns all series is done in each. A store of one
 * shard has its appenders and queriers as they are. Safe for any number of threads.
 */
final class Shards {

    private final List<Shard> shards;
    private final List<IngestShard> ingests;
    private final ShardCommons commons;
    private final StoreMetrics metrics;
    private final RetentionMetrics retained;
    private final ExemplarRetention exemplarRetention;
    private final List<TsdbLimit> limits;
    private final TimeSource clock;
    private final ScratchPool scratch = new ScratchPool();

    private Shards(
            List<Shard> shards,
            ShardCommons commons,
            StoreMetrics metrics,
            RetentionMetrics retained,
            TsdbConfig config,
            TsdbConfig share,
            TimeSource clock) {
        this.shards = List.copyOf(shards);
        this.ingests = shards.stream().map(Shard::ingest).toList();
        this.commons = commons;
        this.metrics = metrics;
        this.retained = retained;
        this.exemplarRetention = new ExemplarRetention(config, clock);
        this.clock = clock;
        this.limits = StoreLimits.of(this, config, share);
    }

    /** Opens all shards of a directory, without starting them. */
    static Shards open(FileSystem files, TsdbConfig config, TsdbRuntime runtime, String name) throws IOException {
        ShardPlace first = new ShardPlace(ShardCount.open(files, config), 0);
        TsdbConfig share = first.share(config);
        List<Recovery.Opened> opened = new ArrayList<>();
        try {
            for (int index = 0; index < first.count(); index++) {
                ShardPlace place = first.at(index);
                opened.add(new Recovery(place.files(files), share, runtime, place).open());
            }
        } catch (IOException | RuntimeException | Error e) {
            for (Recovery.Opened one : opened) {
                try {
                    one.close();
                } catch (IOException | RuntimeException closing) {
                    e.addSuppressed(closing);
                }
            }
            throw e;
        }
        ShardCommons commons = new ShardCommons(
                Shard.limits(config),
                runtime.clock(),
                runtime.secrets(),
                opened.stream().map(Recovery.Opened::registry).toList());
        StoreMetrics metrics = new StoreMetrics(runtime.telemetry(), name);
        RetentionMetrics retained = new RetentionMetrics(runtime.telemetry(), name);
        List<Shard> shards = new ArrayList<>();
        for (int index = 0; index < first.count(); index++) {
            shards.add(new Shard(opened.get(index), share, runtime, first.at(index), commons, metrics, retained));
        }
        return new Shards(shards, commons, metrics, retained, config, share, runtime.clock());
    }

    /** Starts the threads of all shards. */
    void start(Tsdb db) {
        metrics.observe(db, this);
        retained.observe(() -> retentionWaits() == null ? 0 : 1);
        for (Shard shard : shards) { // each has sealed what it can before one counts what is too much
            shard.prepare(shards.size() == 1 ? Retention.Others.NONE : new Siblings(shard));
        }
        shards.forEach(Shard::start);
    }

    /** What the others of a shard hold. */
    private final class Siblings implements Retention.Others {

        private final Shard own;

        Siblings(Shard own) {
            this.own = own;
        }

        private List<Shard> others() {
            return shards.stream().filter(shard -> shard != own).toList();
        }

        @Override
        public long newestSample() {
            return others().stream()
                    .mapToLong(shard -> Retention.newestSample(shard.store()))
                    .max()
                    .orElse(Long.MIN_VALUE);
        }

        @Override
        public List<BlockMeta> blocksWith(List<BlockMeta> ofOwn) {
            return metas(ofOwn, View::blocks);
        }

        @Override
        public List<BlockMeta> rollupsWith(List<BlockMeta> ofOwn) {
            return metas(ofOwn, view -> view.rollups().readers());
        }

        private List<BlockMeta> metas(List<BlockMeta> ofOwn, Function<View, List<BlockReader>> part) {
            List<BlockMeta> all = new ArrayList<>();
            for (Shard shard : shards) {
                if (shard == own) {
                    all.addAll(ofOwn);
                    continue;
                }
                View view = shard.store().pinnedView();
                try {
                    part.apply(view).stream().map(BlockReader::meta).forEach(all::add);
                } finally {
                    view.unpin();
                }
            }
            return all;
        }

        @Override
        public long logBytes() {
            return others().stream().mapToLong(Shard::logBytes).sum();
        }
    }

    Appender appender(Durability durability) {
        return ingests.size() == 1
                ? ingests.get(0).appender(durability)
                : new ShardedAppender(ingests, commons, durability);
    }

    Querier querier(TimeRange range, ReadBudget budget) {
        if (shards.size() == 1) {
            Shard shard = shards.get(0);
            View view = shard.store().pinnedView();
            return querier(shard, view, range, budget, List.of(view));
        }
        List<View> views = new ArrayList<>();
        List<JoinedQuerier.Part> parts = new ArrayList<>();
        try {
            for (Shard shard : shards) {
                views.add(shard.store().pinnedView());
            }
            for (int i = 0; i < shards.size(); i++) {
                Querier querier = querier(shards.get(i), views.get(i), range, budget, views);
                parts.add(new JoinedQuerier.Part(querier, i == 0 ? "" : ShardPlace.directory(i)));
            }
        } catch (RuntimeException | Error e) {
            views.forEach(View::unpin);
            throw e;
        }
        return new JoinedQuerier(parts);
    }

    /** @param views all that are pinned together: how old exemplars may be hangs on the newest sample of them */
    private Querier querier(Shard shard, View view, TimeRange range, ReadBudget budget, List<View> views) {
        return new StoreQuerier(
                view,
                range,
                shard.retention().cutoffs(),
                shard.store().manifest().floors(),
                budget,
                scratch,
                () -> exemplarRetention.from(
                        views.stream().mapToLong(View::newestSample).max().orElse(Long.MIN_VALUE)));
    }

    /** What all shards hold together; the first trouble and the first reason to wait stand for all. */
    TsdbStatus status() {
        TsdbStatus joined = shards.get(0).status();
        for (int i = 1; i < shards.size(); i++) {
            joined = joined.and(shards.get(i).status());
        }
        return joined;
    }

    private @Nullable String retentionWaits() {
        return shards.stream()
                .map(shard -> shard.retention().waiting())
                .filter(waiting -> waiting != null)
                .findFirst()
                .orElse(null);
    }

    double exemplarsEvicted() {
        return shards.stream().mapToDouble(Shard::exemplarsEvicted).sum();
    }

    /** Deletions that wait to be applied to blocks, in the shard that has most of them: each goes to all. */
    int liveDeletions() {
        return shards.stream()
                .mapToInt(shard -> shard.store().liveDeletions())
                .max()
                .orElse(0);
    }

    /** How full the fullest ring is, 0 to 1. */
    double ringFill() {
        return ingests.stream().mapToDouble(IngestShard::ringFill).max().orElse(0);
    }

    /** How many new series came in the last minute, as far as their limit counts them. */
    double newSeriesInMinute() {
        return commons.newSeriesInMinute(clock.nanoTime());
    }

    ScratchPool scratch() {
        return scratch;
    }

    ShardCommons commons() {
        return commons;
    }

    List<Shard> shards() {
        return shards;
    }

    StoreMetrics metrics() {
        return metrics;
    }

    /** Every bound that is in force. */
    List<TsdbLimit> limits() {
        return limits;
    }

    double ringAndCacheBytes() {
        return commons.bytes() + ingests.stream().mapToLong(IngestShard::bytes).sum();
    }

    /** Deletes in all shards; done when all have it. */
    CompletableFuture<Void> delete(Deletion deletion) {
        CompletableFuture<Void> refused = shards.stream()
                .map(Shard::tooManyDeletions)
                .filter(failure -> failure != null)
                .findFirst()
                .orElse(null);
        return refused != null ? refused : all(shard -> shard.delete(deletion));
    }

    CompletableFuture<Void> freeze() {
        return all(shard -> shard.ingest().freeze());
    }

    CompletableFuture<Void> sealAll() {
        return all(shard -> shard.upkeep().sealAll());
    }

    CompletableFuture<Void> mergeAll() {
        return all(shard -> shard.upkeep().mergeAll());
    }

    CompletableFuture<Void> clean() {
        return all(shard -> shard.upkeep().clean());
    }

    /** Asks all shards for something, and is done when all are; fails as the first of those that do. */
    private CompletableFuture<Void> all(Function<Shard, CompletableFuture<Void>> work) {
        if (shards.size() == 1) {
            return work.apply(shards.get(0));
        }
        List<CompletableFuture<Void>> parts = shards.stream().map(work).toList();
        return CompletableFuture.allOf(parts.toArray(CompletableFuture<?>[]::new));
    }

    void confirmClock() {
        shards.forEach(shard -> shard.retention().confirmClock());
    }

    List<Store> stores() {
        return shards.stream().map(Shard::store).toList();
    }

    /** Writes what is acknowledged to disk and ends everything; goes on where something of it fails. */
    void close() throws IOException {
        metrics.close();
        retained.close();
        Closing closing = new Closing();
        shards.forEach(shard -> closing.run(() -> shard.ingest().close()));
        shards.forEach(shard -> shard.upkeep().end()); // they look at each other's blocks
        shards.forEach(shard -> closing.run(shard::close));
        closing.end();
    }

    /** Keeps the first failure of several steps. */
    private static final class Closing {

        private interface Step {
            void run() throws IOException;
        }

        private @Nullable Throwable failed;

        void run(Step step) {
            try {
                step.run();
            } catch (IOException | RuntimeException | Error e) {
                failed = failed == null ? e : failed;
            }
        }

        void end() throws IOException {
            Throwable failure = failed;
            if (failure instanceof IOException e) {
                throw e;
            } else if (failure instanceof RuntimeException e) {
                throw e;
            } else if (failure instanceof Error e) {
                throw e;
            }
        }
    }
}
