package io.varve.core.slab;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import java.nio.ByteBuffer;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;
import org.openjdk.jcstress.infra.results.JJ_Result;

/**
 * Arrays of slabs, while they grow under their readers: what was released is seen whole by who acquires it, and what
 * was there before stays there.
 */
public final class SlabStress {

    /** Its slabs come back after each round, so that not the making of memory is what is measured. */
    private static final SlabPool POOL = new SlabPool();

    private SlabStress() {}

    /** Ints: the first slab comes, something plain is written, then an index is released. */
    @JCStressTest
    @Outcome(
            id = {"0, 0", "5, 9"},
            expect = ACCEPTABLE,
            desc = "not yet, or with what came before")
    @Outcome(expect = FORBIDDEN, desc = "released without what came before")
    @State
    public static class Ints {

        private final SlabMemory memory = new SlabMemory(POOL);
        private final IntSlabs ints = new IntSlabs(memory);

        /** Grows, writes, releases. */
        @Actor
        public void writer() {
            ints.ensure(2);
            ints.set(1, 9);
            ints.setRelease(0, 5);
        }

        /** Acquires, reads. */
        @Actor
        public void reader(II_Result r) {
            r.r1 = ints.limit() > 0 ? ints.getAcquire(0) : 0;
            r.r2 = r.r1 == 0 ? 0 : ints.get(1);
        }

        /** Cleans up. */
        @Arbiter
        public void after() {
            memory.release();
        }
    }

    /** Longs: a second slab comes while the first is read. */
    @JCStressTest
    @Outcome(
            id = {"3, 0", "3, 1099511627781"},
            expect = ACCEPTABLE,
            desc = "the old one stays, the new one is whole")
    @Outcome(expect = FORBIDDEN, desc = "moved, or torn")
    @State
    public static class Longs {

        private static final int SECOND = 1 << 13;

        private final SlabMemory memory = new SlabMemory(POOL);
        private final LongSlabs longs = new LongSlabs(memory);

        /** One slab is there. */
        public Longs() {
            longs.ensure(1);
            longs.set(0, 3);
        }

        /** Grows and releases. */
        @Actor
        public void writer() {
            longs.ensure(SECOND + 1);
            longs.setRelease(SECOND, 1L << 40 | 5);
        }

        /** Reads both. */
        @Actor
        public void reader(JJ_Result r) {
            r.r2 = longs.limit() > SECOND ? longs.getAcquire(SECOND) : 0;
            r.r1 = longs.get(0);
        }

        /** Cleans up. */
        @Arbiter
        public void after() {
            memory.release();
        }
    }

    /** Bytes across the end of a slab, whose place is released elsewhere. */
    @JCStressTest
    @Outcome(
            id = {"0, 0", "1, 1"},
            expect = ACCEPTABLE,
            desc = "not yet, or all of them")
    @Outcome(expect = FORBIDDEN, desc = "a place without its bytes")
    @State
    public static class Bytes {

        private static final byte[] TEXT = "across the end of a slab".getBytes(java.nio.charset.StandardCharsets.UTF_8);

        private final SlabMemory memory = new SlabMemory(POOL);
        private final ByteSlabs bytes = new ByteSlabs(memory);
        private final IntSlabs places = new IntSlabs(memory);

        /** The first slab is nearly full. */
        public Bytes() {
            places.ensure(1);
            bytes.reserve(SlabPool.SLAB_BYTES - 8);
        }

        /** Appends and releases the place. */
        @Actor
        public void writer() {
            places.setRelease(0, (int) bytes.append(TEXT, 0, TEXT.length));
        }

        /** Reads at the place. */
        @Actor
        public void reader(II_Result r) {
            int at = places.getAcquire(0);
            r.r1 = at == 0 ? 0 : 1;
            r.r2 = at == 0 || !bytes.equals(at, TEXT, 0, TEXT.length) ? 0 : 1;
        }

        /** Cleans up. */
        @Arbiter
        public void after() {
            memory.release();
        }
    }

    /** A table of hashes grows while somebody looks something up that was there, and something that comes. */
    @JCStressTest
    @Outcome(id = "(5), (-1|200)", expect = ACCEPTABLE, desc = "what was there is found; what comes, perhaps")
    @Outcome(expect = FORBIDDEN, desc = "lost while the table grew, or another's")
    @State
    public static class Hashes {

        private final HashSlots slots = new HashSlots(new SlabMemory(POOL));

        /** Full up to the next growth. */
        public Hashes() {
            for (int i = 0; i < 192; i++) {
                slots.add(i * 7919, i);
            }
        }

        /** Adds two, of which the first makes the table grow. */
        @Actor
        public void writer() {
            slots.add(199 * 7919, 199);
            slots.add(200 * 7919, 200);
        }

        /** Looks for both. */
        @Actor
        public void reader(II_Result r) {
            r.r1 = slots.find(5 * 7919, number -> number == 5);
            r.r2 = slots.find(200 * 7919, number -> number == 200);
        }
    }

    /** Two owners take and give: nobody gets a slab that another one has, and each is zeros. */
    @JCStressTest
    @Outcome(id = "0, 1", expect = ACCEPTABLE, desc = "two different ones, of zeros")
    @Outcome(expect = FORBIDDEN, desc = "one for both, or with another's bytes")
    @State
    public static class Pool {

        private static final SlabPool MINE = new SlabPool();

        private ByteBuffer first = POOL_EMPTY;
        private ByteBuffer second = POOL_EMPTY;
        private long dirt;

        /** Takes, marks, gives back, takes again. */
        @Actor
        public void owner() {
            first = take(1);
        }

        /** The same. */
        @Actor
        public void other() {
            second = take(2);
        }

        private ByteBuffer take(int mark) {
            ByteBuffer slab = MINE.take();
            long before = slab.getLong(0);
            slab.putLong(0, mark);
            MINE.give(slab);
            ByteBuffer again = MINE.take();
            if (before != 0 || again.getLong(0) != 0) {
                dirt = 1;
            }
            return again;
        }

        /** Compares, and gives both back. */
        @Arbiter
        public void after(II_Result r) {
            r.r1 = (int) dirt;
            first.putLong(8, 1);
            second.putLong(8, 2); // where one slab is both, the first has it too
            r.r2 = (int) first.getLong(8);
            MINE.give(first);
            MINE.give(second);
        }
    }

    private static final ByteBuffer POOL_EMPTY = ByteBuffer.allocate(0);
}
