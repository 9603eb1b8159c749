package io.varve.core;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.varve.core.fs.SimulatedFileSystem;
import io.varve.core.model.Exemplar;
import io.varve.core.model.Histogram;
import io.varve.core.model.HistogramLayout;
import io.varve.core.model.Labels;
import io.varve.core.model.ResetHint;
import io.varve.core.model.TimeSource;
import io.varve.core.storage.Appender;
import io.varve.core.storage.Durability;
import io.varve.core.storage.Verdict;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Nothing is allocated per sample by an appender, of whatever kind. */
class AppendAllocationTest {

    private static final int BATCH = 1_000;

    private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private static Tsdb open(int shards) throws IOException {
        TsdbRuntime runtime = TsdbRuntime.create(TimeSource.system(), new Random(1));
        TsdbConfig config = TsdbConfig.defaults().shards(shards).ringBytes(shards << 20);
        return Tsdb.open(new SimulatedFileSystem(), config, runtime, "main", runtime);
    }

    private static void batch(Appender appender, long[] refs, long time) {
        for (int i = 0; i < BATCH; i++) {
            if (appender.append(refs[i % refs.length], time + i / refs.length, i) != Verdict.ACCEPTED) {
                throw new AssertionError("BUG: a float was refused");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void floatsCostNoObjects(int shards) throws IOException {
        try (Tsdb db = open(shards);
                Appender appender = db.appender(Durability.MEMORY)) {
            long[] refs = new long[100];
            for (int i = 0; i < refs.length; i++) {
                long ref = appender.series(Labels.of("i", Integer.toString(i)));
                appender.append(ref, 1, 1);
            }
            appender.commit();
            for (int i = 0; i < refs.length; i++) {
                refs[i] = appender.series(Labels.of("i", Integer.toString(i)));
            }
            long time = 10;
            for (int warm = 0; warm < 100; warm++, time += 10) {
                batch(appender, refs, time);
                appender.commit();
            }
            int batches = 300;
            long own = 0;
            for (int i = 0; i < batches; i++, time += 10) {
                long before = threads.getCurrentThreadAllocatedBytes();
                batch(appender, refs, time);
                own += threads.getCurrentThreadAllocatedBytes() - before;
                appender.commit();
            }
            double samples = (double) batches * BATCH;
            assertThat(own / samples).as("bytes a float by the appender").isLessThan(0.5);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void formsCostNoObjectsOfTheirOwn(int shards) throws IOException {
        Histogram histogram = Histogram.integer(
                HistogramLayout.exponential(3, false, 0.001, new int[] {0, 4}, new int[0]),
                ResetHint.UNKNOWN,
                0,
                10,
                5,
                1,
                2,
                3,
                4);
        Exemplar exemplar = new Exemplar(Labels.EMPTY, 50, 1);
        try (Tsdb db = open(shards);
                Appender appender = db.appender(Durability.MEMORY)) {
            long own = 0;
            int rounds = 40;
            for (int round = 0; round < rounds; round++) {
                long ref = appender.series(Labels.of("i", "1"));
                appender.append(ref, 1, histogram);
                long before = threads.getCurrentThreadAllocatedBytes();
                for (int i = 0; i < BATCH; i++) {
                    appender.append(ref, 100 + i, histogram);
                    appender.exemplar(ref, exemplar);
                    appender.startTime(ref, 100 + i, 5);
                }
                own += round < 10 ? 0 : threads.getCurrentThreadAllocatedBytes() - before;
                assertThat(appender.pending()).isEqualTo(3 * BATCH + 1);
                appender.commit();
            }
            assertThat(own / (30.0 * 3 * BATCH)).as("bytes a sample").isLessThan(0.5);
        }
    }
}
