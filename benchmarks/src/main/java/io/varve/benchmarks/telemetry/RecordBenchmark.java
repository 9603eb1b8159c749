package io.varve.benchmarks.telemetry;

import io.varve.core.model.TimeSource;
import io.varve.core.telemetry.Counter;
import io.varve.core.telemetry.Distribution;
import io.varve.core.telemetry.Metric;
import io.varve.core.telemetry.Outcome;
import io.varve.core.telemetry.Pipeline;
import io.varve.core.telemetry.Telemetry;
import io.varve.core.telemetry.TelemetryConfig;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What the application pays on its own threads, all recording into the same metrics ({@code -t 8} for eight writers).
 * Reading the clock of the machine stands beside it, since a message of four stages reads it four times.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
public class RecordBenchmark {

    private final Telemetry telemetry = Telemetry.create(TelemetryConfig.defaults());
    private final Counter counter = telemetry.counter("puts.total", "status").labels("ok");
    private final Distribution distribution =
            telemetry.latency(Metric.of("append_seconds", "Appends"), "log").labels("0");
    private final Pipeline pipeline = telemetry.pipeline("pp_bifrost", "enqueued", "dequeued", "arrived", "done");
    private final Telemetry standing = Telemetry.create(
            TelemetryConfig.defaults().clock(new StandingClock()).ticking(false));
    private final Pipeline withoutClock = standing.pipeline("pp_bifrost", "enqueued", "dequeued", "arrived", "done");

    /** A clock that costs nothing, and shows always the same. */
    private static final class StandingClock implements TimeSource {

        @Override
        public long epochNanos() {
            return 1_700_000_000_000_000_000L;
        }

        @Override
        public long nanoTime() {
            return 1_000_000;
        }
    }

    /** What a thread has of its own: the stamps of its message, and what the next value is made of. */
    @State(Scope.Thread)
    public static class Own {

        /** Stamps of four stages. */
        final long[] stamps = new long[5];

        private long seed = Thread.currentThread().getId();

        /** Nanoseconds from 0.1 to 1.15 ms. */
        long next() {
            seed = seed * 6_364_136_223_846_793_005L + 1_442_695_040_888_963_407L;
            return 100_000 + (seed >>> 44);
        }
    }

    /** The registry ends. */
    @TearDown
    public void close() {
        telemetry.close();
        standing.close();
    }

    /** One count. */
    @Benchmark
    public void counter() {
        counter.inc();
    }

    /** One value; making it up costs some 1 ns of it. */
    @Benchmark
    public void distribution(Own own) {
        distribution.record(own.next());
    }

    /** One message through four stages. */
    @Benchmark
    public void message(Own own) {
        pass(pipeline, own.stamps);
    }

    /** The same, but that the clock costs nothing. */
    @Benchmark
    public void messageWithoutClock(Own own) {
        pass(withoutClock, own.stamps);
    }

    private static void pass(Pipeline through, long[] stamps) {
        through.start(stamps);
        through.stamp(stamps, 1);
        through.stamp(stamps, 2);
        through.done(stamps, Outcome.OK);
    }

    /** One reading of the clock. */
    @Benchmark
    public long nanoTime() {
        return System.nanoTime();
    }
}
