package io.varve.core.wal;

import static org.assertj.core.api.Assertions.assertThat;

import io.varve.core.fs.DiskFileSystem;
import io.varve.core.fs.FileSystem;
import io.varve.core.fs.WritableFile;
import io.varve.core.model.Labels;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Records come back as they were appended, in order, and damage costs no more than the record it is in. */
class SegmentLogTest {

    @TempDir
    private Path directory;

    private static final class Collector implements RecordHandler {

        final List<byte[]> payloads = new ArrayList<>();
        final List<Long> positions = new ArrayList<>();
        final List<Long> generations = new ArrayList<>();

        @Override
        public void generation(long generation, long position) {
            generations.add(generation);
        }

        @Override
        public void record(long position, RecordKind kind, byte[] payload, int offset, int length) {
            positions.add(position);
            payloads.add(Arrays.copyOfRange(payload, offset, offset + length));
        }
    }

    private static List<byte[]> append(SegmentLog log, Random random, int count) throws IOException {
        List<byte[]> payloads = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            byte[] payload = new byte[random.nextInt(4) == 0 ? random.nextInt(100_000) : random.nextInt(300)];
            random.nextBytes(payload);
            log.reserve(payload.length, 1);
            log.append(RecordKind.FLOATS, payload, 0, payload.length);
            payloads.add(payload);
            if (random.nextInt(5) == 0) {
                log.write();
                log.force();
            }
        }
        return payloads;
    }

    @Test
    void recordsComeBackInOrderAcrossFramesAndSegments() throws IOException {
        try (FileSystem files = DiskFileSystem.open(directory)) {
            List<byte[]> expected = new ArrayList<>();
            try (SegmentLog log = new SegmentLog(files, 0, 1, 7, 0, new TreeMap<>(), 0)) {
                expected.addAll(append(log, new Random(1), 2_000));
                log.startGeneration(8);
                expected.addAll(append(log, new Random(2), 100));
            }
            Collector found = new Collector();
            LogReplay.Report report = new LogReplay(files, 0).replay(0, found);
            assertThat(found.payloads).usingElementComparator(Arrays::compare).isEqualTo(expected);
            assertThat(found.positions).isSorted().doesNotHaveDuplicates();
            assertThat(found.generations).isSorted().contains(7L, 8L);
            assertThat(report.losses()).isEmpty();
            assertThat(report.lastGeneration()).isEqualTo(8);
            assertThat(files.list("wal").size()).isGreaterThan(2);
        }
    }

    @Test
    void aRecordIsDurableOnceItWasForcedAndAtTheNextStart() throws IOException {
        try (FileSystem files = DiskFileSystem.open(directory)) {
            long position;
            try (SegmentLog log = new SegmentLog(files, 0, 3, 1, 0, new TreeMap<>(), 0)) {
                log.reserve(3, 1);
                position = log.append(RecordKind.DELETION, new byte[3], 0, 3);
                log.write();
                assertThat(log.isDurable(position)).isFalse();
                log.force();
                assertThat(log.isDurable(position)).isTrue();
                assertThat(log.isDurable(log.position())).isFalse();
                log.reserve(3, 1);
                long next = log.append(RecordKind.DELETION, new byte[3], 0, 3);
                assertThat(log.isDurable(next)).isFalse();
            }
            try (SegmentLog log = new SegmentLog(files, 0, 4, 1, 0, new TreeMap<>(), 0)) {
                assertThat(log.isDurable(position)).isTrue();
                assertThat(log.isDurable(log.position())).isFalse();
            }
        }
    }

    @Test
    void segmentsBelowAPositionAreDeleted() throws IOException {
        try (FileSystem files = DiskFileSystem.open(directory)) {
            try (SegmentLog log = new SegmentLog(files, 0, 1, 1, 0, new TreeMap<>(), 0)) {
                append(log, new Random(3), 50);
                long start = log.startGeneration(2);
                byte[] payload = {1, 2, 3};
                log.reserve(3, 1);
                log.append(RecordKind.SERIES, payload, 0, 3);
                log.write();
                log.force();
                log.deleteBelow(start);
                assertThat(files.list("wal")).hasSize(1);
                assertThat(log.diskBytes()).isLessThanOrEqualTo(256 * 1024);
            }
            Collector found = new Collector();
            new LogReplay(files, 0).replay(0, found);
            assertThat(found.payloads).hasSize(1);
        }
    }

    @Test
    void everyFlippedBitCostsAtMostItsRecordAndIsTold() throws IOException {
        List<byte[]> expected;
        byte[] original;
        try (FileSystem files = DiskFileSystem.open(directory)) {
            try (SegmentLog log = new SegmentLog(files, 0, 1, 1, 0, new TreeMap<>(), 0)) {
                expected = new ArrayList<>();
                for (int i = 0; i < 6; i++) {
                    byte[] payload = new byte[40 + i];
                    Arrays.fill(payload, (byte) (i + 1));
                    log.reserve(payload.length, 1);
                    log.append(RecordKind.FLOATS, payload, 0, payload.length);
                    log.write();
                    log.force();
                    expected.add(payload);
                }
            }
            original = files.read("wal/000001-00.seg", 1 << 20);
        }
        int content = SegmentLayout.HEADER_BYTES + expected.size() * (16 + 45);
        for (int at = SegmentLayout.HEADER_BYTES; at < content; at++) {
            Path copy = directory.resolve("copy" + at);
            try (FileSystem files = DiskFileSystem.open(copy)) {
                files.createDirectories("wal");
                byte[] damaged = original.clone();
                damaged[at] ^= 0x10;
                try (WritableFile file = files.create("wal/000001-00.seg")) {
                    file.write(0, ByteBuffer.wrap(damaged));
                }
                Collector found = new Collector();
                LogReplay.Report report = new LogReplay(files, 0).replay(0, found);
                assertThat(expected)
                        .as("flipped byte %d", at)
                        .usingElementComparator(Arrays::compare)
                        .containsAll(found.payloads);
                boolean complete = found.payloads.size() == expected.size();
                assertThat(complete || !report.losses().isEmpty()) // the mark at close tells even of the last record
                        .as("flipped byte %d: %d records, losses %s", at, found.payloads.size(), report.losses())
                        .isTrue();
            }
        }
    }

    @Test
    void aTornTailIsCutOffAndNotReportedAgain() throws IOException {
        try (FileSystem files = DiskFileSystem.open(directory)) {
            try (SegmentLog log = new SegmentLog(files, 0, 1, 1, 0, new TreeMap<>(), 0)) {
                append(log, new Random(5), 20);
            }
            byte[] bytes = files.read("wal/000001-00.seg", 64 << 20);
            Collector whole = new Collector();
            new LogReplay(files, 0).replay(0, whole);
            int last = (int) (long) whole.positions.get(19);
            files.delete("wal/000001-00.seg");
            try (WritableFile file = files.create("wal/000001-00.seg")) {
                file.write(0, ByteBuffer.wrap(bytes, 0, last + 20));
            }
            Collector found = new Collector();
            LogReplay.Report report = new LogReplay(files, 0).replay(0, found);
            assertThat(found.payloads).hasSize(19);
            assertThat(report.losses()).isEmpty();
            try (SegmentLog log =
                    new SegmentLog(files, 0, report.lastSegment() + 1, 1, 0, report.segments(), report.end())) {
                append(log, new Random(6), 20);
            }
            Collector again = new Collector();
            assertThat(new LogReplay(files, 0).replay(0, again).losses()).isEmpty();
            assertThat(again.payloads).hasSize(39);
        }
    }

    @Test
    void samplesAndSeriesSurviveTheirRecords() {
        FloatsRecord floats = new FloatsRecord();
        floats.clear();
        double[] values = {0.0, -0.0, 1, -7, 0.1, Double.NaN, Double.NEGATIVE_INFINITY, 1L << 34, -(1L << 40), 1e300};
        long[] times = {0, 1_763_780_400_000L, 5, 1L << 61, 0, 1, 2, 3, 4, 5};
        for (int i = 0; i < values.length; i++) {
            floats.add(i * 1_000_003L, times[i], values[i]);
        }
        List<String> expected = new ArrayList<>();
        List<String> found = new ArrayList<>();
        for (int i = 0; i < values.length; i++) {
            expected.add(i * 1_000_003L + "@" + times[i] + "=" + Double.doubleToRawLongBits(values[i]));
        }
        Collector collector = new Collector();
        floats.appendTo(new CapturingLog(collector));
        FloatsReader reader = new FloatsReader();
        int count = reader.read(collector.payloads.get(0), 0, collector.payloads.get(0).length);
        for (int i = 0; i < count; i++) {
            long bits = Double.doubleToRawLongBits(reader.values()[i]);
            found.add(reader.refs()[i] + "@" + reader.times()[i] + "=" + bits);
        }
        assertThat(found).isEqualTo(expected);

        SeriesRecord series = new SeriesRecord();
        series.clear();
        Labels labels = Labels.of("__name__", "π", "a", "b\n");
        series.add(77, labels);
        series.appendTo(new CapturingLog(collector));
        List<String> names = new ArrayList<>();
        byte[] payload = collector.payloads.get(1);
        SeriesRecord.read(payload, 0, payload.length, (ref, read) -> names.add(ref + read.toString()));
        assertThat(names).containsExactly(77 + labels.toString());
    }

    /** Hands appended records to a collector. */
    private record CapturingLog(Collector collector) implements IngestLog {

        @Override
        public void reserve(int bytes, int records) {}

        @Override
        public long append(RecordKind kind, byte[] payload, int offset, int length) {
            collector.record(0, kind, payload, offset, length);
            return 0;
        }

        @Override
        public void write() {}

        @Override
        public long force() {
            return 0;
        }

        @Override
        public boolean mark() {
            return false;
        }

        @Override
        public long startGeneration(long generation) {
            return 0;
        }

        @Override
        public long position() {
            return 0;
        }

        @Override
        public boolean isDurable(long position) {
            return false;
        }

        @Override
        public boolean isBroken() {
            return false;
        }

        @Override
        public void rescue() {}

        @Override
        public long durablePosition() {
            return 0;
        }

        @Override
        public long unforcedBytes() {
            return 0;
        }

        @Override
        public long generationBytes() {
            return 0;
        }

        @Override
        public long diskBytes() {
            return 0;
        }

        @Override
        public void deleteBelow(long position) {}

        @Override
        public void close() {}
    }
}
