package io.varve.core.ingest;

import io.varve.core.model.Labels;
import io.varve.core.storage.Commit;
import io.varve.core.storage.Durability;
import io.varve.core.storage.Verdict;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * A batch on its way. Made by an appender, filled in by the agent, completed by the agent or by group commit; handed
 * from one to the next, never shared.
 */
final class PendingCommit {

    /** A series that the appender did not find. */
    record NewSeries(Labels labels, boolean cached, long keyHigh, long keyLow) {}

    final Durability durability;
    final List<NewSeries> newSeries;
    final int admittedBytes;
    final CompletableFuture<Commit> future = new CompletableFuture<>();

    /** Nanoseconds at which the batch entered the ring, left it, reached the log, and was durable. */
    final long[] stamps = new long[4];

    int accepted;
    int refused;
    Verdict firstRefusal = Verdict.ACCEPTED;

    /** Position behind the batch's records: durable when the log is durable up to here. */
    long position;

    PendingCommit(Durability durability, List<NewSeries> newSeries, int admittedBytes) {
        this.durability = durability;
        this.newSeries = newSeries;
        this.admittedBytes = admittedBytes;
    }

    void count(Verdict verdict) {
        if (verdict.isRefusal()) {
            if (refused++ == 0) {
                firstRefusal = verdict;
            }
        } else {
            accepted++;
        }
    }

    void complete() {
        future.complete(new Commit(accepted, refused, firstRefusal, durability));
    }
}
