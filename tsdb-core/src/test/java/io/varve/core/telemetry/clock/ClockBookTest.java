package io.varve.core.telemetry.clock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ClockBookTest {

    private static final long NOW = 1_795_000_000_123_456_789L;

    private static ClockExchange ahead(long offset) {
        return new ClockExchange(NOW, NOW + offset + 50_000, NOW + offset + 60_001, NOW + 110_001);
    }

    @Test
    void showsOffsetUncertaintyAndAgeOfEachPeerInSeconds() {
        ClockBook book = ClockBook.create();
        assertThat(book.readings(NOW)).isEmpty();
        assertThat(book.record("log-2", ahead(30_000_000))).isEqualTo(ExchangeVerdict.TAKEN);
        assertThat(book.record("log-1", ahead(-2_500_000_000L))).isEqualTo(ExchangeVerdict.TAKEN);
        List<PeerReading> readings = book.readings(NOW + 110_001 + 2_000_000_000L);
        assertThat(readings).extracting(PeerReading::peer).containsExactly("log-1", "log-2");
        assertThat(readings.get(0).offsetSeconds()).isCloseTo(-2.5, within(1e-6));
        assertThat(readings.get(1).offsetSeconds()).isCloseTo(0.03, within(1e-6));
        assertThat(readings.get(1).ageSeconds()).isEqualTo(2);
        // half of 100 us, one of reading, and 515 ppm of two seconds while the drift is not known
        assertThat(readings.get(1).uncertaintySeconds()).isCloseTo(0.001081, within(2e-6));
        assertThat(ClockBook.OFFSET_GAUGE).isEqualTo("varve_clock_offset_seconds");
        assertThat(ClockBook.UNCERTAINTY_GAUGE).isEqualTo("varve_clock_uncertainty_seconds");
    }

    @Test
    void peersOverTheBoundAreRefusedAndCountedUntilThereIsRoom() {
        ClockBook book = ClockBook.create(3, PeerClockConfig.defaults());
        for (int i = 0; i < 1_000; i++) {
            assertThat(book.record("peer-" + i, ahead(i)))
                    .isEqualTo(i < 3 ? ExchangeVerdict.TAKEN : ExchangeVerdict.TOO_MANY_PEERS);
        }
        assertThat(book.size()).isEqualTo(3);
        assertThat(book.refused()).isEqualTo(997);
        assertThat(book.peer("peer-2")).isPresent();
        assertThat(book.peer("peer-3")).isEmpty();
        assertThat(book.remove("peer-7")).isFalse();
        assertThat(book.remove("peer-2")).isTrue();
        assertThat(book.record("peer-3", ahead(3))).isEqualTo(ExchangeVerdict.TAKEN);
        assertThat(book.record("peer-2", ahead(2))).isEqualTo(ExchangeVerdict.TOO_MANY_PEERS);
    }

    @Test
    void badNamesAndImpossibleFirstExchangesTakeNoRoom() {
        ClockBook book = ClockBook.create();
        assertThat(book.record("", ahead(1))).isEqualTo(ExchangeVerdict.BAD_NAME);
        assertThat(book.record("x".repeat(257), ahead(1))).isEqualTo(ExchangeVerdict.BAD_NAME);
        assertThat(book.record("x", new ClockExchange(-1, 0, 0, 0))).isEqualTo(ExchangeVerdict.NEGATIVE_STAMP);
        assertThat(book.size()).isZero();
        assertThat(book.refused()).isEqualTo(3);
        assertThat(book.record("x".repeat(256), ahead(1))).isEqualTo(ExchangeVerdict.TAKEN);
        assertThat(book.record("x".repeat(256), new ClockExchange(5, 5, 4, 5)))
                .isEqualTo(ExchangeVerdict.REMOTE_BACKWARDS);
        assertThat(book.refused()).isEqualTo(3);
        assertThat(book.peer("x".repeat(256)).orElseThrow().counts()).isEqualTo(new PeerCounts(1, 1, 0, 0));
        assertThatThrownBy(() -> ClockBook.create(0, PeerClockConfig.defaults()))
                .hasMessageContaining("limit=0");
    }

    @Test
    void manyThreadsNeverPassTheBound() throws InterruptedException {
        ClockBook book = ClockBook.create(50, PeerClockConfig.defaults());
        List<Thread> threads = new ArrayList<>();
        for (int t = 0; t < 4; t++) {
            int from = t * 40;
            threads.add(new Thread(() -> {
                for (int i = 0; i < 2_000; i++) {
                    book.record("peer-" + (from + i % 100), ahead(1));
                }
            }));
        }
        threads.forEach(Thread::start);
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(book.size()).isEqualTo(50);
        assertThat(book.readings(NOW)).hasSize(50);
        long taken = 0;
        for (PeerReading reading : book.readings(NOW)) {
            taken += book.peer(reading.peer()).orElseThrow().counts().taken();
        }
        assertThat(taken + book.refused()).isEqualTo(8_000);
    }
}
