package io.varve.core.telemetry.clock;

/** What became of an exchange: taken for the estimate, doubted, or refused with the reason. */
public enum ExchangeVerdict {
    /** It agrees with what is known of the peer, and is part of the estimate. */
    TAKEN,
    /**
     * It contradicts what is known: a clock has stepped, or this one exchange is wrong. The next exchanges decide;
     * until then the stated uncertainty covers both.
     */
    DOUBTED,
    /** It confirms that a clock has stepped; the estimate stands on exchanges since the step alone. */
    STEPPED,
    /** Refused: a stamp before 1970. */
    NEGATIVE_STAMP,
    /** Refused: the local clock went back between sending and receiving. */
    LOCAL_BACKWARDS,
    /** Refused: the remote clock went back between receiving and sending. */
    REMOTE_BACKWARDS,
    /** Refused: the peer held the request for longer than the whole exchange took. */
    NEGATIVE_ROUND_TRIP,
    /** Refused: sent and received too far apart, {@link ClockExchange#LONGEST_NANOS} at most. */
    TOO_LONG,
    /** Refused by a {@link ClockBook}: it has as many peers as it may have. */
    TOO_MANY_PEERS,
    /** Refused by a {@link ClockBook}: the peer's name is empty or too long. */
    BAD_NAME;

    /** Whether the exchange was turned away, and is counted as that and as nothing else. */
    public boolean refused() {
        return compareTo(NEGATIVE_STAMP) >= 0;
    }
}
