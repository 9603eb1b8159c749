package io.varve.query;

import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What all queries of a process, or of a part of its users, may hold together, in bytes. A query takes from it whatever
 * it charges to its own budget and gives all of it back at its end. Any thread; no locks.
 */
public final class QueryMemory {

    /** No limit beside that of each query. */
    public static final QueryMemory UNLIMITED = new QueryMemory(() -> Long.MAX_VALUE);

    private final String whose;
    private final LongSupplier most;
    private final @Nullable QueryMemory whole;
    private final Runnable refused;
    private final AtomicLong used = new AtomicLong();

    /** @param most bytes that may be taken at a time, asked for whenever some are */
    public QueryMemory(LongSupplier most) {
        this("all queries", most, null, () -> {});
    }

    private QueryMemory(String whose, LongSupplier most, @Nullable QueryMemory whole, Runnable refused) {
        this.whose = whose;
        this.most = most;
        this.whole = whole;
        this.refused = refused;
    }

    /**
     * A part of this for some of the queries: what they take counts in both.
     *
     * @param whose the queries, in the plural, for messages
     * @param part bytes that they may take at a time
     * @param over is told whenever they would take more than their part
     */
    public QueryMemory part(String whose, LongSupplier part, Runnable over) {
        return new QueryMemory(whose, part, this, over);
    }

    /**
     * Takes bytes; they are to be given back, also if this fails.
     *
     * @return whether they fit
     */
    public boolean take(long bytes) {
        boolean fits = used.addAndGet(bytes) <= most.getAsLong();
        if (!fits && bytes > 0) {
            refused.run();
        }
        return (whole == null || whole.take(bytes)) && fits;
    }

    /** Gives back what was taken. */
    public void giveBack(long bytes) {
        used.addAndGet(-bytes);
        if (whole != null) {
            whole.giveBack(bytes);
        }
    }

    /** Bytes that are taken now. */
    public long used() {
        return used.get();
    }

    /** Bytes that may be taken at a time. */
    public long most() {
        return most.getAsLong();
    }

    /** Of this and what it is a part of the one that has no room: this if it has none itself. */
    public QueryMemory full() {
        return whole == null || used.get() > most.getAsLong() ? this : whole.full();
    }

    /** Whose queries it is for, in the plural. */
    public String whose() {
        return whose;
    }
}
