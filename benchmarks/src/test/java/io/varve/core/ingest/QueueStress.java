package io.varve.core.ingest;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import java.util.concurrent.ConcurrentLinkedQueue;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/** Messages of {@link BatchQueue}: whole, each once, a producer's in their order, whoever else is at work. */
public final class QueueStress {

    private static final int LENGTH = 24;
    private static final int TORN = 1_000_000;

    private QueueStress() {}

    private static byte[] message(int filling) {
        byte[] message = new byte[LENGTH];
        java.util.Arrays.fill(message, (byte) filling);
        return message;
    }

    /** Decimal digits of what comes out, the first message first; far above them if one is torn. */
    private static int drain(BatchQueue queue, int before) {
        int[] seen = {before};
        queue.drain(
                (buffer, offset, length) -> {
                    int first = buffer[offset];
                    for (int i = 0; i < length; i++) {
                        first = buffer[offset + i] == first ? first : TORN;
                    }
                    seen[0] = seen[0] * 10 + (length == LENGTH ? first : TORN);
                },
                10);
        return seen[0];
    }

    /** Two messages of one producer beside the agent: it sees none, the first, or both, and in the end both. */
    private abstract static class OneProducer {

        private final BatchQueue queue;
        private int seen;

        OneProducer(BatchQueue queue) {
            this.queue = queue;
        }

        final void produce() {
            queue.offer(message(1), LENGTH);
            queue.offer(message(2), LENGTH);
        }

        final void consume(II_Result r) {
            seen = drain(queue, 0);
            r.r1 = seen;
        }

        final int rest() {
            return drain(queue, seen);
        }
    }

    /** Of the ring. */
    @JCStressTest
    @Outcome(id = "(0|1|12), 12", expect = ACCEPTABLE, desc = "in order, none lost, none twice")
    @Outcome(expect = FORBIDDEN, desc = "lost, doubled, torn or out of order")
    @State
    public static class RingOneProducer extends OneProducer {

        private static final ConcurrentLinkedQueue<BatchQueue> IDLE = new ConcurrentLinkedQueue<>();

        private final BatchQueue mine;

        /** A ring that an earlier round has emptied, so that direct memory is not what is measured. */
        public RingOneProducer() {
            this(Rings.take(IDLE));
        }

        private RingOneProducer(BatchQueue queue) {
            super(queue);
            mine = queue;
        }

        /** Offers. */
        @Actor
        public void producer() {
            produce();
        }

        /** Drains. */
        @Actor
        public void agent(II_Result r) {
            consume(r);
        }

        /** Drains the rest. */
        @Arbiter
        public void after(II_Result r) {
            r.r2 = rest();
            IDLE.add(mine);
        }
    }

    /** Of the stand-in. */
    @JCStressTest
    @Outcome(id = "(0|1|12), 12", expect = ACCEPTABLE, desc = "in order, none lost, none twice")
    @Outcome(expect = FORBIDDEN, desc = "lost, doubled, torn or out of order")
    @State
    public static class HeapOneProducer extends OneProducer {

        /** An empty queue. */
        public HeapOneProducer() {
            super(new HeapQueue(1 << 10));
        }

        /** Offers. */
        @Actor
        public void producer() {
            produce();
        }

        /** Drains. */
        @Actor
        public void agent(II_Result r) {
            consume(r);
        }

        /** Drains the rest. */
        @Arbiter
        public void after(II_Result r) {
            r.r2 = rest();
        }
    }

    /** Two producers of the ring, with room for both. */
    @JCStressTest
    @Outcome(
            id = {"1, 12", "1, 21"},
            expect = ACCEPTABLE,
            desc = "both, once")
    @Outcome(expect = FORBIDDEN, desc = "lost, doubled or torn")
    @State
    public static class RingTwoProducers {

        private static final ConcurrentLinkedQueue<BatchQueue> IDLE = new ConcurrentLinkedQueue<>();

        private final BatchQueue queue = Rings.take(IDLE);
        private boolean first;
        private boolean second;

        /** Offers. */
        @Actor
        public void producer() {
            first = queue.offer(message(1), LENGTH);
        }

        /** Offers too. */
        @Actor
        public void other() {
            second = queue.offer(message(2), LENGTH);
        }

        /** Drains. */
        @Arbiter
        public void after(II_Result r) {
            r.r1 = first && second ? 1 : 0;
            r.r2 = drain(queue, 0);
            IDLE.add(queue);
        }
    }

    /** Two producers of the stand-in, with room for one: one is refused and leaves no trace, or both are. */
    @JCStressTest
    @Outcome(
            id = {"1, 1", "2, 2", "0, 0"},
            expect = ACCEPTABLE,
            desc = "what was taken comes out")
    @Outcome(expect = FORBIDDEN, desc = "lost, doubled, torn or beyond the bound")
    @State
    public static class HeapTwoProducersForOnePlace {

        private final BatchQueue queue = new HeapQueue(LENGTH);
        private boolean first;
        private boolean second;

        /** Offers. */
        @Actor
        public void producer() {
            first = queue.offer(message(1), LENGTH);
        }

        /** Offers too. */
        @Actor
        public void other() {
            second = queue.offer(message(2), LENGTH);
        }

        /** Drains. */
        @Arbiter
        public void after(II_Result r) {
            r.r1 = (first ? 1 : 0) + (second ? 2 : 0);
            r.r2 = drain(queue, 0) + (queue.usedBytes() == 0 ? 0 : TORN);
        }
    }

    /** Rings that are used again. */
    private static final class Rings {

        private Rings() {}

        static BatchQueue take(ConcurrentLinkedQueue<BatchQueue> idle) {
            BatchQueue known = idle.poll();
            return known == null ? new RingQueue(1 << 10) : known;
        }
    }
}
