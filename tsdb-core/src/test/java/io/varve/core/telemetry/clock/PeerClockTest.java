package io.varve.core.telemetry.clock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.varve.core.telemetry.clock.SimulatedPeer.Delay;
import io.varve.core.telemetry.clock.SimulatedPeer.Wander;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class PeerClockTest {

    private static final long NOW = 1_795_000_000_123_456_789L;
    private static final long SECOND = 1_000_000_000L;
    private static final long STEP = 30_000_000L;

    private final PeerClock clock = PeerClock.create();

    private static SimulatedPeer loopback(Delay delay, double driftPpm) {
        return new SimulatedPeer(7, delay, Wander.NONE, driftPpm, 5 * SECOND, 40_000, 90_000);
    }

    private ExchangeVerdict exchange(SimulatedPeer peer) {
        ClockExchange exchange = peer.exchange(0);
        assertThat(exchange).isNotNull();
        return clock.record(exchange);
    }

    private void settle(SimulatedPeer peer, int exchanges) {
        for (int i = 0; i < exchanges; i++) {
            assertThat(exchange(peer)).isEqualTo(ExchangeVerdict.TAKEN);
            peer.pass(SECOND / 5);
        }
    }

    private static void assertCovers(ClockEstimate estimate, long truth) {
        assertThat(Math.abs(estimate.offsetNanos() - truth)).isLessThanOrEqualTo(estimate.uncertaintyNanos());
    }

    @Test
    void nothingIsKnownBeforeTheFirstExchange() {
        assertThat(clock.estimate(NOW)).isEmpty();
        assertThat(clock.estimateAtRemote(NOW)).isEmpty();
        assertThat(CrossLatency.toPeer(NOW, clock, NOW)).isEmpty();
        assertThat(CrossLatency.fromPeer(NOW, clock, NOW)).isEmpty();
        assertThat(clock.counts()).isEqualTo(new PeerCounts(0, 0, 0, 0));
    }

    @Test
    void oneExchangeGivesTheMiddleAndHalfOfItsRoundTrip() {
        clock.record(new ClockExchange(NOW, NOW + 5_000_100, NOW + 5_000_211, NOW + 333));
        ClockEstimate estimate = clock.estimate(NOW + 333).orElseThrow();
        assertThat(estimate.offsetNanos()).isEqualTo(4_999_989);
        assertThat(estimate.uncertaintyNanos()).isBetween(111L, 111L + 1_100);
        assertThat(estimate.driftPpm()).isZero();
        assertThat(estimate.ageNanos()).isZero();
        assertThat(estimate.exchanges()).isEqualTo(1);
        ClockEstimate later = clock.estimate(NOW + 333 + SECOND).orElseThrow();
        assertThat(later.ageNanos()).isEqualTo(SECOND);
        assertThat(later.uncertaintyNanos() - estimate.uncertaintyNanos()).isBetween(514_999L, 515_001L);
    }

    @Test
    void theShortestRoundTripDecides() {
        clock.record(new ClockExchange(NOW, NOW + 5_000_100, NOW + 5_000_211, NOW + 333));
        ClockEstimate estimate = clock.estimate(NOW + 5_333).orElseThrow();
        clock.record(new ClockExchange(NOW + 1_000, NOW + 5_001_100, NOW + 5_001_211, NOW + 9_001_333));
        ClockEstimate slower = clock.estimate(NOW + 5_333).orElseThrow();
        assertThat(slower.offsetNanos()).isEqualTo(estimate.offsetNanos());
        assertThat(slower.exchanges()).isEqualTo(2);
    }

    @ParameterizedTest
    @ValueSource(doubles = {-200, -35.5, 0, 120, 200})
    void driftIsFound(double driftPpm) {
        SimulatedPeer peer = loopback(Delay.EXPONENTIAL, driftPpm);
        settle(peer, 200);
        ClockEstimate estimate = clock.estimate(peer.local()).orElseThrow();
        assertThat(estimate.driftPpm()).isCloseTo(driftPpm, within(15.0));
        assertThat(estimate.exchanges()).isEqualTo(64);
        assertCovers(estimate, peer.offset());
        peer.pass(60 * SECOND);
        ClockEstimate silent = clock.estimate(peer.local()).orElseThrow();
        assertCovers(silent, peer.offset());
        assertThat(silent.uncertaintyNanos()).isLessThan(3_000_000);
    }

    @ParameterizedTest
    @EnumSource(Delay.class)
    void aStepIsNoticedByTheSecondExchangeAndNotAveragedAway(Delay delay) {
        SimulatedPeer peer = loopback(delay, 50);
        settle(peer, 99);
        long before = peer.local();
        long offsetBefore = peer.offset();
        settle(peer, 1);
        peer.pass(SECOND / 10);
        peer.step(-STEP);
        int exchanges = 0;
        ExchangeVerdict verdict = ExchangeVerdict.TAKEN;
        while (verdict != ExchangeVerdict.STEPPED && exchanges < 5) {
            verdict = exchange(peer);
            exchanges++;
            assertCovers(clock.estimate(peer.local()).orElseThrow(), peer.offset());
            peer.pass(SECOND / 5);
        }
        assertThat(verdict).isEqualTo(ExchangeVerdict.STEPPED);
        assertThat(exchanges).isLessThanOrEqualTo(delay == Delay.PAUSES ? 4 : 2);
        assertThat(clock.counts().steps()).isEqualTo(1);
        settle(peer, 6);
        ClockEstimate now = clock.estimate(peer.local()).orElseThrow();
        assertThat(Math.abs(now.offsetNanos() - peer.offset())).isLessThan(1_000_000);
        assertThat(now.driftPpm()).isCloseTo(50, within(100.0));
        ClockEstimate then = clock.estimate(before).orElseThrow();
        assertThat(Math.abs(then.offsetNanos() - offsetBefore)).isLessThan(1_000_000);
        assertCovers(then, offsetBefore);
        assertThat(then.uncertaintyNanos()).isLessThan(1_000_000);
    }

    @Test
    void betweenTheLastExchangeBeforeAStepAndTheFirstAfterItBothAreCovered() {
        SimulatedPeer peer = loopback(Delay.CONSTANT, 0);
        settle(peer, 20);
        peer.pass(SECOND);
        long unclear = peer.local();
        long old = peer.offset();
        peer.pass(SECOND);
        peer.step(STEP);
        exchange(peer);
        exchange(peer);
        assertThat(clock.counts().steps()).isEqualTo(1);
        ClockEstimate estimate = clock.estimate(unclear).orElseThrow();
        assertCovers(estimate, old);
        assertCovers(estimate, old + STEP);
    }

    @Test
    void oneWrongExchangeChangesNothingButTheUncertaintyUntilTheNext() {
        SimulatedPeer peer = loopback(Delay.UNIFORM, 10);
        settle(peer, 30);
        long moment = peer.local();
        ClockEstimate before = clock.estimate(moment).orElseThrow();
        long wrong = moment + peer.offset() + 400 * STEP;
        assertThat(clock.record(new ClockExchange(moment - 50_000, wrong, wrong, moment + 50_000)))
                .isEqualTo(ExchangeVerdict.DOUBTED);
        ClockEstimate doubted = clock.estimate(moment).orElseThrow();
        assertThat(doubted.offsetNanos()).isEqualTo(before.offsetNanos());
        assertThat(doubted.uncertaintyNanos()).isGreaterThan(399 * STEP);
        peer.pass(SECOND);
        assertThat(exchange(peer)).isEqualTo(ExchangeVerdict.TAKEN);
        ClockEstimate after = clock.estimate(peer.local()).orElseThrow();
        assertThat(after.uncertaintyNanos()).isLessThan(1_000_000);
        assertCovers(after, peer.offset());
        assertThat(clock.counts()).isEqualTo(new PeerCounts(31, 0, 1, 0));
    }

    @Test
    void manySteps() {
        SimulatedPeer peer = loopback(Delay.EXPONENTIAL, -20);
        List<long[]> moments = new ArrayList<>();
        for (int step = 0; step < 20; step++) {
            for (int i = 0; i < 10; i++) {
                exchange(peer);
                moments.add(new long[] {peer.local(), peer.offset()});
                peer.pass(SECOND);
            }
            peer.step(step % 3 == 0 ? -STEP : 2 * STEP);
        }
        assertThat(clock.counts().steps()).isEqualTo(19);
        for (long[] moment : moments.subList(moments.size() - 80, moments.size())) {
            assertCovers(clock.estimate(moment[0]).orElseThrow(), moment[1]);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {-3_600 * SECOND, -SECOND, SECOND, 3_600 * SECOND})
    void aStepOfTheLocalClockIsNoticedToo(long by) {
        SimulatedPeer peer = loopback(Delay.UNIFORM, 0);
        settle(peer, 30);
        List<ExchangeVerdict> verdicts = new ArrayList<>();
        long local = 0;
        for (int i = 0; i < 4; i++) {
            peer.pass(SECOND / 5);
            ClockExchange seen = peer.exchange(0);
            assertThat(seen).isNotNull();
            local = seen.localReceive() + by;
            verdicts.add(clock.record(
                    new ClockExchange(seen.localSend() + by, seen.remoteReceive(), seen.remoteSend(), local)));
        }
        assertThat(verdicts)
                .containsExactly(
                        ExchangeVerdict.DOUBTED, ExchangeVerdict.STEPPED, ExchangeVerdict.TAKEN, ExchangeVerdict.TAKEN);
        assertCovers(clock.estimate(local).orElseThrow(), peer.offset() - by);
    }

    @Test
    void answersThatAreRecordedInAnotherOrderAreNoStep() {
        SimulatedPeer peer = loopback(Delay.EXPONENTIAL, 100);
        settle(peer, 20);
        for (int round = 0; round < 20; round++) {
            List<ClockExchange> exchanges = new ArrayList<>();
            for (int i = 0; i < 5; i++) {
                ClockExchange exchange = peer.exchange(0);
                assertThat(exchange).isNotNull();
                exchanges.add(0, exchange);
                peer.pass(SECOND / 10);
            }
            for (ClockExchange exchange : exchanges) {
                assertThat(clock.record(exchange)).isEqualTo(ExchangeVerdict.TAKEN);
            }
            long newest = exchanges.get(0).localReceive();
            assertThat(clock.estimate(newest + 7).orElseThrow().ageNanos()).isEqualTo(7);
            assertCovers(clock.estimate(peer.local()).orElseThrow(), peer.offset());
        }
        assertThat(clock.estimate(peer.local()).orElseThrow().driftPpm()).isCloseTo(100, within(30.0));
    }

    @Test
    void clocksThatShowMillisecondsAreAsUncertainAsThat() {
        SimulatedPeer peer = loopback(Delay.EXPONENTIAL, 30);
        int taken = 0;
        for (int i = 0; i < 400; i++) {
            ClockExchange seen = peer.exchange(0);
            assertThat(seen).isNotNull();
            ExchangeVerdict verdict = clock.record(new ClockExchange(
                    seen.localSend() / 1_000_000 * 1_000_000,
                    seen.remoteReceive() / 1_000_000 * 1_000_000,
                    seen.remoteSend() / 1_000_000 * 1_000_000,
                    seen.localReceive() / 1_000_000 * 1_000_000));
            taken += verdict == ExchangeVerdict.TAKEN ? 1 : 0;
            assertCovers(clock.estimate(peer.local()).orElseThrow(), peer.offset());
            peer.pass(SECOND / 7);
        }
        assertThat(taken).isGreaterThan(250);
        assertThat(clock.counts().steps()).isZero();
        assertThat(clock.estimate(peer.local()).orElseThrow().uncertaintyNanos())
                .isLessThan(4_000_000);
    }

    @Test
    void impossibleExchangesAreRefusedCountedAndChangeNothing() {
        SimulatedPeer peer = loopback(Delay.UNIFORM, 0);
        settle(peer, 10);
        ClockEstimate before = clock.estimate(NOW).orElseThrow();
        long max = Long.MAX_VALUE;
        assertThat(clock.record(new ClockExchange(-1, NOW, NOW, NOW))).isEqualTo(ExchangeVerdict.NEGATIVE_STAMP);
        assertThat(clock.record(new ClockExchange(Long.MIN_VALUE, max, Long.MIN_VALUE, max)))
                .isEqualTo(ExchangeVerdict.NEGATIVE_STAMP);
        assertThat(clock.record(new ClockExchange(NOW, NOW, NOW, NOW - 1))).isEqualTo(ExchangeVerdict.LOCAL_BACKWARDS);
        assertThat(clock.record(new ClockExchange(NOW, NOW, NOW - 1, NOW))).isEqualTo(ExchangeVerdict.REMOTE_BACKWARDS);
        assertThat(clock.record(new ClockExchange(NOW, NOW, NOW + 11, NOW + 10)))
                .isEqualTo(ExchangeVerdict.NEGATIVE_ROUND_TRIP);
        assertThat(clock.record(new ClockExchange(NOW, 0, max, NOW + 10)))
                .isEqualTo(ExchangeVerdict.NEGATIVE_ROUND_TRIP);
        assertThat(clock.record(new ClockExchange(0, NOW, NOW, max))).isEqualTo(ExchangeVerdict.TOO_LONG);
        assertThat(clock.counts()).isEqualTo(new PeerCounts(10, 7, 0, 0));
        assertThat(clock.estimate(NOW)).contains(before);
    }

    @Test
    void anyStampsAndAnyMomentsAreAnswered() {
        SplittableRandom random = new SplittableRandom(11);
        long[] special = {0, 1, NOW, NOW + 1, Long.MAX_VALUE, Long.MAX_VALUE - 1, Long.MIN_VALUE, -1, SECOND};
        for (int i = 0; i < 20_000; i++) {
            long[] s = new long[4];
            for (int k = 0; k < 4; k++) {
                s[k] = switch (random.nextInt(3)) {
                    case 0 -> special[random.nextInt(special.length)];
                    case 1 -> random.nextLong();
                    default -> NOW + random.nextInt();
                };
            }
            if (random.nextBoolean()) {
                s[2] = s[1];
                s[3] = s[0] + random.nextInt(1_000_000);
            }
            clock.record(new ClockExchange(s[0], s[1], s[2], s[3]));
            for (long moment : new long[] {s[0], s[1], Long.MIN_VALUE, Long.MAX_VALUE, 0}) {
                clock.estimate(moment).ifPresent(estimate -> {
                    assertThat(estimate.uncertaintyNanos()).isNotNegative();
                    assertThat(estimate.ageNanos()).isNotNegative();
                    assertThat(estimate.driftPpm()).isBetween(-500.0, 500.0);
                });
                CrossLatency.toPeer(moment, clock, s[1])
                        .ifPresent(latency -> assertThat(latency.valueNanos()).isNotNegative());
            }
            clock.estimateAtRemote(s[2]);
        }
        PeerCounts counts = clock.counts();
        assertThat(counts.taken()).isPositive();
        assertThat(counts.refused()).isPositive();
        assertThat(counts.steps()).isPositive();
    }

    @Test
    void readersSeeWholeEstimatesBesideTheWriter() throws InterruptedException {
        // One writer alternates between clocks 1 s and 2 s ahead; a reader may see either, or both covered.
        AtomicBoolean done = new AtomicBoolean();
        AtomicBoolean torn = new AtomicBoolean();
        Thread reader = new Thread(() -> {
            while (!done.get()) {
                clock.estimate(NOW + 3_600 * SECOND).ifPresent(estimate -> {
                    long near = Math.min(
                            Math.abs(estimate.offsetNanos() - SECOND), Math.abs(estimate.offsetNanos() - 2 * SECOND));
                    if (near > estimate.uncertaintyNanos()) {
                        torn.set(true);
                    }
                });
            }
        });
        reader.start();
        for (int i = 0; i < 20_000; i++) {
            long local = NOW + i * 1_000_003L;
            long remote = local + 500 + (i / 50 % 2 + 1) * SECOND;
            clock.record(new ClockExchange(local, remote, remote, local + 1_000));
        }
        done.set(true);
        reader.join();
        assertThat(torn).isFalse();
        assertThat(clock.counts().steps()).isEqualTo(399);
    }

    @Test
    void assumptionsAreChecked() {
        assertThatThrownBy(() -> new PeerClockConfig(1, 1, 500, 15, 0)).hasMessageContaining("window=1");
        assertThatThrownBy(() -> new PeerClockConfig(8, 0, 500, 15, 0)).hasMessageContaining("maxAgeNanos=0");
        assertThatThrownBy(() -> new PeerClockConfig(8, 1, Double.NaN, 15, 0)).hasMessageContaining("maxDriftPpm=NaN");
        assertThatThrownBy(() -> new PeerClockConfig(8, 1, 500, 501, 0)).hasMessageContaining("wanderPpm=501");
        assertThatThrownBy(() -> new PeerClockConfig(8, 1, 500, 15, -1)).hasMessageContaining("readingNanos=-1");
    }
}
