package io.varve.core.ingest;

import io.varve.core.model.TimeSource;
import io.varve.core.storage.Durability;
import io.varve.core.wal.IngestLog;
import java.io.IOException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Makes batches durable: one force covers every batch written since the last, while the agent writes the next ones.
 * Commits arrive in the order of their positions and are completed in it.
 *
 * <p>After a failed force it waits until the agent has rescued the log, and completes what waits then; what has
 * waited too long for that is answered as unknown.
 */
final class GroupCommit implements Runnable {

    /** How long what was acknowledged at a lower durability stays unforced; stated in {@link Durability}. */
    private static final long IDLE_FORCE_NANOS = 100_000_000L;

    private final IngestLog log;
    private final LogKeeper keeper;
    private final BooleanSupplier callAgent;
    private final TimeSource clock;
    private final ShardMetrics metrics;
    private final ConcurrentLinkedQueue<PendingCommit> waiting = new ConcurrentLinkedQueue<>();

    private volatile @Nullable Thread thread;
    private volatile boolean ending;
    private volatile boolean parked;
    private volatile boolean sleeping;
    private volatile boolean unforced;
    private volatile boolean ended;
    private volatile @Nullable String failure;

    /** @param callAgent wakes the agent, which has to look after a broken log; false if it has ended */
    GroupCommit(IngestLog log, LogKeeper keeper, TimeSource clock, ShardMetrics metrics, BooleanSupplier callAgent) {
        this.log = log;
        this.keeper = keeper;
        this.callAgent = callAgent;
        this.clock = clock;
        this.metrics = metrics;
    }

    void runOn(Thread syncer) {
        thread = syncer;
    }

    /** Takes over a batch that is in the log; the agent alone. */
    void await(PendingCommit commit) {
        waiting.add(commit);
        if (ended) {
            failAll(String.valueOf(failure));
        }
    }

    /** Batches of the agent's round are in the log. */
    void written(boolean urgent) {
        unforced = true;
        if (sleeping || urgent && parked) {
            LockSupport.unpark(thread);
        }
    }

    /** Why nothing is acknowledged any more until the store is opened again, or null. */
    @Nullable
    String failure() {
        return failure;
    }

    void end() {
        ending = true;
        LockSupport.unpark(thread);
    }

    @Override
    public void run() {
        try {
            while (!ending || !waiting.isEmpty() || unforced) {
                step();
            }
        } catch (RuntimeException | Error e) {
            failure = "FATAL: the thread that forces the log ended: " + e + "; restart the store";
            throw e;
        } finally {
            ended = true;
            failAll(failure == null ? "the store is closed" : failure);
        }
    }

    private void step() {
        if (log.isBroken()) {
            if (ending) { // the agent has ended before, and could not rescue it
                unforced = false;
                failAll(String.valueOf(keeper.readOnly()));
                return;
            }
            LogKeeper.Outage outage = keeper.outOfPatience();
            if (!callAgent.getAsBoolean()) {
                failAll("the writing agent has ended");
            } else if (outage != null) {
                failUpTo(outage.position(), outage.reason());
            }
            parkFor(IDLE_FORCE_NANOS);
        } else if (!waiting.isEmpty()) {
            force();
        } else if (unforced && (ending || !parkFor(IDLE_FORCE_NANOS))) {
            force();
        } else if (!unforced) {
            sleep();
        }
    }

    /** Waits until something is written. */
    private void sleep() {
        sleeping = true;
        if (!unforced && !ending && waiting.isEmpty()) {
            LockSupport.parkNanos(this, IDLE_FORCE_NANOS * 10);
        }
        sleeping = false;
    }

    /** Waits; true if a batch is waiting by then. */
    private boolean parkFor(long nanos) {
        parked = true;
        if ((waiting.isEmpty() || log.isBroken()) && !ending) {
            LockSupport.parkNanos(this, nanos);
        }
        parked = false;
        return !waiting.isEmpty();
    }

    private void force() {
        unforced = false;
        long start = clock.nanoTime();
        try {
            long durable = log.force();
            long now = clock.nanoTime();
            metrics.forced(now - start);
            complete(durable, now);
        } catch (IOException e) {
            keeper.noteFailure("force", e);
        }
    }

    private void complete(long durable, long now) {
        PendingCommit commit = waiting.peek();
        while (commit != null && commit.position <= durable) {
            waiting.poll();
            commit.stamps[3] = now;
            metrics.batch(commit.samples(), commit.stamps);
            commit.complete();
            commit = waiting.peek();
        }
    }

    private void failAll(String cause) {
        failUpTo(Long.MAX_VALUE, cause);
    }

    /** Not what comes behind: the outage may be over by now, and the agent have written more. */
    private void failUpTo(long position, String cause) {
        PendingCommit commit = waiting.peek();
        while (commit != null && commit.position <= position) {
            if (waiting.remove(commit)) { // the agent may fail all besides
                commit.unknown(cause);
            }
            commit = waiting.peek();
        }
    }
}
