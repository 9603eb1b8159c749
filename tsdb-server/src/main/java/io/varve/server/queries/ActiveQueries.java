package io.varve.server.queries;

import io.varve.core.model.TimeSource;
import io.varve.query.QueryControl;
import io.varve.query.QueryMemory;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;

/** The queries that are being answered. Any thread; no locks. */
public final class ActiveQueries {

    private final TimeSource clock;
    private final QueryMemory memory;
    private final SlowQueryLog slow;
    private final ConcurrentHashMap<Long, ActiveQuery> active = new ConcurrentHashMap<>();
    private final AtomicLong ids = new AtomicLong();

    /**
     * None yet.
     *
     * @param memory what they take their bytes from
     * @param slow is told of each that has ended
     */
    public ActiveQueries(TimeSource clock, QueryMemory memory, SlowQueryLog slow) {
        this.clock = clock;
        this.memory = memory;
        this.slow = slow;
    }

    /**
     * A query has come; whoever answers it closes what this returns.
     *
     * @param client its address
     * @param gone whether nobody waits for the answer any more
     */
    public ActiveQuery begin(String expression, String client, BooleanSupplier gone) {
        long id = ids.incrementAndGet();
        ActiveQuery query = new ActiveQuery(
                this, id, expression, client, clock.epochNanos(), clock.nanoTime(), new QueryControl(gone, memory));
        active.put(id, query);
        return query;
    }

    void ended(ActiveQuery query) {
        if (active.remove(query.id()) != null) {
            query.control().close();
            slow.ended(query, nanos(query));
        }
    }

    /** Those that are being answered, oldest first. */
    public List<ActiveQuery> list() {
        return active.values().stream()
                .sorted(Comparator.comparingLong(ActiveQuery::id))
                .toList();
    }

    /** For how long a query has been there. */
    public long nanos(ActiveQuery query) {
        return clock.nanoTime() - query.startedNanoTime();
    }

    /**
     * Ends a query soon; its client gets 499.
     *
     * @return whether there is one of that number
     */
    public boolean cancel(long id) {
        ActiveQuery query = active.get(id);
        if (query == null) {
            return false;
        }
        query.control().cancel();
        return true;
    }

    /** What all of them hold. */
    public QueryMemory memory() {
        return memory;
    }
}
