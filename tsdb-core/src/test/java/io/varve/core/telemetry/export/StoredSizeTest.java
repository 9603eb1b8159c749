package io.varve.core.telemetry.export;

import static org.assertj.core.api.Assertions.assertThat;

import io.varve.core.Tsdb;
import io.varve.core.TsdbConfig;
import io.varve.core.model.Resolution;
import io.varve.core.telemetry.Counter;
import io.varve.core.telemetry.Gauge;
import io.varve.core.telemetry.Outcome;
import io.varve.core.telemetry.Pipeline;
import io.varve.core.telemetry.Sampling;
import io.varve.core.telemetry.Telemetry;
import io.varve.core.telemetry.TelemetryConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What latencies take in a store, against the 16 bytes of a time and a value: five minutes of a pipeline of four stages
 * with 200 messages a second, of which each step takes a lognormal time and one in a hundred ten times that.
 */
class StoredSizeTest {

    private static final int SECONDS = 300;
    private static final int MESSAGES = 200;
    private static final double RAW_BYTES = 16;

    @TempDir
    private Path directory;

    private final SteppedTime time = new SteppedTime();
    private final Telemetry telemetry =
            Telemetry.create(TelemetryConfig.defaults().clock(time).ticking(false));
    private final SplittableRandom random = new SplittableRandom(5);

    private void second(Pipeline pipeline) {
        long end = time.epochNanos() + 1_000_000_000L;
        for (int i = 0; i < MESSAGES; i++) {
            long[] stamps = pipeline.start();
            for (int stage = 1; stage <= 3; stage++) {
                double typical = 40_000.0 * stage * stage;
                double slow = random.nextInt(100) == 0 ? 10 : 1;
                time.advanceNanos((long) (slow * typical * Math.exp(0.5 * random.nextGaussian())));
                if (stage < 3) {
                    pipeline.stamp(stamps, stage);
                }
            }
            pipeline.done(stamps, Outcome.OK);
            time.advanceNanos(random.nextLong(4_000_000));
        }
        time.advanceNanos(Math.max(0, end - time.epochNanos()));
    }

    private static long blockBytes(Path store) throws IOException {
        try (Stream<Path> files = Files.walk(store)) {
            List<Path> blocks =
                    files.filter(file -> file.toString().endsWith(".varve")).toList();
            long bytes = 0;
            for (Path block : blocks) {
                bytes += Files.size(block);
            }
            assertThat(bytes).isPositive();
            return bytes;
        }
    }

    private static long samples(Tsdb db, String... metrics) {
        long samples = 0;
        for (String metric : metrics) {
            samples += StoreReading.of(db, metric).values().stream()
                    .mapToLong(series -> series.size())
                    .sum();
        }
        return samples;
    }

    @Test
    void latencies_as_histograms_each_second_take_under_a_twentieth_of_the_raw_ones() throws IOException {
        Pipeline pipeline = telemetry.pipeline("p", "enqueued", "dequeued", "arrived", "done");
        telemetry.sampling(Sampling.fixed(1));
        try (Tsdb db = Tsdb.open(directory, TsdbConfig.defaults())) {
            TelemetryExport export = TelemetryExport.of(telemetry, db, Duration.ofSeconds(1));
            for (int i = 0; i < SECONDS; i++) {
                second(pipeline);
                export.write();
            }
            long histograms = samples(db, Pipeline.METRIC);
            assertThat(histograms).isEqualTo(4L * SECONDS);
            db.flush();
            double bytes = blockBytes(directory); // with all gauges and exemplars of the pipeline
            assertThat(bytes / (RAW_BYTES * 4 * MESSAGES * SECONDS))
                    .as("bytes of a histogram: " + bytes / histograms)
                    .isLessThan(0.05);
        }
    }

    @Test
    void raw_latencies_take_under_three_tenths() throws IOException {
        Pipeline pipeline = telemetry.pipeline("p", "enqueued", "dequeued", "arrived", "done");
        telemetry.sampling(Sampling.fixed(1));
        try (Tsdb db = Tsdb.open(directory, TsdbConfig.defaults().resolution(Resolution.NANOS))) {
            for (int i = 0; i < SECONDS; i += 100) {
                try (TelemetryExport export = telemetry.exportLatenciesTo(db, Duration.ofHours(1))) {
                    assertThat(export).isNotNull();
                    for (int s = 0; s < 100; s++) {
                        second(pipeline);
                    }
                }
            }
            long samples = samples(db, "varve_stage_latency_seconds");
            assertThat(samples).isEqualTo(4L * MESSAGES * SECONDS);
            db.flush();
            double bytes = (double) blockBytes(directory) / samples;
            assertThat(bytes).as("bytes of a time and a latency").isLessThan(0.3 * RAW_BYTES);
        }
    }

    @Test
    void counters_and_gauges_take_under_a_twentieth() throws IOException {
        Counter done = telemetry.counter("done", "status");
        Gauge level = telemetry.gauge("level", "of");
        try (Tsdb db = Tsdb.open(directory, TsdbConfig.defaults())) {
            TelemetryExport export = TelemetryExport.of(telemetry, db, Duration.ofSeconds(1));
            for (int i = 0; i < 12 * SECONDS; i++) {
                for (int k = 0; k < 10; k++) {
                    done.labels("s" + k).add(k == 0 ? 200 + random.nextInt(20) : random.nextInt(100) / 98);
                    level.labels("l" + k).set(random.nextInt(2 * k + 1));
                }
                time.advanceMillis(1_000);
                export.write();
            }
            long samples = samples(db, "done_total", "level");
            assertThat(samples).isEqualTo(20L * 12 * SECONDS);
            db.flush();
            double bytes = (double) blockBytes(directory) / samples;
            assertThat(bytes).as("bytes of a time and a value").isLessThan(0.05 * RAW_BYTES);
        }
    }
}
