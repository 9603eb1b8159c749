package io.varve.server.http;

/** Is told about each request once it is answered; called from any thread, must not block. */
@FunctionalInterface
public interface RequestObserver {

    /** Watches nothing. */
    RequestObserver NONE = (method, route, status, nanos) -> {};

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
