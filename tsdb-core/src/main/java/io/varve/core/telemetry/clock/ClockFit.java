package io.varve.core.telemetry.clock;

import java.util.List;

/**
 * What is known of the offsets between two steps of a clock: the exchanges of a window, the slope of the lines that
 * pass between the bounds of all of them, and how far from that the true slope may be at any moment.
 *
 * <p>At a moment that exchange counts whose half round trip, with what the slope is uncertain on the way to it, is
 * least: the clock filter of RFC 5905, section 10, with the dispersion measured instead of assumed.
 *
 * @param from first local moment that it was made for
 * @param last local moment of the newest exchange
 * @param exchanges one at least
 * @param drift nanoseconds of offset a nanosecond
 * @param driftError how far the true drift may be from that
 */
record ClockFit(long from, long last, List<Bounds> exchanges, double drift, double driftError) {

    /** The exchange that counts at a moment. */
    Bounds anchor(long moment) {
        Bounds best = exchanges.get(exchanges.size() - 1);
        long least = uncertainty(best, moment);
        for (Bounds each : exchanges) {
            long there = uncertainty(each, moment);
            if (there < least) {
                best = each;
                least = there;
            }
        }
        return best;
    }

    /** The offset at a moment, by an exchange. */
    long offset(Bounds anchor, long moment) {
        return Nanos.plus(anchor.middle(), Math.round(drift * Nanos.minus(moment, anchor.moment())));
    }

    /** How far the truth may be from that. */
    long uncertainty(Bounds anchor, long moment) {
        return Nanos.plus(anchor.half(), Nanos.share(driftError, Nanos.between(moment, anchor.moment())));
    }

    /** The bounds of the offset at a moment. */
    Bounds at(long moment) {
        Bounds anchor = anchor(moment);
        long offset = offset(anchor, moment);
        long uncertainty = uncertainty(anchor, moment);
        return new Bounds(moment, Nanos.minus(offset, uncertainty), Nanos.plus(offset, uncertainty), anchor.received());
    }
}
