package io.varve.core.wal;

import static org.assertj.core.api.Assertions.assertThat;

import io.varve.core.fs.SimulatedFileSystem;
import io.varve.core.model.Labels;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** The files of the log of version 1 are what the document shows, and what it shows can be read. */
class LogGoldenTest {

    private static final Path DOCUMENT = Path.of("../docs/format/wal.md");
    private static final long REF = (3L << 32) + 1;
    private static final Labels UP = Labels.of("__name__", "up", "host", "a");
    private static final Labels DOWN = Labels.of("__name__", "up", "host", "b");
    private static final String SEGMENT = "wal/000001-00.seg";
    private static final String COPY = "wal/000001-00.copy";
    private static final String CHECKPOINT = "wal/000002-00.a.series";

    /** The bytes of the document's examples, in its order: a segment, a copy of its end, a checkpoint. */
    private static List<byte[]> examples() throws IOException {
        List<StringBuilder> examples = new ArrayList<>();
        for (String line : Files.readAllLines(DOCUMENT)) {
            // "0030  56 52 56 45 ...  what it is": offset, up to 16 bytes, two blanks, words
            if (line.matches("[0-9a-f]{4}  ([0-9a-f]{2} )*[0-9a-f]{2}(  .*)?")) {
                int offset = Integer.parseInt(line.substring(0, 4), 16);
                if (offset == 0) {
                    examples.add(new StringBuilder());
                }
                StringBuilder hex = examples.get(examples.size() - 1);
                assertThat(offset).isEqualTo(hex.length() / 2);
                int words = line.indexOf("  ", 6);
                hex.append(line.substring(6, words < 0 ? line.length() : words).replace(" ", ""));
            }
        }
        return examples.stream().map(hex -> HexFormat.of().parseHex(hex)).toList();
    }

    private static SimulatedFileSystem written() throws IOException {
        SimulatedFileSystem disk = new SimulatedFileSystem();
        SegmentLog log = new SegmentLog(disk, 0, 1, 5, 0, new TreeMap<>());
        SeriesRecord series = new SeriesRecord();
        series.add(REF, UP);
        FloatsRecord floats = new FloatsRecord();
        floats.add(REF, 1_763_780_400_000L, 1.0);
        floats.add(REF, 1_763_780_410_000L, 0.25);
        log.reserve(100, 2);
        series.appendTo(log);
        floats.appendTo(log);
        log.write();
        log.force();
        assertThat(log.mark()).isTrue();
        log.write();
        disk.failAtNext(call -> call.startsWith("force wal/"));
        try {
            log.force();
            throw new AssertionError("a force that was to fail");
        } catch (IOException e) {
            log.rescue();
        }
        SeriesCheckpoint.write(disk, 0, SegmentLayout.position(2, SegmentLayout.HEADER_BYTES), sink -> {
            sink.series(REF, UP);
            sink.series(REF + 1, DOWN);
            sink.series(REF + 5, UP);
        });
        return disk;
    }

    private static byte[] content(SimulatedFileSystem disk, String path) throws IOException {
        byte[] bytes = disk.read(path, 1 << 20);
        int end = bytes.length;
        while (end > 0 && bytes[end - 1] == 0) {
            end--;
        }
        return Arrays.copyOf(bytes, path.equals(SEGMENT) ? Math.max(end, 142) : bytes.length);
    }

    @Test
    void whatIsWrittenIsWhatTheDocumentShows() throws IOException {
        SimulatedFileSystem disk = written();
        List<String> found = examples().stream().map(HexFormat.of()::formatHex).toList();
        List<String> expected = new ArrayList<>();
        for (String path : List.of(SEGMENT, COPY, CHECKPOINT)) {
            expected.add(HexFormat.of().formatHex(content(disk, path)));
        }
        assertThat(found).isEqualTo(expected);
    }

    @Test
    void whatTheDocumentShowsCanBeRead() throws IOException {
        List<byte[]> examples = examples();
        SimulatedFileSystem disk = new SimulatedFileSystem();
        disk.createDirectories("wal");
        disk.put(SEGMENT, examples.get(0));
        disk.put(COPY, examples.get(1));
        disk.put(CHECKPOINT, examples.get(2));
        List<String> records = new ArrayList<>();
        LogReplay.Report report = new LogReplay(disk, 0).replay(0, new RecordHandler() {
            @Override
            public void generation(long generation, long position) {
                records.add("generation " + generation);
            }

            @Override
            public void record(long position, RecordKind kind, byte[] payload, int offset, int length) {
                if (kind == RecordKind.SERIES) {
                    SeriesRecord.read(payload, offset, length, (ref, labels) -> records.add(ref + " " + labels));
                } else {
                    FloatsReader floats = new FloatsReader();
                    int count = floats.read(payload, offset, length);
                    for (int i = 0; i < count; i++) {
                        records.add(floats.refs()[i] + " " + floats.times()[i] + " " + floats.values()[i]);
                    }
                }
            }
        });
        assertThat(records)
                .containsExactly(
                        "generation 5", REF + " " + UP, REF + " 1763780400000 1.0", REF + " 1763780410000 0.25");
        assertThat(report.losses()).isEmpty();
        List<String> series = new ArrayList<>();
        SeriesCheckpoint.Reading reading = SeriesCheckpoint.read(
                disk,
                0,
                SegmentLayout.position(2, SegmentLayout.HEADER_BYTES),
                (ref, labels) -> series.add(ref + " " + labels));
        assertThat(reading.read()).isTrue();
        assertThat(series).containsExactly(REF + " " + UP, REF + 1 + " " + DOWN, REF + 5 + " " + UP);
    }
}
