package io.varve.core.ingest;

import io.varve.core.model.Labels;
import io.varve.core.model.SampleKind;
import io.varve.core.storage.Commit;
import io.varve.core.storage.CommitException;
import io.varve.core.storage.Durability;
import io.varve.core.storage.Verdict;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

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

    /** Where in the message the floats end and samples of other kinds begin. */
    final int floatsEnd;

    /** Keeps the names of series that die on the way, if it is a batch of samples. */
    final OpenBatches.@Nullable Batch open;

    final CompletableFuture<Commit> future = new CompletableFuture<>();

    /** What is deleted at this place of the log, if it is no batch of samples. */
    final @Nullable DeletionRequest deletion;

    /** Nanoseconds at which the batch entered the ring, left it, reached the log, and was durable. */
    final long[] stamps = new long[4];

    int accepted;
    int refused;
    Verdict firstRefusal = Verdict.ACCEPTED;

    /** Refusals by reason, made at the first. */
    private @Nullable EnumMap<Verdict, int[]> refusals;

    /** Accepted samples of other kinds than floats, made at the first. */
    private int @Nullable [] others;

    /** Position behind the batch's records: durable when the log is durable up to here. */
    long position;

    PendingCommit(
            Durability durability,
            List<NewSeries> newSeries,
            int admittedBytes,
            int floatsEnd,
            OpenBatches.@Nullable Batch open) {
        this(durability, newSeries, admittedBytes, floatsEnd, open, null);
    }

    private PendingCommit(
            Durability durability,
            List<NewSeries> newSeries,
            int admittedBytes,
            int floatsEnd,
            OpenBatches.@Nullable Batch open,
            @Nullable DeletionRequest deletion) {
        this.durability = durability;
        this.newSeries = newSeries;
        this.admittedBytes = admittedBytes;
        this.floatsEnd = floatsEnd;
        this.open = open;
        this.deletion = deletion;
    }

    /** A deletion, which goes the way of a batch without samples. */
    static PendingCommit of(DeletionRequest deletion, int admittedBytes) {
        return new PendingCommit(Durability.SYNCED, List.of(), admittedBytes, BatchLayout.HEADER_BYTES, null, deletion);
    }

    void count(Verdict verdict) {
        if (verdict.isRefusal()) {
            if (refused++ == 0) {
                firstRefusal = verdict;
            }
            EnumMap<Verdict, int[]> counts = refusals == null ? new EnumMap<>(Verdict.class) : refusals;
            counts.computeIfAbsent(verdict, reason -> new int[1])[0]++;
            refusals = counts;
        } else {
            accepted++;
        }
    }

    /** Counts a sample of another kind than floats. */
    void count(SampleKind kind, Verdict verdict) {
        count(verdict);
        if (!verdict.isRefusal()) {
            int[] counts = others == null ? new int[SampleKind.values().length] : others;
            counts[kind.id()]++;
            others = counts;
        }
    }

    /** Floats and histograms that were kept. */
    int samples() {
        int[] counts = others;
        return counts == null
                ? accepted
                : accepted
                        - counts[SampleKind.EXEMPLAR.id()]
                        - counts[SampleKind.METADATA.id()]
                        - counts[SampleKind.START_TIME.id()];
    }

    void complete() {
        future.complete(new Commit(accepted, refused, firstRefusal, durability, reasons(), kinds()));
    }

    private Map<SampleKind, Integer> kinds() {
        int[] counts = others;
        if (counts == null) {
            return Map.of();
        }
        EnumMap<SampleKind, Integer> kinds = new EnumMap<>(SampleKind.class);
        for (SampleKind kind : SampleKind.values()) {
            if (counts[kind.id()] > 0) {
                kinds.put(kind, counts[kind.id()]);
            }
        }
        return Collections.unmodifiableMap(kinds);
    }

    void refuse(CommitException.Reason reason, String message, @Nullable Throwable cause) {
        future.completeExceptionally(new CommitException(reason, message, cause));
    }

    /** The batch was applied, and nobody can tell whether it is durable. */
    void unknown(String cause) {
        refuse(
                CommitException.Reason.UNKNOWN,
                "unknown whether durable: " + cause + "; sending it again is safe",
                null);
    }

    private Map<Verdict, Integer> reasons() {
        EnumMap<Verdict, int[]> counts = refusals;
        if (counts == null) {
            return Map.of();
        }
        EnumMap<Verdict, Integer> reasons = new EnumMap<>(Verdict.class);
        counts.forEach((verdict, count) -> reasons.put(verdict, count[0]));
        return Collections.unmodifiableMap(reasons);
    }
}
