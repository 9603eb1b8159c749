package io.varve.core.read;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.varve.core.head.Generation;
import io.varve.core.head.SeriesRegistry;
import java.util.List;
import java.util.Random;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/** Pins of a {@link View}: while somebody holds one, what it holds stays; with the last one it goes, once. */
public final class ViewStress {

    private static final SeriesRegistry REGISTRY = new SeriesRegistry(1, new Random(1));

    private ViewStress() {}

    private static Generation filled() {
        Generation generation = new Generation(1, REGISTRY);
        generation.apply(new int[] {0}, new long[] {1_000}, new double[] {0.5}, 1);
        return generation;
    }

    /** Whether the memory of a generation's samples is there. */
    private static boolean isThere(Generation generation) {
        return generation.has(0) && generation.bytes() > 1 << 16;
    }

    /** A reader comes while the store goes on to the next view. */
    @JCStressTest
    @Outcome(
            id = {"0, 1", "1, 1"},
            expect = ACCEPTABLE,
            desc = "too late, or pinned and all there")
    @Outcome(expect = FORBIDDEN, desc = "pinned and gone, or never let go")
    @State
    public static class PinWhileItIsReplaced {

        private final Generation generation = filled();
        private final View view = new View(List.of(), List.of(generation), List.of(), Deletions.NONE);

        /** Pins, looks, lets go. */
        @Actor
        public void reader(II_Result r) {
            if (view.pin()) {
                r.r1 = isThere(generation) && !view.isReleased() ? 1 : 2;
                view.unpin();
            }
        }

        /** The store lets go. */
        @Actor
        public void store() {
            view.unpin();
        }

        /** Nobody holds it any more. */
        @Arbiter
        public void after(II_Result r) {
            r.r2 = view.isReleased() && !view.pin() && !isThere(generation) ? 1 : 0;
        }
    }

    /** A generation goes from one view to the next, and a reader lets go of the old one: it stays. */
    @JCStressTest
    @Outcome(id = "1, 1", expect = ACCEPTABLE, desc = "held by the new view")
    @Outcome(expect = FORBIDDEN, desc = "gone though it is held")
    @State
    public static class HandedOn {

        private final Generation generation = filled();
        private final View old = new View(List.of(), List.of(generation), List.of(), Deletions.NONE);
        private View fresh = old;

        /** A reader holds the old view. */
        public HandedOn() {
            old.pin();
        }

        /** The store makes the new view, then lets go of the old one. */
        @Actor
        public void store() {
            fresh = new View(List.of(), List.of(generation), List.of(), Deletions.NONE);
            old.unpin();
        }

        /** The reader lets go. */
        @Actor
        public void reader(II_Result r) {
            r.r1 = isThere(generation) ? 1 : 0;
            old.unpin();
        }

        /** The new view holds it. */
        @Arbiter
        public void after(II_Result r) {
            r.r2 = old.isReleased() && isThere(generation) ? 1 : 0;
            fresh.unpin();
        }
    }
}
