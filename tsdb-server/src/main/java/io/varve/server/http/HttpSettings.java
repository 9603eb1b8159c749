package io.varve.server.http;

import java.time.Duration;

/**
 * Where the server listens and what a request may cost before a door sees it.
 *
 * @param host address or name to bind to
 * @param port port to bind to; 0 for any free one
 * @param threads most threads that serve requests
 * @param bodyBytes largest body as it is sent, compressed perhaps
 * @param idleTimeout how long a connection may be silent
 */
public record HttpSettings(String host, int port, int threads, int bodyBytes, Duration idleTimeout) {}
