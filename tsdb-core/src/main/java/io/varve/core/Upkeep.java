package io.varve.core;

import io.varve.codec.Effort;
import io.varve.core.OperationMetrics.Operation;
import io.varve.core.block.BlockMeta;
import io.varve.core.block.BlockReader;
import io.varve.core.compact.MergePlanner;
import io.varve.core.head.Generation;
import io.varve.core.read.BlockMask;
import io.varve.core.read.Deletions;
import io.varve.core.read.View;
import io.varve.core.wal.IngestLog;
import io.varve.core.wal.SeriesCheckpoint;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The thread that turns frozen generations into blocks, merges blocks, and deletes old ones. One step at a time; what
 * fails is tried again a second later and counted, and nothing is deleted before what replaces it is durable.
 */
final class Upkeep implements Runnable {

    private static final Logger LOG = LoggerFactory.getLogger(Upkeep.class);
    private static final long RETRY_NANOS = 1_000_000_000L;

    /** Generations live for two hours; where one is sealed so soon behind another, much is being loaded. */
    private static final long BULK_NANOS = 600_000_000_000L;

    private final Store store;
    private final TsdbRuntime runtime;
    private final IngestLog log;
    private final Retention retention;
    private final BlockFactory blocks;
    private final MergePlanner planner;
    private final OperationMetrics operations;
    private final ConcurrentLinkedQueue<Request> requests = new ConcurrentLinkedQueue<>();

    /** Blocks with damaged pages: merging them would hide the damage from answers. */
    private final Set<String> damaged = new HashSet<>();

    private Consumer<String> onFatal = reason -> {};

    private boolean sealedBefore;
    private long sealedAt;

    /** Whether the last two seals were so close that the later one was of a bulk load. */
    private boolean bulk;

    private volatile @Nullable Thread thread;
    private volatile boolean ending;
    private volatile @Nullable String trouble;

    private enum Task {
        SEAL,
        MERGE_ALL,
        CLEAN
    }

    private record Request(Task task, CompletableFuture<Void> done) {}

    Upkeep(
            Store store,
            TsdbConfig config,
            TsdbRuntime runtime,
            IngestLog log,
            Retention retention,
            OperationMetrics operations) {
        this.store = store;
        this.runtime = runtime;
        this.log = log;
        this.retention = retention;
        this.operations = operations;
        this.blocks = new BlockFactory(store, config, runtime.clock(), log);
        long sealedSpan = config.resolution().ticksOfMillis(config.blockSpan().toMillis());
        planner = new MergePlanner(Math.max(1, sealedSpan), retention.longestBlock());
    }

    /**
     * Seals what the log held at start, on the caller's thread, before the store takes writes; see {@link Recovery}.
     */
    void sealBeforeWriting() {
        try {
            boolean more = true;
            while (more) {
                more = sealOldest(Effort.FAST); // whoever starts waits for it
            }
        } catch (IOException e) {
            LOG.warn("cannot seal {} at start: {}; trying again", store.files().describe(), e.getMessage());
        }
    }

    /** @param fatal takes why, if this ends by a fault of the program: writing without sealing ends nowhere */
    void start(Consumer<String> fatal) {
        onFatal = fatal;
        Thread started = runtime.threads("upkeep").newThread(this);
        thread = started;
        started.start();
    }

    /** Something may have to be sealed. Any thread; does not block. */
    void wake() {
        LockSupport.unpark(thread);
    }

    /** Seals every frozen generation. */
    CompletableFuture<Void> sealAll() {
        return request(Task.SEAL);
    }

    /** Merges all that can be merged. */
    CompletableFuture<Void> mergeAll() {
        return request(Task.MERGE_ALL);
    }

    /** Takes deleted samples out of all blocks. */
    CompletableFuture<Void> clean() {
        return request(Task.CLEAN);
    }

    private CompletableFuture<Void> request(Task task) {
        Request request = new Request(task, new CompletableFuture<>());
        requests.add(request);
        if (ending) {
            failRequests();
        }
        wake();
        return request.done();
    }

    /** Why the last step failed, or null if it did not. */
    @Nullable
    String trouble() {
        return trouble;
    }

    @Override
    public void run() {
        while (!ending) {
            try {
                boolean worked = sealOldest(null)
                        || serve()
                        || retention.workIfDue(damaged)
                        || rollUp(false)
                        || mergeOne(false)
                        || rewriteOne(false);
                trouble = null;
                if (!worked) {
                    LockSupport.parkNanos(this, RETRY_NANOS);
                }
            } catch (IOException | RuntimeException e) {
                trouble = String.valueOf(e.getMessage());
                LOG.warn(
                        "cannot seal or merge in {}: {}; trying again",
                        store.files().describe(),
                        trouble);
                failRequests(e, requests.size()); // a request that comes now is not answered with what was before it
                LockSupport.parkNanos(this, RETRY_NANOS);
            } catch (Error e) {
                String reason = "FATAL: the upkeep of the store ended: " + e + "; restart the store";
                trouble = reason;
                ending = true;
                onFatal.accept(reason);
                failRequests(new IOException(reason, e));
                throw e;
            }
        }
        failRequests();
    }

    /** Seals the oldest frozen generation, if there is one; with an effort of its own choice if none is given. */
    private boolean sealOldest(@Nullable Effort given) throws IOException {
        View view = store.pinnedView();
        try {
            if (view.generations().size() < 2) {
                return false;
            }
            long began = operations.now();
            Generation oldest = view.generations().get(0);
            Generation following = view.generations().get(1);
            List<BlockReader> sealed = blocks.seal(
                    oldest,
                    store.start(oldest),
                    store.start(following),
                    given == null ? sealEffort() : given,
                    view.deletions());
            if (following.inheritsLabels()) { // before the manifest lets go of the log that has the labels
                long checkpoint = operations.now();
                SeriesCheckpoint.write(store.files(), 0, store.start(following), sink -> oldest.registry()
                        .forEachLiving(sink::series));
                operations.took(Operation.CHECKPOINT, checkpoint);
            }
            long logStart = store.sealed(oldest, sealed);
            sealed.forEach(BlockReader::release); // the view holds it now
            log.deleteBelow(logStart);
            operations.took(Operation.SEAL, began);
            return true;
        } finally {
            view.unpin();
        }
    }

    /**
     * Generations that follow each other fast come from a bulk load: their blocks are merged soon, and the log waits
     * for them meanwhile. So they are only packed.
     */
    private Effort sealEffort() {
        long now = runtime.clock().nanoTime();
        bulk = sealedBefore && now - sealedAt < BULK_NANOS;
        sealedBefore = true;
        sealedAt = now;
        return bulk ? Effort.FAST : Effort.BEST;
    }

    private MergePlanner.Patience patience() {
        boolean loading = bulk && runtime.clock().nanoTime() - sealedAt < BULK_NANOS;
        return loading ? MergePlanner.Patience.BULK : MergePlanner.Patience.STEADY;
    }

    private boolean serve() throws IOException {
        Request request = requests.poll();
        if (request == null) {
            return false;
        }
        try {
            sealAllFrozen(); // what was frozen since this thread looked last
            boolean more = request.task() != Task.SEAL;
            if (request.task() == Task.MERGE_ALL) {
                rollUpAll();
                retention.work(damaged);
            }
            while (more && !ending) {
                more = request.task() == Task.MERGE_ALL && mergeOne(true) || rewriteOne(true);
            }
            if (request.task() != Task.SEAL) {
                rollUpAll();
            }
            if (request.task() == Task.CLEAN && !ending) {
                store.confirmDeletions();
            }
            request.done().complete(null);
        } catch (IOException | RuntimeException | Error e) {
            request.done().completeExceptionally(e);
            throw e;
        }
        return true;
    }

    /**
     * Seals all that is frozen; a merge stops for it between two of its series, so that memory and log need not wait.
     */
    private void sealAllFrozen() throws IOException {
        boolean sealing = true;
        while (sealing && !ending) {
            sealing = sealOldest(null);
        }
    }

    private void rollUpAll() throws IOException {
        boolean more = true;
        while (more && !ending) {
            more = rollUp(true);
        }
    }

    private boolean rollUp(boolean everything) throws IOException {
        long began = operations.now();
        boolean worked = retention.rollups().work(everything, retention.cutoffs());
        if (worked) {
            operations.took(Operation.ROLLUP, began);
        }
        return worked;
    }

    private boolean mergeOne(boolean everything) throws IOException {
        View view = store.pinnedView();
        try {
            List<BlockMeta> metas =
                    view.blocks().stream().map(BlockReader::meta).toList();
            List<BlockMeta> chosen =
                    everything ? MergePlanner.nextOfAll(metas, damaged) : planner.next(metas, damaged, patience());
            if (chosen.isEmpty()) {
                return false;
            }
            List<BlockReader> sources = view.blocks().stream()
                    .filter(block -> chosen.contains(block.meta()))
                    .toList();
            if (retention.rollups().settleBefore(chosen, retention.cutoffs())) {
                return true;
            }
            long began = operations.now();
            BlockReader merged = blocks.merge(sources, retention.removing(chosen), view, damaged, this::sealAllFrozen);
            if (merged == null) {
                LOG.warn("blocks with damaged pages stay as they are: {}", damaged);
                return true;
            }
            blocks.replace(chosen, merged);
            operations.took(Operation.MERGE, began);
            return true;
        } finally {
            view.unpin();
        }
    }

    /**
     * Takes what is deleted out of a block, alone.
     *
     * @param all whether any deletion is reason enough
     */
    private boolean rewriteOne(boolean all) throws IOException {
        View view = store.pinnedView();
        try {
            Deletions deletions = blocks.deletions();
            List<MergePlanner.Hidden> hidden = new ArrayList<>();
            for (BlockReader block : view.blocks()) {
                BlockMask mask = deletions.mask(block);
                if (!mask.isEmpty()) {
                    hidden.add(new MergePlanner.Hidden(block.meta(), mask.deletions(), mask.share(block.meta())));
                }
            }
            List<BlockMeta> chosen = MergePlanner.nextRewrite(hidden, damaged, all);
            if (chosen.isEmpty()) {
                return false;
            }
            List<BlockReader> sources = view.blocks().stream()
                    .filter(block -> chosen.contains(block.meta()))
                    .toList();
            long began = operations.now();
            BlockReader rest = blocks.merge(sources, retention.removing(chosen), view, damaged, this::sealAllFrozen);
            if (rest == null) {
                LOG.warn("blocks with damaged pages stay as they are: {}", damaged);
                return true;
            }
            blocks.replace(chosen, rest);
            operations.took(Operation.REWRITE, began);
            return true;
        } finally {
            view.unpin();
        }
    }

    private void failRequests() {
        String reason = trouble;
        failRequests(new IOException(reason != null && reason.startsWith("FATAL") ? reason : "the store is closed"));
    }

    private void failRequests(Throwable cause) {
        failRequests(cause, Integer.MAX_VALUE);
    }

    private void failRequests(Throwable cause, int most) {
        Request request = most > 0 ? requests.poll() : null;
        for (int failed = 1; request != null; failed++) {
            request.done().completeExceptionally(cause);
            request = failed < most ? requests.poll() : null;
        }
    }

    /** Ends after the step it is in. */
    void end() {
        ending = true;
        wake();
        Thread running = thread;
        boolean interrupted = false;
        while (running != null && running.isAlive()) {
            try {
                running.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
