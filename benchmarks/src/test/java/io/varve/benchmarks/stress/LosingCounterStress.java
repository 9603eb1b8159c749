package io.varve.benchmarks.stress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/** A counter that is not made for two threads: {@link StressTest} must notice what it loses. */
@JCStressTest
@Outcome(id = "2", expect = ACCEPTABLE, desc = "both")
@Outcome(expect = FORBIDDEN, desc = "lost")
@State
public class LosingCounterStress {

    private int count;

    /** Adds. */
    @Actor
    public void one() {
        count++;
    }

    /** Adds too. */
    @Actor
    public void other() {
        count++;
    }

    /** What is left. */
    @Arbiter
    public void after(I_Result r) {
        r.r1 = count;
    }
}
