package io.varve.benchmarks.head;

import io.varve.codec.PageCodec;
import io.varve.core.head.Generation;
import io.varve.core.head.GenerationReader;
import io.varve.core.model.TimeRange;
import io.varve.core.storage.ColumnCursor;
import io.varve.core.storage.ReadBudget;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** Reads each series' newest rows in a generation of two hours of the devops load; an operation is one series. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(1)
public class HeadReadBenchmark {

    private static final int HOSTS = 20;
    private static final int SERIES = HOSTS * 101;

    /** Rows wanted. */
    @Param({"30", "720"})
    public int rows;

    private final DevopsHead load = new DevopsHead(HOSTS);
    private final Generation generation = load.generation();
    private final GenerationReader reader = generation.reader(new PageCodec());

    /** Fills the generation. */
    @Setup
    public void fill() {
        for (int step = 0; step < DevopsHead.STEPS; step++) {
            load.apply(generation, step);
        }
    }

    /** All series, one after the other. */
    @Benchmark
    @OperationsPerInvocation(SERIES)
    public double read() {
        TimeRange range = TimeRange.of(DevopsHead.time(DevopsHead.STEPS - rows), Long.MAX_VALUE);
        double sum = 0;
        for (int series = 0; series < SERIES; series++) {
            ColumnCursor cursor = reader.columns(series, range, ReadBudget.UNLIMITED);
            while (cursor.nextPage()) {
                sum += cursor.values()[cursor.size() - 1];
            }
        }
        return sum;
    }
}
