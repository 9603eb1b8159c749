package io.varve.server.http;

/** Tells whether a request's client is still there. */
@FunctionalInterface
interface ClientWatch {

    /** Whether the client has hung up, as far as is known. Callable from any thread. */
    boolean gone();
}
