package io.varve.core.wal;

import static org.assertj.core.api.Assertions.assertThat;

import io.varve.core.fs.SimulatedFileSystem;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Records that power took from between others, before they were durable, are no loss later on. */
class TakenRecordsCrashTest {

    private final Random random = new Random(1);
    private int appended;

    private record Read(List<Integer> records, LogReplay.Report report) {}

    private void append(SegmentLog log, int bytes) throws IOException {
        byte[] payload = new byte[bytes];
        Arrays.fill(payload, (byte) (appended + 1));
        payload[0] = (byte) appended++;
        log.reserve(payload.length, 1);
        log.append(RecordKind.FLOATS, payload, 0, payload.length);
        log.write();
    }

    private static Read read(SimulatedFileSystem disk) throws IOException {
        List<Integer> records = new ArrayList<>();
        LogReplay.Report report = new LogReplay(disk, 0).replay(0, new RecordHandler() {
            @Override
            public void generation(long generation, long position) {}

            @Override
            public void record(long position, RecordKind kind, byte[] payload, int offset, int length) {
                records.add((int) payload[offset]);
            }
        });
        return new Read(records, report);
    }

    @Test
    void laterStartsKnowOfNoLoss() throws IOException {
        int between = 0;
        for (int seed = 0; seed < 150; seed++) {
            appended = 0;
            SimulatedFileSystem disk = new SimulatedFileSystem();
            SegmentLog log = new SegmentLog(disk, 0, 1, 1, 0, new TreeMap<>(), 0);
            append(log, 100);
            log.force();
            for (int i = 0; i < 20; i++) { // some over several frames
                append(log, 1 + random.nextInt(i % 5 == 4 ? 80_000 : 3_000));
            }
            SimulatedFileSystem left = disk.crash(seed);
            Read read = read(left);
            String what = "seed " + seed + " " + read;
            assertThat(read.report().losses()).as(what).isEmpty();
            assertThat(read.records()).as(what).startsWith(0).isSorted();
            List<Integer> records = read.records();
            boolean gap = records.get(records.size() - 1) > records.size() - 1;
            between += gap ? 1 : 0;
            assertThat(read.report().torn() || !gap).as(what).isTrue();

            SimulatedFileSystem again = left.crash(seed); // what a start has read is durable
            assertThat(read(again).records()).as(what).isEqualTo(records);

            SegmentLog next = new SegmentLog(
                    again, 0, 2, 2, 0, read.report().segments(), read.report().end());
            append(next, 10);
            next.force();
            assertThat(next.mark()).isTrue();
            next.write();
            next.force();
            Read later = read(again.durableCopy());
            assertThat(later.report().losses()).as("%s, later %s", what, later).isEmpty();
            assertThat(later.records())
                    .as(what)
                    .startsWith(records.toArray(new Integer[0]))
                    .endsWith(appended - 1);
        }
        assertThat(between).isBetween(5, 149);
    }

    /** Whatever the stretch is, reading goes from the record before it to the one behind it without damage. */
    @Test
    void aMarkHasTheLengthOfWhatItStandsFor() {
        int frame = SegmentLayout.FRAME_BYTES;
        int marked = 0;
        for (int i = 0; i < 2_000; i++) {
            int from = SegmentLayout.nextRecord(SegmentLayout.HEADER_BYTES + random.nextInt(2 * frame));
            int to = from + 1 + random.nextInt(random.nextBoolean() ? 64 : 3 * frame);
            byte[] image = new byte[6 * frame];
            random.nextBytes(image);
            if (!new TakenRecords(SegmentLayout.HEADER_BYTES, from).fill(image, 7, 98)) {
                continue;
            }
            byte[] before = image.clone();
            boolean fits = new TakenRecords(from, to).fill(image, 7, 99);
            marked += fits ? 1 : 0;
            if (!fits) {
                assertThat(image).isEqualTo(before);
                assertThat(to - from < 16 || to % frame < 8).isTrue();
                continue;
            }
            Arrays.fill(image, to, image.length, (byte) 0);
            SegmentReader reader = new SegmentReader(image, 7, 0);
            reader.read((RecordHandlerOfNothing) (position, kind) -> {
                throw new AssertionError("a mark is nothing to hand out");
            });
            assertThat(reader.damages()).isEmpty();
            assertThat(reader.contentEnd()).isEqualTo(to);
            assertThat(reader.newestDurable()).isEqualTo(99);
        }
        assertThat(marked).isGreaterThan(1_000);
    }

    /** Takes no record. */
    private interface RecordHandlerOfNothing extends RecordHandler {
        void taken(long position, RecordKind kind);

        @Override
        default void generation(long generation, long position) {}

        @Override
        default void record(long position, RecordKind kind, byte[] payload, int offset, int length) {
            taken(position, kind);
        }
    }
}
