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

    private static final long SEAL_PAUSE_NANOS = 1_000_000;
    private static final long NOT_FULL = Long.MIN_VALUE;
    private static final int BATCHES_A_ROUND = 64;
    private static final int SPINS = 50;
    private static final long PARK_NANOS = 50_000_000L;

    /** Memory of what is not durable at which the agent waits for the syncer: the ring fills up then, and refuses. */
    private static final long MAX_UNFORCED_BYTES = 16L << 20;

    /** How often room is looked for while batches are refused for want of it. */
    private static final long SHORTAGE_PROBE_NANOS = 1_000_000_000L;

    private final IngestShard shard;
    private final TimeSource clock;
    private final long admissionNanos;
    private final IngestLog log;
    private final LogKeeper keeper;
    private final Freezer freezer;
    private final GroupCommit groupCommit;
    private final ShardMetrics metrics;
    private final BatchJudge judge;
    private final SeriesReaper reaper;
    private final ConcurrentLinkedQueue<CompletableFuture<Void>> freezeRequests = new ConcurrentLinkedQueue<>();
    private final List<PendingCommit> round = new ArrayList<>();

    /** Whether batches that are acknowledged already wait to be written. */
    private boolean unwritten;

    /** Since when the head is full, or {@link #NOT_FULL}. */
    private long fullSince = NOT_FULL;

    private Generation active;
    private volatile @Nullable Thread thread;
    private volatile boolean parked;
    private volatile boolean ending;
    private volatile boolean ended;
    private volatile @Nullable String failure;
    private volatile @Nullable String shortage;
    private long shortageProbe;

    WriterAgent(
            IngestShard shard,
            ShardLimits limits,
            TimeSource clock,
            Generation active,
            IngestLog log,
            LogKeeper keeper,
            Freezer freezer,
            GroupCommit groupCommit,
            SeriesReaper reaper,
            ShardMetrics metrics) {
        this.shard = shard;
        this.clock = clock;
        this.admissionNanos = limits.admissionNanos();
        this.active = active;
        this.log = log;
        this.keeper = keeper;
        this.freezer = freezer;
        this.groupCommit = groupCommit;
        this.metrics = metrics;
        this.reaper = reaper;
        this.judge = new BatchJudge(limits, shard.registry(), shard.commons());
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

    /** Why nothing is written any more until the store is opened again, or null. */
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
                keeper.lookAfter();
                if (keeper.outOfPatience() != null) {
                    giveUpRound();
                }
                if (mustWaitForForce() || mustWaitForSeal()) {
                    continue;
                }
                int batches = shard.queue().drain(this::batch, BATCHES_A_ROUND);
                finishRound();
                boolean reaped = reaper.step();
                if (batches == 0 && !freezeRequests.isEmpty()) {
                    freezeOnRequest();
                } else if (batches == 0) {
                    if (ending) {
                        return;
                    }
                    idle = reaped ? 0 : idle(idle);
                } else {
                    idle = 0;
                }
            }
        } catch (RuntimeException | Error e) {
            failure = "FATAL: the writing agent of the store ended: " + e + "; restart the store";
            throw e;
        } finally {
            end(failure);
        }
    }

    /** Nothing may stay behind that a caller waits for. */
    private void end(@Nullable String fatal) {
        ended = true;
        if (fatal == null) {
            shard.queue().drain(this::batch, Integer.MAX_VALUE);
            keeper.lastTry();
            finishRound();
        }
        round.forEach(commit -> commit.unknown(fatal == null ? String.valueOf(keeper.readOnly()) : fatal));
        round.clear();
        shard.refuseAll(fatal == null ? "the store is closed" : fatal);
        failFreezes();
    }

    /** Answers what was to be written; it is kept in the log's memory all the same. */
    private void giveUpRound() {
        unwritten |= !round.isEmpty();
        round.forEach(commit -> commit.unknown(String.valueOf(keeper.readOnly())));
        round.clear();
    }

    /** Whether more is not durable than memory is meant for; gives the syncer a moment then. */
    private boolean mustWaitForForce() {
        if (log.unforcedBytes() <= MAX_UNFORCED_BYTES || log.isBroken() || groupCommit.failure() != null) {
            return false;
        }
        groupCommit.written(true);
        LockSupport.parkNanos(this, 1_000_000L);
        return true;
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
        if (failure() != null || log.isBroken()) {
            return;
        }
        try {
            if (shortage != null) {
                lookForRoom();
            }
            if (log.mark()) {
                keeper.write();
            }
        } catch (IOException e) {
            shortage = "cannot extend the log: " + e.getMessage(); // the mark is made when there is room again
        }
    }

    /** Takes room as a batch would, so that the store says that it takes writes again before one comes. */
    private void lookForRoom() throws IOException {
        long now = clock.nanoTime();
        if (now - shortageProbe >= 0) {
            shortageProbe = now + SHORTAGE_PROBE_NANOS;
            log.reserve(BatchLayout.SAMPLE_BYTES, 2);
            shortage = null;
        }
    }

    /** Leaves batches in the ring while the head is full, so that they wait there as long as they would for room. */
    private boolean mustWaitForSeal() {
        if (freezer.decide(active, log.generationBytes()) != Freezer.Decision.REFUSE) {
            fullSince = NOT_FULL;
            return false;
        }
        if (fullSince == NOT_FULL) {
            fullSince = clock.nanoTime();
        }
        boolean waits = !ending && failure == null && !isFullForLong();
        if (waits) {
            finishRound();
            LockSupport.parkNanos(SEAL_PAUSE_NANOS);
        }
        return waits;
    }

    private boolean isFullForLong() {
        return fullSince != NOT_FULL && clock.nanoTime() - fullSince > admissionNanos;
    }

    private void batch(byte[] message, int offset, int length) {
        PendingCommit commit = shard.leftRing(BatchLayout.getLong(message, offset));
        commit.stamps[1] = clock.nanoTime();
        String refusal = shard.failure();
        if (refusal != null) {
            commit.refuse(CommitException.Reason.READ_ONLY, refusal, null);
            return;
        }
        try {
            switch (freezer.decide(active, log.generationBytes())) {
                case FREEZE -> freezeIfPossible();
                case REFUSE -> {
                    if (isFullForLong()) {
                        commit.refuse(
                                CommitException.Reason.OVERLOADED,
                                "cannot commit: the head is full until a block is sealed",
                                null);
                        return;
                    }
                }
                case CONTINUE -> {}
            }
            if (commit.deletion != null) {
                delete(commit, commit.deletion);
            } else {
                keep(commit, message, offset + BatchLayout.HEADER_BYTES, offset + length);
            }
        } catch (RuntimeException | Error e) {
            commit.refuse(CommitException.Reason.READ_ONLY, "cannot commit: " + e, e);
            throw e;
        }
    }

    private void keep(PendingCommit commit, byte[] message, int from, int to) {
        if (shortage != null && !findRoom(commit, to - from)) {
            return; // nothing is judged, so that no series is made and taken back with each batch
        }
        judge.judge(commit, active, clock.epochNanos(), message, from, to);
        IOException full = keeper.reserve(judge.recordBytes(), judge.records());
        if (full != null) {
            judge.forget(active, reaper);
            refuseForRoom(commit, full);
            return;
        }
        shortage = null;
        judge.logTo(log);
        judge.applyTo(active);
        commit.position = log.position();
        publish(commit);
        judge.report(metrics);
        if (commit.durability == Durability.MEMORY) {
            acknowledge(commit, clock.nanoTime());
            unwritten = true;
        } else {
            round.add(commit);
        }
    }

    private void acknowledge(PendingCommit commit, long now) {
        commit.stamps[2] = commit.stamps[2] == 0 ? now : commit.stamps[2];
        commit.stamps[3] = now;
        metrics.batch(commit.accepted, commit.stamps);
        commit.complete();
    }

    private boolean findRoom(PendingCommit commit, int bytes) {
        IOException full = keeper.reserve(bytes, 2);
        if (full != null) {
            refuseForRoom(commit, full);
        }
        return full == null;
    }

    private void refuseForRoom(PendingCommit commit, IOException full) {
        shortage = "cannot extend the log: " + full.getMessage();
        commit.refuse(CommitException.Reason.READ_ONLY, String.valueOf(shortage), full);
    }

    /** As a batch: room first, then the log, then what readers see. */
    private void delete(PendingCommit commit, DeletionRequest request) {
        IOException full = keeper.reserve(request.bytes(), 1);
        if (full != null) {
            shortage = "cannot extend the log: " + full.getMessage();
            commit.refuse(CommitException.Reason.READ_ONLY, String.valueOf(shortage), full);
            return;
        }
        shortage = null;
        freezer.deleted(request.appendTo(log));
        commit.position = log.position();
        round.add(commit);
    }

    /** Lets later requests find the series that this batch created. */
    private void publish(PendingCommit commit) {
        for (int place = 0; place < commit.newSeries.size(); place++) {
            NewSeries series = commit.newSeries.get(place);
            int number = judge.newNumber(place);
            if (series.cached() && number >= 0) {
                shard.knows(series.keyHigh(), series.keyLow(), shard.registry().ref(number));
            }
        }
    }

    private void finishRound() {
        if (round.isEmpty() && !unwritten || !keeper.write()) {
            return; // what cannot be written waits for the disk
        }
        unwritten = false;
        long now = clock.nanoTime();
        boolean urgent = false;
        for (PendingCommit commit : round) {
            commit.stamps[2] = now;
            if (commit.durability == Durability.SYNCED) {
                urgent = true;
                groupCommit.await(commit);
            } else {
                acknowledge(commit, now);
            }
        }
        round.clear();
        groupCommit.written(urgent);
    }

    private void freezeOnRequest() {
        CompletableFuture<Void> request = freezeRequests.poll();
        if (request == null) {
            return;
        }
        try {
            // Deletions alone hold the log too; metadata alone stay in it.
            if (active.samples() > 0 || active.kinds().hasSides() || log.generationBytes() > 0) {
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
        if (!keeper.write()) {
            throw new IOException(String.valueOf(keeper.readOnly()));
        }
        Generation old = active;
        Generation fresh = freezer.next(old);
        long start = log.startGeneration(fresh.id());
        active = fresh;
        freezer.frozen(old, fresh, start);
    }

    private void failFreezes() {
        CompletableFuture<Void> request = freezeRequests.poll();
        while (request != null) {
            request.completeExceptionally(
                    new IOException("cannot freeze the head: " + (failure == null ? "the store is closed" : failure)));
            request = freezeRequests.poll();
        }
    }
}
