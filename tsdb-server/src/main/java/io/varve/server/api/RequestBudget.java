package io.varve.server.api;

import io.varve.core.storage.ReadBudget;
import io.varve.query.QueryTurn;
import io.varve.server.http.ErrorType;
import io.varve.server.http.HttpExchange;
import io.varve.server.http.HttpProblem;

/** Stops a read that takes too much memory or time, or whose client has gone. To be closed at its end. */
final class RequestBudget implements ReadBudget, AutoCloseable {

    private final ApiContext context;
    private final HttpExchange exchange;
    private final long deadline;
    private final QueryTurn turn;
    private long samplesLeft;
    private long bytesLeft;
    private long held;

    /** Of a request that begins now. */
    RequestBudget(ApiContext context, HttpExchange exchange) {
        this.context = context;
        this.exchange = exchange;
        deadline = context.clock().nanoTime()
                + context.config().limits().queryTimeout().toNanos();
        samplesLeft = context.config().limits().querySamples();
        bytesLeft = context.config().limits().queryBytes();
        turn = context.active().turn();
        turn.begin();
    }

    @Override
    public void charge(long samples, long bytes) {
        turn.goOn();
        samplesLeft -= samples;
        bytesLeft -= bytes;
        held += bytes;
        if (!context.active().memory().take(bytes)) {
            throw HttpProblem.busy(
                    context.active().memory().full().whose()
                            + " together would take too much memory: try again when others have ended",
                    1);
        }
        if (samplesLeft < 0 || bytesLeft < 0) {
            throw HttpProblem.of(
                    ErrorType.EXECUTION, "this would read too much: narrow the selector or the time range");
        }
        if (context.clock().nanoTime() - deadline > 0) {
            throw HttpProblem.of(ErrorType.TIMEOUT, "this took longer than limits.query_timeout");
        }
        if (exchange.clientGone()) {
            throw HttpProblem.of(ErrorType.CANCELED, "the client has gone");
        }
    }

    @Override
    public void close() {
        turn.end();
        context.active().memory().giveBack(held);
        held = 0;
    }
}
