package io.varve.core.telemetry;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * Stamps of ended messages on their way to a store: a bounded ring that many threads fill and one empties. Filling
 * takes a compare-and-set and a copy, waits for nobody and allocates nothing; when the ring is full the message is
 * dropped and counted.
 *
 * <p>Each slot has a number that says whose turn it is (D. Vyukov's bounded queue): the ticket of the thread that may
 * fill it, or one more once it is filled.
 */
public final class RawLatencies {

    /** A stage that was not stamped. */
    public static final long MISSING = Stamps.MISSING;

    /** Name of the counter of messages that found no room. */
    public static final String DROPPED = "varve_telemetry_latencies_dropped_total";

    /** Messages that wait for a store, unless it is made for others. */
    public static final int MESSAGES = 1 << 16;

    private static final VarHandle CELLS = MethodHandles.arrayElementVarHandle(long[].class);
    private static final VarHandle TAIL;

    static {
        try {
            TAIL = MethodHandles.lookup().findVarHandle(RawLatencies.class, "tail", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    /** Longs of a slot: its number, the last stage that the message came to, and the stamps. */
    private static final int SLOT = 2 + Pipeline.MAX_STAGES;

    private final long[] cells;
    private final @Nullable Pipeline[] pipelines;
    private final int mask;
    private final LongAdder dropped = new LongAdder();

    @SuppressWarnings("unused") // through TAIL
    private volatile long tail;

    /** Of the thread that empties. */
    private long head;

    /**
     * An empty ring.
     *
     * @param messages that it holds, a power of two
     */
    RawLatencies(int messages) {
        if (Integer.bitCount(messages) != 1 || messages > 1 << 24) {
            throw new IllegalArgumentException("a power of two, at most 2^24: messages=" + messages);
        }
        cells = new long[messages * SLOT];
        pipelines = new @Nullable Pipeline[messages];
        mask = messages - 1;
        for (int i = 0; i < messages; i++) {
            cells[i * SLOT] = i;
        }
    }

    /** Takes the stamps of messages, one after another. */
    @FunctionalInterface
    public interface Sink {

        /**
         * Takes one message.
         *
         * @param stamps of the pipeline's stages by the registry's monotonic clock, up to {@code last}; valid during
         *     the call only
         * @param last the last stage that it came to
         */
        void message(Pipeline pipeline, long[] stamps, int last);
    }

    /**
     * Takes an ended message; any thread.
     *
     * @param stamps a reading of the registry's monotonic clock for each stage, or {@link Stamps#MISSING}; copied
     * @param last the last stage that it came to
     * @return false, and counted, if there is no room
     */
    boolean offer(Pipeline pipeline, long[] stamps, int last) {
        while (true) {
            long ticket = (long) TAIL.getVolatile(this);
            int slot = (int) ticket & mask;
            int base = slot * SLOT;
            long turn = (long) CELLS.getAcquire(cells, base);
            if (turn == ticket) {
                if (TAIL.weakCompareAndSet(this, ticket, ticket + 1)) {
                    pipelines[slot] = pipeline;
                    cells[base + 1] = last;
                    System.arraycopy(stamps, 0, cells, base + 2, last + 1);
                    CELLS.setRelease(cells, base, ticket + 1);
                    return true;
                }
            } else if (turn < ticket) { // what was put there a round ago is there still
                dropped.increment();
                return false;
            }
        }
    }

    /**
     * Empties the ring; one thread at a time.
     *
     * @return number of messages
     */
    public int drain(Sink sink) {
        long[] stamps = new long[Pipeline.MAX_STAGES];
        int drained = 0;
        while (drained <= mask) {
            int slot = (int) head & mask;
            int base = slot * SLOT;
            if ((long) CELLS.getAcquire(cells, base) != head + 1) {
                break;
            }
            Pipeline pipeline = pipelines[slot];
            int last = (int) cells[base + 1];
            System.arraycopy(cells, base + 2, stamps, 0, last + 1);
            pipelines[slot] = null;
            CELLS.setRelease(cells, base, head + mask + 1);
            head++;
            drained++;
            if (pipeline != null) {
                sink.message(pipeline, stamps, last);
            }
        }
        return drained;
    }

    /** Messages that found no room. */
    public long dropped() {
        return dropped.sum();
    }

    /** Bytes of memory. */
    public long bytes() {
        return 8L * cells.length + 4L * pipelines.length;
    }
}
