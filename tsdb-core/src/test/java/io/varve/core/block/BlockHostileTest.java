package io.varve.core.block;

import static org.assertj.core.api.Assertions.assertThat;

import io.varve.codec.bits.MalformedPageException;
import io.varve.core.fs.CorruptFileException;
import io.varve.core.fs.FileEnvelope;
import io.varve.core.fs.SimulatedFileSystem;
import io.varve.core.fs.UnsupportedFormatException;
import io.varve.core.model.TimeRange;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Blocks with right checksums over wrong content: readers end with an error of the format and nothing else. */
final class BlockHostileTest {

    /** Changes bytes of one section and puts all checksums right again. */
    static byte[] forge(byte[] block, int id, Random random) throws IOException {
        SimulatedFileSystem fs = new SimulatedFileSystem();
        fs.put("b", block);
        BlockReader sound = BlockReader.open(fs, "b");
        byte[] forged = block.clone();
        List<BlockFormat.Section> sections = new ArrayList<>();
        for (BlockFormat.Section section : sound.sections().values()) {
            int from = (int) section.offset();
            int length = (int) section.length();
            for (int n = section.id() == id && length > 0 ? 1 + random.nextInt(3) : 0; n > 0; n--) {
                forged[from + random.nextInt(length)] = (byte) random.nextInt();
            }
            int crc = FileEnvelope.crc(forged, from, length);
            sections.add(new BlockFormat.Section(section.id(), section.offset(), length, crc));
        }
        byte[] tail = BlockFormat.encodeTail(sound.meta(), sections);
        FileEnvelope.Header header = new FileEnvelope.Header(
                BlockFormat.KIND, BlockFormat.VERSION, sound.meta().id());
        byte[] footer = FileEnvelope.footer(
                new FileEnvelope.Footer(header, block.length, tail.length, FileEnvelope.crc(tail, 0, tail.length)));
        sound.release();
        return ByteBuffer.wrap(forged)
                .position(forged.length - tail.length - footer.length)
                .put(tail)
                .put(footer)
                .array();
    }

    @Test
    void wrongContentUnderRightChecksumsIsAnErrorOfTheFormat() throws IOException {
        Random random = new Random(11);
        SimulatedFileSystem fs = new SimulatedFileSystem();
        BlockModel.random(new Random(5), 40, 300).write(fs, "b", "ID");
        byte[] block = fs.read("b", 1 << 20);
        int noticed = 0;
        for (int i = 0; i < 400; i++) {
            int section = 1 + i % 7;
            fs.put("f", forge(block, section, random));
            try {
                BlockVerifier.Report report = BlockVerifier.verify(fs, "f");
                noticed += report.isSound() ? 0 : 1;
                readAll(BlockReader.open(fs, "f"), section != BlockFormat.POSTINGS);
            } catch (CorruptFileException | UnsupportedFormatException | MalformedPageException expected) {
                noticed++;
            }
        }
        assertThat(noticed).isGreaterThan(250);
    }

    private static void readAll(BlockReader reader, boolean alsoIndex) {
        BlockSession session = reader.session();
        for (int i = 0; i < reader.meta().series(); i++) {
            BlockModel.read(session, i, TimeRange.ALL, new ArrayList<>());
        }
        for (int i = 0; i < reader.meta().series(); i++) {
            session.labels(i);
        }
        if (alsoIndex) {
            for (String name : reader.index().labelNames()) {
                reader.index().labelValues(name);
            }
        }
    }
}
