package io.varve.benchmarks.codec;

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
 * A page of 8,192 values, decoded into an array and encoded again. One operation is one value. The baselines, an array
 * copy and {@link GorillaValues}, are the same for every effort. {@code -prof gc} shows what is allocated.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class ValuePageBenchmark {

    private static final int COUNT = 8_192;

    /** See {@link ValueShape}. */
    @Param({"walk2", "counter", "gauge", "raw", "cloudwatch", "repeating"})
    public String shape = "walk2";

    /** Of the encoder. */
    @Param({CodecUnderTest.BEST, CodecUnderTest.FAST})
    public String effort = CodecUnderTest.BEST;

    private final GorillaValues gorilla = new GorillaValues();
    private final double[] decoded = new double[COUNT];
    private final byte[] page = new byte[PageCodec.maxEncodedBytes(COUNT)];
    private final byte[] gorillaPage = new byte[GorillaValues.maxEncodedBytes(COUNT)];
    private PageCodec codec = new PageCodec();
    private double[] values = new double[COUNT];
    private int length;
    private int gorillaLength;

    /** Encodes the values with both; prints the sizes, which belong to the speeds. */
    @Setup
    public void encodeOnce() {
        codec = CodecUnderTest.codec(effort);
        values = ValueShape.of(shape).values(COUNT);
        length = encode();
        gorillaLength = gorillaEncode();
        System.out.printf(
                "%n%s: %d bytes %s, Gorilla %d bytes%n",
                shape, length, CodecUnderTest.describe(page, 0, length), gorillaLength);
    }

    /** Baseline: the array copied. */
    @Benchmark
    @OperationsPerInvocation(COUNT)
    public double copy() {
        System.arraycopy(values, 0, decoded, 0, COUNT);
        return decoded[COUNT - 1];
    }

    /** Baseline: the XOR codec's values decoded. */
    @Benchmark
    @OperationsPerInvocation(COUNT)
    public double gorillaDecode() {
        gorilla.decode(gorillaPage, 0, gorillaLength, COUNT, decoded, 0);
        return decoded[COUNT - 1];
    }

    /** Baseline: the values encoded by the XOR codec. */
    @Benchmark
    @OperationsPerInvocation(COUNT)
    public int gorillaEncode() {
        return gorilla.encode(values, 0, COUNT, gorillaPage, 0);
    }

    /** The page decoded. */
    @Benchmark
    @OperationsPerInvocation(COUNT)
    public int decode() {
        return codec.decodeValues(page, 0, length, decoded, 0);
    }

    /** The page encoded. */
    @Benchmark
    @OperationsPerInvocation(COUNT)
    public int encode() {
        return codec.encodeValues(values, 0, COUNT, page, 0);
    }
}
