package io.varve.benchmarks.codec;

import io.varve.benchmarks.codec.series.TimePattern;
import io.varve.benchmarks.codec.series.ValueShape;
import io.varve.codec.PageCodec;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * A page of 8,192 times and one of as many values, decoded into arrays and encoded again. One operation is one sample:
 * a time and a value. The baseline copies both arrays. Run with {@code -prof gc} to see that nothing is allocated but
 * what a Zstandard call needs.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class PageDecodeBenchmark {

    private static final int COUNT = 8_192;

    /** What the values look like; times are regular, but for jitter: a gauge whose times are up to 2 ms off. */
    @Param({"walk2", "counter", "gauge", "raw", "jitter"})
    public String shape = "walk2";

    private final PageCodec codec = new PageCodec();
    private final long[] decodedTimes = new long[COUNT];
    private final double[] decodedValues = new double[COUNT];
    private final byte[] timesPage = new byte[PageCodec.maxEncodedBytes(COUNT)];
    private final byte[] valuesPage = new byte[PageCodec.maxEncodedBytes(COUNT)];
    private long[] times = new long[COUNT];
    private double[] values = new double[COUNT];
    private int timesLength;
    private int valuesLength;

    /** Encodes the samples; prints the sizes, which belong to the speeds. */
    @Setup
    public void encodeOnce() {
        boolean jitter = shape.equals("jitter");
        times = (jitter ? TimePattern.UNIFORM_15S : TimePattern.REGULAR_10S).times(COUNT);
        values = (jitter ? ValueShape.GAUGE : ValueShape.of(shape)).values(COUNT);
        timesLength = codec.encodeTimes(times, 0, COUNT, timesPage, 0);
        valuesLength = codec.encodeValues(values, 0, COUNT, valuesPage, 0);
        System.out.printf("%n%s: %d + %d bytes%n", shape, timesLength, valuesLength);
    }

    /** Baseline: both arrays copied. */
    @Benchmark
    @OperationsPerInvocation(COUNT)
    public double copy() {
        System.arraycopy(times, 0, decodedTimes, 0, COUNT);
        System.arraycopy(values, 0, decodedValues, 0, COUNT);
        return decodedTimes[COUNT - 1] + decodedValues[COUNT - 1];
    }

    /** Both pages decoded. */
    @Benchmark
    @OperationsPerInvocation(COUNT)
    public int decode() {
        return codec.decodeTimes(timesPage, 0, timesLength, decodedTimes, 0)
                + codec.decodeValues(valuesPage, 0, valuesLength, decodedValues, 0);
    }

    /** Both pages encoded. */
    @Benchmark
    @OperationsPerInvocation(COUNT)
    public int encode() {
        return codec.encodeTimes(times, 0, COUNT, timesPage, 0) + codec.encodeValues(values, 0, COUNT, valuesPage, 0);
    }
}
