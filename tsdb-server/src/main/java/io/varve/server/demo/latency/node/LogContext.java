package io.varve.server.demo.latency.node;

import io.varve.core.telemetry.MessageContext;
import io.varve.core.telemetry.clock.PeerReading;
import java.util.Locale;
import java.util.function.Supplier;

/**
 * What the log knows of a command that the kit keeps: its request and trace, and how the leader, the disk and the
 * clocks were when it ended. One object for all commands of the sequencer's thread; it makes something only when asked.
 */
final class LogContext implements Supplier<MessageContext> {

    private static final String NODE = NodeSettings.Role.LOG.text();

    private final NodeKit kit;
    private final SkewedClock clock;
    private long request;
    private boolean led;
    private int batch;
    private long storeNanos;

    LogContext(NodeKit kit, SkewedClock clock) {
        this.kit = kit;
        this.clock = clock;
    }

    /**
     * A batch has ended.
     *
     * @param storeNanos how long it took to write and force it; 0 if it was not
     */
    void batch(boolean hasLeader, int commands, long storeNanos) {
        led = hasLeader;
        batch = commands;
        this.storeNanos = storeNanos;
    }

    /** The context of this request of the batch from now on. */
    LogContext of(long id) {
        request = id;
        return this;
    }

    @Override
    public MessageContext get() {
        MessageContext.Builder context = MessageContext.builder()
                .requestId(requestId(request))
                .traceId(hex(request, 1) + hex(request, 2))
                .spanId(hex(request, 4))
                .parentId(hex(request, 3))
                .node(NODE)
                .dependency("leader", led ? NODE : "none")
                .dependency("disk", led ? String.format(Locale.ROOT, "%.1f ms", storeNanos / 1e6) : "not asked");
        for (PeerReading peer : kit.clocks().readings(clock.epochNanos())) {
            context.dependency(
                    "clock_" + peer.peer(),
                    String.format(
                            Locale.ROOT,
                            "%+.2f ms +- %.2f ms",
                            peer.offsetSeconds() * 1e3,
                            peer.uncertaintySeconds() * 1e3));
        }
        Runtime memory = Runtime.getRuntime();
        return context.resource("append_commands", Integer.toString(batch))
                .resource("heap_used", (memory.totalMemory() - memory.freeMemory() >> 20) + " MiB")
                .build();
    }

    /** A request as its command names it. */
    static String requestId(long request) {
        return String.format(Locale.ROOT, "inv-%08d", request);
    }

    /** Ids of a trace that follow from the request, so that every node knows them. */
    private static String hex(long request, int which) {
        long bits = (request << 3 | which) * 0x9e3779b97f4a7c15L;
        bits = (bits ^ bits >>> 32) * 0xd6e8feb86659fd93L;
        return String.format(Locale.ROOT, "%016x", bits ^ bits >>> 29);
    }
}
