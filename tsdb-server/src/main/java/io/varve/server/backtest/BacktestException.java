package io.varve.server.backtest;

/** A back-test that cannot be done; the message says what was refused, why, and what to do. */
public final class BacktestException extends RuntimeException {

    private static final long serialVersionUID = 1;

    public BacktestException(String message) {
        super(message);
    }

    public BacktestException(String message, Throwable cause) {
        super(message, cause);
    }
}
