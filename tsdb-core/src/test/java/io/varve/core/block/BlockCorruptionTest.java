package io.varve.core.block;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.varve.core.fs.CorruptFileException;
import io.varve.core.fs.SimulatedFileSystem;
import io.varve.core.fs.UnsupportedFormatException;
import io.varve.core.index.PostingsSelector;
import io.varve.core.model.Labels;
import io.varve.core.model.Matcher;
import io.varve.core.model.TimeRange;
import io.varve.core.storage.Hole;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Each byte of a block flipped, and each length that it can be cut to: an error, a hole, or the right answer. */
final class BlockCorruptionTest {

    private static final Matcher HOST = Matcher.regex("host", "host_1.*");

    private final BlockModel model = BlockModel.random(new Random(42), 10, 80);
    private final byte[] block = write(model);
    private final int[] hosts = select(open(block));

    private static byte[] write(BlockModel model) {
        try {
            SimulatedFileSystem fs = new SimulatedFileSystem();
            model.write(fs, "b", "ID");
            return fs.read("b", 1 << 20);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static SimulatedFileSystem disk(byte[] bytes) {
        SimulatedFileSystem fs = new SimulatedFileSystem();
        fs.put("b", bytes);
        return fs;
    }

    private static BlockReader open(byte[] bytes) {
        try {
            return BlockReader.open(disk(bytes), "b");
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static int[] select(BlockReader reader) {
        return PostingsSelector.select(reader.index(), HOST).toArray();
    }

    /** Reads all of a damaged block; true if anything was noticed. */
    private boolean readsRightOrNotices(byte[] damaged) throws IOException {
        BlockReader reader;
        try {
            reader = BlockReader.open(disk(damaged), "b");
        } catch (CorruptFileException | UnsupportedFormatException e) {
            return true;
        }
        assertThat(select(reader)).containsExactly(hosts);
        BlockSession session = reader.session();
        boolean noticed = false;
        int i = 0;
        for (Map.Entry<Labels, BlockModel.Samples> entry : model.series.entrySet()) {
            assertThat(session.labels(i)).isEqualTo(entry.getKey());
            List<Hole> holes = new ArrayList<>();
            BlockModel.Samples found = BlockModel.read(session, i, TimeRange.ALL, holes);
            if (!found.sameAs(entry.getValue())) {
                assertThat(holes).hasSize(1);
                assertThat(found.times)
                        .as("each series of the model has one page")
                        .isEmpty();
                assertThat(holes.get(0).range()).satisfies(range -> assertThat(
                                Arrays.stream(entry.getValue().times).allMatch(range::contains))
                        .isTrue());
            }
            noticed |= !holes.isEmpty();
            i++;
        }
        reader.release();
        return noticed;
    }

    @Test
    void everyFlippedByteIsSurvivedAndFoundByTheVerifier() throws IOException {
        for (int at = 0; at < block.length; at++) {
            byte[] damaged = block.clone();
            damaged[at] ^= (byte) (1 << at % 8);
            readsRightOrNotices(damaged);
            assertThat(BlockVerifier.verify(disk(damaged), "b").findings())
                    .as("byte %d of %d", at, block.length)
                    .isNotEmpty();
        }
    }

    @Test
    void everyShorterFileIsRefused() {
        for (int length = 0; length < block.length; length++) {
            byte[] cut = Arrays.copyOf(block, length);
            assertThatThrownBy(() -> BlockReader.open(disk(cut), "b"))
                    .as("length %d", length)
                    .isInstanceOf(CorruptFileException.class);
        }
    }

    @Test
    void randomDamageOfSeveralBytesIsSurvived() throws IOException {
        Random random = new Random(7);
        for (int i = 0; i < 300; i++) {
            byte[] damaged = block.clone();
            int from = random.nextInt(block.length);
            int to = Math.min(block.length, from + 1 + random.nextInt(200));
            for (int at = from; at < to; at++) {
                damaged[at] = (byte) random.nextInt();
            }
            readsRightOrNotices(damaged);
        }
    }

    @Test
    void aSoundBlockHasNoFindings() throws IOException {
        BlockVerifier.Report report = BlockVerifier.verify(disk(block), "b");
        assertThat(report.findings()).isEmpty();
        assertThat(report.isSound()).isTrue();
        assertThat(report.series()).isEqualTo(model.series.size());
        assertThat(report.samples())
                .isEqualTo(model.series.values().stream()
                        .mapToLong(s -> s.times.length)
                        .sum());
        assertThat(report.bytes()).isEqualTo(block.length);
    }

    @Test
    void aDamagedTimeColumnThatIsSharedCostsNothing() throws IOException {
        BlockModel shared = new BlockModel();
        long[] times = new long[500];
        Arrays.setAll(times, i -> 1_000L * i + i * 7919L % 900);
        Random random = new Random(3);
        for (int i = 0; i < 100; i++) {
            double[] values = random.doubles(500).toArray();
            shared.series.put(Labels.of("i", Integer.toString(i)), new BlockModel.Samples(times, values));
        }
        byte[] bytes = write(shared);
        BlockColumns.Column column = open(bytes).session().column(0);
        assertThat(column.copy).isPositive();
        bytes[(int) column.offsets[0] + 5] ^= 1;
        List<Hole> holes = new ArrayList<>();
        BlockModel.Samples found = BlockModel.read(open(bytes).session(), 0, TimeRange.ALL, holes);
        assertThat(holes).isEmpty();
        assertThat(found.sameAs(shared.series.firstEntry().getValue())).isTrue();
        assertThat(BlockVerifier.verify(disk(bytes), "b").findings()).hasSize(1);
    }
}
