package io.varve.benchmarks.write;

import io.varve.core.model.Resolution;
import io.varve.core.storage.Durability;
import io.varve.server.write.MetadataStore;
import io.varve.server.write.WriteLimits;
import io.varve.server.write.WriteSession;
import io.varve.server.write.remote.RemoteWriteDecoder;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
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
import org.xerial.snappy.Snappy;

/**
 * One remote-write request of 1,000 series with ten labels each, decoded into an engine that only hashes; an operation
 * is one series. {@code walk} is the baseline: the hash of the same bytes with no decoding at all.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class RemoteWriteDecodeBenchmark {

    private static final int SERIES = 1_000;
    private static final String[] NAMES = {
        "__name__", "arch", "datacenter", "hostname", "os", "rack", "region", "service", "service_version", "team"
    };

    /** Samples a series. */
    @Param({"1", "8"})
    public int samples;

    private final HashingAppender engine = new HashingAppender();
    private final WriteSession session = new WriteSession(durability -> engine, Resolution.MILLIS);
    private final RemoteWriteDecoder decoder = new RemoteWriteDecoder(WriteLimits.defaults(), new MetadataStore(1));
    private byte[] message = {};
    private byte[] block = {};

    /** Builds the request. */
    @Setup(Level.Trial)
    public void build() throws IOException {
        ByteArrayOutputStream request = new ByteArrayOutputStream();
        for (int i = 0; i < SERIES; i++) {
            field(request, 1, series(i));
        }
        message = request.toByteArray();
        block = Snappy.compress(message);
    }

    private byte[] series(int index) {
        ByteArrayOutputStream series = new ByteArrayOutputStream();
        for (int i = 0; i < NAMES.length; i++) {
            ByteArrayOutputStream label = new ByteArrayOutputStream();
            String value =
                    i == 3 ? "host_" + index / 10 : i == 0 ? "cpu_usage_" + index % 10 : "value-" + i + "-of-some";
            field(label, 1, NAMES[i].getBytes(StandardCharsets.UTF_8));
            field(label, 2, value.getBytes(StandardCharsets.UTF_8));
            field(series, 1, label.toByteArray());
        }
        for (int i = 0; i < samples; i++) {
            ByteArrayOutputStream sample = new ByteArrayOutputStream();
            sample.write(1 << 3 | 1);
            double value = (index * 37 + i) % 10_000 / 100.0;
            sample.writeBytes(ByteBuffer.allocate(Long.BYTES)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .putDouble(value)
                    .array());
            sample.write(2 << 3);
            varint(sample, 1_763_780_400_000L + i * 10_000L);
            field(series, 2, sample.toByteArray());
        }
        return series.toByteArray();
    }

    private static void field(ByteArrayOutputStream out, int number, byte[] content) {
        out.write(number << 3 | 2);
        varint(out, content.length);
        out.writeBytes(content);
    }

    private static void varint(ByteArrayOutputStream out, long value) {
        long rest = value;
        while (rest >>> 7 != 0) {
            out.write((int) (rest & 0x7f) | 0x80);
            rest >>>= 7;
        }
        out.write((int) rest);
    }

    /** Only the hash, over the same bytes. */
    @Benchmark
    @OperationsPerInvocation(SERIES)
    public long walk() {
        int each = message.length / SERIES;
        long hash = 0;
        for (int i = 0; i < SERIES; i++) {
            hash ^= engine.series(message, i * each, each, (bytes, offset, length) -> {
                throw new AssertionError("BUG: hashing decodes nothing");
            });
        }
        return hash;
    }

    /** Protobuf to samples. */
    @Benchmark
    @OperationsPerInvocation(SERIES)
    public long decode() {
        session.begin(Durability.MEMORY);
        decoder.decode(message, 0, message.length, session);
        engine.commit();
        return engine.sink();
    }

    /** Snappy and protobuf to samples. */
    @Benchmark
    @OperationsPerInvocation(SERIES)
    public long decodeSnappy() {
        session.begin(Durability.MEMORY);
        decoder.decodeSnappy(block, 0, block.length, session);
        engine.commit();
        return engine.sink();
    }
}
