package io.varve.core.telemetry.clock.stored;

import io.varve.core.telemetry.clock.ClockEstimate;
import io.varve.core.telemetry.clock.CrossLatency;

/** Which end of a latency was stamped by the peer's clock, the other being the local one's. */
public enum Way {
    /** From the local node to the peer: what was measured is too long by as much as the peer's clock is ahead. */
    TO_PEER,
    /** From the peer to the local node: what was measured is too short by as much. */
    FROM_PEER;

    /**
     * A measured latency, corrected.
     *
     * @param measuredNanos difference of the two stamps, which may be negative, in nanoseconds
     * @param peer what the peer's clock showed more than the local one
     */
    public CrossLatency correct(long measuredNanos, ClockEstimate peer) {
        return this == TO_PEER
                ? CrossLatency.between(0, ClockEstimate.own(), measuredNanos, peer)
                : CrossLatency.between(0, peer, measuredNanos, ClockEstimate.own());
    }
}
