/**
 * HTTP for everything that the server offers: routes, exchanges, limits, errors, and the orderly end.
 *
 * <p>Entry: {@link io.varve.server.http.HttpServer}. What is offered is written as {@link
 * io.varve.server.http.HttpDoor}s and registered with a {@link io.varve.server.http.Router}; Jetty is seen in this
 * package alone. Imported by every other package of the server but its configuration. Doors run in threads of a bounded
 * pool and may answer later from any thread.
 */
@NullMarked
package io.varve.server.http;

import org.jspecify.annotations.NullMarked;
