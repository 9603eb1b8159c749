package io.varve.core.fs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** The three things that can be wrong with a file are told apart. */
final class FileEnvelopeTest {

    private static final byte[] PAYLOAD = "some content".getBytes(StandardCharsets.US_ASCII);

    @Test
    void bringsBackThePayload() throws IOException {
        byte[] file = FileEnvelope.wrap("TEST", 3, "01ABC", PAYLOAD);
        assertThat(FileEnvelope.unwrap("f", "TEST", 1, 3, file)).isEqualTo(PAYLOAD);
        assertThat(FileEnvelope.parseHeader("f", "TEST", 1, 3, file))
                .isEqualTo(new FileEnvelope.Header("TEST", 3, "01ABC"));
        byte[] empty = FileEnvelope.wrap("TEST", 1, "x", new byte[0]);
        assertThat(FileEnvelope.unwrap("f", "TEST", 1, 1, empty)).isEmpty();
    }

    @Test
    void noticesEveryFlippedBit() {
        byte[] file = FileEnvelope.wrap("TEST", 3, "01ABC", PAYLOAD);
        for (int bit = 0; bit < file.length * 8; bit++) {
            byte[] damaged = file.clone();
            damaged[bit / 8] ^= (byte) (1 << bit % 8);
            assertThatThrownBy(() -> FileEnvelope.unwrap("f", "TEST", 1, 9, damaged))
                    .as("bit %d", bit)
                    .isInstanceOf(CorruptFileException.class);
        }
    }

    @Test
    void noticesEveryOtherLength() {
        byte[] file = FileEnvelope.wrap("TEST", 3, "01ABC", PAYLOAD);
        for (int length = 0; length < file.length + 3; length++) {
            byte[] damaged = Arrays.copyOf(file, length);
            if (length != file.length) {
                assertThatThrownBy(() -> FileEnvelope.unwrap("f", "TEST", 1, 9, damaged))
                        .as("length %d", length)
                        .isInstanceOf(CorruptFileException.class);
            }
        }
    }

    @Test
    void tellsOldFromNew() {
        byte[] file = FileEnvelope.wrap("TEST", 3, "01ABC", PAYLOAD);
        assertThatThrownBy(() -> FileEnvelope.unwrap("some/file", "TEST", 1, 2, file))
                .isInstanceOfSatisfying(UnsupportedFormatException.class, e -> assertThat(e.tooNew())
                        .isTrue())
                .hasMessage("cannot read some/file: its format is too new: version=3, supported=1..2");
        assertThatThrownBy(() -> FileEnvelope.unwrap("some/file", "TEST", 4, 5, file))
                .isInstanceOfSatisfying(UnsupportedFormatException.class, e -> assertThat(e.tooNew())
                        .isFalse())
                .hasMessage("cannot read some/file: its format is too old: version=3, supported=4..5");
    }

    @Test
    void anotherKindIsDamage() {
        byte[] file = FileEnvelope.wrap("TEST", 3, "01ABC", PAYLOAD);
        assertThatThrownBy(() -> FileEnvelope.unwrap("f", "BLCK", 1, 9, file))
                .isInstanceOf(CorruptFileException.class)
                .hasMessageContaining("expected kind BLCK, found kind TEST");
    }

    @Test
    void refusesNamesThatDoNotFit() {
        assertThatThrownBy(() -> FileEnvelope.wrap("LONGER", 1, "x", PAYLOAD))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> FileEnvelope.wrap("TEST", 0, "x", PAYLOAD))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> FileEnvelope.wrap("TEST", 1, "a".repeat(32), PAYLOAD))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
