package io.varve.server.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.varve.server.it.WriteRequests.Sample;
import java.io.IOException;
import java.io.OutputStream;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.xerial.snappy.Snappy;

/** What senders of samples may send wrongly, with the exact answer. */
class BadInputIT extends LastingServer {

    private static final String UNDECODABLE = "cannot decode write request: ";

    private static byte[] bytes(int... values) {
        byte[] bytes = new byte[values.length];
        for (int i = 0; i < values.length; i++) {
            bytes[i] = (byte) values[i];
        }
        return bytes;
    }

    private static byte[] snappy(int... values) throws IOException {
        return Snappy.compress(bytes(values));
    }

    private void assertWriteError(byte[] body, int status, String message) throws IOException, InterruptedException {
        assertError(write(body), status, "bad_data", UNDECODABLE + message);
    }

    @Test
    void damagedAndBombLikeSnappyIsRefusedAsAWhole() throws IOException, InterruptedException {
        assertWriteError(new byte[0], 400, "the length of a snappy block is cut off at offset 0");
        assertWriteError(
                bytes(255, 255, 255, 255, 255, 255), 400, "the length of a snappy block is cut off at offset 5");
        assertWriteError(bytes(5, 16, 'a', 'b'), 400, "damaged snappy block at offset 1");
        assertWriteError(
                bytes(255, 255, 255, 255, 15, 0),
                413,
                "a snappy block may expand to 33554432 bytes: claimed=4294967295 at offset 0");
        assertWriteError(
                bytes(128, 128, 64, 0, 'a'), 400, "a snappy block of 5 bytes cannot expand to 1048576 at offset 0");
        byte[] cut = WriteRequests.encode(List.of(sample(0, List.of("__name__", "cut", "a", "b"), 1)));
        assertWriteError(java.util.Arrays.copyOf(cut, cut.length - 3), 400, "damaged snappy block at offset 1");
    }

    @Test
    void badProtobufIsRefusedAsAWhole() throws IOException, InterruptedException {
        assertWriteError(snappy(10, 5, 'a', 'b'), 400, "a field ends after its message: length=5 at offset 1");
        assertWriteError(snappy(11), 400, "a wire type of 0, 1, 2 or 5: type=3 at offset 0");
        assertWriteError(snappy(0, 0), 400, "a field number from 1 to 2^29-1: tag=0 at offset 0");
        assertWriteError(
                snappy(10, 128, 128, 128, 128, 128, 128, 128, 128, 128, 128, 128),
                400,
                "a number of more than ten bytes at offset 1");
        assertThat(server().query("up or cut", "0").path("result").isEmpty()).isTrue();
    }

    private void refusedNextTo(List<String> labels, String reason, String why)
            throws IOException, InterruptedException {
        Sample neighbour = keep();
        HttpResponse<String> answer = write(WriteRequests.encode(List.of(sample(0, labels, 1), neighbour)));
        assertError(
                answer,
                400,
                "bad_data",
                "refused 1 of 2 samples (" + reason + "=1), the others are kept; first: " + why);
        assertThat(answer.headers().firstValue("Varve-Durability")).contains("synced");
    }

    @Test
    void labelsThatBreakARuleCostTheirSeriesAlone() throws IOException, InterruptedException {
        refusedNextTo(
                List.of("b", "1", "__name__", "m"), "labels_out_of_order", "labels out of order: __name__ after b");
        refusedNextTo(List.of("__name__", "m", "a", "1", "a", "2"), "duplicate_label", "duplicate label name: a");
        refusedNextTo(List.of("__name__", "m", "", "1"), "empty_label_name", "label name is empty: at byte 21");
        refusedNextTo(List.of("a", "x"), "no_metric_name", "label __name__ is missing: labels [a, x]");
        refusedNextTo(List.of(), "no_metric_name", "label __name__ is missing: labels []");
        refusedNextTo(
                List.of("__name__", "m", "a", "x".repeat(16_385)),
                "label_too_long",
                "label longer than the limit: value of 16385 bytes, limit=16384, begins " + "x".repeat(64));
        assertThat(server().query("m", "" + (base / 1_000 + 1)).path("result").isEmpty())
                .isTrue();
    }

    @Test
    void labelsThatAreNotUtf8CostTheirSeriesAlone() throws IOException, InterruptedException {
        byte[] request = Snappy.uncompress(
                WriteRequests.encode(List.of(sample(0, List.of("__name__", "m", "a", "QQ"), 1), keep())));
        int at = new String(request, StandardCharsets.ISO_8859_1).indexOf("QQ");
        request[at] = (byte) 0xff;
        assertError(
                write(Snappy.compress(request)),
                400,
                "bad_data",
                "refused 1 of 2 samples (label_not_utf8=1), the others are kept; first: label is not valid UTF-8:"
                        + " value \ufffdQ");
    }

    @Test
    void timesFarOffAreRefusedByReason() throws IOException, InterruptedException {
        List<String> labels = List.of("__name__", "far");
        String early = "timestamp before 1970-01-01T00:00Z: send milliseconds since 1970";
        String late = "timestamp more than 24 h ahead of the server's clock: check the sender's clock and its unit";
        long day = 24 * 3_600_000L;
        for (long time : new long[] {-1, Long.MIN_VALUE}) {
            assertError(
                    write(WriteRequests.encode(List.of(new Sample(labels, time, 1)))),
                    400,
                    "bad_data",
                    "refused 1 of 1 samples (before_epoch=1), the others are kept; first: " + early);
        }
        for (long time : new long[] {base + day + 3_600_000, Long.MAX_VALUE}) {
            assertError(
                    write(WriteRequests.encode(List.of(new Sample(labels, time, 1)))),
                    400,
                    "bad_data",
                    "refused 1 of 1 samples (too_far_ahead=1), the others are kept; first: " + late);
        }
        assertError(
                write(WriteRequests.encode(List.of(
                        new Sample(labels, Long.MAX_VALUE, 1),
                        new Sample(labels, -1, 1),
                        new Sample(labels, -2, 1),
                        new Sample(labels, 0, 4),
                        new Sample(labels, base + day, 5)))),
                400,
                "bad_data",
                "refused 3 of 5 samples (too_far_ahead=1, before_epoch=2), the others are kept; first: " + late);
        assertThat(server().query("far", "0").toString()).contains("[0,\"4\"]");
    }

    @Test
    void repeatedLateAndOddSamplesAreKeptOnceAndInOrder() throws IOException, InterruptedException {
        List<String> labels = List.of("__name__", "odd");
        acknowledged(sample(10, labels, 1));
        acknowledged(sample(10, labels, 1));
        acknowledged(sample(20, labels, 2), sample(20, labels, 3));
        acknowledged(sample(5, labels, 0.5));
        acknowledged(
                sample(30, labels, Double.longBitsToDouble(0x7ff8dead0000beefL)),
                sample(31, labels, Double.POSITIVE_INFINITY),
                sample(32, labels, Double.NEGATIVE_INFINITY),
                sample(33, labels, -0.0),
                sample(34, labels, Double.longBitsToDouble(0x7ff0000000000002L)));
        JsonNode values = server().query("odd[5m]", String.valueOf(base / 1_000 + 60))
                .path("result")
                .path(0)
                .path("values");
        assertThat(values.findValuesAsText("1")).isEmpty();
        StringBuilder found = new StringBuilder();
        values.forEach(point -> found.append(point.path(1).asText()).append(' '));
        assertThat(found.toString()).isEqualTo("0.5 1 3 NaN +Inf -Inf -0 "); // the stale marker ends a series
        assertThat(server().query("odd", base / 1_000 + ".034").path("result").isEmpty())
                .isTrue();
    }

    @Test
    void wrongHeadersAndHugeBodies() throws IOException, InterruptedException {
        byte[] body = WriteRequests.encode(List.of(sample(0, List.of("__name__", "x"), 1)));
        String type = "Content-Type is application/x-protobuf with remote write 1.0 messages: value=";
        assertError(
                server().post(WRITE, "text/plain", body, WriteRequests.HEADERS), 415, "bad_data", type + "text/plain");
        assertError(
                server().post(
                                WRITE,
                                "application/x-protobuf;proto=io.prometheus.write.v2.Request",
                                body,
                                WriteRequests.HEADERS),
                415,
                "bad_data",
                type + "application/x-protobuf;proto=io.prometheus.write.v2.request");
        assertError(
                server().post(WRITE, WriteRequests.CONTENT_TYPE, body, "Content-Encoding", "gzip"),
                415,
                "bad_data",
                "Content-Encoding is snappy: value=gzip");
        assertError(
                server().post(
                                WRITE,
                                WriteRequests.CONTENT_TYPE,
                                body,
                                "Content-Encoding",
                                "snappy",
                                "Varve-Durability",
                                "forever"),
                400,
                "bad_data",
                "Varve-Durability is memory, written or synced: value=forever");
        String tooLarge = "the body is larger than 65536 bytes";
        HttpResponse<String> announced = write(new byte[70_000]);
        assertError(announced, 413, "bad_data", tooLarge);
        HttpResponse<String> streamed = send("POST", "/api/v1/import/prometheus", new byte[70_000], true);
        assertError(streamed, 413, "bad_data", tooLarge);
    }

    @Test
    void badLinesOfAnImportCostThemselvesAlone() throws IOException, InterruptedException {
        assertError(
                server().importText("lines 1 " + base + "\nbad{ 1\nx y\n\nlines 2 abc\nm{a=\"1\",a=\"2\"} 3\n"
                        + "lines 3 99999999999999999\nlines 4 -5\nlines 5 " + (base + 1) + "\n"),
                400,
                "bad_data",
                "refused 6 of 8 samples (syntax=3, duplicate_label=1, too_far_ahead=1, before_epoch=1), the others are"
                        + " kept; first: line 2: not a line of the text format: labels are not closed: bad{ 1");
        assertThat(server().query("count_over_time(lines[5m])", String.valueOf(base / 1_000 + 60))
                        .toString())
                .contains("\"2\"");
        java.io.ByteArrayOutputStream zipped = new java.io.ByteArrayOutputStream();
        try (OutputStream out = new GZIPOutputStream(zipped)) {
            out.write("lines 1 1\n".repeat(100).getBytes(StandardCharsets.UTF_8));
        }
        byte[] half = java.util.Arrays.copyOf(zipped.toByteArray(), zipped.size() - 9);
        HttpResponse<String> cut =
                server().post("/api/v1/import/prometheus", "text/plain", half, "Content-Encoding", "gzip");
        assertThat(cut.statusCode()).isEqualTo(400);
        assertThat(cut.body()).contains("cannot decode import: damaged gzip after line ");
        assertError(
                server().post("/api/v1/import/prometheus", "text/plain", new byte[1], "Content-Encoding", "br"),
                415,
                "bad_data",
                "Content-Encoding is gzip or none: value=br");
    }
}
