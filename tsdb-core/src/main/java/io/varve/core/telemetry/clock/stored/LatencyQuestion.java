package io.varve.core.telemetry.clock.stored;

import io.varve.core.model.Matcher;
import io.varve.core.telemetry.clock.ClockBook;
import io.varve.core.telemetry.clock.PeerClockConfig;
import java.time.Duration;
import java.util.List;

/**
 * Which latencies are asked for, and by which clock they are corrected.
 *
 * @param latencies select series of seconds, measured as the difference of two nodes' stamps
 * @param peer whose clock made one of the two stamps: the label {@code peer} of {@value ClockBook#OFFSET_GAUGE}
 * @param way which of the two
 * @param clocks tell the node that measured the peer's clock from others that did (its label {@code instance}, say);
 *     none if only one did
 * @param maxAge for how long a stored offset is in force
 * @param assumed how fast clocks may drift apart between two stored offsets
 */
public record LatencyQuestion(
        List<Matcher> latencies, String peer, Way way, List<Matcher> clocks, Duration maxAge, PeerClockConfig assumed) {

    private static final Duration USUAL_AGE = Duration.ofMinutes(1);

    /**
     * Copies the lists.
     *
     * @throws IllegalArgumentException if there is no matcher of latencies or no peer, or an age beyond 1 ms to a day
     */
    public LatencyQuestion {
        latencies = List.copyOf(latencies);
        clocks = List.copyOf(clocks);
        if (latencies.isEmpty() || peer.isEmpty()) {
            throw new IllegalArgumentException(
                    "latencies to correct and a peer are named: latencies=" + latencies + ", peer=" + peer);
        }
        if (maxAge.toMillis() < 1 || maxAge.compareTo(Duration.ofDays(1)) > 0) {
            throw new IllegalArgumentException("age of an offset from 1 ms to a day: maxAge=" + maxAge);
        }
    }

    /** Of a peer whose clock one node has measured; offsets hold for a minute. */
    public static LatencyQuestion of(String peer, Way way, Matcher... latencies) {
        return new LatencyQuestion(List.of(latencies), peer, way, List.of(), USUAL_AGE, PeerClockConfig.defaults());
    }

    /** The same, of the node that these matchers select. */
    public LatencyQuestion measuredBy(Matcher... node) {
        return new LatencyQuestion(latencies, peer, way, List.of(node), maxAge, assumed);
    }

    /** The same with offsets that hold for another time. */
    public LatencyQuestion maxAge(Duration age) {
        return new LatencyQuestion(latencies, peer, way, clocks, age, assumed);
    }
}
