package io.varve.query.plan;

import io.varve.core.model.TimeSource;
import io.varve.core.storage.ReadBudget;
import io.varve.query.QueryControl;
import io.varve.query.QueryException;
import io.varve.query.QueryException.Kind;
import io.varve.query.QueryLimits;
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
        if (samples > limits.maxSamples()) {
            throw new QueryException(
                    Kind.EXECUTION,
                    "query would load too many samples: limit=" + limits.maxSamples()
                            + ", use a narrower range or raise limits.query_samples");
        }
        if (bytes > limits.maxBytes()) {
            throw new QueryException(
                    Kind.EXECUTION,
                    "query would take too much memory: limit=" + limits.maxBytes()
                            + ", use a narrower range, a longer step or fewer series");
        }
        control.charge(moreSamples, moreBytes);
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

    /** Takes back bytes that were charged, of what is let go. */
    public void giveBack(long lessBytes) {
        bytes -= lessBytes;
    }

    /** Ends the query if its asker has gone or its time is up. */
    public void check() {
        if (control.isOver()) {
            throw new QueryException(Kind.CANCELED, "query was canceled");
        }
        if (clock.nanoTime() - began > timeoutNanos) {
            throw new QueryException(
                    Kind.TIMEOUT, "query timed out: limit=" + Duration.ofNanos(Math.max(0, timeoutNanos)));
        }
    }
}
