package io.varve.query;

/**
 * A query's turn at the processors, where queries of several users share them. The query's own thread alone calls what
 * is here, {@link #help} excepted. A turn that was never begun costs nothing and holds nobody back.
 */
public interface QueryTurn {

    /** The processors are shared with nobody. */
    QueryTurn FREE = new QueryTurn() {
        @Override
        public void begin() {}

        @Override
        public void goOn() {}

        @Override
        public void end() {}
    };

    /** The query begins to work; waits a bounded time if it is not its turn. */
    void begin();

    /**
     * The query is about to go on with its work; waits a bounded time if others are to come first. Called often, where
     * no lock is held.
     */
    void goOn();

    /** The query works no more; a second time it does nothing but count what the thread has done since. */
    void end();

    /** Does a part of the query's work in a thread that helps it. */
    default void help(Runnable work) {
        work.run();
    }
}
