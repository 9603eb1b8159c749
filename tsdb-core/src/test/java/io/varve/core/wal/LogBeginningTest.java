package io.varve.core.wal;

import static org.assertj.core.api.Assertions.assertThat;

import io.varve.core.fs.SimulatedFileSystem;
import java.io.IOException;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Where a log begins if no manifest says it. */
class LogBeginningTest {

    private final SimulatedFileSystem disk = new SimulatedFileSystem();
    private long second;
    private long third;

    /** Three generations of a segment each; the third is empty. */
    @BeforeEach
    void write() throws IOException {
        try (SegmentLog log = new SegmentLog(disk, 0, 1, 1, 0, new TreeMap<>(), 0)) {
            append(log);
            second = log.startGeneration(2);
            append(log);
            third = log.startGeneration(3);
        }
    }

    private static void append(SegmentLog log) throws IOException {
        log.reserve(10, 1);
        log.append(RecordKind.FLOATS, new byte[10], 0, 10);
        log.write();
        log.force();
    }

    private long find(long sealedTo, boolean older) throws IOException {
        return new LogBeginning(sealedTo, 0, older).find(disk, 0);
    }

    private static long start(long segment) {
        return SegmentLayout.position(segment, 0);
    }

    @Test
    void whereTheBlocksEnd() throws IOException {
        assertThat(find(0, false)).isEqualTo(start(1));
        assertThat(find(second, false)).isEqualTo(start(2));
        assertThat(find(third, false)).isEqualTo(start(3));
    }

    @Test
    void atTheOldestSegmentIfABlockCannotBeRead() throws IOException {
        assertThat(find(third, true)).isEqualTo(start(1));
        disk.delete(SegmentFiles.path(1, 0));
        assertThat(find(0, true)).isEqualTo(start(2));
    }

    @Test
    void atASegmentThatIsMissingIfItHadRecordsThatNoBlockHolds() throws IOException {
        disk.delete(SegmentFiles.path(1, 0));
        assertThat(find(0, false)).as("named by segment 2").isEqualTo(start(1));
        assertThat(find(second, false)).isEqualTo(start(2));
        disk.delete(SegmentFiles.path(2, 0));
        assertThat(find(second, false)).as("named by segment 3").isEqualTo(start(2));
        assertThat(find(third, false)).isEqualTo(start(3));
        disk.delete(SegmentFiles.path(3, 0));
        assertThat(find(third, false)).as("named by a block").isEqualTo(start(3));
    }

    @Test
    void behindAMissingSegmentWithADeletion() throws IOException {
        disk.delete(SegmentFiles.path(1, 0));
        disk.delete(SegmentFiles.path(2, 0));
        for (long deletedTo : new long[] {start(2) + 100, start(3) + 100}) {
            assertThat(new LogBeginning(second, deletedTo, false).find(disk, 0)).isEqualTo(start(3));
        }
        assertThat(new LogBeginning(second, start(1) + 100, false).find(disk, 0))
                .isEqualTo(start(2));
    }

    @Test
    void behindAMissingSegmentWithoutRecords() throws IOException {
        SimulatedFileSystem files = new SimulatedFileSystem();
        SegmentLog log = new SegmentLog(files, 0, 1, 1, 0, new TreeMap<>(), 0);
        log.force();
        assertThat(log.mark()).isTrue();
        log.startGeneration(2);
        files.delete(SegmentFiles.path(1, 0));
        assertThat(new LogBeginning(0, 0, false).find(files, 0)).isEqualTo(start(2));
    }

    @Test
    void nowhereIfThereIsNothing() throws IOException {
        assertThat(new LogBeginning(0, 0, false).find(new SimulatedFileSystem(), 0))
                .isZero();
    }
}
