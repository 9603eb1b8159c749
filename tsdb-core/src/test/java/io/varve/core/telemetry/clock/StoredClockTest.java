package io.varve.core.telemetry.clock;

import static org.assertj.core.api.Assertions.assertThat;

import io.varve.core.Tsdb;
import io.varve.core.TsdbConfig;
import io.varve.core.TsdbRuntime;
import io.varve.core.model.Labels;
import io.varve.core.model.Matcher;
import io.varve.core.model.Resolution;
import io.varve.core.model.TimeRange;
import io.varve.core.model.TimeSource;
import io.varve.core.storage.Appender;
import io.varve.core.storage.Durability;
import io.varve.core.storage.ReadBudget;
import io.varve.core.telemetry.clock.SimulatedPeer.Delay;
import io.varve.core.telemetry.clock.SimulatedPeer.Wander;
import io.varve.core.telemetry.clock.stored.CorrectedLatencies;
import io.varve.core.telemetry.clock.stored.CorrectedSample;
import io.varve.core.telemetry.clock.stored.LatencyQuestion;
import io.varve.core.telemetry.clock.stored.Way;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Peers with offsets and drifts that the simulation alone knows: what the store answers covers the true latency. */
class StoredClockTest {

    private static final int PEERS = 40;
    private static final long SECOND = 1_000_000_000L;

    @TempDir
    private Path directory;

    /** Later than all that is simulated. */
    private static final class Late implements TimeSource {
        @Override
        public long epochNanos() {
            return 1_800_000_000_000_000_000L;
        }

        @Override
        public long nanoTime() {
            return TimeSource.system().nanoTime();
        }
    }

    @Test
    void corrected_latencies_cover_the_truth_and_are_never_negative() throws IOException {
        long covered = 0;
        long asked = 0;
        long marked = 0;
        try (TsdbRuntime runtime = TsdbRuntime.create(new Late());
                Tsdb db = Tsdb.open(directory, TsdbConfig.defaults().resolution(Resolution.NANOS), runtime)) {
            for (int i = 0; i < PEERS; i++) {
                Way way = i % 2 == 0 ? Way.TO_PEER : Way.FROM_PEER;
                String peer = "peer" + i;
                Map<Long, Long> truth = simulate(db, peer, 77 + i, way);
                List<CorrectedSample> samples = CorrectedLatencies.read(
                                db,
                                TimeRange.ALL,
                                ReadBudget.UNLIMITED,
                                LatencyQuestion.of(
                                        peer,
                                        way,
                                        Matcher.equal(Labels.NAME, "hop_seconds"),
                                        Matcher.equal("to", peer)))
                        .found()
                        .get(0)
                        .samples();
                assertThat(samples).hasSizeGreaterThan(truth.size() * 9 / 10);
                for (CorrectedSample sample : samples) {
                    double wrong = Math.abs(sample.seconds() - truth.getOrDefault(sample.time(), Long.MAX_VALUE) / 1e9);
                    assertThat(sample.seconds()).isGreaterThanOrEqualTo(0);
                    assertThat(sample.withinUncertainty())
                            .isEqualTo(sample.seconds() < sample.uncertaintySeconds() || sample.seconds() == 0);
                    covered += wrong <= sample.uncertaintySeconds() + 2e-9 ? 1 : 0;
                    marked += sample.withinUncertainty() ? 1 : 0;
                    asked++;
                }
            }
        }
        assertThat((double) covered / asked).as("of " + asked).isGreaterThan(0.99);
        assertThat((double) marked / asked).as("marked").isBetween(0.001, 0.9);
    }

    /** A minute of exchanges, stored readings once a second, and latencies between; the true ones by their time. */
    private static Map<Long, Long> simulate(Tsdb db, String peer, long seed, Way way) {
        SplittableRandom random = new SplittableRandom(seed);
        long shortest = 5_000L + random.nextInt(200_000);
        SimulatedPeer simulated = new SimulatedPeer(
                seed,
                List.of(Delay.values()).get(random.nextInt(Delay.values().length)),
                List.of(Wander.values()).get(random.nextInt(Wander.values().length)),
                400 * random.nextDouble() - 200,
                random.nextLong(-SECOND, SECOND),
                shortest,
                2 * shortest);
        ClockBook book = ClockBook.create();
        Map<Long, Long> truth = new HashMap<>();
        try (Appender appender = db.appender(Durability.MEMORY)) {
            long stored = simulated.local();
            for (int i = 0; i < 300; i++) {
                ClockExchange exchange = simulated.exchange(0.1);
                if (exchange != null) {
                    book.record(peer, exchange);
                }
                simulated.pass(SECOND / 5);
                long now = simulated.local();
                if (now - stored >= SECOND) {
                    stored = now;
                    for (PeerReading reading : book.readings(now)) {
                        put(appender, now, reading.offsetSeconds(), ClockBook.OFFSET_GAUGE, "peer", peer);
                        put(appender, now, reading.uncertaintySeconds(), ClockBook.UNCERTAINTY_GAUGE, "peer", peer);
                    }
                }
                if (i > 20) {
                    long latency = (long) (20_000 * Math.exp(4 * random.nextDouble()));
                    long measured = way == Way.TO_PEER ? latency + simulated.offset() : latency - simulated.offset();
                    put(appender, now, measured / 1e9, "hop_seconds", "to", peer);
                    truth.put(now, latency);
                }
            }
            assertThat(appender.commit().refused()).isZero();
        }
        return truth;
    }

    private static void put(Appender appender, long time, double value, String metric, String label, String of) {
        appender.append(appender.series(Labels.of(Labels.NAME, metric, label, of)), time, value);
    }
}
