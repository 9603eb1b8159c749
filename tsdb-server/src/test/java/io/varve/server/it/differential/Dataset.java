package io.varve.server.it.differential;

import com.google.protobuf.CodedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.xerial.snappy.Snappy;

/** Series with their samples, in order of time; names of metrics carry {@link Expr#PREFIX}. */
record Dataset(List<Series> series) {

    /** One series: labels, name included, and its samples; times are in milliseconds. */
    static final class Series {

        private final Map<String, String> labels;
        private final long[] times;
        private final double[] values;

        Series(Map<String, String> labels, long[] times, double[] values) {
            this.labels = labels;
            this.times = times;
            this.values = values;
        }

        Map<String, String> labels() {
            return labels;
        }

        long[] times() {
            return times;
        }

        double[] values() {
            return values;
        }

        /** The same with the samples from one index to another. */
        Series part(int from, int to) {
            return new Series(labels, Arrays.copyOfRange(times, from, to), Arrays.copyOfRange(values, from, to));
        }

        String describe() {
            StringBuilder text = new StringBuilder(labels.toString());
            for (int i = 0; i < times.length; i++) {
                text.append(' ').append(Question.seconds(times[i])).append('=').append(values[i]);
            }
            return text.toString();
        }
    }

    int samples() {
        return series.stream().mapToInt(one -> one.times().length).sum();
    }

    /** The body of a remote write that stores it under a name. */
    byte[] body(String prefix) {
        try {
            ByteArrayOutputStream request = new ByteArrayOutputStream();
            CodedOutputStream out = CodedOutputStream.newInstance(request);
            for (Series one : series) {
                out.writeByteArray(1, timeSeries(one, prefix));
            }
            out.flush();
            return Snappy.compress(request.toByteArray());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static byte[] timeSeries(Series series, String prefix) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        CodedOutputStream out = CodedOutputStream.newInstance(bytes);
        for (Map.Entry<String, String> label : series.labels().entrySet()) {
            ByteArrayOutputStream pair = new ByteArrayOutputStream();
            CodedOutputStream inner = CodedOutputStream.newInstance(pair);
            inner.writeString(1, label.getKey());
            inner.writeString(2, label.getValue().replace(Expr.PREFIX, prefix));
            inner.flush();
            out.writeByteArray(1, pair.toByteArray());
        }
        for (int i = 0; i < series.times().length; i++) {
            ByteArrayOutputStream point = new ByteArrayOutputStream();
            CodedOutputStream inner = CodedOutputStream.newInstance(point);
            inner.writeDouble(1, series.values()[i]);
            inner.writeInt64(2, series.times()[i]);
            inner.flush();
            out.writeByteArray(2, point.toByteArray());
        }
        out.flush();
        return bytes.toByteArray();
    }
}
