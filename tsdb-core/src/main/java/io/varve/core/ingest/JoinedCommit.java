package io.varve.core.ingest;

import io.varve.core.model.SampleKind;
import io.varve.core.storage.Commit;
import io.varve.core.storage.CommitException;
import io.varve.core.storage.Durability;
import io.varve.core.storage.Verdict;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The commit of a batch that went to several shards: done when all parts are, and refused if one is. Its parts are
 * completed by any threads.
 */
final class JoinedCommit {

    private final Durability durability;
    private final @Nullable Commit[] commits;
    private final @Nullable Throwable[] failures;
    private final AtomicInteger left;
    private final CompletableFuture<Commit> whole = new CompletableFuture<>();

    JoinedCommit(Durability durability, int parts) {
        this.durability = durability;
        commits = new @Nullable Commit[parts];
        failures = new @Nullable Throwable[parts];
        left = new AtomicInteger(parts);
    }

    CompletionStage<Commit> stage() {
        return whole;
    }

    /** Takes a part; each is given once. */
    void part(int place, CompletionStage<Commit> part) {
        part.whenComplete((commit, failure) -> {
            commits[place] = commit;
            failures[place] = failure;
            if (left.decrementAndGet() == 0) {
                finish();
            }
        });
    }

    private void finish() {
        for (Throwable failure : failures) {
            if (failure != null) {
                whole.completeExceptionally(ofPart(failure));
                return;
            }
        }
        int accepted = 0;
        int refused = 0;
        Verdict first = Verdict.ACCEPTED;
        Map<Verdict, Integer> refusals = new EnumMap<>(Verdict.class);
        Map<SampleKind, Integer> others = new EnumMap<>(SampleKind.class);
        for (Commit commit : commits) {
            if (commit != null) {
                accepted += commit.accepted();
                refused += commit.refused();
                first = first == Verdict.ACCEPTED ? commit.firstRefusal() : first;
                commit.refusals().forEach((verdict, count) -> refusals.merge(verdict, count, Integer::sum));
                commit.others().forEach((kind, count) -> others.merge(kind, count, Integer::sum));
            }
        }
        whole.complete(new Commit(
                accepted,
                refused,
                first,
                durability,
                Collections.unmodifiableMap(refusals),
                Collections.unmodifiableMap(others)));
    }

    private static Throwable ofPart(Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        return cause instanceof CommitException refused
                ? new CommitException(
                        refused.reason(), "a part of the batch was not acknowledged: " + refused.getMessage(), refused)
                : cause;
    }
}
