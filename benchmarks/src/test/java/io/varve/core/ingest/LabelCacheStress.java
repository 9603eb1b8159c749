package io.varve.core.ingest;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.JJ_Result;

/** {@link LabelCache}: a reader finds a reference that the key had, or nothing; never another's, never half of it. */
public final class LabelCacheStress {

    /** Keys of a state fall onto neighbouring slots, so that probing is part of it. */
    private static final long SLOT = 5L << 50;

    private LabelCacheStress() {}

    /** A key comes, behind another that shares the first half of its hash. */
    @JCStressTest
    @Outcome(
            id = {"-1, 7", "7, 7"},
            expect = ACCEPTABLE,
            desc = "not yet, or its own")
    @Outcome(expect = FORBIDDEN, desc = "another's, or lost")
    @State
    public static class Put {

        private final LabelCache cache = new LabelCache(100);

        /** Puts two keys. */
        @Actor
        public void agent() {
            cache.put(SLOT, 1, 3);
            cache.put(SLOT, 2, 7);
        }

        /** Looks for the second. */
        @Actor
        public void door(JJ_Result r) {
            r.r1 = cache.find(SLOT, 2);
        }

        /** Looks once more. */
        @Arbiter
        public void after(JJ_Result r) {
            r.r2 = cache.find(SLOT, 2);
        }
    }

    /** A series died and returned: its key gets another reference. */
    @JCStressTest
    @Outcome(
            id = {"7, 1099511627783", "1099511627783, 1099511627783"},
            expect = ACCEPTABLE,
            desc = "the old one or the new one")
    @Outcome(expect = FORBIDDEN, desc = "a mixture, or lost")
    @State
    public static class Change {

        private final LabelCache cache = new LabelCache(100);

        /** The key is there. */
        public Change() {
            cache.put(SLOT, 1, 7);
        }

        /** Puts it again. */
        @Actor
        public void agent() {
            cache.put(SLOT, 1, 1L << 40 | 7);
        }

        /** Looks for it. */
        @Actor
        public void door(JJ_Result r) {
            r.r1 = cache.find(SLOT, 1);
        }

        /** Looks once more. */
        @Arbiter
        public void after(JJ_Result r) {
            r.r2 = cache.find(SLOT, 1);
        }
    }

    /** The table is replaced by one without the dead, while a living one is looked for. */
    @JCStressTest
    @Outcome(id = "7, 7", expect = ACCEPTABLE, desc = "there all the time")
    @Outcome(expect = FORBIDDEN, desc = "lost, or another's")
    @State
    public static class Replaced {

        private final LabelCache cache = new LabelCache(100);

        /** A dead and a living one. */
        public Replaced() {
            cache.put(SLOT, 1, 3);
            cache.put(SLOT, 2, 7);
        }

        /** Forgets the dead. */
        @Actor
        public void agent() {
            cache.forgetDead(ref -> ref == 7, 1);
        }

        /** Looks for the living. */
        @Actor
        public void door(JJ_Result r) {
            r.r1 = cache.find(SLOT, 2);
        }

        /** Looks once more. */
        @Arbiter
        public void after(JJ_Result r) {
            r.r2 = cache.find(SLOT, 2);
        }
    }
}
