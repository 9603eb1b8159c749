package io.varve.core.block;

import static org.assertj.core.api.Assertions.assertThat;

import io.varve.codec.Effort;
import io.varve.core.fs.SimulatedFileSystem;
import io.varve.core.model.Exemplar;
import io.varve.core.model.Histogram;
import io.varve.core.model.HistogramLayout;
import io.varve.core.model.Labels;
import io.varve.core.model.Metadata;
import io.varve.core.model.ResetHint;
import io.varve.core.model.StaleMarker;
import io.varve.core.model.StartTime;
import io.varve.core.model.TimeRange;
import io.varve.core.storage.Hole;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** A block of version 1 can be read for ever, is written as before, and is what the document shows. */
final class BlockGoldenTest {

    private static final Path DOCUMENT = Path.of("../docs/format/block.md");

    private static byte[] golden() throws IOException {
        try (InputStream in = BlockGoldenTest.class.getResourceAsStream("/golden/block-v1.varve")) {
            return Objects.requireNonNull(in).readAllBytes();
        }
    }

    private static KindsBlock model() {
        KindsBlock model = new KindsBlock();
        KindsBlock.Series a = model.of(Labels.of("__name__", "up", "host", "a"));
        for (long time = 1_000; time <= 4_000; time += 1_000) {
            a.floats.put(time, 1.0);
        }
        KindsBlock.Series b = model.of(Labels.of("__name__", "up", "host", "b"));
        b.floats.put(2_000L, 0.5);
        b.floats.put(3_000L, -1.25);
        b.floats.put(4_000L, StaleMarker.VALUE);
        b.starts.add(new StartTime(500, 2_000));
        KindsBlock.Series zone = model.of(Labels.of("__name__", "up", "zone", "b"));
        zone.floats.put(1_500L, Double.NaN);
        KindsBlock.Series wait = model.of(Labels.of("__name__", "wait"));
        HistogramLayout layout = HistogramLayout.exponential(3, false, 0, new int[] {-2, 2, 1, 1}, new int[0]);
        wait.histograms.put(3_000L, Histogram.integer(layout, ResetHint.UNKNOWN, 0, 7, 2.5, 1, 2, 4));
        wait.histograms.put(4_000L, Histogram.integer(layout, ResetHint.UNKNOWN, 0, 9, 3.5, 1, 3, 5));
        wait.exemplars.add(new Exemplar(Labels.of("trace_id", "a1"), 3_900, 0.25));
        model.metadata.put("wait", new Metadata(Metadata.Type.HISTOGRAM, "waits", "seconds"));
        return model;
    }

    @Test
    void isReadAsItWasMeant() throws IOException {
        SimulatedFileSystem fs = new SimulatedFileSystem();
        fs.put("b", golden());
        assertThat(BlockVerifier.verify(fs, "b").findings()).isEmpty();
        BlockReader reader = BlockReader.open(fs, "b");
        assertThat(reader.meta().header()).isEqualTo(BlockModel.header("01GOLDENBLOCK"));
        List<Hole> holes = new ArrayList<>();
        int i = 0;
        for (Map.Entry<Labels, KindsBlock.Series> entry : model().series.entrySet()) {
            assertThat(reader.session().labels(i)).isEqualTo(entry.getKey());
            KindsBlock.Series expected = entry.getValue();
            KindsBlock.Series found = KindsBlock.read(reader, i, TimeRange.ALL, holes);
            assertThat(bits(found.floats)).isEqualTo(bits(expected.floats));
            assertThat(found.histograms).isEqualTo(expected.histograms);
            assertThat(found.exemplars).isEqualTo(expected.exemplars);
            assertThat(found.starts).isEqualTo(expected.starts);
            i++;
        }
        assertThat(model().readMetadata(reader, holes)).isEqualTo(model().metadata);
        assertThat(holes).isEmpty();
        assertThat(reader.meta().series()).isEqualTo(i);
    }

    private static List<Long> bits(Map<Long, Double> floats) {
        return floats.entrySet().stream()
                .flatMap(sample -> Stream.of(sample.getKey(), Double.doubleToRawLongBits(sample.getValue())))
                .toList();
    }

    @Test
    void isWrittenAsBefore() throws IOException {
        SimulatedFileSystem fs = new SimulatedFileSystem();
        model().write(fs, "b", "01GOLDENBLOCK", Effort.BEST);
        byte[] written = fs.read("b", 1 << 20);
        assertThat(HexFormat.of().formatHex(written)).isEqualTo(HexFormat.of().formatHex(golden()));
    }

    @Test
    void isWhatTheDocumentShows() throws IOException {
        StringBuilder hex = new StringBuilder();
        for (String line : Files.readAllLines(DOCUMENT)) {
            // "0030  56 52 56 45 ...  what it is": offset, up to 16 bytes, two blanks, words
            if (line.matches("[0-9a-f]{4}  ([0-9a-f]{2} )*[0-9a-f]{2}(  .*)?")) {
                assertThat(Integer.parseInt(line.substring(0, 4), 16)).isEqualTo(hex.length() / 2);
                int words = line.indexOf("  ", 6);
                hex.append(line.substring(6, words < 0 ? line.length() : words).replace(" ", ""));
            }
        }
        assertThat(hex.toString()).isEqualTo(HexFormat.of().formatHex(golden()));
    }
}
