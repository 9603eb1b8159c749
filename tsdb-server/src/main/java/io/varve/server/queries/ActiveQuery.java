package io.varve.server.queries;

import io.varve.query.QueryControl;

/**
 * A query from its arrival to the end of its answer. Its state is written by the thread that answers it, read by any.
 * Closed once, when its answer was sent or it failed.
 */
public final class ActiveQuery implements AutoCloseable {

    /** How far it is. */
    public enum State {
        /** Others are answered first. */
        WAITING,
        /** It is evaluated. */
        RUNNING,
        /** Its answer is sent. */
        ANSWERING
    }

    private final ActiveQueries all;
    private final long id;
    private final String expression;
    private final String client;
    private final long startedEpochNanos;
    private final long startedNanoTime;
    private final QueryControl control;
    private volatile State state = State.WAITING;
    private volatile String outcome = "failed";

    ActiveQuery(
            ActiveQueries all,
            long id,
            String expression,
            String client,
            long startedEpochNanos,
            long startedNanoTime,
            QueryControl control) {
        this.all = all;
        this.id = id;
        this.expression = expression;
        this.client = client;
        this.startedEpochNanos = startedEpochNanos;
        this.startedNanoTime = startedNanoTime;
        this.control = control;
    }

    /** Its number, from 1; never used again by this process. */
    public long id() {
        return id;
    }

    /** What was asked. */
    public String expression() {
        return expression;
    }

    /** The address of its client. */
    public String client() {
        return client;
    }

    /** When it came, nanoseconds since 1970. */
    public long startedEpochNanos() {
        return startedEpochNanos;
    }

    /** When it came, by the clock that measures spans. */
    long startedNanoTime() {
        return startedNanoTime;
    }

    /** What it has used, and the way to end it. */
    public QueryControl control() {
        return control;
    }

    /** How far it is. */
    public State state() {
        return state;
    }

    /** It is evaluated from now on. */
    public void running() {
        state = State.RUNNING;
    }

    /** Its answer is sent from now on: it holds back nobody any more, however slowly its client reads. */
    public void answering() {
        state = State.ANSWERING;
        control.turn().end();
    }

    /** Says how it ended, in a word or two. */
    public void ended(String how) {
        outcome = how;
    }

    /** How it ended. */
    String outcome() {
        return outcome;
    }

    @Override
    public void close() {
        all.ended(this);
    }
}
