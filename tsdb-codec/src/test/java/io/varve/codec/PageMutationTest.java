package io.varve.codec;

import static org.assertj.core.api.Assertions.assertThat;

import io.varve.codec.bits.MalformedPageException;
import io.varve.codec.bits.PageReader;
import io.varve.codec.model.CodingModel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Golden pages and models with several mutations at once, from a seed that a failure prints: bytes set, bits flipped,
 * ranges copied, moved, cut, and parts of one page put into another. Give {@code -Dvarve.mutation.seed=…} to repeat,
 * {@code -Dvarve.mutation.count=…} to look longer.
 */
class PageMutationTest {

    private static final int COUNT = Integer.getInteger("varve.mutation.count", 500_000);
    private static final int ROOM = 9_000;
    private static final byte[] NOTABLE = {0, 1, 0x10, 0x11, 0x12, 0x3f, 0x40, 0x7f, (byte) 0x80, (byte) 0xff};

    private final List<byte[]> pages = new ArrayList<>();
    private final DecodingCheck check = new DecodingCheck(ROOM);

    @Test
    @Timeout(120)
    void mutatedPagesAndModelsAreRefusedOrDecoded() {
        GoldenPages.all().values().stream().filter(page -> page.length < 500).forEach(pages::add);
        CodingModel model = GoldenPages.model();
        byte[] modelBytes = GoldenPages.page(GoldenPages.MODEL_NAME);
        byte[] modelled = GoldenPages.page("walk-with-model");
        long seed = Long.getLong("varve.mutation.seed", System.nanoTime());
        for (int i = 0; i < COUNT; i++, seed++) {
            Random random = new Random(seed);
            try {
                byte[] page = mutated(pages.get(random.nextInt(pages.size())), random);
                check.check(n -> n == GoldenPages.MODEL ? model : null, page);
                if (i % 8 == 0) {
                    checkModel(mutated(modelBytes, random), modelled);
                }
            } catch (RuntimeException | AssertionError e) {
                throw new AssertionError("mutation fails: varve.mutation.seed=" + seed, e);
            }
        }
    }

    private void checkModel(byte[] bytes, byte[] modelled) {
        PageReader in = new PageReader();
        in.reset(bytes, 0, bytes.length);
        try {
            CodingModel read = CodingModel.read(in);
            check.check(n -> read, modelled);
        } catch (MalformedPageException e) {
            assertThat(e.offset()).isBetween(0, bytes.length);
        }
    }

    private byte[] mutated(byte[] page, Random random) {
        byte[] result = page.clone();
        for (int changes = 1 + random.nextInt(4); changes > 0 && result.length > 1; changes--) {
            // Heads, lengths and tables stand in front: half of the changes are there.
            int at = random.nextInt(random.nextBoolean() ? Math.min(24, result.length) : result.length);
            switch (random.nextInt(7)) {
                case 0 -> result[at] ^= (byte) (1 << random.nextInt(Byte.SIZE));
                case 1 -> result[at] = (byte) random.nextInt();
                case 2 -> result[at] = NOTABLE[random.nextInt(NOTABLE.length)];
                case 3 -> result = spliced(result, at, at, new byte[] {(byte) random.nextInt()});
                case 4 ->
                    result = spliced(result, at, Math.min(result.length, at + 1 + random.nextInt(4)), new byte[0]);
                case 5 -> result = Arrays.copyOf(result, 1 + at);
                default -> {
                    byte[] other = pages.get(random.nextInt(pages.size()));
                    int from = random.nextInt(other.length);
                    byte[] part = Arrays.copyOfRange(other, from, Math.min(other.length, from + random.nextInt(40)));
                    result = spliced(result, at, Math.min(result.length, at + part.length), part);
                }
            }
        }
        return result;
    }

    private static byte[] spliced(byte[] bytes, int from, int to, byte[] part) {
        byte[] result = Arrays.copyOf(bytes, bytes.length - (to - from) + part.length);
        System.arraycopy(part, 0, result, from, part.length);
        System.arraycopy(bytes, to, result, from + part.length, bytes.length - to);
        return result;
    }
}
