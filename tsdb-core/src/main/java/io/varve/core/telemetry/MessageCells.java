package io.varve.core.telemetry;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * What a pipeline counts of all its messages, chosen or not: how many have passed each stage, and how many of those
 * that ended are not yet in the weights that were recorded. Threads are spread over places by their number; the first
 * of a place has a stripe of its own there, into which it writes without atomic operations, and all others of that
 * place share another. A message may pass its stages in several stripes. Lock-free, any thread, one addition a stage.
 */
final class MessageCells {

    private static final VarHandle CELLS = MethodHandles.arrayElementVarHandle(long[].class);
    private static final VarHandle STRIPES = MethodHandles.arrayElementVarHandle(long[][].class);
    private static final int PLACE_LIMIT = 8;
    private static final int MASK = Math.min(
                    PLACE_LIMIT,
                    Integer.highestOneBit(Math.max(1, 2 * Runtime.getRuntime().availableProcessors() - 1)))
            - 1;

    /** Cells lie between cache lines of nothing, so that stripes do not share one. */
    private static final int PASSED = 8;

    private static final int BALANCE = PASSED + Pipeline.MAX_STAGES;
    private static final int SALT = BALANCE + 1;

    /** The only thread that writes, or {@link #SHARED}. */
    private static final int OWNER = SALT + 1;

    /** Of messages from elsewhere: where the present block of them ends, and whether one of it was chosen. */
    private static final int BLOCK_END = OWNER + 1;

    private static final int TAKEN = BLOCK_END + 1;

    /** Messages that a step lacks. */
    private static final int OWED = TAKEN + 1;

    private static final int CELL_COUNT = OWED + Pipeline.MAX_STAGES + 8;
    private static final long SHARED = -1;

    /** So many messages may be owed to a step, or so many blocks: more would be too much for one to stand for. */
    private static final long LEAST_OWED = 1_024;

    private static final long MOST_BLOCKS_OWED = 32;

    /** So many times its own weight a message may leave open before another weighs more or less for it. */
    private static final int SLACK = 2;

    private final int last;
    private final long seed;

    /** Of each place the stripe of one thread, then of each the one that is shared. */
    private final long[] @Nullable [] stripes = new long[2 * (MASK + 1)][];

    /**
     * Cells of nothing.
     *
     * @param stages of the pipeline
     * @param seed what its choices begin with
     */
    MessageCells(int stages, long seed) {
        this.last = stages - 1;
        this.seed = seed;
    }

    /** Those of the thread that asks. */
    long[] mine() {
        long thread = Thread.currentThread().getId();
        int place = (int) thread & MASK;
        long[] own = stripe(place, thread);
        return own[OWNER] == thread ? own : stripe(MASK + 1 + place, SHARED);
    }

    private long[] stripe(int place, long owner) {
        long[] there = (long[]) STRIPES.getAcquire(stripes, place);
        return there == null ? make(place, owner) : there;
    }

    private long[] make(int place, long owner) {
        long[] fresh = new long[CELL_COUNT];
        fresh[SALT] = SamplePlan.mix(seed + place);
        fresh[OWNER] = owner;
        long[] witness = (long[]) STRIPES.compareAndExchange(stripes, place, (long[]) null, fresh);
        return witness == null ? fresh : witness;
    }

    /** Adds to a cell of the thread that asks; what it was before. */
    private static long add(long[] cells, int cell, long amount) {
        if (cells[OWNER] == SHARED) {
            return (long) CELLS.getAndAdd(cells, cell, amount);
        }
        long before = cells[cell];
        CELLS.setRelease(cells, cell, before + amount);
        return before;
    }

    /** What the choices of a stripe begin with. */
    static long salt(long[] cells) {
        return cells[SALT];
    }

    /** A message has come to the first stage; how many had before it, in this stripe. */
    static long start(long[] cells) {
        return add(cells, PASSED, 1);
    }

    /** A message has come from one stage to a later one. */
    static void pass(long[] cells, int from, int to) {
        for (int stage = from + 1; stage <= to; stage++) {
            add(cells, PASSED + stage, 1);
        }
    }

    /** A message has ended in an earlier stage than the last, or come to that; how many had, in this stripe. */
    long end(long[] cells, int from) {
        pass(cells, from, last - 1);
        return add(cells, PASSED + last, 1);
    }

    /** A message has ended that was not chosen, and is recorded by another's weight. */
    static void owe(long[] cells) {
        add(cells, BALANCE, 1);
    }

    /**
     * A message has ended that was chosen, and stands for those that were not.
     *
     * @param weight for how many it was chosen
     * @return for how many it is recorded
     */
    static long settle(long[] cells, int weight) {
        long open = (long) CELLS.getVolatile(cells, BALANCE) + 1 - weight;
        long most = (long) SLACK * weight;
        long recorded = weight;
        if (open > most) {
            recorded += open - most;
        } else if (open < -most) {
            recorded = Math.max(1, recorded + open + most);
        }
        if (recorded != 1) {
            add(cells, BALANCE, 1 - recorded);
        }
        return recorded;
    }

    /**
     * Whether a message that comes from elsewhere is chosen: of each block one that was chosen there, so that all its
     * stages are stamped, and the last one if there is none.
     *
     * @param count how many came before it, in this stripe
     * @param length of the block that begins with it, if one does
     * @param skipped so many first ones of that block are not chosen
     */
    static boolean takesTurn(long[] cells, long count, int length, int skipped, boolean stamped) {
        long end = (long) CELLS.getVolatile(cells, BLOCK_END);
        if (count >= end) {
            end = count + length;
            CELLS.setVolatile(cells, BLOCK_END, end);
            CELLS.setVolatile(cells, TAKEN, 0L);
        }
        boolean takes = (long) CELLS.getVolatile(cells, TAKEN) == 0
                && (stamped && end - count <= length - skipped || count >= end - 1);
        if (takes) {
            CELLS.setVolatile(cells, TAKEN, 1L);
        }
        return takes;
    }

    /** A step of a message that was chosen here has no stamps, since it was not chosen elsewhere. */
    static void oweStep(long[] cells, int step, long weight) {
        if ((long) CELLS.getVolatile(cells, OWED + step) < Math.max(LEAST_OWED, MOST_BLOCKS_OWED * weight)) {
            add(cells, OWED + step, weight);
        }
    }

    /** For how many more than its own weight a step stands, since they had none. */
    static long settleStep(long[] cells, int step) {
        long owed = (long) CELLS.getVolatile(cells, OWED + step);
        return owed == 0 ? 0 : (long) CELLS.getAndSet(cells, OWED + step, 0L);
    }

    /** Messages that have started. */
    long started() {
        return sum(PASSED);
    }

    /** Messages that have started and not ended; never below zero. */
    long inFlight() {
        long ended = sum(PASSED + last);
        return sum(PASSED) - ended;
    }

    /** Messages that have come to a stage and not to a later one. */
    long inFlight(int stage) {
        long left = sum(PASSED + stage + 1);
        return sum(PASSED + stage) - left;
    }

    private long sum(int cell) {
        long sum = 0;
        for (int i = 0; i < stripes.length; i++) {
            long[] cells = (long[]) STRIPES.getAcquire(stripes, i);
            sum += cells == null ? 0 : (long) CELLS.getVolatile(cells, cell);
        }
        return sum;
    }

    /** Bytes of memory. */
    long bytes() {
        long bytes = 32 + 16 + 4L * stripes.length;
        for (int i = 0; i < stripes.length; i++) {
            bytes += STRIPES.getAcquire(stripes, i) == null ? 0 : 16 + 8L * CELL_COUNT;
        }
        return bytes;
    }
}
