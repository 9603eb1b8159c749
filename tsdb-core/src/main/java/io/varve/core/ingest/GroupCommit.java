package io.varve.core.ingest;

import io.varve.core.model.TimeSource;
import io.varve.core.storage.CommitException;
import io.varve.core.wal.IngestLog;
import java.io.IOException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Makes batches durable: one force covers every batch written since the last, while the agent writes the next ones.
 * Commits arrive in the order of their positions and are completed in it.
 *
 * <p>A failed force ends it: what the disk holds is unknown then, so nothing is acknowledged any more until the store
 * is opened again.
 */
final class GroupCommit implements Runnable {

    /** How long what was acknowledged at a lower durability may stay unforced. */
    private static final long IDLE_FORCE_NANOS = 100_000_000L;

    private final IngestLog log;
    private final TimeSource clock;
    private final ShardMetrics metrics;
    private final ConcurrentLinkedQueue<PendingCommit> waiting = new ConcurrentLinkedQueue<>();

    private volatile @Nullable Thread thread;
    private volatile boolean ending;
    private volatile boolean parked;
    private volatile boolean unforced;
    private volatile @Nullable String failure;

    GroupCommit(IngestLog log, TimeSource clock, ShardMetrics metrics) {
        this.log = log;
        this.clock = clock;
        this.metrics = metrics;
    }

    void runOn(Thread syncer) {
        thread = syncer;
    }

    /** Takes over a batch that is in the log; the agent alone. */
    void await(PendingCommit commit) {
        waiting.add(commit);
    }

    /** Batches of the agent's round are in the log. */
    void written(boolean urgent) {
        unforced = true;
        if (urgent && parked) {
            LockSupport.unpark(thread);
        }
    }

    /** Why nothing is acknowledged any more, or null. */
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
        while (!ending || !waiting.isEmpty() || unforced) {
            if (failure != null) {
                failAll();
                if (ending) {
                    return;
                }
                parkFor(IDLE_FORCE_NANOS);
            } else if (!waiting.isEmpty()) {
                force();
            } else if (unforced && (ending || !parkFor(IDLE_FORCE_NANOS))) {
                force();
            } else if (!unforced) {
                parkFor(IDLE_FORCE_NANOS * 10);
            }
        }
    }

    /** Waits; true if a batch is waiting by then. */
    private boolean parkFor(long nanos) {
        parked = true;
        if (waiting.isEmpty() && !ending) {
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
        } catch (IOException | RuntimeException | Error e) {
            failure = "FATAL: cannot force the log: " + e.getMessage()
                    + "; nothing is acknowledged any more, check the disk and restart";
            failAll();
        }
    }

    private void complete(long durable, long now) {
        PendingCommit commit = waiting.peek();
        while (commit != null && commit.position <= durable) {
            waiting.poll();
            commit.stamps[3] = now;
            metrics.batch(commit.accepted, commit.stamps);
            commit.complete();
            commit = waiting.peek();
        }
    }

    private void failAll() {
        PendingCommit commit = waiting.poll();
        while (commit != null) {
            commit.future.completeExceptionally(
                    new CommitException(CommitException.Reason.READ_ONLY, String.valueOf(failure), null));
            commit = waiting.poll();
        }
    }
}
