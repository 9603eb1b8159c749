package io.varve.server.demo.latency.node;

import io.varve.core.model.TimeSource;
import io.varve.core.telemetry.clock.ClockBook;
import io.varve.core.telemetry.clock.ClockEstimate;
import io.varve.core.telemetry.clock.ClockExchange;
import io.varve.core.telemetry.clock.ClockMessage;
import io.varve.core.telemetry.clock.ClockWire;
import java.io.IOException;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Finds out what a peer's clock shows more than the own one, over the connection that carries the messages. Probes are
 * sent by one thread, what arrives is taken by another; the estimate is read by any, for every message.
 */
final class ClockProbes {

    /** Probes that are remembered until they are answered. */
    private static final int REMEMBERED = 64;

    private static final ClockEstimate UNKNOWN = ClockEstimate.own();

    private final String peer;
    private final ClockBook book;
    private final TimeSource clock;
    private final FrameWriter out;
    private final @Nullable ClockMessage[] asked = new ClockMessage[REMEMBERED];
    private long sequence;
    private volatile ClockEstimate estimate = UNKNOWN;

    /**
     * No probe was sent yet.
     *
     * @param out the connection to the peer
     */
    ClockProbes(String peer, ClockBook book, TimeSource clock, FrameWriter out) {
        this.peer = peer;
        this.book = book;
        this.clock = clock;
        this.out = out;
    }

    /** Sends a probe. */
    void probe() throws IOException {
        synchronized (out) {
            ClockMessage probe = ClockMessage.probe(sequence, clock.epochNanos());
            remember(probe);
            send(probe);
        }
        refresh(clock.epochNanos());
    }

    private synchronized void remember(ClockMessage probe) {
        asked[(int) (sequence++ % REMEMBERED)] = probe;
    }

    private synchronized @Nullable ClockMessage asked(long number) {
        return asked[(int) (number % REMEMBERED)];
    }

    private void send(ClockMessage message) throws IOException {
        out.begin(Wire.CLOCK, ClockWire.BYTES).put(ClockWire.encode(message));
        out.end();
        out.flush();
    }

    /** Takes a message of the kind {@link Wire#CLOCK}: answers a probe, or learns from an answer. */
    void take(FrameReader in) throws IOException {
        long arrived = clock.epochNanos();
        Optional<ClockMessage> message = ClockWire.decode(Arrays.copyOf(in.bytes(), in.length()), arrived)
                .message();
        if (message.isEmpty()) {
            return;
        }
        if (!message.get().answered()) {
            synchronized (out) {
                send(message.get().answer(arrived, clock.epochNanos()));
            }
            return;
        }
        ClockMessage probe = asked(message.get().sequence());
        if (probe != null) {
            Optional<ClockExchange> exchange = message.get().exchange(probe, arrived);
            exchange.ifPresent(found -> book.record(peer, found));
            refresh(arrived);
        }
    }

    private void refresh(long now) {
        book.peer(peer).flatMap(known -> known.estimate(now)).ifPresent(found -> estimate = found);
    }

    /** What is known of the peer's clock; as good as the own one before the first exchange. */
    ClockEstimate estimate() {
        return estimate;
    }

    /** The peer's name. */
    String peer() {
        return peer;
    }
}
