package io.varve.server.backtest;

/** Where a back-test reads. One thread. */
public interface History extends AutoCloseable {

    /** Takes what is read. */
    @FunctionalInterface
    interface Sink {
        /**
         * Takes samples of one series, in order of time.
         *
         * @param name of the series with its labels
         * @param count samples, from index 0
         * @param times milliseconds since the epoch
         * @param values as many
         */
        void take(String name, int count, long[] times, double[] values);
    }

    /**
     * Reads all series between two times, each at most once.
     *
     * @param fromMs first millisecond
     * @param toMs last millisecond, included
     * @throws BacktestException if that fails
     */
    void read(BacktestSettings settings, long fromMs, long toMs, Sink sink);

    @Override
    void close();
}
