package io.varve.core.block;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.varve.codec.Effort;
import io.varve.core.fs.SimulatedFileSystem;
import io.varve.core.model.Labels;
import io.varve.core.model.TimeRange;
import io.varve.core.storage.ColumnCursor;
import io.varve.core.storage.Hole;
import io.varve.core.storage.ReadBudget;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The rules of the writer, and what sharing of columns promises to readers. */
final class BlockWriterTest {

    private static final Labels A = Labels.of("name", "a");
    private static final Labels B = Labels.of("name", "b");

    private final SimulatedFileSystem fs = new SimulatedFileSystem();

    private static long[] times(int count, long step) {
        long[] times = new long[count];
        Arrays.setAll(times, i -> i * step);
        return times;
    }

    @Test
    void refusesSeriesAndTimesOutOfOrder() throws IOException {
        try (BlockWriter writer = BlockWriter.create(fs, "b", BlockModel.header("ID"), Effort.BEST)) {
            writer.series(B);
            writer.samples(new long[] {1, 2}, new double[2], 0, 2);
            assertThatThrownBy(() -> writer.samples(new long[] {2}, new double[1], 0, 1))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("times increase strictly: time=2, after=2");
            assertThatThrownBy(() -> writer.series(B)).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> writer.series(A)).isInstanceOf(IllegalArgumentException.class);
        }
        assertThat(fs.exists("b")).as("not finished").isFalse();
    }

    @Test
    void anEmptyBlockIsABlock() throws IOException {
        try (BlockWriter writer = BlockWriter.create(fs, "b", BlockModel.header("ID"), Effort.BEST)) {
            writer.series(A);
            assertThat(writer.finish().series()).isZero();
        }
        BlockReader reader = BlockReader.open(fs, "b");
        assertThat(reader.meta().overlaps(TimeRange.ALL)).isFalse();
        assertThat(reader.index().labelNames()).isEmpty();
        assertThat(BlockVerifier.verify(fs, "b").findings()).isEmpty();
        reader.release();
    }

    @Test
    void aVeryLongSeriesIsStreamed() throws IOException {
        int count = (1 << 20) + 10_000;
        long[] times = times(count, 15_000);
        double[] values = new double[count];
        Arrays.setAll(values, i -> i % 1_000);
        try (BlockWriter writer = BlockWriter.create(fs, "b", BlockModel.header("ID"), Effort.BEST)) {
            for (Labels labels : List.of(A, B)) {
                writer.series(labels);
                writer.samples(times, values, 0, count);
            }
            assertThat(writer.finish().samples()).isEqualTo(2L * count);
        }
        BlockReader reader = BlockReader.open(fs, "b");
        List<Hole> holes = new ArrayList<>();
        BlockModel.Samples found = BlockModel.read(reader.session(), 1, TimeRange.ALL, holes);
        assertThat(holes).isEmpty();
        assertThat(found.sameAs(new BlockModel.Samples(times, values))).isTrue();
        reader.release();
    }

    @Test
    void seriesOfOneColumnGetTheSameTimesArray() throws IOException {
        long[] times = times(20_000, 10);
        try (BlockWriter writer = BlockWriter.create(fs, "b", BlockModel.header("ID"), Effort.BEST)) {
            writer.series(A);
            writer.samples(times, new double[times.length], 0, times.length);
            writer.series(B);
            writer.samples(times, new double[times.length], 0, times.length);
            assertThat(writer.finish().columns()).isEqualTo(1);
        }
        BlockReader reader = BlockReader.open(fs, "b");
        BlockSession session = reader.session();
        for (TimeRange range : List.of(TimeRange.ALL, TimeRange.of(555, 150_005))) {
            List<long[]> seen = new ArrayList<>();
            for (int series = 0; series < 2; series++) {
                ColumnCursor cursor = session.columns(series, range, ReadBudget.UNLIMITED, hole -> {});
                while (cursor.nextPage()) {
                    seen.add(cursor.times());
                }
            }
            int half = seen.size() / 2;
            for (int i = 0; i < half; i++) {
                assertThat(seen.get(i)).isSameAs(seen.get(half + i));
            }
            assertThat(half).isGreaterThan(1);
        }
        reader.release();
    }

    @Test
    void aBudgetThatIsUsedUpStopsTheReader() throws IOException {
        BlockModel model = BlockModel.random(new java.util.Random(1), 3, 50);
        model.write(fs, "b", "ID");
        BlockReader reader = BlockReader.open(fs, "b");
        ColumnCursor cursor = reader.session()
                .columns(
                        0,
                        TimeRange.ALL,
                        (samples, bytes) -> {
                            throw new IllegalStateException("used up");
                        },
                        hole -> {});
        assertThatThrownBy(cursor::nextPage).hasMessage("used up");
        reader.release();
    }
}
