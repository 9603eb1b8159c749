package io.varve.benchmarks.load;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.xerial.snappy.Snappy;

/**
 * Prepared requests: {@code magic (8) | samples (8) | first time (8) | last time (8)}, then
 * {@code length (4) | samples (4) | body} for each, big-endian. Times in milliseconds. A body is a snappy-compressed
 * remote-write 1.0 request with one sample a series.
 */
final class RequestFile implements AutoCloseable {

    private static final long MAGIC = 0x5641525645_4C4431L;
    private static final int BUFFER = 1 << 20;

    private final DataInputStream in;
    private final long samples;
    private final long firstTime;
    private final long lastTime;

    private RequestFile(DataInputStream in) throws IOException {
        this.in = in;
        if (in.readLong() != MAGIC) {
            throw new IOException("cannot replay: the file was not written by --prepare");
        }
        this.samples = in.readLong();
        this.firstTime = in.readLong();
        this.lastTime = in.readLong();
    }

    static RequestFile open(Path path) throws IOException {
        return new RequestFile(new DataInputStream(new BufferedInputStream(Files.newInputStream(path), BUFFER)));
    }

    long samples() {
        return samples;
    }

    long firstTime() {
        return firstTime;
    }

    long lastTime() {
        return lastTime;
    }

    /** The next request; null after the last. Any thread. */
    synchronized @Nullable Request next() throws IOException {
        int length;
        try {
            length = in.readInt();
        } catch (EOFException end) {
            return null;
        }
        int count = in.readInt();
        byte[] body = new byte[length];
        in.readFully(body);
        return new Request(body, count);
    }

    @Override
    public void close() throws IOException {
        in.close();
    }

    /** Writes the whole load; {@code interval} and {@code start} in milliseconds. */
    static void prepare(Path path, Load load, int steps, long start, long interval, int perRequest) throws IOException {
        try (DataOutputStream out =
                new DataOutputStream(new BufferedOutputStream(Files.newOutputStream(path), BUFFER))) {
            out.writeLong(MAGIC);
            out.writeLong((long) steps * load.seriesCount());
            out.writeLong(start);
            out.writeLong(start + (steps - 1) * interval);
            generate(load, steps, start, interval, perRequest, request -> {
                try {
                    out.writeInt(request.body().length);
                    out.writeInt(request.samples());
                    out.write(request.body());
                } catch (IOException e) {
                    throw new UncheckedIOException("cannot write prepared requests", e);
                }
            });
        }
    }

    /** All requests in time order. */
    static void generate(Load load, int steps, long start, long interval, int perRequest, Consumer<Request> sink)
            throws IOException {
        byte[][] labels = new byte[load.seriesCount()][];
        for (int i = 0; i < labels.length; i++) {
            labels[i] = load.encodedLabels(i);
        }
        double[] values = new double[labels.length];
        ProtoWriter raw = new ProtoWriter(1 << 20);
        byte[] compressed = new byte[Snappy.maxCompressedLength(1 << 21)];
        int count = 0;
        for (int step = 0; step < steps; step++) {
            load.next(values);
            long at = start + step * interval;
            for (int i = 0; i < labels.length; i++) {
                series(raw, labels[i], values[i], at + load.delay(i));
                if (++count == perRequest || (step == steps - 1 && i == labels.length - 1)) {
                    if (Snappy.maxCompressedLength(raw.size()) > compressed.length) {
                        compressed = new byte[Snappy.maxCompressedLength(2 * raw.size())];
                    }
                    int size = Snappy.compress(raw.array(), 0, raw.size(), compressed, 0);
                    sink.accept(new Request(Arrays.copyOf(compressed, size), count));
                    raw.clear();
                    count = 0;
                }
            }
        }
    }

    /** As the usual clients do, a value of zero is left out. */
    private static void series(ProtoWriter out, byte[] labels, double value, long time) {
        long bits = Double.doubleToRawLongBits(value);
        int sample = (bits == 0 ? 0 : 9) + 1 + ProtoWriter.varintLength(time);
        out.bytes(0x0A, labels.length + 2 + sample).raw(labels).bytes(0x12, sample);
        if (bits != 0) {
            out.fixed64(0x09, bits);
        }
        out.number(0x10, time);
    }

    /** One request as it goes over the wire. */
    static final class Request {

        private final byte[] body;
        private final int samples;

        Request(byte[] body, int samples) {
            this.body = body;
            this.samples = samples;
        }

        /** The compressed body; not to be changed. */
        byte[] body() {
            return body;
        }

        int samples() {
            return samples;
        }
    }
}
