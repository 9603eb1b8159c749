package io.varve.server.write.remote;

import static org.assertj.core.api.Assertions.assertThat;

import io.varve.core.model.Resolution;
import io.varve.core.storage.Durability;
import io.varve.server.write.MetadataStore;
import io.varve.server.write.RecordingAppender;
import io.varve.server.write.WriteLimits;
import io.varve.server.write.WriteReport;
import io.varve.server.write.WriteSession;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Requests as Prometheus 2.42 sent them while it scraped a native histogram of 100 durations, 1 ms to 100 ms, with an
 * exemplar; beside each what it says.
 */
final class RemoteWriteGoldenTest {

    private static final Pattern NUMBER = Pattern.compile("[0-9]+\\.[0-9]+E-?[0-9]+");

    @ParameterizedTest
    @ValueSource(strings = {"histograms", "metadata", "stale"})
    void isReadAsItWasMeant(String name) throws IOException {
        byte[] request = resource(name + ".snappy");
        RecordingAppender engine = new RecordingAppender(Durability.MEMORY, 1_000);
        WriteSession session = new WriteSession(durability -> engine, Resolution.MILLIS);
        session.begin(Durability.MEMORY);
        new RemoteWriteDecoder(WriteLimits.defaults(), new MetadataStore(10))
                .decodeSnappy(request, 0, request.length, session);
        WriteReport report = session.finish().toCompletableFuture().join();
        assertThat(report.refused()).isZero();
        String golden = new String(resource(name + ".txt"), StandardCharsets.UTF_8);
        assertThat(oneForm(told(engine))).isEqualTo(oneForm(golden));
    }

    /** Since JDK 19 some numbers are written shorter than before. */
    private static String oneForm(String text) {
        return NUMBER.matcher(text).replaceAll(number -> Double.toHexString(Double.parseDouble(number.group())));
    }

    private static String told(RecordingAppender engine) {
        StringBuilder text = new StringBuilder();
        engine.committed().forEach(sample -> text.append("float ")
                .append(sample.labels())
                .append(' ')
                .append(sample.time())
                .append(' ')
                .append(Long.toHexString(sample.bits()))
                .append('\n'));
        engine.histograms().forEach(sample -> text.append("histogram ")
                .append(sample.labels())
                .append(' ')
                .append(sample.time())
                .append(' ')
                .append(sample.histogram())
                .append('\n'));
        engine.exemplars()
                .forEach(exemplar -> text.append("exemplar ").append(exemplar).append('\n'));
        new TreeMap<>(engine.metadata())
                .forEach((metric, said) ->
                        text.append(metric).append(' ').append(said).append('\n'));
        return text.toString();
    }

    private static byte[] resource(String name) throws IOException {
        String path = "/remote-write/prometheus-2.42-" + name;
        try (InputStream in = Objects.requireNonNull(RemoteWriteGoldenTest.class.getResourceAsStream(path), path)) {
            return in.readAllBytes();
        }
    }
}
