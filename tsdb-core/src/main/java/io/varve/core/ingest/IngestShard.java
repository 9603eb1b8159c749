package io.varve.core.ingest;

import io.varve.core.head.Generation;
import io.varve.core.head.SeriesRegistry;
import io.varve.core.ingest.PendingCommit.NewSeries;
import io.varve.core.model.Deletion;
import io.varve.core.model.TimeSource;
import io.varve.core.storage.Appender;
import io.varve.core.storage.Commit;
import io.varve.core.storage.CommitException;
import io.varve.core.storage.Durability;
import io.varve.core.wal.IngestLog;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * One shard: the ring with its admission, the writing agent and group commit. Appenders may be used on
 * any thread; a full ring makes them wait a bounded time and then refuses the batch.
 */
public final class IngestShard implements AutoCloseable {

    private final ShardLimits limits;
    private final TimeSource clock;
    private final ShardCommons commons;
    private final int index;
    private final SeriesRegistry registry;
    private final BatchQueue queue;
    private final LogKeeper keeper;
    private final SeriesReaper reaper;
    private final GroupCommit groupCommit;
    private final WriterAgent agent;
    private final Semaphore room;
    private final int roomBytes;
    private final OpenBatches batches = new OpenBatches();
    private final ConcurrentHashMap<Long, PendingCommit> inRing = new ConcurrentHashMap<>();
    private final AtomicLong ids = new AtomicLong();
    private final Thread agentThread;
    private final Thread syncerThread;

    private volatile boolean closed;
    private volatile @Nullable String stopped;

    /**
     * A shard that is not started yet.
     *
     * @param commons what it shares with the others of its store
     * @param index its place among them
     * @param active the generation that takes the first samples
     */
    public IngestShard(
            ShardLimits limits,
            TimeSource clock,
            ShardCommons commons,
            int index,
            ThreadFactory threads,
            Generation active,
            IngestLog log,
            Freezer freezer,
            ReaderWatch readers,
            ShardMetrics metrics) {
        this.limits = limits;
        this.clock = clock;
        this.commons = commons;
        this.index = index;
        this.registry = commons.registry(index);
        queue = BatchQueue.create(limits.ringBytes());
        // The ring loses at most one message's length where it wraps, so this much always fits.
        roomBytes = (int) (queue.capacityBytes() - queue.capacityBytes() / 8);
        room = new Semaphore(roomBytes, true);
        keeper = new LogKeeper(log, clock, metrics, limits.diskPatienceNanos());
        reaper = new SeriesReaper(
                registry, commons.cache(), commons::lives, readers, batches, clock, limits.seriesIdleNanos());
        groupCommit = new GroupCommit(log, keeper, clock, metrics, this::callAgent);
        agent = new WriterAgent(this, limits, clock, active, log, keeper, freezer, groupCommit, reaper, metrics);
        agentThread = threads.newThread(agent);
        syncerThread = threads.newThread(groupCommit);
        agent.runOn(agentThread);
        groupCommit.runOn(syncerThread);
    }

    /** Starts the agent and the syncer. */
    public void start() {
        syncerThread.start();
        agentThread.start();
    }

    private boolean callAgent() {
        agent.wake();
        return !agent.hasEnded();
    }

    /** A new appender of this shard alone. */
    public Appender appender(Durability durability) {
        return new BatchAppender(this, durability, commons.hash());
    }

    SeriesRegistry registry() {
        return registry;
    }

    ShardCommons commons() {
        return commons;
    }

    /** From now on the label cache knows a series of this shard. The agent alone. */
    void knows(long keyHigh, long keyLow, long ref) {
        commons.cache().put(keyHigh, keyLow, ShardCommons.outside(index, ref));
    }

    OpenBatches batches() {
        return batches;
    }

    BatchQueue queue() {
        return queue;
    }

    int maxBatchBytes() {
        return queue.maxMessageBytes();
    }

    /** @param open the batch, which has entered; it ends when the agent has it, or it is refused */
    CompletionStage<Commit> submit(
            byte[] batch,
            int length,
            int floatsEnd,
            List<NewSeries> newSeries,
            Durability durability,
            OpenBatches.Batch open) {
        int bytes = length + 16; // with the ring's own header and alignment
        return enter(new PendingCommit(durability, newSeries, bytes, floatsEnd, open), batch, length);
    }

    /**
     * Deletes what was committed before the call and satisfies all matchers; durable when it completes. It goes through
     * the ring behind the batches that entered it before.
     *
     * @param deletion its position is the agent's to give
     * @throws IllegalArgumentException if the matchers take more room than a record has
     */
    public CompletionStage<Commit> delete(Deletion deletion) {
        byte[] message = new byte[BatchLayout.HEADER_BYTES];
        return enter(PendingCommit.of(new DeletionRequest(deletion), message.length + 16), message, message.length);
    }

    private CompletionStage<Commit> enter(PendingCommit commit, byte[] batch, int length) {
        if (closed) {
            return refused(commit, CommitException.Reason.CLOSED, "cannot commit: the store is closed");
        }
        String failure = failure();
        if (failure != null) {
            return refused(commit, CommitException.Reason.READ_ONLY, failure);
        }
        if (!admit(commit.admittedBytes)) {
            return refused(commit, CommitException.Reason.OVERLOADED, "cannot commit: no room in the ingest ring");
        }
        commit.stamps[0] = clock.nanoTime();
        long id = ids.incrementAndGet();
        BatchLayout.putLong(batch, 0, id);
        inRing.put(id, commit);
        while (!queue.offer(batch, length)) {
            Thread.onSpinWait(); // room is admitted: only a producer between claim and commit can be in the way
        }
        agent.wake();
        if (agent.hasEnded()) {
            refuseAll("the store is closed");
        }
        return commit.future;
    }

    private boolean admit(int bytes) {
        if (room.tryAcquire(bytes)) {
            return true;
        }
        try {
            return room.tryAcquire(bytes, limits.admissionNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private CompletionStage<Commit> refused(PendingCommit commit, CommitException.Reason reason, String message) {
        batches.end(commit.open);
        commit.refuse(reason, message, null);
        return commit.future;
    }

    /** The agent has ended: refuses what is still in the ring. Any thread. */
    void refuseAll(String cause) {
        String reason = failure();
        for (Long id : inRing.keySet()) {
            PendingCommit commit = inRing.remove(id);
            if (commit != null) {
                batches.end(commit.open);
                commit.refuse(
                        reason == null ? CommitException.Reason.CLOSED : CommitException.Reason.READ_ONLY,
                        "cannot commit: " + (reason == null ? cause : reason),
                        null);
            }
        }
    }

    /** The commit of a batch that has left the ring. */
    PendingCommit leftRing(long id) {
        PendingCommit commit = inRing.remove(id);
        if (commit == null) {
            throw new AssertionError("BUG: no commit for batch " + id);
        }
        room.release(commit.admittedBytes);
        batches.end(commit.open); // the agent lets no series die before it has judged the batch
        return commit;
    }

    /**
     * Freezes the active generation if it has samples; done once everything committed before the call is in it.
     *
     * @return completed by the agent
     */
    public CompletableFuture<Void> freeze() {
        return agent.freezeNow();
    }

    /** Refuses writes from now on, since a part of the store that they need has ended; reads go on. Any thread. */
    public void refuseWrites(String reason) {
        stopped = reason;
    }

    /** A generation was sealed: series that had samples there alone may die. Any thread. */
    public void reapSeries() {
        reaper.request();
    }

    /** Why writes are refused at the moment, or null if they are taken. */
    public @Nullable String failure() {
        String lasting = agent.failure();
        if (lasting == null) {
            lasting = groupCommit.failure();
        }
        if (lasting == null) {
            lasting = stopped;
        }
        return lasting != null ? lasting : keeper.readOnly();
    }

    /** Why writes are refused or were refused last, cleared by the next success; null if they are taken. */
    public @Nullable String trouble() {
        String lasting = failure();
        return lasting != null ? lasting : agent.shortage();
    }

    /** Why what is taken cannot be made durable at the moment, or the log not be extended; null if it can. */
    public @Nullable String logTrouble() {
        String lasting = groupCommit.failure();
        if (lasting == null) {
            lasting = keeper.readOnly();
        }
        return lasting != null ? lasting : agent.shortage();
    }

    /** How full the ring is, 0 to 1. */
    public double ringFill() {
        return 1 - (double) room.availablePermits() / roomBytes;
    }

    /** Memory of the ring, in bytes. */
    public long bytes() {
        return queue.capacityBytes();
    }

    /**
     * Takes no more batches, finishes those in the ring, makes them durable and ends the threads. The log stays open.
     *
     * @throws IOException if the log could not be forced
     */
    @Override
    public void close() throws IOException {
        closed = true;
        agent.end();
        join(agentThread);
        groupCommit.end();
        join(syncerThread);
        String failure = failure();
        if (failure != null) {
            throw new IOException(failure);
        }
    }

    private static void join(Thread thread) {
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
