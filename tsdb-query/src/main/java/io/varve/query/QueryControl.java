package io.varve.query;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;

/**
 * A query while it is answered, seen from outside: what it has used so far, and the way to end it. Written by the
 * query's threads, read and cancelled by any. To be closed when nothing of the result is held any more: its bytes count
 * against the memory of all queries until then.
 */
public final class QueryControl implements AutoCloseable {

    private final BooleanSupplier gone;
    private final QueryMemory memory;
    private final QueryTurn turn;
    private final AtomicLong series = new AtomicLong();
    private final AtomicLong samples = new AtomicLong();
    private final AtomicLong bytes = new AtomicLong();
    private final AtomicLong bytesRead = new AtomicLong();
    private final AtomicBoolean closed = new AtomicBoolean();
    private volatile boolean cancelled;

    /** A query that shares the processors with nobody; otherwise as the other. */
    public QueryControl(BooleanSupplier gone, QueryMemory memory) {
        this(gone, memory, QueryTurn.FREE);
    }

    /**
     * A query that has used nothing yet.
     *
     * @param gone whether nobody waits for its answer any more; asked now and then by the query's threads
     * @param memory what it takes its bytes from
     * @param turn its turn at the processors; begun by whoever has it answered, ended here
     */
    public QueryControl(BooleanSupplier gone, QueryMemory memory, QueryTurn turn) {
        this.gone = gone;
        this.memory = memory;
        this.turn = turn;
    }

    /** Its turn at the processors. */
    public QueryTurn turn() {
        return turn;
    }

    /** Ends the query soon, with {@link QueryException.Kind#CANCELED}. */
    public void cancel() {
        cancelled = true;
    }

    /** Whether somebody asked to end it. */
    public boolean isCancelled() {
        return cancelled;
    }

    /** Whether it should end: somebody asked for it, or nobody waits. */
    public boolean isOver() {
        return cancelled || gone.getAsBoolean();
    }

    /**
     * Takes note of work that is about to be done.
     *
     * @throws QueryException if all queries together would hold too much
     */
    public void charge(long moreSamples, long moreBytes) {
        if (moreSamples != 0) {
            samples.addAndGet(moreSamples);
        }
        if (moreBytes == 0) {
            return;
        }
        long own = bytes.addAndGet(moreBytes);
        if (!memory.take(moreBytes)) {
            QueryMemory full = memory.full();
            boolean alone = own > full.most();
            throw new QueryException(
                    alone ? QueryException.Kind.EXECUTION : QueryException.Kind.UNAVAILABLE,
                    full.whose() + " together would take too much memory: limit=" + full.most() + ", "
                            + (alone
                                    ? "use a narrower range, a longer step or fewer series"
                                    : "try again when others have ended"));
        }
    }

    /**
     * Takes bytes for a while that do not count as the query's, such as those of results that are not in order yet.
     *
     * @return whether there are so many; if so, whoever took them gives them back by {@link #giveBack}
     */
    public boolean lend(long some) {
        boolean lent = memory.take(some);
        if (!lent) {
            memory.giveBack(some);
        }
        return lent;
    }

    /** Gives back what was lent. */
    public void giveBack(long lent) {
        memory.giveBack(lent);
    }

    /** Takes note of one more series that is read. */
    public void readSeries() {
        series.incrementAndGet();
    }

    /** Takes back bytes that were charged, of what is let go. */
    public void letGo(long lessBytes) {
        bytes.addAndGet(-lessBytes);
        memory.giveBack(lessBytes);
    }

    /** Takes note of bytes that were read, as they are encoded. */
    public void read(long more) {
        bytesRead.addAndGet(more);
    }

    /** Bytes of postings, directories and pages read so far, as they are encoded. */
    public long bytesRead() {
        return bytesRead.get();
    }

    /** Series read so far; one that several selectors read counts as often. */
    public long series() {
        return series.get();
    }

    /** Samples decoded so far. */
    public long samples() {
        return samples.get();
    }

    /** Bytes taken so far, without those that were let go. */
    public long bytes() {
        return bytes.get();
    }

    /** Ends its turn and gives back what it has taken; once. */
    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            turn.end();
            memory.giveBack(bytes.get());
        }
    }
}
