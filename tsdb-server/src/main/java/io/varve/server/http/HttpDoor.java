package io.varve.server.http;

import java.io.IOException;

/**
 * What answers the requests of one route. Runs in a thread of the server's bounded pool; it may wait for the client's
 * body or evaluate, but not for another request. It answers by {@link HttpExchange#respond}, exactly once, before it
 * returns or later from any thread.
 */
@FunctionalInterface
public interface HttpDoor {

    /**
     * Answers a request.
     *
     * @throws HttpProblem if the request cannot be answered; the router writes it as a JSON error
     * @throws IOException if the client's body cannot be read; the connection is closed then
     */
    void handle(HttpExchange exchange) throws IOException;
}
