package io.varve.core.ingest;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.varve.core.model.TimeSource;
import io.varve.core.storage.Commit;
import io.varve.core.storage.Durability;
import io.varve.core.storage.Verdict;
import java.util.List;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/** {@link GroupCommit} and {@link PendingCommit}: each commit is answered, once, with what the agent counted. */
public final class CommitStress {

    private static final int UNANSWERED = 0;
    private static final int DURABLE = 1;
    private static final int UNKNOWN = 2;

    private CommitStress() {}

    private static PendingCommit commit(long position) {
        PendingCommit commit = new PendingCommit(Durability.SYNCED, List.of(), 0, 0, null);
        commit.position = position;
        return commit;
    }

    private static int answer(PendingCommit commit) {
        if (!commit.future.isDone()) {
            return UNANSWERED;
        }
        return commit.future.isCompletedExceptionally() ? UNKNOWN : DURABLE;
    }

    /** A batch reaches the syncer while it ends: it is answered by the one or the other, and the second before too. */
    @JCStressTest
    @Outcome(
            id = {"1, 1", "1, 2", "2, 2"},
            expect = ACCEPTABLE,
            desc = "answered, in the order of positions")
    @Outcome(expect = FORBIDDEN, desc = "a sender waits for ever")
    @State
    public static class AwaitAtTheEnd {

        private final MemoryLog log = new MemoryLog();
        private final TimeSource clock = TimeSource.system();
        private final GroupCommit syncer = new GroupCommit(
                log, new LogKeeper(log, clock, ShardMetrics.NONE, 1), clock, ShardMetrics.NONE, () -> true);
        private final PendingCommit first = commit(1);
        private final PendingCommit second = commit(2);

        /** Hands over two batches. */
        @Actor
        public void agent() {
            log.append(1);
            syncer.await(first);
            syncer.written(true);
            log.append(2);
            syncer.await(second);
            syncer.written(true);
        }

        /** Is told to end, and ends when nothing waits. */
        @Actor
        public void syncer() {
            syncer.end();
            syncer.run();
        }

        /** Both have to be answered by now. */
        @Arbiter
        public void after(II_Result r) {
            r.r1 = answer(first);
            r.r2 = answer(second);
        }
    }

    /** The one says durable, the other that nobody knows: the sender hears one of both, whole. */
    @JCStressTest
    @Outcome(
            id = {"1, 3", "2, 0"},
            expect = ACCEPTABLE,
            desc = "one answer")
    @Outcome(expect = FORBIDDEN, desc = "none, or half of one")
    @State
    public static class OneAnswer {

        private final PendingCommit commit = commit(1);

        /** Counts and completes. */
        @Actor
        public void agent() {
            for (int i = 0; i < 3; i++) {
                commit.count(Verdict.ACCEPTED);
            }
            commit.complete();
        }

        /** Gives up. */
        @Actor
        public void syncer() {
            commit.unknown("stress");
        }

        /** What the sender hears. */
        @Arbiter
        public void after(II_Result r) {
            r.r1 = answer(commit);
            r.r2 = r.r1 == DURABLE ? commit.future.join().accepted() : 0;
        }
    }

    /** Whoever sees the answer sees the counts that belong to it. */
    @JCStressTest
    @Outcome(
            id = {"0, 0", "3, 1"},
            expect = ACCEPTABLE,
            desc = "not yet, or all of it")
    @Outcome(expect = FORBIDDEN, desc = "an answer without its counts")
    @State
    public static class WholeAnswer {

        private final PendingCommit commit = commit(1);

        /** Counts and completes. */
        @Actor
        public void agent() {
            for (int i = 0; i < 3; i++) {
                commit.count(Verdict.ACCEPTED);
            }
            commit.count(Verdict.OUT_OF_WINDOW);
            commit.complete();
        }

        /** Looks. */
        @Actor
        public void sender(II_Result r) {
            Commit none = new Commit(0, 0, Verdict.ACCEPTED, Durability.SYNCED, java.util.Map.of(), java.util.Map.of());
            Commit seen = commit.future.getNow(none);
            r.r1 = seen.accepted();
            r.r2 = seen.refused()
                            == seen.refusals().values().stream()
                                    .mapToInt(n -> n)
                                    .sum()
                    ? seen.refused()
                    : -1;
        }
    }
}
