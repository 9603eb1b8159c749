package io.varve.benchmarks.detect;

import io.varve.query.detect.ChangeDetector;
import io.varve.query.detect.Detector;
import io.varve.query.detect.ForestDetector;
import io.varve.query.detect.RobustBandDetector;
import io.varve.query.detect.SeasonalDetector;
import io.varve.query.detect.consensus.ConsensusDetector;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Nanoseconds to score a sample and to learn it, of a detector that has seen two weeks of samples every five minutes;
 * the baseline only adds the values.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 2, time = 2)
@Measurement(iterations = 4, time = 2)
public class DetectorBenchmark {

    private static final int SAMPLES = 4_032;
    private static final long STEP_MS = 300_000;
    private static final long DAY_MS = 86_400_000;

    @Param({"NONE", "BANDS", "SEASONS", "CHANGES", "FOREST", "CONSENSUS"})
    public Kind kind = Kind.NONE;

    @Param({"DAILY", "NOISE"})
    public Shape shape = Shape.DAILY;

    private final double[] values = new double[SAMPLES];
    private Detector detector = (timeMs, value) -> value;
    private long timeMs;

    /** Which detector. */
    public enum Kind {
        NONE,
        BANDS,
        SEASONS,
        CHANGES,
        FOREST,
        CONSENSUS
    }

    /** What values are like. */
    public enum Shape {
        DAILY,
        NOISE
    }

    /** Teaches the detector. */
    @Setup(Level.Iteration)
    public void setUp() {
        Random random = new Random(1);
        for (int i = 0; i < SAMPLES; i++) {
            double day = shape == Shape.DAILY ? 50 * Math.sin(i * Math.PI / 144) : 0;
            values[i] = day + random.nextGaussian();
        }
        detector = switch (kind) {
            case NONE -> (at, value) -> value;
            case BANDS -> new RobustBandDetector(DAY_MS, SAMPLES);
            case SEASONS -> new SeasonalDetector(4);
            case CHANGES -> new ChangeDetector(DAY_MS);
            case FOREST -> new ForestDetector();
            case CONSENSUS -> new ConsensusDetector();
        };
        timeMs = 0;
        score();
    }

    /** Two more weeks. */
    @Benchmark
    @OperationsPerInvocation(SAMPLES)
    public double score() {
        double sum = 0;
        for (double value : values) {
            sum += detector.score(timeMs, value);
            timeMs += STEP_MS;
        }
        return sum;
    }
}
