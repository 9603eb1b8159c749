package io.varve.core.telemetry.clock;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;

/**
 * The peers of a node by name, and what is known of their clocks. Their number is bounded: an exchange with one more
 * is refused and counted. {@link ClockGauges} shows what is known in a registry of metrics; nothing is registered
 * here.
 *
 * <p>Any thread may do anything; reading takes no lock, recording only that of its peer.
 */
public final class ClockBook {

    /** Name of the gauge of offsets; its label is {@code peer}. */
    public static final String OFFSET_GAUGE = "varve_clock_offset_seconds";

    /** Name of the gauge of uncertainties; its label is {@code peer}. */
    public static final String UNCERTAINTY_GAUGE = "varve_clock_uncertainty_seconds";

    /** Peers that a book holds unless it is made with another bound. */
    public static final int DEFAULT_LIMIT = 1_000;

    /** Characters that a peer's name may have. */
    public static final int LONGEST_NAME = 256;

    private static final double SECOND = 1e9;

    private final int limit;
    private final PeerClockConfig config;
    private final Map<String, PeerClock> peers = new ConcurrentHashMap<>();
    private final AtomicInteger size = new AtomicInteger();
    private final LongAdder refused = new LongAdder();

    /** Told the names of peers that have come or gone. */
    private final List<Consumer<String>> followers = new CopyOnWriteArrayList<>();

    private ClockBook(int limit, PeerClockConfig config) {
        this.limit = limit;
        this.config = config;
    }

    /** An empty book of at most {@value #DEFAULT_LIMIT} peers. */
    public static ClockBook create() {
        return create(DEFAULT_LIMIT, PeerClockConfig.defaults());
    }

    /**
     * An empty book.
     *
     * @param limit peers that it holds, at least 1
     * @param config what is assumed of all clocks
     * @throws IllegalArgumentException when the limit is below 1
     */
    public static ClockBook create(int limit, PeerClockConfig config) {
        if (limit < 1) {
            throw new IllegalArgumentException("limit of at least 1 peer: limit=" + limit);
        }
        return new ClockBook(limit, config);
    }

    /** Takes an exchange with a peer into account; a peer that is not known yet is added by its first possible one. */
    public ExchangeVerdict record(String peer, ClockExchange exchange) {
        PeerClock clock = peers.get(peer);
        if (clock == null) {
            ExchangeVerdict verdict =
                    peer.isEmpty() || peer.length() > LONGEST_NAME ? ExchangeVerdict.BAD_NAME : exchange.verdict();
            if (verdict.refused()) {
                refused.increment();
                return verdict;
            }
            clock = peers.computeIfAbsent(peer, name -> admit() ? PeerClock.create(config) : null);
            if (clock == null) {
                refused.increment();
                return ExchangeVerdict.TOO_MANY_PEERS;
            }
            ExchangeVerdict first = clock.record(exchange);
            followers.forEach(follower -> follower.accept(peer));
            return first;
        }
        return clock.record(exchange);
    }

    /** Takes a place if there is one. */
    private boolean admit() {
        if (size.incrementAndGet() > limit) {
            size.decrementAndGet();
            return false;
        }
        return true;
    }

    /** What is known of a peer's clock; empty if there was no exchange with it. */
    public Optional<PeerClock> peer(String peer) {
        return Optional.ofNullable(peers.get(peer));
    }

    /** Forgets a peer, which makes room for another; whether it was there. */
    public boolean remove(String peer) {
        boolean removed = peers.remove(peer) != null;
        if (removed) {
            size.decrementAndGet();
            followers.forEach(follower -> follower.accept(peer));
        }
        return removed;
    }

    /** Tells a follower of each peer that comes or goes, on the thread by which it does, those of now included. */
    void follow(Consumer<String> follower) {
        followers.add(follower);
        peers.keySet().forEach(follower);
    }

    void unfollow(Consumer<String> follower) {
        followers.remove(follower);
    }

    /** Number of peers. */
    public int size() {
        return peers.size();
    }

    /** Exchanges that were refused before they reached a peer: too many peers, bad names, impossible first ones. */
    public long refused() {
        return refused.sum();
    }

    /**
     * What is known of all peers' clocks, by name.
     *
     * @param moment by the local clock, nanoseconds since 1970
     */
    public List<PeerReading> readings(long moment) {
        List<PeerReading> readings = new ArrayList<>(peers.size());
        peers.forEach((name, clock) -> clock.estimate(moment)
                .ifPresent(estimate -> readings.add(new PeerReading(
                        name,
                        estimate.offsetNanos() / SECOND,
                        estimate.uncertaintyNanos() / SECOND,
                        estimate.ageNanos() / SECOND))));
        readings.sort(Comparator.comparing(PeerReading::peer));
        return List.copyOf(readings);
    }
}
