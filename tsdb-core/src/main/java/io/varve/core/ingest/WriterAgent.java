package io.varve.core.ingest;

import io.varve.core.head.Generation;
import io.varve.core.ingest.PendingCommit.NewSeries;
import io.varve.core.model.TimeSource;
import io.varve.core.storage.CommitException;
import io.varve.core.storage.Durability;
import io.varve.core.wal.IngestLog;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * The single writer of a shard. For each batch it finds room in the log, judges every sample, logs the accepted ones,
 * and applies them to the active generation, in this order, so that what is applied is always what is logged. Once a
 * round it hands the log to the operating system and the batches to group commit.
 */
final class WriterAgent implements Runnable {

    private static final int BATCHES_A_ROUND = 64;
    private static final int SPINS = 50;
    private static final long PARK_NANOS = 50_000_000L;

    private final IngestShard shard;
    private final TimeSource clock;
    private final IngestLog log;
    private final Freezer freezer;
    private final GroupCommit groupCommit;
    private final ShardMetrics metrics;
    private final BatchJudge judge;
    private final ConcurrentLinkedQueue<CompletableFuture<Void>> freezeRequests = new ConcurrentLinkedQueue<>();
    private final List<PendingCommit> round = new ArrayList<>();

    private Generation active;
    private volatile @Nullable Thread thread;
    private volatile boolean parked;
    private volatile boolean ending;
    private volatile boolean ended;
    private volatile @Nullable String failure;
    private volatile @Nullable String shortage;

    WriterAgent(
            IngestShard shard,
            ShardLimits limits,
            TimeSource clock,
            Generation active,
            IngestLog log,
            Freezer freezer,
            GroupCommit groupCommit,
            ShardMetrics metrics) {
        this.shard = shard;
        this.clock = clock;
        this.active = active;
        this.log = log;
        this.freezer = freezer;
        this.groupCommit = groupCommit;
        this.metrics = metrics;
        this.judge = new BatchJudge(limits, shard.registry());
    }

    void runOn(Thread agent) {
        thread = agent;
    }

    /** Producers call this behind each batch; it costs a volatile read unless the agent sleeps. */
    void wake() {
        if (parked) {
            LockSupport.unpark(thread);
        }
    }

    CompletableFuture<Void> freezeNow() {
        CompletableFuture<Void> done = new CompletableFuture<>();
        freezeRequests.add(done);
        LockSupport.unpark(thread);
        if (ended) {
            failFreezes();
        }
        return done;
    }

    /** Why the log cannot be written any more, or null. */
    @Nullable
    String failure() {
        return failure;
    }

    /** Why the last batch found no room, or null if it did. */
    @Nullable
    String shortage() {
        return shortage;
    }

    void end() {
        ending = true;
        LockSupport.unpark(thread);
    }

    boolean hasEnded() {
        return ended;
    }

    @Override
    public void run() {
        try {
            int idle = 0;
            while (true) {
                int batches = shard.queue().drain(this::batch, BATCHES_A_ROUND);
                finishRound();
                if (batches == 0 && !freezeRequests.isEmpty()) {
                    freezeOnRequest();
                } else if (batches == 0) {
                    if (ending) {
                        return;
                    }
                    idle = idle(idle);
                } else {
                    idle = 0;
                }
            }
        } catch (RuntimeException | Error e) {
            fail("FATAL: the writing agent of the store ended: " + e, e);
            throw e;
        } finally {
            ended = true;
            shard.queue().drain(this::batch, Integer.MAX_VALUE);
            finishRound();
            failFreezes();
        }
    }

    private int idle(int rounds) {
        if (rounds < SPINS) {
            Thread.onSpinWait();
        } else {
            markLog();
            parked = true;
            if (shard.queue().usedBytes() == 0 && !ending && freezeRequests.isEmpty()) {
                LockSupport.parkNanos(this, PARK_NANOS);
            }
            parked = false;
        }
        return rounds + 1;
    }

    private void markLog() {
        if (failure != null) {
            return;
        }
        boolean marked;
        try {
            marked = log.mark();
        } catch (IOException e) {
            shortage = "cannot extend the log: " + e.getMessage(); // the mark is made when there is room again
            return;
        }
        if (marked) {
            writeLog();
        }
    }

    private void batch(byte[] message, int offset, int length) {
        PendingCommit commit = shard.leftRing(BatchLayout.getLong(message, offset));
        commit.stamps[1] = clock.nanoTime();
        if (failure != null) {
            refuse(commit, CommitException.Reason.READ_ONLY, String.valueOf(failure), null);
            return;
        }
        switch (freezer.decide(active, log.generationBytes())) {
            case FREEZE -> freezeIfPossible();
            case REFUSE -> {
                refuse(
                        commit,
                        CommitException.Reason.OVERLOADED,
                        "cannot commit: the head is full until a block is sealed",
                        null);
                return;
            }
            case CONTINUE -> {}
        }
        try {
            keep(commit, message, offset + BatchLayout.HEADER_BYTES, offset + length);
        } catch (RuntimeException | Error e) {
            refuse(commit, CommitException.Reason.READ_ONLY, "cannot commit: " + e, e);
            throw e;
        }
    }

    private void keep(PendingCommit commit, byte[] message, int from, int to) {
        judge.judge(commit, active, clock.epochNanos(), message, from, to);
        try {
            log.reserve(judge.recordBytes(), 2);
        } catch (IOException e) {
            judge.forget(active);
            shortage = "cannot extend the log: " + e.getMessage();
            refuse(commit, CommitException.Reason.READ_ONLY, String.valueOf(shortage), e);
            return;
        }
        shortage = null;
        judge.logTo(log);
        judge.applyTo(active);
        commit.position = log.position();
        publish(commit);
        judge.report(metrics);
        round.add(commit);
    }

    /** Lets later requests find the series that this batch created. */
    private void publish(PendingCommit commit) {
        for (NewSeries series : commit.newSeries) {
            if (series.cached()) {
                long ref = shard.registry().find(series.labels());
                if (ref >= 0) {
                    shard.cache().put(series.keyHigh(), series.keyLow(), ref);
                }
            }
        }
    }

    private static void refuse(
            PendingCommit commit, CommitException.Reason reason, String message, @Nullable Throwable cause) {
        commit.future.completeExceptionally(new CommitException(reason, message, cause));
    }

    private void finishRound() {
        if (round.isEmpty()) {
            return;
        }
        if (!writeLog()) {
            return;
        }
        long now = clock.nanoTime();
        boolean urgent = false;
        for (PendingCommit commit : round) {
            commit.stamps[2] = now;
            if (commit.durability == Durability.SYNCED) {
                urgent = true;
                groupCommit.await(commit);
            } else {
                commit.stamps[3] = now;
                metrics.batch(commit.accepted, commit.stamps);
                commit.complete();
            }
        }
        round.clear();
        groupCommit.written(urgent);
    }

    private boolean writeLog() {
        try {
            log.write();
            return true;
        } catch (IOException | RuntimeException | Error e) {
            fail("FATAL: cannot write the log: " + e.getMessage() + "; check the disk and restart", e);
            return false;
        }
    }

    private void fail(String reason, Throwable cause) {
        failure = reason;
        for (PendingCommit commit : round) {
            refuse(commit, CommitException.Reason.READ_ONLY, reason, cause);
        }
        round.clear();
    }

    private void freezeOnRequest() {
        CompletableFuture<Void> request = freezeRequests.poll();
        if (request == null) {
            return;
        }
        try {
            if (active.samples() > 0) {
                freezeActive();
            }
            request.complete(null);
        } catch (IOException e) {
            request.completeExceptionally(e);
        } catch (RuntimeException | Error e) {
            request.completeExceptionally(e);
            throw e;
        }
    }

    private void freezeIfPossible() {
        try {
            freezeActive();
        } catch (IOException e) {
            shortage = "cannot begin a segment of the log: " + e.getMessage(); // go on with the one there is
        }
    }

    private void freezeActive() throws IOException {
        Generation old = active;
        Generation fresh = freezer.next(old);
        long start = log.startGeneration(fresh.id());
        active = fresh;
        freezer.frozen(old, fresh, start);
    }

    private void failFreezes() {
        CompletableFuture<Void> request = freezeRequests.poll();
        while (request != null) {
            request.completeExceptionally(new IOException("cannot freeze the head: the store is closed"));
            request = freezeRequests.poll();
        }
    }
}
