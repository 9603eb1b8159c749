package io.varve.core.telemetry.clock;

import java.util.Optional;

/**
 * Time between a stamp of one node and a stamp of another, corrected by what is known of their clocks.
 *
 * @param valueNanos the latency, in nanoseconds, at least 0
 * @param uncertaintyNanos the truth is at most this far from it, in nanoseconds
 * @param withinUncertainty whether it is smaller than its uncertainty: nothing is known then but a bound
 */
public record CrossLatency(long valueNanos, long uncertaintyNanos, boolean withinUncertainty) {

    /**
     * Between two nodes.
     *
     * @param sent stamp of the first node, by its clock, nanoseconds since 1970
     * @param sender what that clock showed more than the local one then; {@link ClockEstimate#own()} if it is that
     * @param received stamp of the second node, by its clock
     * @param receiver what that clock showed more than the local one then
     */
    public static CrossLatency between(long sent, ClockEstimate sender, long received, ClockEstimate receiver) {
        long start = Nanos.minus(sent, sender.offsetNanos());
        long end = Nanos.minus(received, receiver.offsetNanos());
        long difference = Nanos.minus(end, start);
        long uncertainty = Nanos.plus(sender.uncertaintyNanos(), receiver.uncertaintyNanos());
        if (difference < 0) {
            // No latency is negative: the clocks are off by as much, whatever was believed of them.
            return new CrossLatency(0, Math.max(uncertainty, Nanos.minus(0, difference)), true);
        }
        return new CrossLatency(difference, uncertainty, difference < uncertainty);
    }

    /**
     * Of a message from the local node to a peer; empty if nothing is known of the peer's clock.
     *
     * @param sent local stamp
     * @param received the peer's stamp
     */
    public static Optional<CrossLatency> toPeer(long sent, PeerClock peer, long received) {
        return peer.estimateAtRemote(received).map(receiver -> between(sent, ClockEstimate.own(), received, receiver));
    }

    /**
     * Of a message from a peer to the local node; empty if nothing is known of the peer's clock.
     *
     * @param sent the peer's stamp
     * @param received local stamp
     */
    public static Optional<CrossLatency> fromPeer(long sent, PeerClock peer, long received) {
        return peer.estimateAtRemote(sent).map(sender -> between(sent, sender, received, ClockEstimate.own()));
    }
}
