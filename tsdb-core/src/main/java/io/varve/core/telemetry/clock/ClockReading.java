package io.varve.core.telemetry.clock;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What was read from bytes or text of the wire: a message, or why it is none. */
public final class ClockReading {

    /** Why something is no message. */
    public enum Fault {
        /** It is one. */
        NONE,
        /** It ends before a message of its form does. */
        TRUNCATED,
        /** It goes on behind a message of its form. */
        TOO_LONG,
        /** It does not begin as a message does, or has what no message has. */
        FOREIGN,
        /** It is of a version that is not known. */
        UNKNOWN_VERSION,
        /** Its checksum is not that of its bytes. */
        DAMAGED,
        /** A number is below 0, or a stamp before 1970. */
        NEGATIVE,
        /** A number is larger than 2^63 - 1. */
        HUGE,
        /** A stamp is over a day after the reader's clock. */
        FUTURE,
        /** The answer left before the probe arrived. */
        BACKWARDS
    }

    private final Fault fault;
    private final @Nullable ClockMessage message;

    private ClockReading(Fault fault, @Nullable ClockMessage message) {
        this.fault = fault;
        this.message = message;
    }

    static ClockReading of(Fault fault) {
        return new ClockReading(fault, null);
    }

    /** A message of these numbers, or the first of their faults. */
    static ClockReading of(
            long sequence, long localSend, boolean answered, long remoteReceive, long remoteSend, long now) {
        if (sequence < 0 || localSend < 0 || remoteReceive < 0 || remoteSend < 0) {
            return of(Fault.NEGATIVE);
        }
        long latest = Nanos.plus(now, ClockWire.AHEAD_NANOS);
        if (localSend > latest || remoteReceive > latest || remoteSend > latest) {
            return of(Fault.FUTURE);
        }
        if (remoteSend < remoteReceive) {
            return of(Fault.BACKWARDS);
        }
        if (!answered && remoteSend != 0) {
            return of(Fault.FOREIGN);
        }
        return new ClockReading(Fault.NONE, new ClockMessage(sequence, localSend, answered, remoteReceive, remoteSend));
    }

    /** Why it is no message; {@link Fault#NONE} if it is one. */
    public Fault fault() {
        return fault;
    }

    /** The message; empty if there is a fault. */
    public Optional<ClockMessage> message() {
        return Optional.ofNullable(message);
    }

    @Override
    public String toString() {
        return message == null ? fault.toString() : message.toString();
    }
}
