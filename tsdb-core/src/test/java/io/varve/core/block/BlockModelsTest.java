package io.varve.core.block;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.varve.codec.bits.MalformedPageException;
import io.varve.core.fs.SimulatedFileSystem;
import io.varve.core.model.Labels;
import io.varve.core.model.TimeRange;
import io.varve.core.storage.Hole;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Coding models in blocks: they are used where they pay, stored twice, and their damage costs what needs them. */
final class BlockModelsTest {

    private static final int HOSTS = 40;
    private static final int ROWS = 240;

    private final BlockModel model = similarHosts();

    /** A metric that walks alike on many hosts, and one that a model cannot help. */
    private static BlockModel similarHosts() {
        Random random = new Random(5);
        BlockModel all = new BlockModel();
        long[] times = new long[ROWS];
        for (int i = 0; i < ROWS; i++) {
            times[i] = 1_763_780_400_000L + 10_000L * i;
        }
        for (int host = 0; host < HOSTS; host++) {
            double[] walk = new double[ROWS];
            double[] constant = new double[ROWS];
            double at = 20 + 60 * random.nextDouble();
            for (int i = 0; i < ROWS; i++) {
                at += random.nextGaussian() * 3;
                walk[i] = Math.rint(at * 100) / 100;
                constant[i] = host;
            }
            all.series.put(Labels.of("__name__", "walk", "host", "h" + host), new BlockModel.Samples(times, walk));
            all.series.put(Labels.of("__name__", "still", "host", "h" + host), new BlockModel.Samples(times, constant));
        }
        return all;
    }

    private SimulatedFileSystem written() throws IOException {
        SimulatedFileSystem fs = new SimulatedFileSystem();
        model.write(fs, "b", "ID");
        return fs;
    }

    private List<Hole> readAll(SimulatedFileSystem fs) throws IOException {
        List<Hole> holes = new ArrayList<>();
        BlockReader reader = BlockReader.open(fs, "b");
        int i = 0;
        for (Map.Entry<Labels, BlockModel.Samples> entry : model.series.entrySet()) {
            int before = holes.size();
            BlockModel.Samples found = BlockModel.read(reader.session(), i++, TimeRange.ALL, holes);
            assertThat(found.sameAs(entry.getValue())).isEqualTo(holes.size() == before);
        }
        reader.release();
        return holes;
    }

    private static SimulatedFileSystem damaged(SimulatedFileSystem fs, int... sections) throws IOException {
        BlockReader reader = BlockReader.open(fs, "b");
        byte[] bytes = fs.read("b", 1 << 20);
        for (int id : sections) {
            BlockFormat.Section section =
                    Objects.requireNonNull(reader.sections().get(id));
            bytes[(int) section.offset() + 9] ^= 4;
        }
        reader.release();
        SimulatedFileSystem other = new SimulatedFileSystem();
        other.put("b", bytes);
        return other;
    }

    @Test
    void similarSeriesShareAModelAndComeBack() throws IOException {
        SimulatedFileSystem fs = written();
        assertThat(BlockVerifier.verify(fs, "b").findings()).isEmpty();
        assertThat(readAll(fs)).isEmpty();
        BlockReader reader = BlockReader.open(fs, "b");
        assertThat(reader.codingModels().count()).isEqualTo(1);
        assertThat(reader.codingModels().model(0))
                .isSameAs(reader.codingModels().model(0));
        assertThat(reader.codingModels().model(1)).isNull();
        reader.release();
    }

    @Test
    void someRowsOfAPageComeBackToo() throws IOException {
        BlockReader reader = BlockReader.open(written(), "b");
        TimeRange range = TimeRange.of(1_763_780_400_000L + 905_000, 1_763_780_400_000L + 1_500_000);
        int i = 0;
        for (BlockModel.Samples expected : model.series.values()) {
            List<Hole> holes = new ArrayList<>();
            assertThat(BlockModel.read(reader.session(), i++, range, holes).sameAs(expected.in(range)))
                    .isTrue();
            assertThat(holes).isEmpty();
        }
        reader.release();
    }

    @Test
    void theCopyStandsInForDamagedModels() throws IOException {
        SimulatedFileSystem fs = damaged(written(), BlockFormat.MODELS);
        assertThat(readAll(fs)).isEmpty();
        assertThat(BlockVerifier.verify(fs, "b").findings()).hasSize(1);
        assertThat(readAll(damaged(written(), BlockFormat.MODEL_COPIES))).isEmpty();
    }

    @Test
    void damageToBothCostsThePagesThatNeedThem() throws IOException {
        SimulatedFileSystem fs = damaged(written(), BlockFormat.MODELS, BlockFormat.MODEL_COPIES);
        List<Hole> holes = readAll(fs);
        assertThat(holes).hasSize(HOSTS);
        assertThat(holes.get(0).cause()).contains("the page's model is known");
    }

    @Test
    void lengthsThatDoNotAddUpAreRefused() {
        for (byte[] section : new byte[][] {{}, {2, 1}, {1, 5, 0}, {1, 1, 0, 0}, {(byte) 0xff, (byte) 0xff, 0x7f}}) {
            assertThatThrownBy(() -> new BlockModels(ByteBuffer.wrap(section)))
                    .isInstanceOf(MalformedPageException.class);
        }
    }
}
