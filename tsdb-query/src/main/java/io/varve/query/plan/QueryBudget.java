package io.varve.query.plan;

import io.varve.core.model.TimeSource;
import io.varve.core.storage.ReadBudget;
import io.varve.query.QueryControl;
import io.varve.query.QueryException;
import io.varve.query.QueryException.Kind;
import io.varve.query.QueryLimits;
import io.varve.query.QueryTurn;
import io.varve.query.QueryWatch;
import java.time.Duration;

/**
 * What a query has used of what it may use. The store charges it while reading, evaluation charges rows and asks it
 * between series whether to go on. Bytes count what was taken at any time, which bounds what is held.
 */
public final class QueryBudget implements ReadBudget {

    private final QueryLimits limits;
    private final QueryControl control;
    private final TimeSource clock;
    private final long began;
    private final long timeoutNanos;
    private long samples;
    private long bytes;

    /**
     * A budget that nothing was taken from.
     *
     * @param timeout the asker's own limit of time, zero for the engine's; below zero it is up already
     */
    public QueryBudget(QueryLimits limits, Duration timeout, QueryControl control, TimeSource clock) {
        this.limits = limits;
        this.control = control;
        this.clock = clock;
        this.began = clock.nanoTime();
        boolean own = !timeout.isZero() && timeout.compareTo(limits.timeout()) < 0;
        this.timeoutNanos = (own ? timeout : limits.timeout()).toNanos();
    }

    /** Samples decoded so far. */
    public long samples() {
        return samples;
    }

    /** Tells what was used; at the query's end. */
    public void tell(QueryWatch watch, int points) {
        if (watch != QueryWatch.NONE) { // where nobody watches the clock is not read for it
            watch.ended(samples, points, bytes, clock.nanoTime() - began);
        }
    }

    @Override
    public void charge(long moreSamples, long moreBytes) {
        check();
        samples += moreSamples;
        bytes += moreBytes;
        checkLimits(samples, bytes);
        control.charge(moreSamples, moreBytes);
    }

    /** Ends the query if so much is too much. Any thread. */
    void checkLimits(long someSamples, long someBytes) {
        if (someSamples > limits.maxSamples()) {
            throw new QueryException(
                    Kind.EXECUTION,
                    "query would load too many samples: limit=" + limits.maxSamples()
                            + ", use a narrower range or raise limits.query_samples");
        }
        if (someBytes > limits.maxBytes()) {
            throw new QueryException(
                    Kind.EXECUTION,
                    "query would take too much memory: limit=" + limits.maxBytes()
                            + ", use a narrower range, a longer step or fewer series");
        }
    }

    /**
     * Takes bytes for a while beside those that count, if they fit.
     *
     * @return whether they did; if so they are to be given back by {@link #giveBackLent}
     */
    public boolean lend(long some) {
        return bytes + some <= limits.maxBytes() && control.lend(some);
    }

    /** Gives back what was lent. */
    public void giveBackLent(long lent) {
        control.giveBack(lent);
    }

    /** How long the query has run, nanoseconds. */
    public long nanos() {
        return clock.nanoTime() - began;
    }

    /**
     * Takes note of a series that is about to be read.
     *
     * @throws QueryException as {@link #check}
     */
    public void series() {
        control.readSeries();
        check();
    }

    @Override
    public void read(long bytesRead) {
        control.read(bytesRead);
    }

    /** Takes back bytes that were charged, of what is let go. */
    public void giveBack(long lessBytes) {
        bytes -= lessBytes;
        control.letGo(lessBytes);
    }

    /** The query's turn at the processors. */
    public QueryTurn turn() {
        return control.turn();
    }

    /** Ends the query if its asker has gone or its time is up; lets others come first if it is their turn. */
    public void check() {
        control.turn().goOn();
        if (control.isOver()) {
            throw new QueryException(Kind.CANCELED, "query was canceled");
        }
        if (clock.nanoTime() - began > timeoutNanos) {
            throw new QueryException(
                    Kind.TIMEOUT, "query timed out: limit=" + Duration.ofNanos(Math.max(0, timeoutNanos)));
        }
    }
}
