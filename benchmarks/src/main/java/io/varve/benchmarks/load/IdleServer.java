package io.varve.benchmarks.load;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.LockSupport;

/**
 * Answers every request after a while with 200 and has done nothing for it. What others feel beside a client that asks
 * here is what the client costs, not the server that is measured.
 *
 * <pre>
 * IdleServer PORT MILLIS      MILLIS from a request to its answer
 * </pre>
 */
public final class IdleServer {

    private static final byte[] ANSWER = new byte[300];

    private IdleServer() {}

    /** See the class. */
    public static void main(String[] args) throws IOException {
        if (args.length != 2) {
            System.err.println("usage: IdleServer PORT MILLIS");
            System.exit(2);
        }
        long nanos = Long.parseLong(args[1]) * 1_000_000L;
        HttpServer server = HttpServer.create(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(args[0])), 0);
        server.setExecutor(Executors.newFixedThreadPool(16));
        server.createContext("/", exchange -> {
            try (exchange) {
                exchange.getRequestBody().readAllBytes();
                LockSupport.parkNanos(nanos);
                exchange.sendResponseHeaders(200, ANSWER.length);
                exchange.getResponseBody().write(ANSWER);
            }
        });
        server.start();
    }
}
