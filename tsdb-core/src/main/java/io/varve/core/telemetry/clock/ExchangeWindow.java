package io.varve.core.telemetry.clock;

import java.util.ArrayList;
import java.util.List;

/**
 * The newest exchanges with one peer since its clock last stepped, and the slope of lines through them. Not
 * thread-safe.
 *
 * <p>The slope: for each two exchanges the steepest and the flattest line that passes between the bounds of both is
 * known, whatever the ways of their messages took. Lines that pass between all bounds have a slope in the
 * intersection of these ranges; its middle is the drift. Exchanges with long round trips bound it hardly, so the fast
 * ones decide. If no line passes, the rate has changed, and the oldest exchanges are dropped.
 */
final class ExchangeWindow {

    private final PeerClockConfig config;
    private final List<Bounds> exchanges = new ArrayList<>();
    /** What was last known of the drift; it survives a step, since a clock that is set keeps its crystal. */
    private double drift;

    ExchangeWindow(PeerClockConfig config) {
        this.config = config;
    }

    void clear() {
        exchanges.clear();
    }

    void add(Bounds bounds) {
        if (exchanges.size() == config.window()) {
            exchanges.remove(0);
        }
        exchanges.add(bounds);
        exchanges.removeIf(old -> Nanos.minus(bounds.received(), old.received()) > config.maxAgeNanos());
    }

    /**
     * What is known by all exchanges that one line can pass; the others are forgotten.
     *
     * @param from first local moment that it is for
     */
    ClockFit fit(long from) {
        double lowest = -config.maxDrift();
        double highest = config.maxDrift();
        int first = exchanges.size() - 1;
        for (int i = first - 1; i >= 0; i--) {
            double low = lowest;
            double high = highest;
            for (int j = i + 1; j < exchanges.size(); j++) {
                low = Math.max(low, slope(i, j, false));
                high = Math.min(high, slope(i, j, true));
            }
            if (low > high) {
                break;
            }
            lowest = low;
            highest = high;
            first = i;
        }
        exchanges.subList(0, first).clear();
        drift = exchanges.size() == 1 ? Math.max(lowest, Math.min(drift, highest)) : (lowest + highest) / 2;
        double error = Math.max(highest - drift, drift - lowest) + config.wander();
        long last = Long.MIN_VALUE;
        for (Bounds each : exchanges) {
            last = Math.max(last, each.moment());
        }
        return new ClockFit(from, last, List.copyOf(exchanges), drift, error);
    }

    /** The steepest or the flattest line between the bounds of two exchanges; unbounded if they are of one moment. */
    private double slope(int one, int two, boolean steepest) {
        boolean ordered = exchanges.get(one).moment() <= exchanges.get(two).moment();
        Bounds a = exchanges.get(ordered ? one : two);
        Bounds b = exchanges.get(ordered ? two : one);
        long span = b.moment() - a.moment();
        if (span == 0) {
            return steepest ? Double.POSITIVE_INFINITY : Double.NEGATIVE_INFINITY;
        }
        long rise = steepest ? Nanos.minus(b.high(), a.low()) : Nanos.minus(b.low(), a.high());
        return (double) rise / span;
    }
}
