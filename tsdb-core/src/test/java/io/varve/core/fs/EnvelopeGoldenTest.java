package io.varve.core.fs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** The envelope is what its document shows, and what that shows can be read. */
class EnvelopeGoldenTest {

    private static final byte[] CONTENT = "varve".getBytes(StandardCharsets.UTF_8);

    @Test
    void isWrittenAsTheDocumentShows() throws IOException {
        assertThat(DocumentedBytes.dump(FileEnvelope.wrap("MANI", 1, "store", CONTENT)))
                .isEqualTo(
                        DocumentedBytes.dump(DocumentedBytes.of("envelope.md").get(0)));
    }

    @Test
    void isReadAsTheDocumentShows() throws IOException {
        byte[] file = DocumentedBytes.of("envelope.md").get(0);
        assertThat(FileEnvelope.unwrap("MANIFEST", "MANI", 1, 1, file)).isEqualTo(CONTENT);
    }
}
