package io.varve.benchmarks.telemetry;

import io.varve.core.telemetry.Distribution;
import io.varve.core.telemetry.Metric;
import io.varve.core.telemetry.Telemetry;
import io.varve.core.telemetry.TelemetryConfig;
import io.varve.core.telemetry.Window;
import io.varve.core.telemetry.WindowView;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** Windows of a thousand nodes, each of a thousand lognormal latencies, joined, and their percentiles. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
public class WindowMergeBenchmark {

    private static final int NODES = 1_000;
    private static final int VALUES = 1_000;

    private final List<Window> windows = new ArrayList<>();

    /** All nodes record. */
    @Setup
    public void record() {
        Random random = new Random(1);
        for (int node = 0; node < NODES; node++) {
            try (Telemetry telemetry =
                    Telemetry.create(TelemetryConfig.defaults().ticking(false))) {
                Distribution latency = telemetry.latency(Metric.of("append_seconds", "Appends"));
                for (int i = 0; i < VALUES; i++) {
                    latency.record((long) (1e6 * Math.exp(0.5 * random.nextGaussian())));
                }
                windows.add(latency.recent(Duration.ofSeconds(10)));
            }
        }
    }

    /** All of it, once. */
    @Benchmark
    public WindowView merge() {
        return Window.merge(windows).view();
    }
}
