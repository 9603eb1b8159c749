package io.varve.server.http;

/** Says whose doors answer a request. Asked once a request, by any thread, before its body is read. */
@FunctionalInterface
public interface RouterSource {

    /**
     * The doors for a request.
     *
     * @throws HttpProblem if its headers name nobody who has doors
     */
    Router of(HttpExchange exchange);
}
