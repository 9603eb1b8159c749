package io.varve.core.block;

import static org.assertj.core.api.Assertions.assertThat;

import io.varve.codec.Effort;
import io.varve.core.fs.CorruptFileException;
import io.varve.core.fs.SimulatedFileSystem;
import io.varve.core.fs.UnsupportedFormatException;
import io.varve.core.model.Metadata;
import io.varve.core.model.TimeRange;
import io.varve.core.storage.Hole;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Each byte of a block of all kinds flipped: an error, a hole, or the right answer. */
final class BlockKindsCorruptionTest {

    private final KindsBlock model = KindsBlock.random(new Random(11), 7, 8);
    private final byte[] block = write(model);

    private static byte[] write(KindsBlock model) {
        try {
            model.metadata.put("m", new Metadata(Metadata.Type.GAUGE, "a help", ""));
            SimulatedFileSystem fs = new SimulatedFileSystem();
            model.write(fs, "b", "ID", Effort.BEST);
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

    /** Reads all of a damaged block: what is found is right, and what is missing is a hole. */
    private void readsRightOrNotices(byte[] damaged) throws IOException {
        BlockReader reader;
        try {
            reader = BlockReader.open(disk(damaged), "b");
        } catch (CorruptFileException | UnsupportedFormatException e) {
            return;
        }
        List<KindsBlock.Series> all = model.series.values().stream()
                .filter(s -> !s.floats.isEmpty() || !s.histograms.isEmpty() || !s.exemplars.isEmpty())
                .toList();
        assertThat(reader.meta().series()).isEqualTo(all.size());
        for (int i = 0; i < all.size(); i++) {
            List<Hole> holes = new ArrayList<>();
            reader.session().reportHistograms(TimeRange.ALL, holes::add);
            reader.sides().reportExemplars(TimeRange.ALL, holes::add);
            reader.sides().reportStarts(TimeRange.ALL, holes::add);
            KindsBlock.Series found = KindsBlock.read(reader, i, TimeRange.ALL, holes);
            KindsBlock.Series expected = all.get(i);
            assertThat(expected.floats.entrySet()).containsAll(found.floats.entrySet());
            assertThat(expected.histograms.entrySet()).containsAll(found.histograms.entrySet());
            boolean whole = found.floats.equals(expected.floats)
                    && found.histograms.equals(expected.histograms)
                    && found.exemplars.equals(expected.exemplars)
                    && found.starts.equals(expected.starts);
            assertThat(whole || !holes.isEmpty()).isTrue();
        }
        List<Hole> holes = new ArrayList<>();
        Map<String, Metadata> metadata = model.readMetadata(reader, holes);
        assertThat(metadata.equals(model.metadata) || !holes.isEmpty()).isTrue();
        reader.release();
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
    void randomDamageOfSeveralBytesIsSurvived() throws IOException {
        Random random = new Random(7);
        for (int i = 0; i < 150; i++) {
            byte[] damaged = block.clone();
            int from = random.nextInt(block.length);
            int to = Math.min(block.length, from + 1 + random.nextInt(200));
            for (int at = from; at < to; at++) {
                damaged[at] = (byte) random.nextInt();
            }
            readsRightOrNotices(damaged);
        }
    }

    /** Damage whose checksums are right, as no disk makes it: it must not end a reader either. */
    @Test
    void hostileSectionsAreSurvived() throws IOException {
        Random random = new Random(9);
        int noticed = 0;
        for (int i = 0; i < 400; i++) {
            byte[] resealed = BlockHostileTest.forge(block, BlockFormat.HISTOGRAMS + i % 4, random);
            noticed += BlockVerifier.verify(disk(resealed), "b").isSound() ? 0 : 1;
            try {
                BlockReader reader = BlockReader.open(disk(resealed), "b");
                for (int number = 0; number < reader.meta().series(); number++) {
                    assertThat(KindsBlock.read(reader, number, TimeRange.ALL, new ArrayList<>()))
                            .isNotNull();
                }
                assertThat(model.readMetadata(reader, new ArrayList<>())).isNotNull();
            } catch (CorruptFileException e) {
                assertThat(e.getMessage()).isNotEmpty();
            }
        }
        assertThat(noticed).isGreaterThan(100);
    }
}
