package io.varve.core.telemetry.clock;

/**
 * Four stamps of one question and its answer, as in Cristian (1989) and RFC 5905, section 8. Each is what the wall
 * clock of the node that took it showed, in nanoseconds since 1970-01-01T00:00Z: the first and the last by the clock of
 * the node that asks ({@link io.varve.core.model.TimeSource#epochNanos()}), the two in between by the clock of the node
 * that answers. No monotonic clock is meant: its origin is arbitrary and changes with the process.
 *
 * <p>Anything may be put in, since stamps come from the wire; {@link #verdict()} says whether it can have happened.
 * All other values have a meaning only if that is {@link ExchangeVerdict#TAKEN}.
 *
 * <p>Offset is what the remote clock shows more than the local one. While the request was on its way the remote clock
 * showed at most {@link #highest()} more, while the answer was on its way at least {@link #lowest()}: the truth lies
 * between them, however unequal the two ways were. Their distance is the round trip.
 *
 * @param localSend when the request left, by the local clock
 * @param remoteReceive when it arrived, by the remote clock
 * @param remoteSend when the answer left, by the remote clock
 * @param localReceive when it arrived, by the local clock
 */
public record ClockExchange(long localSend, long remoteReceive, long remoteSend, long localReceive) {

    /** The longest time between sending and receiving that is believed: ten seconds. */
    public static final long LONGEST_NANOS = 10_000_000_000L;

    /** {@link ExchangeVerdict#TAKEN}, or why it cannot have happened so. */
    public ExchangeVerdict verdict() {
        if (localSend < 0 || remoteReceive < 0 || remoteSend < 0 || localReceive < 0) {
            return ExchangeVerdict.NEGATIVE_STAMP;
        }
        if (localReceive < localSend) {
            return ExchangeVerdict.LOCAL_BACKWARDS;
        }
        if (remoteSend < remoteReceive) {
            return ExchangeVerdict.REMOTE_BACKWARDS;
        }
        if (localReceive - localSend > LONGEST_NANOS) {
            return ExchangeVerdict.TOO_LONG;
        }
        return roundTripNanos() < 0 ? ExchangeVerdict.NEGATIVE_ROUND_TRIP : ExchangeVerdict.TAKEN;
    }

    /** Time on the way, there and back, in nanoseconds. */
    public long roundTripNanos() {
        return (localReceive - localSend) - (remoteSend - remoteReceive);
    }

    /** The offset if both ways took the same time, in nanoseconds. */
    public long offsetNanos() {
        return lowest() + (highest() - lowest()) / 2;
    }

    /** The remote clock shows at least this much more than the local one, in nanoseconds. */
    public long lowest() {
        return remoteSend - localReceive;
    }

    /** The remote clock shows at most this much more than the local one, in nanoseconds. */
    public long highest() {
        return remoteReceive - localSend;
    }
}
