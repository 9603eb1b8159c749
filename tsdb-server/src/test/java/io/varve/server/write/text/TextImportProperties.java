package io.varve.server.write.text;

import static org.assertj.core.api.Assertions.assertThat;

import io.varve.core.model.Labels;
import io.varve.core.model.Resolution;
import io.varve.core.storage.Durability;
import io.varve.server.write.FixedTime;
import io.varve.server.write.LabelRules;
import io.varve.server.write.MetadataStore;
import io.varve.server.write.RecordingAppender;
import io.varve.server.write.WriteLimits;
import io.varve.server.write.WriteSession;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

final class TextImportProperties {

    @Property(tries = 500)
    void aValueIsTheNearestDouble(@ForAll long digits, @ForAll @IntRange(max = 20) int scale) throws Exception {
        String text = BigDecimal.valueOf(digits, scale).toPlainString();
        assertBits(text, Double.parseDouble(text));
    }

    @Property(tries = 500)
    void aPrintedDoubleIsReadBack(@ForAll double value) throws Exception {
        assertBits(Double.toString(value), value);
    }

    private static void assertBits(String text, double expected) throws LineSyntaxException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        double value = NumberText.value(bytes, 0, bytes.length);
        assertThat(Double.doubleToRawLongBits(value)).as(text).isEqualTo(Double.doubleToRawLongBits(expected));
    }

    @Property(tries = 500)
    void aPrintedTimeIsReadBack(@ForAll long millis) throws Exception {
        byte[] bytes = Long.toString(millis).getBytes(StandardCharsets.UTF_8);
        assertThat(NumberText.millis(bytes, 0, bytes.length)).isEqualTo(millis);
    }

    @Property(tries = 300)
    void anyLabelsAreReadBack(
            @ForAll("texts") String name, @ForAll("texts") String label, @ForAll("texts") String value) {
        String text = "{" + quoted(name) + "," + quoted("l" + label) + "=" + quoted(value) + "}";
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        Labels labels = new SeriesText(new LabelRules(WriteLimits.defaults())).decode(bytes, 0, bytes.length);
        assertThat(labels).isEqualTo(Labels.of("__name__", name, "l" + label, value));
    }

    @Provide
    Arbitrary<String> texts() {
        return Arbitraries.strings()
                .withChars("ab{}=,\"\\ \n#é中")
                .ofMinLength(1)
                .ofMaxLength(12);
    }

    private static String quoted(String text) {
        return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n") + '"';
    }

    /** Pieces that make lines, put together at random: every line is a sample, a refusal or nothing. */
    @Property(tries = 500)
    void anyTextIsReadToItsEnd(@ForAll("noise") List<String> pieces) throws IOException {
        String text = String.join("", pieces);
        RecordingAppender engine = new RecordingAppender(Durability.MEMORY, 5);
        WriteSession session = new WriteSession(durability -> engine, Resolution.MICROS);
        WriteLimits limits = new WriteLimits(100, 100, 3, 10, 10, 40, 100_000, 1);
        TextImportFormat.State state = new TextImportFormat.State(session, limits, new MetadataStore(3));
        session.begin(Durability.MEMORY);
        new TextImportFormat(limits, new FixedTime(0))
                .decode(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)), state);
        var report = session.finish().toCompletableFuture().join();
        assertThat(report.accepted()).isEqualTo(engine.committed().size());
        assertThat(report.accepted() + report.refused())
                .isLessThanOrEqualTo(text.lines().count());
    }

    @Provide
    Arbitrary<List<String>> noise() {
        List<String> pieces = new ArrayList<>(List.of(
                "a",
                "{",
                "}",
                "\"",
                "\\",
                "b=\"c\"",
                ",",
                " ",
                "\t",
                "1",
                "-",
                ".5",
                "e3",
                "NaN",
                "#",
                " # HELP a ",
                "TYPE b counter",
                "\n",
                "\r\n",
                "\n\n",
                "é",
                "99999999999999999999",
                "x 1 2\n",
                "y{z=\"w\"} 3\n"));
        return Arbitraries.of(pieces).list().ofMaxSize(40);
    }
}
