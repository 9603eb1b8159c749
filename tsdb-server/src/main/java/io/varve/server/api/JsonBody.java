package io.varve.server.api;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.StreamWriteFeature;
import io.varve.server.http.ErrorType;
import io.varve.server.http.HttpAnswer;
import io.varve.server.http.HttpProblem;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.List;

/** Writes an answer of the API, bounded in size: {@code {"status":"success","data":…,"warnings":[…],"infos":[…]}}. */
final class JsonBody {

    /** Prometheus' bound on how many annotations of a kind an answer lists. */
    private static final int MOST_ANNOTATIONS = 10;

    private static final int LARGEST = 512 << 20;

    private static final JsonFactory FACTORY = new JsonFactoryBuilder()
            .enable(StreamWriteFeature.AUTO_CLOSE_CONTENT)
            .build();

    private JsonBody() {}

    /** Writes what stands under {@code data}. */
    @FunctionalInterface
    interface Data {
        void write(JsonGenerator json) throws IOException;
    }

    static HttpAnswer success(Data data) {
        return success(data, List.of(), List.of());
    }

    /** Data with a status of their own. */
    static HttpAnswer success(int status, Data data) {
        HttpAnswer answer = success(data);
        return HttpAnswer.of(status, HttpAnswer.JSON, answer.body(), answer.length());
    }

    /**
     * A successful answer.
     *
     * @throws HttpProblem 422 if it becomes larger than any client should be sent
     */
    static HttpAnswer success(Data data, List<String> warnings, List<String> infos) {
        return success(data, warnings, infos, false);
    }

    /** A successful answer that lists its annotations even if there are none. */
    static HttpAnswer annotated(Data data, List<String> warnings, List<String> infos) {
        return success(data, warnings, infos, true);
    }

    private static HttpAnswer success(Data data, List<String> warnings, List<String> infos, boolean always) {
        Buffer buffer = new Buffer();
        try {
            write(buffer, data, warnings, infos, always);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write JSON: " + e.getMessage(), e);
        }
        return HttpAnswer.of(200, HttpAnswer.JSON, buffer.bytes, buffer.length);
    }

    /** Writes a successful answer as it is sent, however large it becomes. */
    static void write(OutputStream out, Data data, List<String> warnings, List<String> infos) throws IOException {
        write(out, data, warnings, infos, false);
    }

    private static void write(OutputStream out, Data data, List<String> warnings, List<String> infos, boolean always)
            throws IOException {
        try (JsonGenerator json = FACTORY.createGenerator(out)) {
            json.writeStartObject();
            json.writeStringField("status", "success");
            json.writeFieldName("data");
            data.write(json);
            annotations(json, "warnings", warnings, always);
            annotations(json, "infos", infos, always);
            json.writeEndObject();
        }
    }

    private static void annotations(JsonGenerator json, String name, List<String> all, boolean always)
            throws IOException {
        if (all.isEmpty() && !always) {
            return;
        }
        json.writeArrayFieldStart(name);
        for (int i = 0; i < Math.min(all.size(), MOST_ANNOTATIONS); i++) {
            json.writeString(all.get(i));
        }
        if (all.size() > MOST_ANNOTATIONS) {
            String what = name.substring(0, name.length() - 1);
            json.writeString((all.size() - MOST_ANNOTATIONS) + " more " + what + " annotations omitted");
        }
        json.writeEndArray();
    }

    /** Bytes that grow up to the bound; handed over without a copy. */
    private static final class Buffer extends OutputStream {
        private byte[] bytes = new byte[4 << 10];
        private int length;

        @Override
        public void write(int b) {
            room(1);
            bytes[length++] = (byte) b;
        }

        @Override
        public void write(byte[] from, int offset, int count) {
            room(count);
            System.arraycopy(from, offset, bytes, length, count);
            length += count;
        }

        private void room(int count) {
            if (count > LARGEST - length) {
                throw HttpProblem.of(
                        ErrorType.EXECUTION,
                        "the answer is larger than " + LARGEST + " bytes; ask for less, or use limit");
            }
            if (length + count > bytes.length) {
                bytes = Arrays.copyOf(bytes, (int) Math.min(LARGEST, Math.max(2L * bytes.length, length + count)));
            }
        }
    }
}
