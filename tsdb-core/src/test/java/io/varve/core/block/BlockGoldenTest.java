package io.varve.core.block;

import static org.assertj.core.api.Assertions.assertThat;

import io.varve.core.fs.SimulatedFileSystem;
import io.varve.core.model.Labels;
import io.varve.core.model.StaleMarker;
import io.varve.core.model.TimeRange;
import io.varve.core.storage.Hole;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** A block of version 1 can be read for ever, is written as before, and is what the document shows. */
final class BlockGoldenTest {

    private static final Path DOCUMENT = Path.of("../docs/format/block.md");

    private static byte[] golden() throws IOException {
        try (InputStream in = BlockGoldenTest.class.getResourceAsStream("/golden/block-v1.varve")) {
            return Objects.requireNonNull(in).readAllBytes();
        }
    }

    private static BlockModel model() {
        BlockModel model = new BlockModel();
        long[] times = {1_000, 2_000, 3_000, 4_000};
        model.series.put(
                Labels.of("__name__", "up", "host", "a"), new BlockModel.Samples(times, new double[] {1, 1, 1, 1}));
        model.series.put(
                Labels.of("__name__", "up", "host", "b"),
                new BlockModel.Samples(new long[] {2_000, 3_000, 4_000}, new double[] {0.5, -1.25, StaleMarker.VALUE}));
        model.series.put(
                Labels.of("__name__", "up", "zone", "b"),
                new BlockModel.Samples(new long[] {1_500}, new double[] {Double.NaN}));
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
        for (Labels labels : model().series.keySet()) {
            BlockSession session = reader.session();
            assertThat(session.labels(i)).isEqualTo(labels);
            BlockModel.Samples expected = Objects.requireNonNull(model().series.get(labels));
            assertThat(BlockModel.read(session, i, TimeRange.ALL, holes).sameAs(expected))
                    .isTrue();
            i++;
        }
        assertThat(holes).isEmpty();
        assertThat(reader.meta().series()).isEqualTo(i);
    }

    @Test
    void isWrittenAsBefore() throws IOException {
        SimulatedFileSystem fs = new SimulatedFileSystem();
        model().write(fs, "b", "01GOLDENBLOCK");
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
