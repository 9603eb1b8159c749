package io.varve.core.telemetry.clock;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What the clock of one peer shows compared with the local one, estimated from exchanges of four stamps. Both are wall
 * clocks, see {@link ClockExchange}; moments are local, in nanoseconds since 1970.
 *
 * <p>An exchange says for sure between which bounds the offset lies: they are one round trip apart. Of the exchanges
 * of a bounded window the one with the shortest round trip gives the offset ({@link ClockFit}), and all together the
 * drift, with which it is extrapolated ({@link ExchangeWindow}). The stated uncertainty is half of that round trip,
 * which covers any asymmetry of the two ways, plus the error of reading the clocks, plus what the drift may be wrong
 * times the time since. It holds while rates differ and change by no more than {@link PeerClockConfig} says, and no
 * clock steps.
 *
 * <p>A step is noticed by an exchange whose bounds and those of the estimate have nothing in common. The uncertainty
 * covers both from then on. If the next exchange agrees with the new one, the clock has stepped, and nothing of
 * before is used any more; if it agrees with the old estimate, that one exchange was wrong. For moments before a step
 * the estimate of that time answers, of the last {@value #STEPS_KEPT} steps; between the last exchange before a step
 * and the first after it both cover.
 *
 * <p>Any thread may record, one after the other under a lock; readers take none and see the estimate before or after an
 * exchange. Nothing here throws, whatever the stamps.
 */
public final class PeerClock {

    /** Steps of which the time before is still answered for. */
    public static final int STEPS_KEPT = 8;

    /** Exchanges in a row that agree with nothing, after which the newest is believed. */
    private static final int DOUBTS = 8;

    private final PeerClockConfig config;
    private final ExchangeWindow window;
    private final Resolution local = new Resolution();
    private final Resolution remote = new Resolution();
    private int doubts;
    private volatile State state = new State(null, List.of(), null, 0, PeerCounts.NONE);

    private PeerClock(PeerClockConfig config) {
        this.config = config;
        this.window = new ExchangeWindow(config);
    }

    /** A peer of which nothing is known. */
    public static PeerClock create() {
        return create(PeerClockConfig.defaults());
    }

    /** A peer of which nothing is known, with other assumptions. */
    public static PeerClock create(PeerClockConfig config) {
        return new PeerClock(config);
    }

    /** Takes an exchange into account, about in the order in which the answers came. */
    public synchronized ExchangeVerdict record(ClockExchange exchange) {
        ExchangeVerdict verdict = exchange.verdict();
        State before = state;
        PeerCounts counts = before.counts;
        if (verdict.refused()) {
            state = before.with(new PeerCounts(counts.taken(), counts.refused() + 1, counts.doubted(), counts.steps()));
            return verdict;
        }
        local.observe(exchange.localSend());
        local.observe(exchange.localReceive());
        remote.observe(exchange.remoteReceive());
        remote.observe(exchange.remoteSend());
        long noise = config.readingNanos() + local.error() + remote.error();
        Bounds bounds = Bounds.of(exchange, config.maxDrift(), noise);
        ClockFit fit = before.fit;
        if (fit == null) {
            take(bounds, bounds.moment(), bounds.received(), before.past, counts);
            return ExchangeVerdict.TAKEN;
        }
        // Answers that came at once may be recorded in another order; what is later than that is a clock that went
        // back.
        boolean inTime = bounds.received() >= Nanos.minus(before.received, ClockExchange.LONGEST_NANOS);
        if (inTime && bounds.meets(fit.at(bounds.moment()))) {
            take(bounds, fit.from(), Math.max(before.received, bounds.received()), before.past, counts);
            return ExchangeVerdict.TAKEN;
        }
        return doubt(bounds, before, fit);
    }

    private ExchangeVerdict doubt(Bounds bounds, State before, ClockFit fit) {
        PeerCounts counts = before.counts;
        Bounds suspect = before.suspect;
        boolean confirmed = suspect != null && agree(suspect, bounds);
        if (!confirmed && ++doubts < DOUBTS) {
            state = new State(
                    fit,
                    before.past,
                    bounds,
                    before.received,
                    new PeerCounts(counts.taken(), counts.refused(), counts.doubted() + 1, counts.steps()));
            return ExchangeVerdict.DOUBTED;
        }
        window.clear();
        long from = bounds.moment();
        if (confirmed && suspect != null) {
            window.add(suspect);
            from = Math.min(from, suspect.moment());
        }
        take(
                bounds,
                from,
                bounds.received(),
                past(before, fit, from),
                new PeerCounts(counts.taken(), counts.refused(), counts.doubted() + 1, counts.steps() + 1));
        return ExchangeVerdict.STEPPED;
    }

    private boolean agree(Bounds suspect, Bounds bounds) {
        return bounds.received() >= suspect.received() && bounds.meets(suspect.at(bounds.moment(), config.maxDrift()));
    }

    /** The estimates of before a step; none if the local clock went back, since its moments come twice then. */
    private static List<ClockFit> past(State before, ClockFit fit, long from) {
        if (from <= fit.last()) {
            return List.of();
        }
        List<ClockFit> past = new ArrayList<>(before.past);
        past.add(fit);
        return List.copyOf(past.size() > STEPS_KEPT ? past.subList(1, past.size()) : past);
    }

    private void take(Bounds bounds, long from, long received, List<ClockFit> past, PeerCounts counts) {
        window.add(bounds);
        doubts = 0;
        state = new State(
                window.fit(from),
                past,
                null,
                received,
                new PeerCounts(counts.taken() + 1, counts.refused(), counts.doubted(), counts.steps()));
    }

    /**
     * What the remote clock shows more than the local one at a moment, past or to come; empty before the first
     * exchange.
     *
     * @param moment by the local clock, nanoseconds since 1970
     */
    public Optional<ClockEstimate> estimate(long moment) {
        State now = state;
        ClockFit fit = now.fit;
        if (fit == null) {
            return Optional.empty();
        }
        if (moment >= fit.from() || now.past.isEmpty()) {
            return Optional.of(now.estimate(fit, moment, now.suspectAt(moment, config)));
        }
        ClockFit next = fit;
        for (int i = now.past.size() - 1; i >= 0; i--) {
            ClockFit there = now.past.get(i);
            if (moment > there.last()) {
                return Optional.of(now.estimate(next, moment, there.at(moment)));
            }
            if (moment >= there.from() || i == 0) {
                return Optional.of(now.estimate(there, moment, null));
            }
            next = there;
        }
        throw new AssertionError("BUG: no estimate for a moment: moment=" + moment + ", past=" + now.past);
    }

    /**
     * The estimate at the local moment at which the remote clock showed something; empty before the first exchange.
     *
     * @param stamp by the remote clock, nanoseconds since 1970
     */
    public Optional<ClockEstimate> estimateAtRemote(long stamp) {
        long moment = stamp;
        Optional<ClockEstimate> estimate = latest();
        // Each turn is nearer by the factor of the drift; the second is exact to the nanosecond unless a step is
        // between.
        for (int turn = 0; turn < 3 && estimate.isPresent(); turn++) {
            moment = Nanos.minus(stamp, estimate.get().offsetNanos());
            estimate = estimate(moment);
        }
        return estimate;
    }

    private Optional<ClockEstimate> latest() {
        ClockFit fit = state.fit;
        return fit == null ? Optional.empty() : estimate(fit.last());
    }

    /** What became of the exchanges so far. */
    public PeerCounts counts() {
        return state.counts;
    }

    /** All that readers see, replaced as a whole. */
    private record State(
            @Nullable ClockFit fit, List<ClockFit> past, @Nullable Bounds suspect, long received, PeerCounts counts) {

        State with(PeerCounts other) {
            return new State(fit, past, suspect, received, other);
        }

        /** The bounds of the exchange that is in doubt, where it may be right; null if there is none. */
        @Nullable
        Bounds suspectAt(long moment, PeerClockConfig config) {
            if (suspect == null || fit == null || (moment <= fit.last() && suspect.moment() > fit.last())) {
                return null;
            }
            return suspect.at(moment, config.maxDrift());
        }

        /** An estimate that covers what may be true instead, too. */
        ClockEstimate estimate(ClockFit by, long moment, @Nullable Bounds other) {
            Bounds anchor = by.anchor(moment);
            long offset = by.offset(anchor, moment);
            long uncertainty = by.uncertainty(anchor, moment);
            if (other != null) {
                uncertainty = Math.max(uncertainty, Nanos.between(offset, other.low()));
                uncertainty = Math.max(uncertainty, Nanos.between(offset, other.high()));
            }
            long age = Math.max(0, Nanos.minus(moment, received));
            return new ClockEstimate(
                    offset, uncertainty, by.drift() * 1e6, age, by.exchanges().size());
        }
    }
}
