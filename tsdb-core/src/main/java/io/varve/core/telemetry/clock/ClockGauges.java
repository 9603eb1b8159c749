package io.varve.core.telemetry.clock;

import io.varve.core.telemetry.Metric;
import io.varve.core.telemetry.Telemetry;
import io.varve.core.telemetry.Telemetry.Registration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.ToLongFunction;

/**
 * The clocks of a book's peers as gauges of a registry, {@value ClockBook#OFFSET_GAUGE} and {@value
 * ClockBook#UNCERTAINTY_GAUGE} with the label {@code peer}: there as long as the peer is in the book. Both are those
 * of the moment at which they are read. Bounded by the book, and by the registry's label sets, whichever is less.
 */
public final class ClockGauges implements AutoCloseable {

    private static final double SECOND = 1e9;

    private final Telemetry telemetry;
    private final ClockBook book;
    private final Consumer<String> follower = this::follow;
    private final Map<String, List<Registration>> shown = new HashMap<>();
    private boolean closed;

    private ClockGauges(Telemetry telemetry, ClockBook book) {
        this.telemetry = telemetry;
        this.book = book;
    }

    /** Shows a book's peers from now on, until it is closed. */
    public static ClockGauges show(ClockBook book, Telemetry telemetry) {
        ClockGauges gauges = new ClockGauges(telemetry, book);
        book.follow(gauges.follower);
        return gauges;
    }

    /** A peer has come or gone: whichever it is by now, since two threads may tell it in the other order. */
    private synchronized void follow(String peer) {
        boolean there = !closed && book.peer(peer).isPresent();
        if (there && !shown.containsKey(peer)) {
            shown.put(
                    peer,
                    List.of(
                            gauge(
                                    Metric.of(
                                            ClockBook.OFFSET_GAUGE,
                                            "What a peer's clock shows more than the local one"),
                                    peer,
                                    ClockEstimate::offsetNanos),
                            gauge(
                                    Metric.of(ClockBook.UNCERTAINTY_GAUGE, "How far the truth may be from the offset"),
                                    peer,
                                    ClockEstimate::uncertaintyNanos)));
        } else if (!there && shown.containsKey(peer)) {
            shown.remove(peer).forEach(Registration::close);
        }
    }

    private Registration gauge(Metric metric, String peer, ToLongFunction<ClockEstimate> what) {
        return telemetry.gauge(
                metric,
                () -> book.peer(peer)
                        .flatMap(clock -> clock.estimate(telemetry.clock().epochNanos()))
                        .map(estimate -> what.applyAsLong(estimate) / SECOND)
                        .orElse(Double.NaN),
                "peer",
                peer);
    }

    /** Takes the gauges away. */
    @Override
    public void close() {
        book.unfollow(follower);
        synchronized (this) {
            closed = true;
            shown.values().forEach(gauges -> gauges.forEach(Registration::close));
            shown.clear();
        }
    }
}
