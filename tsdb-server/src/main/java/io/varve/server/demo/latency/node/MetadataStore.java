package io.varve.server.demo.latency.node;

import io.varve.core.telemetry.Counter;
import io.varve.core.telemetry.Distribution;
import io.varve.core.telemetry.Metric;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A store of metadata: versions by key, of which one is replaced or deleted only by who knows it. Serves one client.
 * One thread; the version of all is read by others.
 */
final class MetadataStore {

    /** What a client may ask for. */
    enum Operation {
        GET('g'),
        GET_VERSION('v'),
        PUT('p'),
        DELETE('d');

        private final char code;

        Operation(char code) {
            this.code = code;
        }

        /** As it is sent. */
        char code() {
            return code;
        }

        static Operation of(int code) throws IOException {
            for (Operation operation : values()) {
                if (operation.code == code) {
                    return operation;
                }
            }
            throw new IOException("operation of a metadata store is g, v, p or d: operation=" + code);
        }
    }

    private static final int MAX_KEYS = 1_000;

    private final ServerSocket clients = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
    private final SkewedClock clock;
    private final Map<String, Long> versions = new HashMap<>();
    private final @Nullable Metrics metrics;
    private long changes;
    private volatile long version;

    /** What a metadata server counts, under the names that Restate has for it. */
    private static final class Metrics {

        final Map<Operation, Distribution> durations = new EnumMap<>(Operation.class);
        final Map<Operation, Counter> completed = new EnumMap<>(Operation.class);
        final Map<Operation, Counter> failed = new EnumMap<>(Operation.class);

        Metrics(NodeKit kit) {
            for (Operation operation : Operation.values()) {
                String name = "restate.metadata_server." + operation.name().toLowerCase(Locale.ROOT);
                durations.put(
                        operation,
                        kit.latency(name + ".duration", "Time to serve a request of this kind for metadata"));
                Counter total = kit.telemetry().counter(Metric.of(name + ".total", "Requests of this kind"), "status");
                completed.put(operation, total.labels("completed"));
                failed.put(operation, total.labels("failed"));
            }
        }

        void count(Operation operation, boolean done, long nanos) {
            Distribution duration = Objects.requireNonNull(durations.get(operation));
            if (done) {
                duration.record(nanos);
            } else {
                duration.recordFailure(nanos);
            }
            Objects.requireNonNull((done ? completed : failed).get(operation)).inc();
        }
    }

    MetadataStore(SkewedClock clock, @Nullable NodeKit kit) throws IOException {
        this.clock = clock;
        metrics = kit == null ? null : new Metrics(kit);
        if (kit != null) {
            NodeMetadata.follow(kit, () -> version);
        }
    }

    int port() {
        return clients.getLocalPort();
    }

    /** Serves a client until it hangs up. */
    void run() throws IOException {
        Socket client = clients.accept();
        client.setTcpNoDelay(true);
        FrameReader in = new FrameReader(client.getInputStream());
        FrameWriter out = new FrameWriter(client.getOutputStream());
        while (in.next() == Wire.METADATA) {
            long began = clock.nanoTime();
            ByteBuffer request = in.body();
            Operation operation = Operation.of(request.get());
            long expected = request.getLong();
            byte[] key = new byte[Math.min(request.getShort(), request.remaining())];
            request.get(key);
            boolean done = serve(operation, new String(key, StandardCharsets.UTF_8), expected);
            long known = versions.getOrDefault(new String(key, StandardCharsets.UTF_8), 0L);
            if (metrics != null) {
                metrics.count(operation, done, clock.nanoTime() - began);
            }
            synchronized (out) {
                out.begin(Wire.METADATA_DONE, 1 + 2 * Long.BYTES)
                        .put((byte) (done ? 1 : 0))
                        .putLong(known)
                        .putLong(version);
                out.end();
                out.flush();
            }
        }
        throw new IOException("the client of the metadata store closed the connection");
    }

    /** Whether it was done: what is replaced or deleted has to be of the version that the client knows. */
    private boolean serve(Operation operation, String key, long expected) {
        long known = versions.getOrDefault(key, 0L);
        switch (operation) {
            case GET, GET_VERSION -> {
                return true;
            }
            case PUT -> {
                if (known != expected || known == 0 && versions.size() >= MAX_KEYS) {
                    return false;
                }
                versions.put(key, known + 1);
            }
            case DELETE -> {
                if (known != expected) {
                    return false;
                }
                versions.remove(key);
            }
        }
        version = ++changes;
        return true;
    }
}
