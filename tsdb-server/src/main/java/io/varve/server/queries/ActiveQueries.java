package io.varve.server.queries;

import io.varve.core.model.TimeSource;
import io.varve.query.QueryControl;
import io.varve.query.QueryMemory;
import io.varve.query.QueryTurn;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** The queries that are being answered. Any thread; no locks. */
public final class ActiveQueries {

    private final TimeSource clock;
    private final QueryMemory memory;
    private final Supplier<QueryTurn> turns;
    private final SlowQueryLog slow;
    private final ConcurrentHashMap<Long, ActiveQuery> active = new ConcurrentHashMap<>();
    private final AtomicLong ids = new AtomicLong();

    /** None yet, which share the processors with nobody; otherwise as the other. */
    public ActiveQueries(TimeSource clock, QueryMemory memory, SlowQueryLog slow) {
        this(clock, memory, () -> QueryTurn.FREE, slow);
    }

    /**
     * None yet.
     *
     * @param memory what they take their bytes from
     * @param turns gives each of them its turn at the processors
     * @param slow is told of each that has ended
     */
    public ActiveQueries(TimeSource clock, QueryMemory memory, Supplier<QueryTurn> turns, SlowQueryLog slow) {
        this.clock = clock;
        this.memory = memory;
        this.turns = turns;
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
        QueryControl control = new QueryControl(gone, memory, turn());
        ActiveQuery query =
                new ActiveQuery(this, id, expression, client, clock.epochNanos(), clock.nanoTime(), control);
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

    /** A turn at the processors for something that reads as they do. */
    public QueryTurn turn() {
        return turns.get();
    }

    /** What all of them hold. */
    public QueryMemory memory() {
        return memory;
    }
}
