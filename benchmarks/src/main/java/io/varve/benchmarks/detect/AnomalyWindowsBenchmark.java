package io.varve.benchmarks.detect;

import io.varve.query.detect.window.Answer;
import io.varve.query.detect.window.BandKernel;
import io.varve.query.detect.window.DetectorKernel;
import io.varve.query.detect.window.DetectorMemory;
import io.varve.query.detect.window.SeasonalKernel;
import io.varve.query.detect.window.WindowDetector;
import io.varve.query.kernel.Row;
import io.varve.query.kernel.SampleKernels;
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
 * Microseconds for one series: functions of anomalies over windows of a day of samples every 15 s, at each minute of a
 * day or once; the baseline is the median of the same windows.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 2, time = 1)
@Measurement(iterations = 3, time = 1)
public class AnomalyWindowsBenchmark {

    private static final int SAMPLES = 2 * 5_760;
    private static final long STEP_MS = 15_000;
    private static final long MINUTE_MS = 60_000;
    private static final long DAY_MS = 86_400_000;

    @Param({"MEDIAN", "BANDS", "SEASONS", "CHANGES", "FOREST", "CONSENSUS"})
    public Kind kind = Kind.MEDIAN;

    @Param({"NOISE", "SPARSE"})
    public Shape shape = Shape.NOISE;

    @Param({"1440", "1"})
    public int steps = 1_440;

    private WindowKernel kernel = SampleKernels.sum();
    private Windows windows = new Windows(new long[0], new double[0], new int[0], new int[0], 0, 0, 0, 0, 1);
    private Row row = new Row(0);

    /** Which function. */
    public enum Kind {
        MEDIAN,
        BANDS,
        SEASONS,
        CHANGES,
        FOREST,
        CONSENSUS
    }

    /** What values are like. */
    public enum Shape {
        NOISE,
        SPARSE
    }

    /** Makes samples and windows. */
    @Setup
    public void setUp() {
        Random random = new Random(1);
        long[] times = new long[SAMPLES];
        double[] values = new double[SAMPLES];
        for (int i = 0; i < SAMPLES; i++) {
            times[i] = (i + 1) * STEP_MS;
            boolean zero = shape == Shape.SPARSE && random.nextInt(50) > 0;
            values[i] = zero ? 0 : random.nextGaussian();
        }
        int[] from = new int[steps];
        int[] to = new int[steps];
        long first = 2 * DAY_MS - (steps - 1) * MINUTE_MS;
        for (int step = 0; step < steps; step++) {
            long end = first + step * MINUTE_MS;
            from[step] = (int) ((end - DAY_MS) / STEP_MS);
            to[step] = (int) (end / STEP_MS);
        }
        windows = new Windows(times, values, from, to, steps, first, MINUTE_MS, DAY_MS, 1_000);
        row = new Row(steps);
        kernel = kernel();
    }

    private WindowKernel kernel() {
        double[] half = new double[steps];
        Arrays.fill(half, 0.5);
        double[] none = {};
        return switch (kind) {
            case MEDIAN -> SampleKernels.quantile(half);
            case BANDS -> new BandKernel(Answer.SCORE, none, AnomalyWindowsBenchmark::goOn);
            case SEASONS -> new SeasonalKernel(Answer.SCORE, none, AnomalyWindowsBenchmark::goOn);
            case CHANGES -> learning(WindowDetector.CHANGE);
            case FOREST -> learning(WindowDetector.FOREST);
            case CONSENSUS -> learning(WindowDetector.CONSENSUS);
        };
    }

    private static WindowKernel learning(WindowDetector detectors) {
        return new DetectorKernel(detectors, 1, false, DetectorMemory.NONE, AnomalyWindowsBenchmark::goOn);
    }

    private static void goOn() {}

    /** All steps of a series. */
    @Benchmark
    public Row apply() {
        row.clear();
        kernel.apply(windows, row);
        return row;
    }
}
