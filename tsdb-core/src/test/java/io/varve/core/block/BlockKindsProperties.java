package io.varve.core.block;

import static org.assertj.core.api.Assertions.assertThat;

import io.varve.codec.Effort;
import io.varve.core.fs.SimulatedFileSystem;
import io.varve.core.model.Histogram;
import io.varve.core.model.HistogramLayout;
import io.varve.core.model.Labels;
import io.varve.core.model.ResetHint;
import io.varve.core.model.TimeRange;
import io.varve.core.storage.Hole;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** What a block holds beside floats comes back, whole and in ranges. */
class BlockKindsProperties {

    @Property(tries = 80)
    void allKindsComeBack(@ForAll long seed) throws IOException {
        Random random = new Random(seed);
        KindsBlock block = KindsBlock.random(random, random.nextInt(60), 1 + random.nextInt(60));
        SimulatedFileSystem fs = new SimulatedFileSystem();
        BlockMeta meta = block.write(fs, "b", "ID", random.nextBoolean() ? Effort.BEST : Effort.FAST);
        assertThat(meta.samples()).isEqualTo(block.samples());
        BlockReader reader = BlockReader.open(fs, "b");
        List<Hole> holes = new ArrayList<>();
        check(block, reader, TimeRange.ALL, holes);
        long from = random.nextInt(600_000);
        check(block, reader, TimeRange.of(from, from + random.nextInt(300_000)), holes);
        assertThat(block.readMetadata(reader, holes)).isEqualTo(block.metadata);
        assertThat(holes).isEmpty();
        BlockVerifier.Report report = BlockVerifier.verify(fs, "b");
        assertThat(report.findings()).isEmpty();
        assertThat(report.samples()).isEqualTo(block.samples());
        reader.release();
    }

    private static void check(KindsBlock block, BlockReader reader, TimeRange range, List<Hole> holes) {
        int number = 0;
        for (Map.Entry<Labels, KindsBlock.Series> entry : block.series.entrySet()) {
            KindsBlock.Series expected = entry.getValue();
            boolean left = expected.floats.isEmpty()
                    && expected.histograms.isEmpty()
                    && expected.exemplars.isEmpty()
                    && expected.starts.isEmpty();
            if (left) {
                continue; // it leaves no trace
            }
            assertThat(reader.labels(number)).isEqualTo(entry.getKey());
            KindsBlock.Series found = KindsBlock.read(reader, number++, range, holes);
            assertThat(found.floats).isEqualTo(expected.floats.subMap(range.from(), true, range.to(), true));
            assertThat(found.histograms).isEqualTo(expected.histograms.subMap(range.from(), true, range.to(), true));
            assertThat(found.exemplars)
                    .containsExactlyElementsOf(expected.exemplars.stream()
                            .filter(exemplar -> range.contains(exemplar.time()))
                            .toList());
            assertThat(found.starts).isEqualTo(expected.starts);
        }
        assertThat(reader.meta().series()).isEqualTo(number);
    }

    /** Pages end by bucket counts, and cross the pages of their time column. */
    @Example
    void longAndWideSeriesComeBack() throws IOException {
        KindsBlock block = new KindsBlock();
        KindsBlock.Series offset = block.of(Labels.of("a", "0"));
        for (int row = 0; row < 20_000; row++) {
            offset.floats.put(1_000L + row, (double) row);
        }
        HistogramLayout layout = HistogramLayout.exponential(2, false, 0, new int[] {3, 12}, new int[0]);
        KindsBlock.Series shared = block.of(Labels.of("a", "1"));
        for (int row = 5_000; row < 19_000; row++) {
            long[] buckets = new long[12];
            buckets[row % 12] = row;
            shared.histograms.put(1_000L + row, Histogram.integer(layout, ResetHint.GAUGE, 0, row, row * 0.5, buckets));
        }
        SimulatedFileSystem fs = new SimulatedFileSystem();
        BlockMeta meta = block.write(fs, "b", "ID", Effort.FAST);
        assertThat(meta.columns()).as("histograms share the column of floats").isEqualTo(1);
        BlockReader reader = BlockReader.open(fs, "b");
        List<Hole> holes = new ArrayList<>();
        check(block, reader, TimeRange.ALL, holes);
        check(block, reader, TimeRange.of(9_000, 9_400), holes);
        check(block, reader, TimeRange.of(7_100, 18_000), holes);
        assertThat(holes).isEmpty();
        assertThat(BlockVerifier.verify(fs, "b").findings()).isEmpty();
    }
}
