package io.varve.core.wal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.varve.core.index.ByteSink;
import io.varve.core.kind.ExemplarForm;
import io.varve.core.kind.HistogramForm;
import io.varve.core.kind.MetadataForm;
import io.varve.core.model.Exemplar;
import io.varve.core.model.Histogram;
import io.varve.core.model.HistogramLayout;
import io.varve.core.model.Labels;
import io.varve.core.model.Metadata;
import io.varve.core.model.ResetHint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The records of the log's document are those that are written, and are read as they were meant. */
final class FormsRecordGoldenTest {

    private static final Path DOCUMENT = Path.of("../docs/format/wal.md");
    private static final Histogram HISTOGRAM = Histogram.integer(
            HistogramLayout.exponential(3, false, 0x1p-128, new int[] {-2, 2, 1, 1}, new int[0]),
            ResetHint.RESET,
            1,
            8,
            12.5,
            1,
            2,
            4);
    private static final Exemplar EXEMPLAR = new Exemplar(Labels.of("trace_id", "a1"), 1_000, 0.25);
    private static final Metadata METADATA = new Metadata(Metadata.Type.COUNTER, "helps", "seconds");

    /** Bytes of a line of the example: its name, two blanks or more, bytes. */
    private static byte[] documented(String name) throws IOException {
        String line = Files.readAllLines(DOCUMENT).stream()
                .filter(candidate -> candidate.startsWith(name + "  ") || candidate.startsWith(name + " 0"))
                .findFirst()
                .orElseThrow();
        return HexFormat.ofDelimiter(" ").parseHex(line.substring(name.length()).trim());
    }

    /** A record with one form. */
    private static byte[] record(RecordKind kind, long ref, long time, ByteSink form) {
        FormsRecord record = new FormsRecord(kind);
        record.clear();
        record.add(ref, time, form.array(), 0, form.size());
        byte[][] appended = new byte[1][];
        record.appendTo(new CapturingLog((payloadKind, payload) -> {
            assertThat(payloadKind).isEqualTo(kind);
            appended[0] = payload;
        }));
        assertThat(record.length()).isEqualTo(appended[0].length);
        return appended[0];
    }

    private static void same(byte[] written, String name) throws IOException {
        assertThat(HexFormat.ofDelimiter(" ").formatHex(written))
                .as(name)
                .isEqualTo(HexFormat.ofDelimiter(" ").formatHex(documented(name)));
    }

    @Test
    void theDocumentShowsWhatIsWritten() throws IOException {
        ByteSink form = new ByteSink();
        HistogramForm.write(HISTOGRAM, form);
        same(record(RecordKind.HISTOGRAMS, 5, 1_000, form), "histograms");
        form.clear();
        ExemplarForm.write(EXEMPLAR, form);
        same(record(RecordKind.EXEMPLARS, 5, 1_000, form), "exemplars");
        form.clear();
        MetadataForm.write("m", METADATA, form);
        same(record(RecordKind.METADATA, 0, 0, form), "metadata");
        form.clear();
        form.varint(600);
        same(record(RecordKind.START_TIMES, 5, 1_000, form), "start times");
    }

    @Test
    void theDocumentIsReadAsItWasMeant() throws IOException {
        FormsReader reader = new FormsReader();
        byte[] record = documented("histograms");
        assertThat(reader.read(record, 0, record.length)).isEqualTo(1);
        assertThat(reader.ref(0)).isEqualTo(5);
        assertThat(reader.time(0)).isEqualTo(1_000);
        assertThat(new HistogramForm.Reader().read(record, reader.offset(0), reader.length(0)))
                .isEqualTo(HISTOGRAM);
        record = documented("exemplars");
        reader.read(record, 0, record.length);
        assertThat(ExemplarForm.read(1_000, record, reader.offset(0), reader.length(0)))
                .isEqualTo(EXEMPLAR);
        record = documented("metadata");
        reader.read(record, 0, record.length);
        assertThat(MetadataForm.read(record, reader.offset(0), reader.length(0)))
                .isEqualTo(new MetadataForm.Named("m", METADATA));
    }

    @Test
    void damagedRecordsAreMalformedOrOthers() throws IOException {
        Random random = new Random(4);
        FormsReader reader = new FormsReader();
        byte[] record = documented("exemplars");
        for (int length = 1; length < record.length; length++) {
            byte[] cut = Arrays.copyOf(record, length);
            assertThatThrownBy(() -> reader.read(cut, 0, cut.length)).isInstanceOf(MalformedRecordException.class);
        }
        for (int i = 0; i < 2_000; i++) {
            byte[] damaged = record.clone();
            damaged[random.nextInt(damaged.length)] = (byte) random.nextInt();
            try {
                for (int k = reader.read(damaged, 0, damaged.length) - 1; k >= 0; k--) {
                    assertThat(reader.offset(k) + reader.length(k)).isLessThanOrEqualTo(damaged.length);
                }
            } catch (MalformedRecordException e) {
                assertThat(e.getMessage()).isNotEmpty();
            }
        }
    }

    @Test
    void idsOfKindsAreStable() {
        assertThat(RecordKind.HISTOGRAMS.id()).isEqualTo(16);
        assertThat(RecordKind.EXEMPLARS.id()).isEqualTo(17);
        assertThat(RecordKind.METADATA.id()).isEqualTo(18);
        assertThat(RecordKind.START_TIMES.id()).isEqualTo(19);
        for (RecordKind kind : RecordKind.values()) {
            assertThat(RecordKind.of(kind.id())).isEqualTo(kind);
        }
        assertThat(RecordKind.of(20)).isNull();
    }
}
