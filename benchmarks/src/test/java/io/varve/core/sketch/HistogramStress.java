package io.varve.core.sketch;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;
import org.openjdk.jcstress.infra.results.I_Result;

/** {@link ConcurrentHistogram}: each record counts once, and what a reader counts lies in the range that it is told. */
public final class HistogramStress {

    private HistogramStress() {}

    private static ExponentialHistogram read(ConcurrentHistogram histogram) {
        ExponentialHistogram target = ExponentialHistogram.ofSchema(5);
        histogram.addTo(target);
        return target;
    }

    /** Both make the same page. */
    @JCStressTest
    @Outcome(id = "2, 21", expect = ACCEPTABLE, desc = "both, and the larger")
    @Outcome(expect = FORBIDDEN, desc = "one was lost with its page")
    @State
    public static class SamePage {

        private final ConcurrentHistogram histogram = new ConcurrentHistogram(5);

        /** Records. */
        @Actor
        public void one() {
            histogram.record(20);
        }

        /** Records too. */
        @Actor
        public void other() {
            histogram.record(21);
        }

        /** All of it. */
        @Arbiter
        public void after(II_Result r) {
            ExponentialHistogram all = read(histogram);
            r.r1 = (int) all.count();
            r.r2 = (int) all.max();
        }
    }

    /** A reader beside a recorder. */
    @JCStressTest
    @Outcome(
            id = {"0", "1"},
            expect = ACCEPTABLE,
            desc = "not yet, or counted and in range")
    @Outcome(expect = FORBIDDEN, desc = "counted and out of range")
    @State
    public static class ReaderBeside {

        private final ConcurrentHistogram histogram = new ConcurrentHistogram(5);

        /** Records. */
        @Actor
        public void recorder() {
            histogram.record(20);
        }

        /** Reads. */
        @Actor
        public void reader(I_Result r) {
            ExponentialHistogram seen = read(histogram);
            r.r1 = seen.count() == 0 ? 0 : seen.count() == 1 && seen.max() == 20 && seen.min() == 20 ? 1 : 2;
        }
    }
}
