package io.varve.core.ingest;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/** {@link OpenBatches}: a series whose reference a batch has found is not forgotten before the batch has gone. */
public final class OpenBatchesStress {

    private OpenBatchesStress() {}

    /** A batch looks for a series while that dies. */
    @JCStressTest
    @Outcome(
            id = {"0, 0", "0, 1", "1, 0"},
            expect = ACCEPTABLE,
            desc = "found dead, or waited for")
    @Outcome(expect = FORBIDDEN, desc = "found alive and not waited for")
    @State
    public static class BeginDuringADeath {

        private final OpenBatches batches = new OpenBatches();
        private int alive = 1;

        /** Begins, then looks. */
        @Actor
        public void appender(II_Result result) {
            batches.begin();
            result.r1 = alive;
        }

        /** Takes the life, then looks whether a batch may know of it. */
        @Actor
        public void agent(II_Result result) {
            alive = 0;
            result.r2 = batches.haveGone(batches.mark(), false) ? 1 : 0;
        }
    }

    /** A batch is handed over while a series dies. */
    @JCStressTest
    @Outcome(
            id = {"0, 0", "1, 0", "1, 1"},
            expect = ACCEPTABLE,
            desc = "told of the death, or waited for")
    @Outcome(expect = FORBIDDEN, desc = "neither told nor waited for")
    @State
    public static class EnterDuringADeath {

        private final OpenBatches batches = new OpenBatches();
        private final OpenBatches.Batch batch = batches.begin();

        /** Enters. */
        @Actor
        public void sender(II_Result result) {
            result.r1 = batches.enter(batch) ? 1 : 0;
        }

        /** Looks whether all that have entered are gone. */
        @Actor
        public void agent(II_Result result) {
            result.r2 = batches.haveGone(batches.mark(), true) ? 1 : 0;
        }
    }
}
