package io.varve.server.http;

/** Is told about each request once it is answered; called from any thread, must not block. */
@FunctionalInterface
public interface RequestObserver {

    /** Watches nothing. */
    RequestObserver NONE = (method, route, status, nanos) -> {};

    /**
     * The route of a request was found; {@link #answered} follows with the same route.
     *
     * @param route the pattern of its route
     */
    default void began(String route) {}

    /**
     * A request has a body, or announces one that is too large.
     *
     * @param bytes as sent
     */
    default void body(long bytes) {}

    /**
     * A request was answered.
     *
     * @param method the method, in upper case
     * @param route the pattern of its route, or the empty string if it has none
     * @param status the status of the answer
     * @param nanos from the request's headers to the end of its answer
     */
    void answered(String method, String route, int status, long nanos);
}
