package io.varve.core.wal;

import static org.assertj.core.api.Assertions.assertThat;

import io.varve.core.fs.DocumentedBytes;
import io.varve.core.fs.SimulatedFileSystem;
import io.varve.core.model.Deletion;
import io.varve.core.model.Labels;
import io.varve.core.model.Matcher;
import io.varve.core.model.TimeRange;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** The files of the log of version 1 are what the document shows, and what it shows can be read. */
class LogGoldenTest {

    private static final long REF = (3L << 32) + 1;
    private static final Labels UP = Labels.of("__name__", "up", "host", "a");
    private static final Labels DOWN = Labels.of("__name__", "up", "host", "b");
    private static final Deletion DELETION = new Deletion(
            2L << 32 | 56,
            List.of(Matcher.equal("__name__", "up"), Matcher.regex("host", "a|b")),
            TimeRange.of(1_000, 2_000));
    private static final String SEGMENT = "wal/000001-00.seg";
    private static final String LATER = "wal/000002-00.seg";
    private static final String COPY = "wal/000001-00.copy";
    private static final String SPLIT = "wal/000003-00.copy";
    private static final String CHECKPOINT = "wal/000002-00.a.series";

    /**
     * The bytes of the document's examples, in its order: a segment, a copy of its end, a checkpoint, a deletion, a record in
     * two frames.
     */
    private static List<byte[]> examples() throws IOException {
        return DocumentedBytes.of("wal.md");
    }

    private static SimulatedFileSystem written() throws IOException {
        SimulatedFileSystem disk = new SimulatedFileSystem();
        SegmentLog log = new SegmentLog(disk, 0, 1, 5, 0, new TreeMap<>(), 0);
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

    /** A later segment, which begins with a deletion. */
    private static void writeDeletion(SimulatedFileSystem disk) throws IOException {
        SegmentLog log = new SegmentLog(disk, 0, 2, 6, 0, new TreeMap<>(), 0);
        byte[] deletion = DeletionRecord.encode(DELETION);
        log.reserve(deletion.length, 1);
        log.append(RecordKind.DELETION, deletion, 0, deletion.length);
        log.write();
        log.force();
    }

    /** A record that begins 64 bytes before the end of a frame, in the copy of what could not be forced. */
    private static byte[] overTwoFrames() throws IOException {
        SimulatedFileSystem disk = new SimulatedFileSystem();
        SegmentLog log = new SegmentLog(disk, 0, 3, 7, 0, new TreeMap<>(), 0);
        int filler = SegmentLayout.FRAME_BYTES - 64 - SegmentLayout.HEADER_BYTES - 16;
        log.reserve(filler + 100, 2);
        log.append(RecordKind.FLOATS, new byte[filler], 0, filler);
        log.write();
        log.force();
        FloatsRecord floats = new FloatsRecord();
        double[] values = {0.25, 0.5, 0.75, 0.1};
        for (int i = 0; i < values.length; i++) {
            floats.add(REF, 1_763_780_400_000L + 10_000L * i, values[i]);
        }
        floats.appendTo(log);
        log.write();
        disk.failAtNext(call -> call.startsWith("force wal/"));
        try {
            log.force();
            throw new AssertionError("a force that was to fail");
        } catch (IOException e) {
            log.rescue();
        }
        return disk.read(SPLIT, 1 << 20);
    }

    @Test
    void theRecordOverTwoFramesThatTheDocumentShowsCanBeRead() throws IOException {
        SimulatedFileSystem disk = new SimulatedFileSystem();
        disk.createDirectories("wal");
        disk.put(SPLIT, examples().get(4));
        List<String> records = new ArrayList<>();
        new LogReplay(disk, 0).inspect(0, new RecordHandler() {
            @Override
            public void generation(long generation, long position) {
                records.add("generation " + generation);
            }

            @Override
            public void record(long position, RecordKind kind, byte[] payload, int offset, int length) {
                FloatsReader floats = new FloatsReader();
                int count = floats.read(payload, offset, length);
                for (int i = 0; i < count; i++) {
                    records.add(floats.times()[i] + " " + floats.values()[i]);
                }
            }
        });
        assertThat(records)
                .containsExactly(
                        "generation 7",
                        "1763780400000 0.25",
                        "1763780410000 0.5",
                        "1763780420000 0.75",
                        "1763780430000 0.1");
    }

    private static byte[] content(SimulatedFileSystem disk, String path) throws IOException {
        byte[] bytes = disk.read(path, 1 << 20);
        int end = bytes.length;
        while (end > 0 && bytes[end - 1] == 0) {
            end--;
        }
        boolean zeros = path.equals(SEGMENT) || path.equals(LATER);
        return Arrays.copyOf(bytes, path.equals(SEGMENT) ? Math.max(end, 158) : zeros ? end : bytes.length);
    }

    @Test
    void whatIsWrittenIsWhatTheDocumentShows() throws IOException {
        SimulatedFileSystem disk = written();
        disk.delete(LATER); // where the log went on after its rescue
        writeDeletion(disk);
        List<String> found = examples().stream().map(DocumentedBytes::dump).toList();
        List<String> expected = new ArrayList<>();
        for (String path : List.of(SEGMENT, COPY, CHECKPOINT, LATER)) {
            expected.add(DocumentedBytes.dump(content(disk, path)));
        }
        expected.add(DocumentedBytes.dump(overTwoFrames()));
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
        disk.put(LATER, examples.get(3));
        List<String> records = new ArrayList<>();
        LogReplay.Report report = new LogReplay(disk, 0).replay(0, new RecordHandler() {
            @Override
            public void generation(long generation, long position) {
                records.add("generation " + generation);
            }

            @Override
            public void record(long position, RecordKind kind, byte[] payload, int offset, int length) {
                if (kind == RecordKind.DELETION) {
                    assertThat(DeletionRecord.decode(position, payload, offset, length))
                            .isEqualTo(DELETION);
                    records.add("deletion");
                } else if (kind == RecordKind.SERIES) {
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
                        "generation 5",
                        REF + " " + UP,
                        REF + " 1763780400000 1.0",
                        REF + " 1763780410000 0.25",
                        "generation 6",
                        "deletion");
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
