package io.varve.core.telemetry.clock;

import static org.assertj.core.api.Assertions.assertThat;

import io.varve.core.telemetry.clock.SimulatedPeer.Delay;
import io.varve.core.telemetry.clock.SimulatedPeer.Wander;
import org.junit.jupiter.api.Test;

class CrossLatencyTest {

    private static final long NOW = 1_795_000_000_123_456_789L;

    private static ClockEstimate estimate(long offset, long uncertainty) {
        return new ClockEstimate(offset, uncertainty, 0, 0, 1);
    }

    @Test
    void isCorrectedByBothOffsetsAndAsUncertainAsBoth() {
        assertThat(CrossLatency.between(NOW + 7_000, estimate(7_000, 10), NOW - 500, estimate(-1_000, 20)))
                .isEqualTo(new CrossLatency(500, 30, false));
        assertThat(CrossLatency.between(NOW, ClockEstimate.own(), NOW + 12, ClockEstimate.own()))
                .isEqualTo(new CrossLatency(12, 0, false));
    }

    @Test
    void whatIsSmallerThanItsUncertaintyIsMarked() {
        assertThat(CrossLatency.between(NOW, ClockEstimate.own(), NOW + 99, estimate(0, 100)))
                .isEqualTo(new CrossLatency(99, 100, true));
        assertThat(CrossLatency.between(NOW, ClockEstimate.own(), NOW + 100, estimate(0, 100)))
                .isEqualTo(new CrossLatency(100, 100, false));
    }

    @Test
    void isNeverNegative() {
        assertThat(CrossLatency.between(NOW, ClockEstimate.own(), NOW - 40, estimate(0, 100)))
                .isEqualTo(new CrossLatency(0, 100, true));
        assertThat(CrossLatency.between(NOW, ClockEstimate.own(), NOW - 4_000, estimate(0, 100)))
                .isEqualTo(new CrossLatency(0, 4_000, true));
        long min = Long.MIN_VALUE;
        long max = Long.MAX_VALUE;
        for (long a : new long[] {min, -1, 0, NOW, max}) {
            for (long b : new long[] {min, -1, 0, NOW, max}) {
                for (long offset : new long[] {min, 0, max}) {
                    CrossLatency latency = CrossLatency.between(a, estimate(offset, max), b, estimate(b, max));
                    assertThat(latency.valueNanos()).isNotNegative();
                    assertThat(latency.uncertaintyNanos()).isEqualTo(max);
                }
            }
        }
    }

    @Test
    void messagesBothWaysAreWhatTheyWereWithinTheUncertainty() {
        SimulatedPeer peer = new SimulatedPeer(3, Delay.EXPONENTIAL, Wander.NONE, 180, -7_000_000_000L, 30_000, 60_000);
        PeerClock clock = PeerClock.create();
        int marked = 0;
        for (int i = 0; i < 300; i++) {
            ClockExchange exchange = peer.exchange(0);
            assertThat(exchange).isNotNull();
            clock.record(exchange);
            peer.pass(1_000_000_000);
            long latency = i % 2 == 0 ? 20_000 : 400_000_000;
            long sentLocal = peer.local();
            long sentRemote = sentLocal + peer.offset();
            peer.pass(latency);
            long receivedLocal = peer.local();
            CrossLatency there = CrossLatency.toPeer(sentLocal, clock, receivedLocal + peer.offset())
                    .orElseThrow();
            CrossLatency back =
                    CrossLatency.fromPeer(sentRemote, clock, receivedLocal).orElseThrow();
            for (CrossLatency seen : new CrossLatency[] {there, back}) {
                assertThat(Math.abs(seen.valueNanos() - (receivedLocal - sentLocal)))
                        .isLessThanOrEqualTo(seen.uncertaintyNanos());
                assertThat(seen.withinUncertainty()).isEqualTo(seen.valueNanos() < seen.uncertaintyNanos());
                marked += seen.withinUncertainty() ? 1 : 0;
            }
        }
        assertThat(marked).isEqualTo(300);
    }
}
