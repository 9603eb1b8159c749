package io.varve.core.telemetry.clock;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Both forms of the wire are what the document shows. */
class ClockWireGoldenTest {

    private static final Path DOCUMENT = Path.of("../docs/telemetry-clocks.md");
    private static final long T1 = 1_795_000_000_123_456_789L;
    private static final ClockMessage PROBE = ClockMessage.probe(17, T1);
    private static final List<ClockMessage> MESSAGES =
            List.of(PROBE, PROBE.answer(1_795_000_000_153_506_900L, 1_795_000_000_153_509_001L));

    /** The bytes of each example, which begins at 0000. */
    private static List<byte[]> documented() throws IOException {
        List<StringBuilder> examples = new ArrayList<>();
        for (String line : Files.readAllLines(DOCUMENT)) {
            if (line.matches("[0-9a-f]{4}  ([0-9a-f]{2} )*[0-9a-f]{2}(  .*)?")) {
                if (line.startsWith("0000")) {
                    examples.add(new StringBuilder());
                }
                StringBuilder hex = examples.get(examples.size() - 1);
                assertThat(Integer.parseInt(line.substring(0, 4), 16)).isEqualTo(hex.length() / 2);
                int words = line.indexOf("  ", 6);
                hex.append(line.substring(6, words < 0 ? line.length() : words).replace(" ", ""));
            }
        }
        return examples.stream()
                .map(hex -> HexFormat.of().parseHex(hex.toString()))
                .toList();
    }

    private static List<String> documentedText() throws IOException {
        String header = ClockWire.HEADER + ": ";
        return Files.readAllLines(DOCUMENT).stream()
                .filter(line -> line.startsWith(header))
                .map(line -> line.substring(header.length()))
                .toList();
    }

    @Test
    void bytesAreWrittenAndReadAsTheDocumentShows() throws IOException {
        List<byte[]> documented = documented();
        assertThat(documented).hasSameSizeAs(MESSAGES);
        for (int i = 0; i < documented.size(); i++) {
            assertThat(ClockWire.encode(MESSAGES.get(i))).isEqualTo(documented.get(i));
            assertThat(ClockWire.decode(documented.get(i), T1).message()).contains(MESSAGES.get(i));
        }
    }

    @Test
    void textIsWrittenAndReadAsTheDocumentShows() throws IOException {
        List<String> documented = documentedText();
        assertThat(documented).hasSameSizeAs(MESSAGES);
        for (int i = 0; i < documented.size(); i++) {
            assertThat(ClockWire.print(MESSAGES.get(i))).isEqualTo(documented.get(i));
            assertThat(ClockWire.parse(documented.get(i), T1).message()).contains(MESSAGES.get(i));
        }
    }
}
