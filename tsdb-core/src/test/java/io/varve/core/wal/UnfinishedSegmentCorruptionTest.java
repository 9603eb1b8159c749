package io.varve.core.wal;

import static org.assertj.core.api.Assertions.assertThat;

import io.varve.core.fs.FileEnvelope;
import io.varve.core.fs.SimulatedCrash;
import io.varve.core.fs.SimulatedFileSystem;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * The last segment of a log, which nothing else names. What a crash leaves of its creation is passed over without a
 * word; whatever else stands in its place is a loss, at each start, and stays as it is.
 */
class UnfinishedSegmentCorruptionTest {

    private static final String LAST = SegmentFiles.path(2, 0);
    private static final int STEPS_OF_A_CREATION = 6;

    private SimulatedFileSystem disk = new SimulatedFileSystem();
    private int records;

    @BeforeEach
    void writeTwoSegments() throws IOException {
        SegmentLog log = new SegmentLog(disk, 0, 1, 1, 0, new TreeMap<>(), 0);
        append(log);
        log.startGeneration(2);
        append(log);
        disk = disk.durableCopy();
        assertThat(replay(disk).losses()).isEmpty();
        assertThat(records).isEqualTo(2);
    }

    private static void append(SegmentLog log) throws IOException {
        byte[] payload = new byte[100];
        Arrays.fill(payload, (byte) 7);
        log.reserve(payload.length, 1);
        log.append(RecordKind.FLOATS, payload, 0, payload.length);
        log.write();
        log.force();
    }

    private LogReplay.Report replay(SimulatedFileSystem files) throws IOException {
        records = 0;
        return new LogReplay(files, 0).replay(0, new RecordHandler() {
            @Override
            public void generation(long generation, long position) {}

            @Override
            public void record(long position, RecordKind kind, byte[] payload, int offset, int length) {
                records++;
            }
        });
    }

    private static byte[] header(int shard, long segment) {
        return SegmentLayout.header(
                        new CRC32C(), new SegmentLayout.Header(shard, segment, 2, 1L << 32 | 172, 1L << 32, 56))
                .array();
    }

    /** Bytes in front of zeros. */
    private static byte[] inFront(byte[] bytes, int length) {
        return Arrays.copyOf(bytes, length);
    }

    @Test
    void whatACreationThatWasCutOffCanLeaveIsNoLoss() throws IOException {
        byte[] header = header(0, 2);
        for (int length : new int[] {0, 1, 55, 57, 512, SegmentFiles.FIRST_ALLOCATION}) {
            for (int written = 0; written < Math.min(length, SegmentLayout.HEADER_BYTES); written++) {
                SimulatedFileSystem left = disk.durableCopy();
                left.put(LAST, inFront(Arrays.copyOf(header, written), length));
                LogReplay.Report report = replay(left);
                assertThat(report.losses())
                        .as("%d bytes of the header, %d bytes", written, length)
                        .isEmpty();
                assertThat(records).isEqualTo(1);
                assertThat(left.exists(LAST)).isFalse();
                assertThat(report.lastSegment()).as("never used again").isEqualTo(2);
            }
        }
    }

    @Test
    void aCrashAtAnyStepOfACreationIsNoLoss() throws IOException {
        for (int step = 1; step <= STEPS_OF_A_CREATION + 1; step++) {
            for (long seed = 0; seed < 40; seed++) {
                SimulatedFileSystem used = new SimulatedFileSystem();
                SegmentLog log = new SegmentLog(used, 0, 1, 1, 0, new TreeMap<>(), 0);
                append(log);
                used.failAt(step, SimulatedFileSystem.Fault.CRASH);
                boolean crashed = false;
                try {
                    log.startGeneration(2);
                } catch (SimulatedCrash e) {
                    crashed = true;
                }
                assertThat(crashed).as("step %d", step).isEqualTo(step <= STEPS_OF_A_CREATION);
                SimulatedFileSystem left = seed == 0 ? used.killProcess() : used.crash(seed);
                assertThat(replay(left).losses())
                        .as("step %d, seed %d", step, seed)
                        .isEmpty();
                assertThat(records).isEqualTo(1);
            }
        }
    }

    private Map<String, byte[]> foreign() throws IOException {
        byte[] sound = disk.read(LAST, 1 << 20);
        byte[] noise = new byte[5_000];
        new Random(1).nextBytes(noise);
        byte[] text = "resolution ms\nshards 1\nepoch 3072\n".getBytes(StandardCharsets.UTF_8);
        byte[] flipped = Arrays.copyOf(header(0, 2), sound.length);
        flipped[20] ^= 4;
        byte[] one = new byte[1_000];
        one[700] = 1;
        Map<String, byte[]> foreign = new LinkedHashMap<>();
        foreign.put("noise", noise);
        foreign.put("text", text);
        foreign.put("an envelope", FileEnvelope.wrap("MANI", 1, "store", text));
        foreign.put("segment 1", disk.read(SegmentFiles.path(1, 0), 1 << 20));
        foreign.put("the header of segment 1", inFront(header(0, 1), SegmentFiles.FIRST_ALLOCATION));
        foreign.put("the header of shard 1", inFront(header(1, 2), SegmentFiles.FIRST_ALLOCATION));
        foreign.put("half the header of segment 1", inFront(Arrays.copyOf(header(0, 1), 30), 4_096));
        foreign.put("a damaged header", flipped);
        foreign.put("zeros but for one byte", one);
        foreign.put("more zeros than a creation writes", new byte[SegmentFiles.FIRST_ALLOCATION + 1]);
        return foreign;
    }

    @Test
    void anythingElseInItsPlaceIsALossAndStaysAsItIs() throws IOException {
        for (Map.Entry<String, byte[]> file : foreign().entrySet()) {
            SimulatedFileSystem left = disk.durableCopy();
            left.put(LAST, file.getValue());
            for (int start = 0; start < 2; start++) {
                LogReplay.Report report = replay(left);
                List<String> losses = new ArrayList<>();
                report.losses().forEach(loss -> losses.add(loss.toString()));
                assertThat(losses)
                        .as("%s, start %d", file.getKey(), start)
                        .containsExactly("000002-00.seg at byte 0: segment header damaged");
                assertThat(records).isEqualTo(1);
                assertThat(left.read(LAST, 1 << 20)).as(file.getKey()).isEqualTo(file.getValue());
                // The next segment is begun as a start does, so that later ones say how far the log was durable.
                new SegmentLog(left, 0, 3 + start, 2, 0, report.segments(), report.end()).close();
            }
        }
    }
}
