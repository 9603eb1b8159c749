package io.varve.benchmarks.codec;

import io.varve.benchmarks.codec.series.TimePattern;
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
 * A page of 8,192 times, decoded into an array and encoded again. One operation is one time. The baseline copies the
 * array. {@code -prof gc} shows what is allocated.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class TimePageBenchmark {

    private static final int COUNT = 8_192;

    /** See {@link TimePattern}; its other names work as well. */
    @Param({"regular_10s", "missing_15s", "uniform_15s", "drift_10s"})
    public String pattern = "regular_10s";

    private final PageCodec codec = new PageCodec();
    private final long[] decoded = new long[COUNT];
    private final byte[] page = new byte[PageCodec.maxEncodedBytes(COUNT)];
    private long[] times = new long[COUNT];
    private int length;

    /** Encodes the times; prints the size, which belongs to the speeds. */
    @Setup
    public void encodeOnce() {
        times = TimePattern.of(pattern).times(COUNT);
        length = encode();
        System.out.printf("%n%s: %d bytes %s%n", pattern, length, CodecUnderTest.describe(page, 0, length));
    }

    /** Baseline: the array copied. */
    @Benchmark
    @OperationsPerInvocation(COUNT)
    public long copy() {
        System.arraycopy(times, 0, decoded, 0, COUNT);
        return decoded[COUNT - 1];
    }

    /** The page decoded. */
    @Benchmark
    @OperationsPerInvocation(COUNT)
    public int decode() {
        return codec.decodeTimes(page, 0, length, decoded, 0);
    }

    /** The page encoded. */
    @Benchmark
    @OperationsPerInvocation(COUNT)
    public int encode() {
        return codec.encodeTimes(times, 0, COUNT, page, 0);
    }
}
