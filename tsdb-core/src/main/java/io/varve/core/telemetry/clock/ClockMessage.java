package io.varve.core.telemetry.clock;

import java.util.Optional;

/**
 * A probe of a peer's clock, or the answer to one, as it travels; the forms are in {@link ClockWire}. Stamps are
 * those of {@link ClockExchange}: wall clocks, nanoseconds since 1970.
 *
 * @param sequence number of the probe, by which its answer is known again, at least 0
 * @param localSend when the probe left, by the clock of the node that asks, at least 0
 * @param answered whether it is an answer
 * @param remoteReceive when the probe arrived, by the clock of the node that answers; 0 in a probe
 * @param remoteSend when the answer left, by the same clock, not before {@code remoteReceive}; 0 in a probe
 */
public record ClockMessage(long sequence, long localSend, boolean answered, long remoteReceive, long remoteSend) {

    /**
     * Checks the values.
     *
     * @throws IllegalArgumentException when one is out of its range
     */
    public ClockMessage {
        if (sequence < 0 || localSend < 0 || remoteReceive < 0 || remoteSend < remoteReceive) {
            throw new IllegalArgumentException("sequence and stamps at least 0, sent not before received: sequence="
                    + sequence + ", localSend=" + localSend + ", remoteReceive=" + remoteReceive + ", remoteSend="
                    + remoteSend);
        }
        if (!answered && remoteSend != 0) {
            throw new IllegalArgumentException(
                    "a probe has no remote stamps: remoteReceive=" + remoteReceive + ", remoteSend=" + remoteSend);
        }
    }

    /** A probe. */
    public static ClockMessage probe(long sequence, long localSend) {
        return new ClockMessage(sequence, localSend, false, 0, 0);
    }

    /**
     * The answer to this probe. A clock that went back in between is taken to have stood: the exchange is the worse for
     * it, and no more.
     *
     * @param remoteReceive when the probe arrived, by the clock of the node that answers
     * @param remoteSend when the answer leaves, by the same clock
     */
    public ClockMessage answer(long remoteReceive, long remoteSend) {
        long arrived = Math.max(0, remoteReceive);
        return new ClockMessage(sequence, localSend, true, arrived, Math.max(arrived, remoteSend));
    }

    /**
     * The exchange that this answer ends; empty if it is not the answer to that probe.
     *
     * @param probe what was sent
     * @param localReceive when the answer arrived, by the clock of the node that asked
     */
    public Optional<ClockExchange> exchange(ClockMessage probe, long localReceive) {
        if (!answered || probe.answered || probe.sequence != sequence || probe.localSend != localSend) {
            return Optional.empty();
        }
        return Optional.of(new ClockExchange(localSend, remoteReceive, remoteSend, localReceive));
    }
}
