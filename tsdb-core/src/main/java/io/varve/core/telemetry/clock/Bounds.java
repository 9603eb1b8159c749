package io.varve.core.telemetry.clock;

/**
 * What one exchange says for sure: at a local moment the remote clock shows between {@code low} and {@code high} more
 * than the local one. An exchange bounds the offset at the arrival of its request and at the departure of its answer,
 * which lie somewhere between its local stamps; both bounds are moved to the middle of these, and are wider by what the
 * clocks may drift until there and by the error of reading them.
 *
 * @param moment local time that the bounds are for, nanoseconds since 1970
 * @param low lowest offset, in nanoseconds
 * @param high highest offset, in nanoseconds
 * @param received local time at which the exchange ended, nanoseconds since 1970
 */
record Bounds(long moment, long low, long high, long received) {

    /**
     * Those of an exchange that can have happened.
     *
     * @param noise error of its offsets by reading and resolution of both clocks, in nanoseconds
     */
    static Bounds of(ClockExchange exchange, double maxDrift, long noise) {
        long half = (exchange.localReceive() - exchange.localSend()) / 2;
        long slack = Nanos.plus(Nanos.share(maxDrift, half + 1), noise);
        return new Bounds(
                exchange.localSend() + half,
                Nanos.minus(exchange.lowest(), slack),
                Nanos.plus(exchange.highest(), slack),
                exchange.localReceive());
    }

    /** The offset that is as far from one bound as from the other. */
    long middle() {
        return low + Nanos.minus(high, low) / 2;
    }

    /** Half of the distance of the bounds, rounded up. */
    long half() {
        return Nanos.plus(Nanos.minus(high, low) / 2, 1);
    }

    /** The bounds at another moment, if the rates of the clocks differ by at most that much. */
    Bounds at(long other, double maxDrift) {
        long slack = Nanos.share(maxDrift, Nanos.between(other, moment));
        return new Bounds(other, Nanos.minus(low, slack), Nanos.plus(high, slack), received);
    }

    /** Whether one offset can be within both. */
    boolean meets(Bounds other) {
        return low <= other.high && other.low <= high;
    }
}
