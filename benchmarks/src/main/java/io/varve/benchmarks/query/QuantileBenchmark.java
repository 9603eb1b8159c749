package io.varve.benchmarks.query;

import io.varve.query.kernel.QuantileKernel;
import io.varve.query.kernel.Quantiles;
import io.varve.query.kernel.Row;
import io.varve.query.kernel.WindowKernel;
import io.varve.query.kernel.Windows;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.TimeUnit;
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
 * {@code quantile_over_time} over 24 hours of a series every ten seconds, windows of an hour, for each step of a query;
 * the baseline sorts each window.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class QuantileBenchmark {

    private static final int SAMPLES = 8_640;
    private static final int WINDOW = 360;

    /** Samples that a step goes on: 1, 6 (a minute), 360 (no window shares a sample with another). */
    @Param({"1", "6", "360"})
    public int stride;

    @Param({"0.5", "0.99"})
    public double q;

    @Param({"LATENCY", "PERCENT"})
    public Shape shape = Shape.LATENCY;

    private Windows windows = new Windows(new long[0], new double[0], new int[0], new int[0], 0, 0, 0, 0, 1);
    private Row row = new Row(0);
    private WindowKernel selecting = (all, out) -> {};
    private double[] sorted = new double[0];

    /** What values are like. */
    public enum Shape {
        LATENCY,
        PERCENT
    }

    /** Makes a series and its windows. */
    @Setup
    public void setUp() {
        Random random = new Random(1);
        long[] times = new long[SAMPLES];
        double[] values = new double[SAMPLES];
        double walk = 50;
        for (int i = 0; i < SAMPLES; i++) {
            times[i] = 10_000L * (i + 1);
            walk = Math.max(0, Math.min(100, Math.rint(walk + 5 * random.nextGaussian())));
            values[i] = shape == Shape.PERCENT ? walk : 0.01 * Math.exp(random.nextGaussian());
        }
        int steps = (SAMPLES - WINDOW) / stride + 1;
        int[] from = new int[steps];
        int[] to = new int[steps];
        for (int step = 0; step < steps; step++) {
            from[step] = step * stride;
            to[step] = from[step] + WINDOW;
        }
        windows = new Windows(times, values, from, to, steps, 3_600_000, 10_000L * stride, 3_600_000, 1_000);
        row = new Row(steps);
        double[] each = new double[steps];
        Arrays.fill(each, q);
        selecting = new QuantileKernel(each);
        sorted = new double[WINDOW];
    }

    /** What the engine does. */
    @Benchmark
    public Row selected() {
        selecting.apply(windows, row);
        return row;
    }

    /** The baseline. */
    @Benchmark
    public Row sorted() {
        for (int step = 0; step < windows.steps(); step++) {
            int from = windows.from()[step];
            System.arraycopy(windows.values(), from, sorted, 0, WINDOW);
            Quantiles.sort(sorted, WINDOW);
            row.set(step, Quantiles.ofSorted(sorted, WINDOW, q));
        }
        return row;
    }
}
