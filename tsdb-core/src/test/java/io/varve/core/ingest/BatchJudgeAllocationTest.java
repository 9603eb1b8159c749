package io.varve.core.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.varve.core.head.Generation;
import io.varve.core.head.SeriesRegistry;
import io.varve.core.model.Labels;
import io.varve.core.model.TimeSource;
import io.varve.core.storage.Durability;
import io.varve.core.wal.IngestLog;
import io.varve.core.wal.SilentLog;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Judging, logging and applying a float allocates nothing but what the head keeps of it. */
class BatchJudgeAllocationTest {

    private static final int SERIES = 100;
    private static final int BATCH = 1_000;

    @Test
    void aFloatCostsNoObject() {
        SeriesRegistry registry = new SeriesRegistry(1, new Random(1));
        for (int i = 0; i < SERIES; i++) {
            registry.add(Labels.of("i", Integer.toString(i)));
        }
        ShardLimits limits = new ShardLimits(1 << 20, 0, 0, SERIES, 1 << 28, 0, 0, 0, 1L << 40, 1_000_000);
        BatchJudge judge = new BatchJudge(
                limits, registry, new ShardCommons(limits, TimeSource.system(), new Random(2), List.of(registry)));
        Generation active = new Generation(1, registry);
        IngestLog log = new SilentLog();
        byte[] message = new byte[BatchLayout.HEADER_BYTES + BATCH * BatchLayout.SAMPLE_BYTES];
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        int warm = 200;
        int rounds = 1_000;
        long before = 0;
        for (int round = 0; round < warm + rounds; round++) {
            if (round == warm) {
                before = threads.getCurrentThreadAllocatedBytes();
            }
            fill(message, registry, 1_000L + 10L * round);
            PendingCommit commit = new PendingCommit(Durability.MEMORY, List.of(), 0, message.length, null);
            judge.judge(commit, active, 0, message, BatchLayout.HEADER_BYTES, message.length);
            judge.logTo(log);
            judge.applyTo(active);
            assertThat(commit.accepted).isEqualTo(BATCH);
            assertThat(commit.samples()).isEqualTo(BATCH);
        }
        double bytes = threads.getCurrentThreadAllocatedBytes() - before;
        // A page of 128 such values takes some bytes each; the smallest object takes 16.
        assertThat(bytes / ((double) rounds * BATCH)).as("bytes a float").isLessThan(8);
        assertThat(active.samples()).isEqualTo((long) (warm + rounds) * BATCH);
        assertThat(active.kinds().isEmpty()).isTrue();
    }

    private static void fill(byte[] message, SeriesRegistry registry, long time) {
        for (int i = 0; i < BATCH; i++) {
            int at = BatchLayout.HEADER_BYTES + i * BatchLayout.SAMPLE_BYTES;
            BatchLayout.putLong(message, at, registry.ref(i % SERIES));
            BatchLayout.putLong(message, at + 8, time + i / SERIES);
            BatchLayout.putLong(message, at + 16, Double.doubleToRawLongBits((time + i) * 0.25));
        }
    }
}
