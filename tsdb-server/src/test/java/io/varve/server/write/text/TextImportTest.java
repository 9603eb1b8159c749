package io.varve.server.write.text;

import static org.assertj.core.api.Assertions.assertThat;

import io.varve.core.model.Labels;
import io.varve.core.model.Resolution;
import io.varve.core.storage.Durability;
import io.varve.core.telemetry.Metric;
import io.varve.core.telemetry.Telemetry;
import io.varve.server.http.ConcurrencyGate;
import io.varve.server.http.HttpAnswer;
import io.varve.server.write.FixedTime;
import io.varve.server.write.IdleStates;
import io.varve.server.write.MetadataStore;
import io.varve.server.write.RecordedExchange;
import io.varve.server.write.RecordingAppender;
import io.varve.server.write.RecordingAppender.Sample;
import io.varve.server.write.WriteDoor;
import io.varve.server.write.WriteLimits;
import io.varve.server.write.WriteMetrics;
import io.varve.server.write.WriteSession;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;

final class TextImportTest {

    private static final long NOW = 1_763_780_400_123L;

    private final RecordingAppender engine = new RecordingAppender(Durability.SYNCED, 3);
    private final MetadataStore metadata = new MetadataStore(100);
    private final WriteLimits limits = new WriteLimits(1_000, 1_000, 4, 50, 100, 200, 20_000, 2);
    private final FixedTime clock = new FixedTime(NOW * 1_000_000L + 999_999L);
    private final Telemetry telemetry = Telemetry.create(clock);
    private final WriteDoor<TextImportFormat.State> door = new WriteDoor<>(
            new TextImportFormat(limits, clock),
            new IdleStates<>(
                    2,
                    () -> new TextImportFormat.State(
                            new WriteSession(durability -> engine, Resolution.MILLIS), limits, metadata),
                    state -> state.session().close()),
            new ConcurrencyGate("writes", 2, 0),
            Durability.SYNCED,
            new WriteMetrics(telemetry, "import"));

    private HttpAnswer send(String text) {
        return send(new RecordedExchange(text.getBytes(StandardCharsets.UTF_8)));
    }

    private HttpAnswer send(RecordedExchange exchange) {
        try {
            return Objects.requireNonNull(exchange.through(door));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static Sample sample(long millis, double value, String... pairs) {
        return new Sample(Labels.of(pairs), millis, Double.doubleToRawLongBits(value));
    }

    @Test
    void everyShapeOfALineIsRead() {
        HttpAnswer answer = send(
                """
                # HELP http_requests_total How many \\\\ requests\\nthere were.
                # TYPE http_requests_total counter
                # UNIT http_requests_total requests
                # TYPE up untyped
                # TYPE odd nonsense
                # a comment, {not a "line
                #
                up 1
                http_requests_total{method="post",code="200"} 1027 1395066363000
                  http_requests_total { code = "400" , method="post", }\t3\t1395066363001  \r
                {"my.metric",a="b"} -2.5e-3 -1
                {"my.metric","my.label\\n"="q\\"\\\\ü"} +Inf 5
                x NaN 6 # {trace_id="abc"} 0.67 1520879607.789
                x -inf # {a="}"} 1

                x{a="}",b=""} 0.1 7
                x{} -0 8""");
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.bodyText()).contains("refused 1 of 9 samples (before_epoch=1)", "first: line 11: ");
        assertThat(engine.committed())
                .containsExactly(
                        sample(NOW, 1, "__name__", "up"),
                        sample(
                                1395066363000L,
                                1027,
                                "__name__",
                                "http_requests_total",
                                "method",
                                "post",
                                "code",
                                "200"),
                        sample(1395066363001L, 3, "__name__", "http_requests_total", "method", "post", "code", "400"),
                        sample(5, Double.POSITIVE_INFINITY, "__name__", "my.metric", "my.label\n", "q\"\\ü"),
                        sample(6, Double.NaN, "__name__", "x"),
                        sample(NOW, Double.NEGATIVE_INFINITY, "__name__", "x"),
                        sample(7, 0.1, "__name__", "x", "a", "}"),
                        sample(8, -0.0, "__name__", "x"));
        assertThat(metadata.snapshot())
                .containsExactly(
                        Map.entry(
                                "http_requests_total",
                                new MetadataStore.Metadata("counter", "How many \\ requests\nthere were.", "requests")),
                        Map.entry("up", MetadataStore.Metadata.UNKNOWN));
    }

    @Test
    void anEmptyBodyAndAWholeOneAreAnswered204() {
        HttpAnswer answer = send("");
        assertThat(answer.status()).isEqualTo(204);
        assertThat(answer.header("Varve-Durability")).isEqualTo("synced");
        assertThat(send("a 1 1\na 2 2\na 3 3\na 4 4\n").status()).isEqualTo(204);
        assertThat(engine.committed()).hasSize(4);
        assertThat(engine.commits()).as("batches of three").isEqualTo(2);
    }

    @Test
    void aBadLineCostsOnlyItself() {
        String[] bad = {
            "no_value",
            "a{b=\"c\" 1",
            "a{b=\"c\"} one",
            "a{b=\"c\"} 1d",
            "a 1 2.5",
            "a 1 2 3",
            "a 1e999",
            "a 1 99999999999999999999",
            "0a 1",
            "a-b 1",
            "a{b=c} 1",
            "a{b=\"\\x\"} 1",
            "a{b=\"c\"e=\"f\"} 1",
            "a{b=\"c\",b=\"d\"} 1",
            "{a=\"b\"} 1",
            "{\"a\",\"b\"} 1",
            "a{=\"b\"} 1",
            "a{b} 1",
            "a{\"\"=\"b\"} 1",
            "a{b=\"1\",c=\"1\",d=\"1\",e=\"1\"} 1",
            "a{b=\"" + "x".repeat(101) + "\"} 1",
            "a{b=\"c\"",
            "{} 1",
            "a 0x1p3"
        };
        for (String line : bad) {
            HttpAnswer answer = send("good 1 1\n" + line + "\ngood 2 2\n");
            assertThat(answer.status()).as(line).isEqualTo(400);
            assertThat(answer.bodyText()).as(line).contains("refused 1 of 3 samples", "first: line 2: ");
        }
        assertThat(engine.committed()).hasSize(2 * bad.length);
    }

    @Test
    void linesThatAreNotUtf8OrTooLongAreRefusedAlone() {
        byte[] notUtf8 = "a{b=\"?\"} 1 1\nb 1 1\n".getBytes(StandardCharsets.UTF_8);
        notUtf8[5] = (byte) 0xff;
        assertThat(send(new RecordedExchange(notUtf8)).bodyText())
                .contains("label_not_utf8=1", "line 1: label is not valid UTF-8");
        String just = "a 1 1" + " ".repeat(195);
        assertThat(send(just + "\r\n" + just).status()).isEqualTo(204);
        assertThat(send("b 1 1\n" + just + " \nc 1 1").bodyText())
                .contains("refused 1 of 3 samples (line_too_long=1)", "line 2: line longer than the limit: limit=200");
        assertThat(send("b 1 1\n# " + "x".repeat(18_000) + "\nc 1 1").bodyText())
                .contains("refused 1 of 3", "line 2");
        assertThat(send("#" + "x".repeat(18_000)).bodyText()).contains("refused 1 of 1", "line 1");
    }

    @Test
    void gzipIsReadAndABombIsStopped() throws IOException {
        byte[] zipped = gzip("a 1 1\nb 2 2\n".getBytes(StandardCharsets.UTF_8));
        assertThat(send(new RecordedExchange(zipped).with("Content-Encoding", "gzip"))
                        .status())
                .isEqualTo(204);
        assertThat(engine.committed()).hasSize(2);
        for (int length = 1; length < zipped.length; length++) {
            byte[] cut = Arrays.copyOf(zipped, length);
            HttpAnswer answer = send(new RecordedExchange(cut).with("Content-Encoding", "gzip"));
            assertThat(answer.status()).isEqualTo(400);
            assertThat(answer.bodyText()).contains("damaged gzip");
        }
        byte[] bomb = gzip(new byte[1 << 20]);
        HttpAnswer answer = send(new RecordedExchange(bomb).with("Content-Encoding", "gzip"));
        assertThat(answer.status()).isEqualTo(413);
        assertThat(send(new RecordedExchange(zipped).with("Content-Encoding", "br"))
                        .status())
                .isEqualTo(415);
    }

    private static byte[] gzip(byte[] bytes) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
            gzip.write(bytes);
        }
        return out.toByteArray();
    }

    @Test
    void whatWasWrittenAndRefusedIsCounted() {
        send("a 1 1\nb 2 2\n0 1\n");
        assertThat(telemetry
                        .counter(Metric.of("varve_write_samples_total", ""), "door")
                        .labels("import")
                        .get())
                .isEqualTo(2);
        assertThat(telemetry
                        .counter(Metric.of("varve_write_refused_total", ""), "door", "reason")
                        .labels("import", "label_name")
                        .get())
                .isEqualTo(1);
    }
}
