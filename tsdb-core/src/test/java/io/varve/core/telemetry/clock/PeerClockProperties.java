package io.varve.core.telemetry.clock;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.lifecycle.AfterContainer;

/** Peers with crystals, networks and losses of all kinds: how far the estimate is off, and whether it knows. */
class PeerClockProperties {

    private record Moment(long local, long offset) {}

    /** What estimates were worth: each kept moment is asked for again after each exchange. */
    private static final class Score {
        long asked;
        long covered;
        long worst;
        double uncertainty;

        void ask(PeerClock clock, Moment moment) {
            ClockEstimate estimate = clock.estimate(moment.local).orElseThrow();
            long error = Math.abs(estimate.offsetNanos() - moment.offset);
            asked++;
            covered += error <= estimate.uncertaintyNanos() ? 1 : 0;
            worst = Math.max(worst, error);
            uncertainty += estimate.uncertaintyNanos();
        }

        void add(Score other) {
            asked += other.asked;
            covered += other.covered;
            worst = Math.max(worst, other.worst);
            uncertainty += other.uncertainty;
        }
    }

    private static final Map<String, Score> TOTALS = new ConcurrentSkipListMap<>();

    @AfterContainer
    static void tell() {
        TOTALS.forEach((peers, all) -> System.out.printf(
                Locale.ROOT,
                "| %s | %,d | %.3f %% | %.3f ms | %.3f ms |%n",
                peers,
                all.asked,
                100.0 * all.covered / all.asked,
                all.worst / 1e6,
                all.uncertainty / all.asked / 1e6));
    }

    private static void add(String peers, Score score) {
        TOTALS.computeIfAbsent(peers, name -> new Score()).add(score);
    }

    private static Score run(SimulatedPeer peer, PeerClock clock, long interval, double lost, int rounds, int warm) {
        Score score = new Score();
        List<Moment> past = new ArrayList<>();
        int taken = 0;
        for (int round = 0; round < rounds; round++) {
            ClockExchange exchange = peer.exchange(lost);
            if (exchange != null) {
                clock.record(exchange);
                taken++;
            }
            long wait = (long) (interval * (0.5 + peer.random.nextDouble()));
            for (int part = 0; part < 4; part++) {
                peer.pass(wait / 4);
                Moment moment = new Moment(peer.local(), peer.offset());
                if (taken >= warm) {
                    score.ask(clock, moment);
                    past.add(moment);
                }
            }
            if (!past.isEmpty()) {
                score.ask(clock, past.get(past.size() - 1 - peer.random.nextInt(Math.min(past.size(), 100))));
            }
        }
        return score;
    }

    @Property(tries = 400)
    void onLoopbackTheOffsetIsWithinAMillisecondAndTheUncertaintyCoversIt(
            @ForAll long seed,
            @ForAll SimulatedPeer.Delay delay,
            @ForAll SimulatedPeer.Wander wander,
            @ForAll @DoubleRange(min = -200, max = 200) double driftPpm,
            @ForAll @LongRange(min = -2_000_000_000_000L, max = 2_000_000_000_000L) long offset,
            @ForAll @LongRange(min = 5_000, max = 300_000) long there,
            @ForAll @LongRange(min = 5_000, max = 300_000) long back,
            @ForAll @LongRange(min = 10_000_000, max = 1_000_000_000) long interval,
            @ForAll @DoubleRange(min = 0, max = 0.3) double lost) {
        SimulatedPeer peer = new SimulatedPeer(seed, delay, wander, driftPpm, offset, there, back);
        Score score = run(peer, PeerClock.create(), interval, lost, 300, 8);
        add("loopback, ways of 5 to 300 us", score);
        assertThat(score.asked).isGreaterThan(500);
        assertThat(score.covered).isGreaterThanOrEqualTo((long) Math.ceil(0.99 * score.asked));
        assertThat(score.worst).isLessThan(1_000_000);
        assertThat(score.uncertainty / score.asked).isLessThan(2.0 * (there + back) + 50_000);
    }

    @Property(tries = 400)
    void onAnyNetworkTheUncertaintyCoversTheTruth(
            @ForAll long seed,
            @ForAll SimulatedPeer.Delay delay,
            @ForAll SimulatedPeer.Wander wander,
            @ForAll @DoubleRange(min = -200, max = 200) double driftPpm,
            @ForAll @LongRange(min = -1_700_000_000_000_000_000L, max = 2_000_000_000_000_000_000L) long offset,
            @ForAll @LongRange(min = 10_000, max = 200_000_000) long there,
            @ForAll @LongRange(min = 10_000, max = 200_000_000) long back,
            @ForAll @LongRange(min = 50_000_000, max = 60_000_000_000L) long interval,
            @ForAll @DoubleRange(min = 0, max = 0.6) double lost) {
        SimulatedPeer peer = new SimulatedPeer(seed, delay, wander, driftPpm, offset, there, back);
        Score score = run(peer, PeerClock.create(), interval, lost, 200, 1);
        add("any network, ways of 10 us to 200 ms", score);
        assertThat(score.covered).isGreaterThanOrEqualTo((long) Math.ceil(0.99 * score.asked));
    }
}
