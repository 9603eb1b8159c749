package io.varve.server.http;

import io.varve.core.model.TimeSource;
import java.io.IOException;
import java.net.BindException;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.nio.channels.UnresolvedAddressException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.IdleTimeout;
import org.eclipse.jetty.io.ManagedSelector;
import org.eclipse.jetty.io.SocketChannelEndPoint;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The HTTP server: binds, runs doors in a bounded pool, turns problems into answers, and stops in order: new requests
 * are refused with 503, those in flight are finished, then the threads end. Its threads are never interrupted while
 * they answer, since an interrupt would close files under other readers.
 */
public final class HttpServer {

    private static final Logger LOG = LoggerFactory.getLogger(HttpServer.class);
    private static final String HEALTH = "/-/healthy";
    private static final int HEADER_BYTES = 16 << 10;
    private static final long BUG_LOG_EVERY_NANOS = 10_000_000_000L;

    private final HttpSettings settings;
    private final TimeSource clock;
    private final RequestObserver observer;
    private final BodyPool pool;
    private final QueuedThreadPool threads;
    private final Server server;
    private final ServerConnector connector;
    private final AtomicInteger inFlight = new AtomicInteger();
    private final AtomicLong bugs = new AtomicLong();
    private final AtomicLong bugLoggedAt;
    private final CountDownLatch drained = new CountDownLatch(1);
    private volatile @Nullable RouterSource routers;
    private volatile boolean draining;

    /** A server that does not listen yet. */
    public HttpServer(HttpSettings settings, TimeSource clock, RequestObserver observer) {
        this.settings = settings;
        this.clock = clock;
        this.observer = observer;
        this.pool = new BodyPool(settings.threads(), settings.bodyBytes(), observer::body);
        this.bugLoggedAt = new AtomicLong(clock.nanoTime() - BUG_LOG_EVERY_NANOS);
        this.threads = new QueuedThreadPool(settings.threads(), Math.min(4, settings.threads()));
        threads.setName("varve-http");
        threads.setReservedThreads(1); // who finds a request answers it, and this one looks for the next
        this.server = new Server(threads);
        this.connector = new Connector(server, configuration());
        connector.setHost(settings.host());
        connector.setPort(settings.port());
        connector.setIdleTimeout(settings.idleTimeout().toMillis());
        connector.setAcceptQueueSize(256);
        server.addConnector(connector);
        server.setHandler(new Doors());
        server.setErrorHandler(new JsonErrors());
        server.setStopAtShutdown(false);
        server.setStopTimeout(0);
    }

    private static HttpConfiguration configuration() {
        HttpConfiguration configuration = new HttpConfiguration();
        configuration.setSendServerVersion(false);
        configuration.setRequestHeaderSize(HEADER_BYTES);
        configuration.setOutputBufferSize(64 << 10);
        return configuration;
    }

    /**
     * Binds and begins to answer: until {@link #serve} is called, that it is alive and that it is starting.
     *
     * @throws IOException if the address cannot be bound; the message names the cure
     */
    public void start() throws IOException {
        try {
            connector.open();
        } catch (IOException | UnresolvedAddressException e) {
            throw cannotListen(e);
        }
        try {
            server.start();
        } catch (Exception e) {
            throw new IOException("cannot start the HTTP server: " + e.getMessage(), e);
        }
    }

    /** Answers through these doors from now on. */
    public void serve(Router doors) {
        serve(exchange -> doors);
    }

    /** Answers each request through the doors that are meant for it from now on. */
    public void serve(RouterSource doors) {
        routers = doors;
    }

    private IOException cannotListen(Exception e) {
        String address = settings.host() + ":" + settings.port();
        Throwable cause = e.getCause() == null ? e : e.getCause();
        if (cause instanceof BindException && String.valueOf(cause.getMessage()).contains("in use")) {
            return new IOException(
                    "cannot listen on " + address + ": the port is taken; stop who has it, or choose another with "
                            + "--listen " + settings.host() + ":"
                            + (settings.port() == 65_535 ? 9470 : settings.port() + 1),
                    e);
        }
        String why = cause instanceof UnresolvedAddressException ? "unknown host" : String.valueOf(cause.getMessage());
        return new IOException(
                "cannot listen on " + address + ": " + why
                        + "; give an address of this machine with --listen HOST:PORT",
                e);
    }

    /** The port that is bound; the real one if any free one was asked for. */
    public int port() {
        return connector.getLocalPort();
    }

    /** Requests that are being answered. */
    public int inFlight() {
        return inFlight.get();
    }

    /** Where it listens and what requests may cost. */
    public HttpSettings settings() {
        return settings;
    }

    /** Connections that are open. */
    public int connections() {
        return connector.getConnectedEndPoints().size();
    }

    /** Threads that answer a request, accept or select, and the one that is ready to select next. */
    public int busyThreads() {
        return threads.getBusyThreads();
    }

    /** Threads that wait for work. */
    public int idleThreads() {
        return threads.getIdleThreads();
    }

    /** Work that waits for a thread. */
    public int queued() {
        return threads.getQueueSize();
    }

    /** How long the connection that has been silent longest has been so, in milliseconds. */
    public long longestSilence() {
        long longest = 0;
        for (EndPoint endPoint : connector.getConnectedEndPoints()) {
            if (endPoint instanceof IdleTimeout idle) {
                longest = Math.max(longest, idle.getIdleFor());
            }
        }
        return longest;
    }

    /**
     * Stops: refuses new requests, waits for those in flight, ends.
     *
     * @param patience how long to wait for requests in flight
     * @return whether all of them were finished
     */
    public boolean stop(Duration patience) {
        draining = true;
        boolean finished = true;
        if (inFlight.get() > 0) {
            try {
                finished = drained.await(patience.toMillis(), TimeUnit.MILLISECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                finished = false;
            }
        }
        try {
            server.stop();
        } catch (Exception e) {
            LOG.warn("cannot stop the HTTP server: {}", String.valueOf(e.getMessage()));
        }
        return finished;
    }

    private void finished(String method, String route, int status, long nanos) {
        observer.answered(method, route, status, nanos);
        if (inFlight.decrementAndGet() == 0 && draining) {
            drained.countDown();
        }
    }

    private void answer(JettyExchange exchange, Router.Match match) {
        try {
            exchange.variables(match.variables());
            match.door().handle(exchange);
        } catch (HttpProblem problem) {
            exchange.refuse(problem.answer());
        } catch (IOException e) {
            exchange.respond(HttpProblem.badData("cannot read the request: " + e.getMessage())
                    .with("Connection", "close")
                    .answer());
        } catch (RuntimeException | Error e) {
            logBug(exchange, e);
            exchange.respond(
                    HttpProblem.of(ErrorType.INTERNAL, "internal error: " + e).answer());
        } finally {
            exchange.release();
        }
    }

    private void logBug(JettyExchange exchange, Throwable e) {
        long count = bugs.incrementAndGet();
        long last = bugLoggedAt.get();
        long now = clock.nanoTime();
        if (now - last >= BUG_LOG_EVERY_NANOS && bugLoggedAt.compareAndSet(last, now)) {
            LOG.error(
                    "BUG: cannot answer {} {} (failures so far: {})", exchange.method(), exchange.rawPath(), count, e);
        }
    }

    /** Jetty's way into the router. */
    private final class Doors extends Handler.Abstract {

        @Override
        public boolean handle(Request request, Response response, Callback callback) {
            long began = clock.nanoTime();
            inFlight.incrementAndGet();
            String[] route = {""};
            String method = request.getMethod();
            Request.addCompletionListener(
                    request, failure -> finished(method, route[0], response.getStatus(), clock.nanoTime() - began));
            ClientWatch watch = request.getConnectionMetaData().getConnection().getEndPoint() instanceof ClientWatch w
                    ? w
                    : () -> false;
            JettyExchange exchange = new JettyExchange(request, response, callback, pool, watch);
            if (draining) {
                exchange.refuse(
                        HttpProblem.busy("the server is stopping", 5).answer().with("Connection", "close"));
                return true;
            }
            RouterSource doors = routers;
            if (doors == null) {
                exchange.refuse(
                        exchange.rawPath().equals(HEALTH)
                                ? HttpAnswer.text(200, "starting\n")
                                : HttpProblem.busy("the server is starting: it reads its log", 1)
                                        .answer());
                return true;
            }
            long announced = request.getLength();
            try {
                Router.Match match = doors.of(exchange).match(exchange.method(), exchange.rawPath());
                route[0] = match.pattern();
                observer.began(route[0]);
                if (announced > settings.bodyBytes()) {
                    observer.body(announced);
                    throw HttpProblem.tooLarge("the body", settings.bodyBytes()).with("Connection", "close");
                }
                answer(exchange, match);
            } catch (HttpProblem problem) {
                exchange.refuse(problem.answer());
            }
            return true;
        }
    }

    /** What Jetty itself refuses (headers too large, malformed request line), in the API's format. */
    private static final class JsonErrors extends org.eclipse.jetty.server.handler.ErrorHandler {

        @Override
        public boolean errorPageForMethod(String method) {
            return !HttpMethod.HEAD.is(method);
        }

        @Override
        protected void generateResponse(
                Request request, Response response, int code, String message, Throwable cause, Callback callback) {
            ErrorType type = code >= 500 ? ErrorType.INTERNAL : code == 404 ? ErrorType.NOT_FOUND : ErrorType.BAD_DATA;
            String text =
                    switch (code) {
                        case 400 -> "malformed request: " + (message == null ? "its head cannot be read" : message);
                        case 414 ->
                            "the request line is longer than " + HEADER_BYTES + " bytes: send the parameters as a form"
                                    + " by POST";
                        case 431 -> "the headers are longer than " + HEADER_BYTES + " bytes";
                        default -> message == null || message.isBlank() ? "cannot answer the request" : message;
                    };
            HttpAnswer answer = HttpProblem.of(type, code, text).answer();
            response.getHeaders().put("Content-Type", HttpAnswer.JSON);
            response.write(true, java.nio.ByteBuffer.wrap(answer.body(), 0, answer.length()), callback);
        }
    }

    /** Makes connections that notice when their client hangs up. */
    private final class Connector extends ServerConnector {

        Connector(Server server, HttpConfiguration configuration) {
            super(server, 1, 1, new HttpConnectionFactory(configuration));
        }

        @Override
        protected SocketChannelEndPoint newEndPoint(SocketChannel channel, ManagedSelector selector, SelectionKey key) {
            SocketChannelEndPoint endPoint = new WatchedEndPoint(channel, selector, key, getScheduler(), clock);
            endPoint.setIdleTimeout(getIdleTimeout());
            return endPoint;
        }
    }
}
