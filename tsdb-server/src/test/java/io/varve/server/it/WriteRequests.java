package io.varve.server.it;

import com.google.protobuf.CodedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import org.xerial.snappy.Snappy;

/** Remote-write requests as a client sends them: protobuf under snappy. */
public final class WriteRequests {

    /** Of its body. */
    public static final String CONTENT_TYPE = "application/x-protobuf";

    static final String[] HEADERS = {"Content-Encoding", "snappy", "X-Prometheus-Remote-Write-Version", "0.1.0"};

    private WriteRequests() {}

    /** One sample of a series: labels as names and values in order. */
    public record Sample(List<String> labels, long timeMs, double value) {}

    /** The body of a request. */
    public static byte[] encode(List<Sample> samples) {
        try {
            ByteArrayOutputStream request = new ByteArrayOutputStream();
            CodedOutputStream out = CodedOutputStream.newInstance(request);
            for (Sample sample : samples) {
                out.writeByteArray(1, timeSeries(sample));
            }
            out.flush();
            return Snappy.compress(request.toByteArray());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static byte[] timeSeries(Sample sample) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        CodedOutputStream out = CodedOutputStream.newInstance(bytes);
        for (int i = 0; i < sample.labels().size(); i += 2) {
            ByteArrayOutputStream label = new ByteArrayOutputStream();
            CodedOutputStream inner = CodedOutputStream.newInstance(label);
            inner.writeString(1, sample.labels().get(i));
            inner.writeString(2, sample.labels().get(i + 1));
            inner.flush();
            out.writeByteArray(1, label.toByteArray());
        }
        ByteArrayOutputStream point = new ByteArrayOutputStream();
        CodedOutputStream inner = CodedOutputStream.newInstance(point);
        inner.writeDouble(1, sample.value());
        inner.writeInt64(2, sample.timeMs());
        inner.flush();
        out.writeByteArray(2, point.toByteArray());
        out.flush();
        return bytes.toByteArray();
    }
}
