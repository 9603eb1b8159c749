package io.varve.query;

import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * What all queries of a process may hold together, in bytes. A query takes from it whatever it charges to its own
 * budget and gives all of it back at its end. Any thread; no locks.
 */
public final class QueryMemory {

    /** No limit beside that of each query. */
    public static final QueryMemory UNLIMITED = new QueryMemory(() -> Long.MAX_VALUE);

    private final LongSupplier most;
    private final AtomicLong used = new AtomicLong();

    /** @param most bytes that may be taken at a time, asked for whenever some are */
    public QueryMemory(LongSupplier most) {
        this.most = most;
    }

    /**
     * Takes bytes; they are to be given back, also if this fails.
     *
     * @return whether they fit
     */
    public boolean take(long bytes) {
        return used.addAndGet(bytes) <= most.getAsLong();
    }

    /** Gives back what was taken. */
    public void giveBack(long bytes) {
        used.addAndGet(-bytes);
    }

    /** Bytes that are taken now. */
    public long used() {
        return used.get();
    }

    /** Bytes that may be taken at a time. */
    public long most() {
        return most.getAsLong();
    }
}
