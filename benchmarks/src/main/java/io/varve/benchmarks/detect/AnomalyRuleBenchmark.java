package io.varve.benchmarks.detect;

import io.varve.core.model.TimeSource;
import io.varve.query.detect.window.DetectorKernel;
import io.varve.query.detect.window.DetectorMemory;
import io.varve.query.detect.window.WindowDetector;
import io.varve.query.kernel.Row;
import io.varve.query.kernel.WindowKernel;
import io.varve.query.kernel.Windows;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Microseconds for one series of a rule: a function of anomalies over a day of samples every 15 s, evaluated once for
 * each new sample, with what was learned before and without.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 2, time = 1)
@Measurement(iterations = 3, time = 1)
public class AnomalyRuleBenchmark {

    private static final int DAY = 5_760;
    private static final int SAMPLES = 100 * DAY;
    private static final long STEP_MS = 15_000;
    private static final int DETECTORS = 4;

    @Param({"FOREST", "CONSENSUS"})
    public Kind kind = Kind.FOREST;

    @Param({"true", "false"})
    public boolean remembers = true;

    private final long[] times = new long[SAMPLES];
    private final double[] values = new double[SAMPLES];
    private final Row row = new Row(1);
    private WindowKernel kernel = (windows, out) -> {};
    private int newest = DAY;

    /** Which function. */
    public enum Kind {
        FOREST,
        CONSENSUS
    }

    /** Makes samples. */
    @Setup
    public void setUp() {
        Random random = new Random(1);
        for (int i = 0; i < SAMPLES; i++) {
            times[i] = (i + 1) * STEP_MS;
            values[i] = random.nextGaussian();
        }
        WindowDetector detectors = kind == Kind.FOREST ? WindowDetector.FOREST : WindowDetector.CONSENSUS;
        LongSupplier clock = () -> newest * STEP_MS * 1_000_000; // idle is what was not asked for in this time
        DetectorMemory memory = remembers
                ? DetectorMemory.ofBytes(DETECTORS * detectors.bytes(), TimeSource.of(clock, clock), random)
                : DetectorMemory.NONE;
        kernel = new DetectorKernel(detectors, 1, false, memory, () -> {});
    }

    /** One evaluation. */
    @Benchmark
    public Row evaluate() {
        newest = newest + 1 == SAMPLES ? DAY : newest + 1;
        int[] from = {newest + 1 - DAY};
        int[] to = {newest + 1};
        row.clear();
        kernel.apply(new Windows(times, values, from, to, 1, times[newest], 0, DAY * STEP_MS, 1_000), row);
        return row;
    }
}
