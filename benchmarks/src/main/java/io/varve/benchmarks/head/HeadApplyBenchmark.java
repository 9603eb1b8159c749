package io.varve.benchmarks.head;

import io.varve.core.head.Generation;
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
 * A sample of the devops load applied to a generation, encoding included; after two hours of steps comes the next
 * generation. An operation is one sample. The baseline are generations of so few steps that nothing is encoded.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 4, time = 2)
@Measurement(iterations = 6, time = 2)
@Fork(1)
public class HeadApplyBenchmark {

    private static final int HOSTS = 20;
    private static final int SERIES = HOSTS * 101;

    /** Steps of a generation. */
    @Param({"720", "15"})
    public int steps;

    private final DevopsHead load = new DevopsHead(HOSTS);
    private Generation generation = load.generation();
    private int step;

    /** Begins at the first step. */
    @Setup(Level.Trial)
    public void begin() {
        if (load.seriesCount() != SERIES) {
            throw new AssertionError("BUG: series=" + load.seriesCount());
        }
        generation = load.generation();
        step = 0;
    }

    /** One step of all series. */
    @Benchmark
    @OperationsPerInvocation(SERIES)
    public long apply() {
        if (step == steps) {
            generation = generation.following(generation.id() + 1);
            step = 0;
        }
        load.apply(generation, step++);
        return generation.samples();
    }
}
